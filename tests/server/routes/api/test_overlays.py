"""Overlays over HTTP: shown and hidden by hand, with data that is read before anything is changed."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import websockets
from starlette.testclient import TestClient

from server.app import App, starlette_of
from server.auth.roles import Role
from server.control.renderer_faults import Renderer
from streaming.contests.contest import load_contest
from tests.worlds.apps import FOUR_LEVELS, LEAF, NOW_MS, client_of
from tests.worlds.clocks import Clock
from tests.worlds.roles import app_with_roles, ask
from tests.worlds.serving import close_code, frame_of, serving, until

OF_HALL = "/api/v1/outputs/hall/overlays"


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


def overlays(client: TestClient, app: App) -> Any:
    return ask(client, app, Role.VIEWER, "GET", OF_HALL).json()


def post(client: TestClient, app: App, what: str, **body: Any) -> Any:
    seen = overlays(client, app)["version"]
    return ask(client, app, Role.OPERATOR, "POST", f"{OF_HALL}/{what}", json={"seen": seen, **body})


def public(client: TestClient) -> Any:
    return client.get("/live/program/hall").json()["state"].get("overlays")


def test_an_overlay_is_shown_with_its_data_and_everybody_is_told(client: TestClient, app: App, clock: Clock) -> None:
    assert overlays(client, app)["overlays"]["total"] == {
        "lane": "bottom", "shown": True, "data": {}, "step": 0, "since": 0, "hides_at": None,
    }  # fmt: skip
    answer = post(client, app, "lower-third/show", data={"unit": LEAF})
    assert (answer.status_code, answer.json()["version"]) == (200, 2)
    assert "total" not in public(client)
    assert public(client)["lower-third"]["data"] == {"unit": LEAF}
    clock.ms += 8_000
    app.state.outputs.look()
    assert "lower-third" not in (public(client) or {})


def test_all_are_away_at_once(client: TestClient, app: App) -> None:
    assert ask(client, app, Role.OPERATOR, "POST", f"{OF_HALL}/clear").status_code == 200
    state = client.get("/live/program/hall").json()["state"]
    assert (state.get("overlays"), state["cleared"]) == (None, NOW_MS)
    assert ask(client, app, Role.OPERATOR, "POST", f"{OF_HALL}/total/hide").status_code == 200


@pytest.mark.parametrize(
    ("what", "body", "status", "code", "field"),
    [
        ("clock/show", {}, 404, "unknown_overlay", "overlay"),
        ("lower-third/show", {"data": {"unit": "nowhere"}}, 422, "wrong_value", "data.unit"),
        ("lower-third/update", {"data": {"titles": ["1", "2", "3", "4"]}}, 422, "wrong_value", "data.titles"),
        ("lower-third/update", {"data": {"name": "A\u0007"}}, 422, "wrong_value", "data.name"),
        ("lower-third/update", {"data": {"colour": "red"}}, 422, "wrong_value", "data.colour"),
        ("lower-third/update", {}, 422, "wrong_value", "data"),
        ("lower-third/next", {}, 409, "not_shown", None),
        ("total/show", {"seen": 99}, 409, "stale", None),
    ],
)
def test_what_cannot_be_is_named_and_changes_nothing(
    client: TestClient, app: App, what: str, body: dict[str, Any], status: int, code: str, field: str | None
) -> None:
    before = app.state.outputs.all
    if what.startswith("lower-third/next"):
        assert post(client, app, "lower-third/hide").status_code == 200
        before = app.state.outputs.all
    answer = post(client, app, what, **body)
    assert (answer.status_code, answer.json()["code"], answer.json().get("field")) == (status, code, field)
    assert app.state.outputs.all == before


LOGO = {"left": 1560, "top": 54, "width": 264, "height": 120, "what": "logo"}


def test_boxes_and_theme_of_an_output_are_kept_told_and_in_its_pages(client: TestClient, app: App) -> None:
    assert post(client, app, "frame", boxes=[LOGO], theme="light").status_code == 200
    told = overlays(client, app)
    assert (told["boxes"], told["theme"]) == ([LOGO], "light")
    state = client.get("/live/program/hall").json()["state"]
    assert (state["kept_out"], state["theme"]) == ([LOGO], "light")
    page = client.get("/overlays/bug?frame=1").text
    assert "/light.css" in page
    assert 'data-position="top-left" data-room="96 ' in page
    assert 'data-room="' in client.get("/overlays/bug?piece=1").text
    assert "/deep.css" in client.get("/overlays/bug?frame=1&theme=deep").text
    assert post(client, app, "frame", boxes=[]).status_code == 200
    told = overlays(client, app)
    assert (told["boxes"], told["theme"]) == ([], "light")
    assert 'data-room="' not in client.get("/overlays/bug?frame=1").text
    assert "kept_out" not in client.get("/live/program/hall").json()["state"]
    assert app.state.outputs.of("points").kept_out == ()


def test_boxes_that_leave_no_room_are_refused_and_change_nothing(client: TestClient, app: App) -> None:
    for body, expected in (
        ({"boxes": [{**LOGO, "left": 1700}]}, (422, "wrong_value", "boxes[0].width")),
        ({"boxes": [{"left": 0, "top": 54, "width": 1920, "height": 972}]}, (409, "no_room", "total")),
        ({"boxes": [{"left": 700, "top": 0, "width": 400, "height": 1080}]}, (409, "no_room", "lower-third")),
        ({"boxes": [LOGO] * 5}, (422, "wrong_value", "boxes")),
        ({"boxes": [{**LOGO, "top": -1}]}, (422, "wrong_value", "boxes")),
        ({"theme": "none"}, (422, "wrong_value", "theme")),
    ):
        answer = post(client, app, "frame", **body)
        assert (answer.status_code, answer.json()["code"], answer.json().get("field")) == expected, body
    assert (overlays(client, app)["boxes"], overlays(client, app)["theme"]) == ([], "")


async def test_what_a_page_tells_over_its_socket_and_a_revoked_key_are_told_to_who_directs(tmp_path: Path) -> None:
    app = app_with_roles(tmp_path)
    key = app.keys.add("vmix-1")
    async with serving(starlette_of(app), app.hub, lifespan="on") as host:
        faults = app.state.outputs.renderer_faults

        def told() -> set[tuple[str, str, str]]:
            return {(each.renderer, each.code, each.what) for each in faults.of("hall")}

        followed = websockets.connect(f"ws://{host}/live/program/hall?key={key}", proxy=None)
        async with followed as socket, websockets.connect(f"ws://{host}/live/board", proxy=None) as other:
            await frame_of(socket)
            await socket.send('{"type":"fault","overlay":"total","code":"host_data","what":"json"}')
            await other.send('{"type":"fault","overlay":"total","code":"host_data","what":"xml"}')
            await until(lambda: told() == {("vmix-1", "host_data", "json")})
            await until(lambda: app.state.outputs.program("hall").control.state.get("faults") is not None)
            assert b"faults" not in app.state.outputs.program("hall").topic.snapshot()
            app.keys.revoke("vmix-1")
            assert await close_code(socket) == 4501
        assert ("vmix-1", "key", "") in told()
        faults.seen("hall", app.now_ms())
        # A page that is opened anew shows the key again; whoever never had one is nobody.
        for shown in (key, "dck_of-nobody"):
            with pytest.raises(websockets.InvalidStatus):
                await websockets.connect(f"ws://{host}/live/program/hall?key={shown}", proxy=None)
        assert told() == {("vmix-1", "key", "")}


def test_faults_are_there_for_who_sees_the_output_until_somebody_has_looked(client: TestClient, app: App) -> None:
    faults = app.state.outputs.renderer_faults
    faults.hear_unknown("program/hall", Renderer("10.0.0.7"))
    [fault] = overlays(client, app)["faults"]
    assert fault == {
        "renderer": "10.0.0.7", "has_key": False, "overlay": "", "code": "address", "what": "overlay",
        "first": NOW_MS, "last": NOW_MS, "count": 1,
    }  # fmt: skip
    seen = f"{OF_HALL}/faults/seen"
    assert ask(client, app, Role.VIEWER, "POST", seen, json={"until": NOW_MS}).status_code == 403
    assert ask(client, app, Role.OPERATOR, "POST", seen, json={}).status_code == 422
    assert overlays(client, app)["faults"] == [fault]
    version = overlays(client, app)["version"]
    assert ask(client, app, Role.OPERATOR, "POST", seen, json={"until": NOW_MS}).json() == {"version": version}
    assert overlays(client, app)["faults"] == []
