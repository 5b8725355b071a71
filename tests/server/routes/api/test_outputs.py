"""Outputs over HTTP: what is on air, takes, and what is said of one that cannot be made."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from starlette.testclient import TestClient

from server.app import App
from server.auth.roles import Role
from server.control.outputs import TAKE_BYTES_MAX
from server.routes.api.openapi import document
from streaming.contests.contest import load_contest
from streaming.program.steering import PRESS_AGAIN_MS
from tests.worlds.apps import FOUR_LEVELS, LEAF, NOW_MS, client_of, take
from tests.worlds.clocks import Clock
from tests.worlds.people import WRITES
from tests.worlds.roles import app_with_roles, ask

TAKE = "/api/v1/outputs/hall/take"


@pytest.fixture
def clock() -> Clock:
    return Clock(NOW_MS)


@pytest.fixture
def app(tmp_path: Path, clock: Clock) -> App:
    return app_with_roles(tmp_path, contest=load_contest(FOUR_LEVELS), now_ms=clock, elapsed_ms=clock.elapsed)


@pytest.fixture
def client(app: App) -> Iterator[TestClient]:
    with client_of(app) as made:
        yield made


def outputs(client: TestClient, app: App) -> Any:
    return ask(client, app, Role.VIEWER, "GET", "/api/v1/outputs").json()["outputs"]


def press(client: TestClient, app: App, who: Role = Role.OPERATOR, path: str = TAKE, **body: Any) -> Any:
    return ask(client, app, who, "POST", path, json=body)


def test_an_output_tells_what_is_on_air_and_a_take_puts_another_scene_there(
    client: TestClient, app: App, clock: Clock
) -> None:
    (hall,) = outputs(client, app)
    assert (hall["name"], hall["title"], hall["store"], hall["by"]) == ("hall", "Màn hình hội trường", "live", "system")
    assert (hall["follows"], hall["locked_by"], hall["delay_ms"]) == (None, None, 0)
    assert (hall["scene"], hall["settings"]["lead"], hall["version"]) == ("live", "started", 1)
    clock.ms += 5_000
    answer = press(client, app, scene="live", settings={"lead": "completed"}, seen=1)
    assert (answer.status_code, answer.headers["cache-control"], answer.json()) == (200, "no-store", {"version": 2})
    (hall,) = outputs(client, app)
    assert (hall["settings"]["lead"], hall["version"], hall["since"]) == ("completed", 2, NOW_MS + 5_000)
    assert hall["by"].startswith("account:")
    shown = client.get("/live/program/hall")
    assert shown.headers["etag"].endswith('-2"')
    assert shown.json()["state"]["scene"]["settings"] == hall["settings"]
    assert client.get("/live/program/hall", headers={"If-None-Match": shown.headers["etag"]}).status_code == 304


def test_whoever_has_seen_something_else_is_told_who_did_what(client: TestClient, app: App, clock: Clock) -> None:
    assert press(client, app, Role.ADMINISTRATOR, scene="standby", seen=1).status_code == 200
    clock.ms += PRESS_AGAIN_MS
    answer = press(client, app, scene="live", seen=1)
    assert (answer.status_code, answer.headers["content-type"]) == (409, "application/problem+json")
    said = answer.json()
    assert (said["code"], said["last"]["version"], said["last"]["scene"]["name"]) == ("stale", 2, "standby")
    assert said["last"]["by"] == outputs(client, app)[0]["by"]


def test_a_second_press_is_refused_and_what_the_first_did_stays(client: TestClient, app: App) -> None:
    assert press(client, app, scene="standby", seen=1).json() == {"version": 2}
    answer = press(client, app, scene="standby", seen=2)
    assert (answer.status_code, answer.json()["code"], answer.json()["last"]["version"]) == (409, "too_soon", 2)


@pytest.mark.parametrize(
    ("body", "field", "expected"),
    [
        ({"seen": 1}, "scene", None),
        ({"scene": "live"}, "seen", None),
        ({"scene": "live", "seen": "1"}, "seen", None),
        ({"scene": "live", "seen": 1, "settings": []}, "settings", None),
        ({"scene": "live", "seen": 1, "at_ms": 5}, "at_ms", None),
        ({"scene": "fireworks", "seen": 1}, "scene", "live, "),
        ({"scene": "live", "seen": 1, "settings": {"lead": "most"}}, "settings.lead", '"completed" or "started"'),
        ({"scene": "live", "seen": 1, "settings": {"unit": "024"}}, "settings.unit", "lead, "),
    ],
)
def test_what_is_wrong_with_a_take_is_named(
    client: TestClient, app: App, body: dict[str, Any], field: str, expected: str | None
) -> None:
    answer = press(client, app, **body)
    said = answer.json()
    assert (answer.status_code, said["code"], said["field"]) == (422, "wrong_value", field)
    if expected is not None:
        assert expected in said["expected"]
    assert outputs(client, app)[0]["version"] == 1


def test_what_else_is_refused(client: TestClient, app: App) -> None:
    no_data = press(client, app, scene="standings", seen=1)
    assert (no_data.status_code, no_data.json()["code"], no_data.json()["value"]) == (409, "no_data", "completed")
    take(app.state.live, [(LEAF, "completed", "a")])
    assert press(client, app, scene="standings", seen=1).status_code == 200
    unknown = press(client, app, path="/api/v1/outputs/tv9/take", scene="live", seen=1)
    assert (unknown.status_code, unknown.json()["code"], unknown.json()["value"]) == (404, "unknown_output", "tv9")
    large = ask(client, app, Role.OPERATOR, "POST", TAKE, content=b" " * (TAKE_BYTES_MAX + 1))
    assert (large.status_code, large.json()["code"]) == (413, "too_large")
    unreadable = ask(client, app, Role.OPERATOR, "POST", TAKE, content=b'{"scene": "\xff"}')
    assert (unreadable.status_code, unreadable.json()["code"]) == (422, "wrong_value")
    odd = press(client, app, path=f"{TAKE}?when=now", scene="live", seen=1)
    assert (odd.status_code, odd.json()["field"], odd.json()["expected"]) == (400, "parameter", "as")


def test_a_director_steers_not_the_hall_and_a_page_of_another_account_nothing(client: TestClient, app: App) -> None:
    for who in (Role.DIRECTOR, Role.VIEWER, Role.POINT):
        answer = press(client, app, who, scene="live", seen=1)
        assert (answer.status_code, answer.json()["code"]) == (403, "no_right")
    other = press(client, app, path=f"{TAKE}?as=account:99", scene="live", seen=1)
    assert (other.status_code, other.json()["code"]) == (401, "not_signed_in")
    client.cookies.clear()
    assert client.post(TAKE, headers=WRITES, json={"scene": "live", "seen": 1}).status_code == 401
    assert outputs(client, app)[0]["version"] == 1


def test_while_the_server_stops_nothing_is_taken(client: TestClient, app: App) -> None:
    app.hub.is_draining = True
    answer = press(client, app, scene="standby", seen=1)
    assert (answer.status_code, answer.json()["code"]) == (503, "starting")
    assert "retry-after" in answer.headers
    assert app.state.outputs.of("hall").version == 1


def test_a_take_that_cannot_be_written_acts_all_the_same_and_is_heard_of(
    client: TestClient, app: App, clock: Clock
) -> None:
    admin = app.settings.data / "admin.db"
    version = app.state.outputs.of("hall").version

    def unwritable(*_: object) -> str:
        return "admin.db: database or disk is full"

    app.state.kept_outputs._put = unwritable  # type: ignore[method-assign, assignment] # a disk of this test
    assert press(client, app, scene="standby", seen=version).json() == {"version": version + 1}
    assert client.get("/live/program/hall").json()["state"]["scene"]["name"] == "standby"
    for _ in range(200):
        if "admin.db: database or disk is full" in client.get("/readyz").json()["warnings"]:
            break
    else:
        raise AssertionError("nobody has heard of it")
    assert admin.exists()


def test_its_answers_are_as_the_document_says(client: TestClient, app: App) -> None:
    schemas = document()["components"]["schemas"]
    (hall,) = outputs(client, app)
    assert set(hall) == set(schemas["OutputShown"]["properties"])
    body = document()["paths"]["/api/v1/outputs/{output}/take"]["post"]["requestBody"]
    assert body["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/TakeAsked"}
    assert set(schemas["TakeAsked"]["properties"]) == {"scene", "settings", "seen"}
    assert "StaleTakeBody" in msgspec.json.encode(document()).decode()
