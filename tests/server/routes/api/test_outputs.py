"""Outputs over HTTP: what is on air, takes, and what is said of one that cannot be made."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import msgspec
import pytest
from starlette.testclient import TestClient

from server.app import App
from server.auth.roles import Role
from server.control.tallies import TALLY_TTL_MS
from server.live.audience import Asked
from server.live.hub import GONE
from server.net.websocket import Socket
from server.routes.api.openapi import document
from server.routes.api.outputs import BODY_BYTES_MAX
from streaming.contests.contest import load_contest
from streaming.program.steering import PRESS_AGAIN_MS
from tests.worlds.apps import FOUR_LEVELS, LEAF, NOW_MS, client_of, take
from tests.worlds.clocks import Clock
from tests.worlds.roles import app_with_roles, ask
from tests.worlds.wire import Wire

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
    hall = outputs(client, app)[0]
    assert (hall["name"], hall["title"], hall["store"], hall["by"]) == ("hall", "Màn hình hội trường", "live", "system")
    assert (hall["follows"], hall["locked_by"], hall["delay_ms"]) == (None, None, 0)
    assert (hall["scene"], hall["settings"]["lead"], hall["version"]) == ("live", "started", 1)
    clock.ms += 5_000
    answer = press(client, app, scene="live", settings={"lead": "completed"}, seen=1)
    assert (answer.status_code, answer.headers["cache-control"], answer.json()) == (200, "no-store", {"version": 2})
    hall = outputs(client, app)[0]
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


def test_what_else_is_refused(client: TestClient, app: App, clock: Clock) -> None:
    no_data = press(client, app, scene="standings", seen=1)
    assert (no_data.status_code, no_data.json()["code"], no_data.json()["value"]) == (409, "no_data", "completed")
    # Once somebody has taken a scene, what arrives changes none by itself.
    assert press(client, app, scene="live", seen=1).status_code == 200
    clock.ms += PRESS_AGAIN_MS
    take(app.state.live, [(LEAF, "completed", "a")])
    assert press(client, app, scene="standings", seen=2).status_code == 200
    unknown = press(client, app, path="/api/v1/outputs/tv9/take", scene="live", seen=1)
    assert (unknown.status_code, unknown.json()["code"], unknown.json()["value"]) == (404, "unknown_output", "tv9")
    large = ask(client, app, Role.OPERATOR, "POST", TAKE, content=b" " * (BODY_BYTES_MAX + 1))
    assert (large.status_code, large.json()["code"]) == (413, "too_large")
    unreadable = ask(client, app, Role.OPERATOR, "POST", TAKE, content=b'{"scene": "\xff"}')
    assert (unreadable.status_code, unreadable.json()["code"]) == (422, "wrong_value")
    odd = press(client, app, path=f"{TAKE}?when=now", scene="live", seen=1)
    assert (odd.status_code, odd.json()["field"], odd.json()["expected"]) == (400, "parameter", "as")


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
    hall = outputs(client, app)[0]
    assert set(hall) == set(schemas["OutputShown"]["properties"])
    body = document()["paths"]["/api/v1/outputs/{output}/take"]["post"]["requestBody"]
    assert body["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/TakeAsked"}
    assert set(schemas["TakeAsked"]["properties"]) == {"scene", "settings", "seen"}
    assert "StaleTakeBody" in msgspec.json.encode(document()).decode()


def steer(client: TestClient, app: App, path: str, who: Role = Role.OPERATOR, **body: Any) -> Any:
    return press(client, app, who, f"/api/v1/outputs/{path}", **body)


def output(client: TestClient, app: App, name: str) -> Any:
    return next(each for each in outputs(client, app) if each["name"] == name)


def test_points_follow_the_hall_until_somebody_lets_them_go_their_own_way(
    client: TestClient, app: App, clock: Clock
) -> None:
    points = output(client, app, "points")
    assert (points["title"], points["follows"], points["scene"]) == ("Màn hình điểm cầu", "hall", "live")
    assert steer(client, app, "hall/take", scene="standby", seen=1).status_code == 200
    points = output(client, app, "points")
    assert points["scene"] == "standby"
    assert steer(client, app, "points/follow", output=None, seen=points["version"]).status_code == 200
    clock.ms += PRESS_AGAIN_MS
    assert steer(client, app, "hall/take", scene="live", seen=2).status_code == 200
    assert output(client, app, "points")["scene"] == "standby"
    circle = steer(client, app, "hall/follow", output="hall", seen=3)
    assert (circle.status_code, circle.json()["code"], circle.json()["field"]) == (422, "wrong_value", "output")


def test_a_directors_output_is_made_and_held_and_an_administrator_breaks_it(client: TestClient, app: App) -> None:
    made = ask(client, app, Role.OPERATOR, "POST", "/api/v1/outputs", json={"name": "tv1"})
    assert (made.status_code, made.json()) == (201, {"version": 1})
    again = ask(client, app, Role.OPERATOR, "POST", "/api/v1/outputs", json={"name": "tv1"})
    assert (again.status_code, again.json()["code"]) == (409, "output_exists")
    wall = ask(client, app, Role.OPERATOR, "POST", "/api/v1/outputs", json={"name": "wall"})
    assert (wall.status_code, wall.json()["field"]) == (422, "output")
    tv = output(client, app, "tv1")
    assert (tv["title"], tv["follows"], tv["scene"]) == ("Đầu ra TV 1", None, "live")
    assert steer(client, app, "tv1/lock", seen=1).json() == {"version": 2}
    refused = steer(client, app, "tv1/take", Role.ADMINISTRATOR, scene="standby", seen=2)
    assert (refused.status_code, refused.json()["code"]) == (409, "locked")
    assert refused.json()["value"] == output(client, app, "tv1")["locked_by"]
    assert steer(client, app, "tv1/unlock", Role.ADMINISTRATOR, seen=2).json()["field"] == "reason"
    broken = steer(client, app, "tv1/unlock", Role.ADMINISTRATOR, reason="mất liên lạc", seen=2)
    assert broken.json() == {"version": 3}
    assert output(client, app, "tv1")["locked_by"] is None


def test_stillness_needs_no_body_and_keeps_picture_and_numbers(client: TestClient, app: App, clock: Clock) -> None:
    assert press(client, app, scene="live", seen=1).status_code == 200
    clock.ms += PRESS_AGAIN_MS
    address = "/api/v1/outputs/hall/panic"
    assert ask(client, app, Role.OPERATOR, "POST", address).json() == {"version": 3}
    take(app.state.live, [(LEAF, "completed", "a")])
    still, live = client.get("/live/board?out=hall"), client.get("/live/board")
    assert still.json()["seq"] < live.json()["seq"]
    assert client.get("/live/program/hall").json()["state"]["output"]["frozen"] is True
    assert client.get("/live/unit/P1?out=hall").json()["rows"]["P1"][2] == 0
    assert steer(client, app, "hall/take", scene="standby", seen=3).status_code == 200
    assert client.get("/live/program/hall").json()["state"]["scene"]["name"] == "live"
    assert ask(client, app, Role.OPERATOR, "POST", "/api/v1/outputs/hall/resume", json={}).status_code == 200
    assert client.get("/live/program/hall").json()["state"]["scene"]["name"] == "standby"
    assert client.get("/live/board?out=hall").headers["etag"] == client.get("/live/board").headers["etag"]


def test_a_session_says_what_it_has_seen(client: TestClient, app: App) -> None:
    for path, body in (
        ("hall/take", {"scene": "live"}), ("hall/delay", {"delay_ms": 0}), ("hall/lock", {}), ("hall/launch", {}),
        ("hall/back", {}), ("hall/standby", {}), ("hall/follow", {"output": None}), ("hall/unlock", {}),
    ):  # fmt: skip
        answer = steer(client, app, path, **body)
        assert (answer.status_code, answer.json()["field"]) == (422, "seen"), path


def test_a_launch_is_one_time_for_all_that_follow(client: TestClient, app: App, clock: Clock) -> None:
    assert steer(client, app, "points/delay", delay_ms=8_000, seen=output(client, app, "points")["version"]).json()
    assert steer(client, app, "hall/launch", seen=1).status_code == 200
    cues = [client.get(f"/live/program/{name}").json()["state"]["cue"] for name in ("hall", "points")]
    assert cues[0] == cues[1]
    assert cues[0]["at"] == clock.ms + 200
    assert client.get("/live/program/points").json()["state"]["output"]["delay_ms"] == 8_000


def test_the_switcher_tells_whether_it_shows_an_output(client: TestClient, app: App, clock: Clock) -> None:
    assert output(client, app, "hall")["tally"] is None
    assert steer(client, app, "hall/tally", on=True).json() == {"version": 1}
    assert output(client, app, "hall")["tally"] is True
    assert ask(client, app, Role.VIEWER, "GET", "/live/control/program/hall").json()["state"]["tally"] is True
    assert "tally" not in client.get("/live/program/hall").text
    assert steer(client, app, "hall/lock", Role.ADMINISTRATOR, seen=1).json() == {"version": 2}
    clock.ms += TALLY_TTL_MS
    assert output(client, app, "hall")["tally"] is None
    assert steer(client, app, "hall/tally", on=False).json() == {"version": 2}
    assert output(client, app, "hall")["tally"] is False
    assert steer(client, app, "hall/tally").json()["field"] == "on"


def test_numbers_of_an_output_there_is_not_are_not_found_nor_what_is_no_number(client: TestClient) -> None:
    unknown = client.get("/live/board?out=tv9")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "unknown_output")
    for name in ("program/hall", "control", "watch", "rehearsal/board", "unit/nowhere", "round/99"):
        answer = client.get(f"/live/{name}?out=hall")
        assert answer.status_code in {401, 404}, name


def test_a_store_is_changed_in_place_and_everybody_hears_which_the_hall_shows(
    client: TestClient, app: App, clock: Clock
) -> None:
    # Once somebody has taken a scene, what arrives changes none by itself.
    assert press(client, app, scene="live", seen=1).status_code == 200
    take(app.state.live, [(LEAF, "completed", "a")])
    assert steer(client, app, "hall/store", store="rehearsal", seen=2).json() == {"version": 3}
    shown, program = client.get("/live/board?out=hall"), client.get("/live/program/hall")
    assert (shown.json()["rehearsal"], program.json()["rehearsal"], shown.json()["rows"]["P1"][2]) == (True, True, 0)
    assert program.json()["state"]["output"]["store"] == "rehearsal"
    assert (shown.headers["diem-cau-show"], app.hub.greeting({"show": "live"}) is not None) == ("rehearsal", True)
    assert client.get("/live/board?out=points").json()["rehearsal"] is False
    room = ask(client, app, Role.OPERATOR, "GET", "/control")
    assert 'data-show="rehearsal"' in room.text
    decides = {"action": "hold", "reason": "thử"}
    old = ask(client, app, Role.OPERATOR, "POST", "/api/v1/control/decisions?store=live", json=decides)
    assert (old.status_code, old.json()["code"]) == (409, "other_store")
    assert steer(client, app, "hall/store", store="live", seen=3).json() == {"version": 4}
    assert client.get("/live/board?out=hall").headers["diem-cau-show"] == "live"
    assert client.get("/live/board?out=hall").json()["rows"]["P1"][2] == 1
    wrong = steer(client, app, "hall/store", store="both", seen=4)
    assert (wrong.status_code, wrong.json()["field"]) == (422, "store")


def test_a_scene_that_reveals_nothing_has_no_step(client: TestClient, app: App) -> None:
    for by in (1, -1):
        answer = steer(client, app, "hall/step", by=by, seen=1)
        assert (answer.status_code, answer.json()["code"]) == (409, "no_step")
    assert steer(client, app, "hall/step", by=2, seen=1).json()["field"] == "by"


def test_a_step_reveals_more_of_the_same_take(
    client: TestClient, app: App, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app.state.outputs.choosing, "steps", lambda _output: 2)
    before = client.get("/live/program/hall").json()["state"]["scene"]
    assert steer(client, app, "hall/step", by=1, seen=1).json() == {"version": 2}
    after = client.get("/live/program/hall").json()["state"]["scene"]
    assert after == before | {"step": 1}


def test_an_output_that_is_taken_away_is_gone_and_its_screens_hear_it(client: TestClient, app: App) -> None:
    def remove(name: str) -> Any:
        return ask(client, app, Role.OPERATOR, "DELETE", f"/api/v1/outputs/{name}")

    for name, code in (("hall", "output_stays"), ("points", "output_stays")):
        assert (remove(name).status_code, remove(name).json()["code"]) == (409, code)
    assert (remove("tv1").status_code, remove("tv1").json()["code"]) == (404, "unknown_output")
    ask(client, app, Role.OPERATOR, "POST", "/api/v1/outputs", json={"name": "tv1"})
    assert steer(client, app, "tv1/delay", delay_ms=8_000, seen=1).status_code == 200
    assert steer(client, app, "points/follow", output="tv1", seen=3).status_code == 200
    assert remove("tv1").json()["code"] == "is_followed"
    assert steer(client, app, "points/follow", output=None, seen=4).status_code == 200
    epoch = client.get("/live/program/tv1").json()["epoch"]
    program = app.state.outputs.program("tv1").topic
    numbers = app.state.outputs.find_numbers("tv1", "board")
    assert numbers is not None
    wires = Wire(), Wire()
    for wire, topic, asked in zip(wires, (program, numbers), (None, Asked("tv1", "board")), strict=True):
        wire.follower = app.hub.join(topic, cast("Socket", wire), None, None, asked=asked)
    assert remove("tv1").status_code == 204
    assert [wire.reason for wire in wires] == [GONE] * 2
    assert client.get("/live/program/tv1").status_code == client.get("/?out=tv1").status_code == 404
    app.state.outputs.close()
    assert set(app.state.kept_outputs.read()) == {"hall", "points"}
    ask(client, app, Role.OPERATOR, "POST", "/api/v1/outputs", json={"name": "tv1"})
    assert client.get("/live/program/tv1").json()["epoch"] != epoch
