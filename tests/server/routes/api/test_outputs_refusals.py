"""What cannot be done to an output: each refusal is clear, is in the document, and leaves on air what is on air."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from starlette.testclient import TestClient

from server.app import App
from server.auth.roles import Role
from server.routes.api.openapi import document
from server.routes.api.outputs import BODY_BYTES_MAX
from streaming.program.steering import PRESS_AGAIN_MS
from tests.worlds.apps import NOW_MS, client_of
from tests.worlds.clocks import Clock
from tests.worlds.people import WRITES
from tests.worlds.roles import DEVICE, Who, app_with_roles, ask

OUTPUTS = "/api/v1/outputs"
LIVE = {"scene": "live"}
LAN, BOSS, D, V, P = Role.OPERATOR, Role.ADMINISTRATOR, Role.DIRECTOR, Role.VIEWER, Role.POINT
NOBODY = None
MINUTE_MS, HOUR_MS = 60_000, 3_600_000


class Bad(NamedTuple):
    """Somebody asks for something of an output: the status and code of the answer, and the field that it names.

    In a body "now" stands for so many ms after the moment, and sessions say that they have seen the newest version
    unless they say another.
    """

    who: Who
    path: str
    body: dict[str, Any] | bytes
    status: int
    code: str
    field: str | None = None


TABLE = {
    # What there is not.
    "an unknown output": Bad(LAN, "tv9/take", LIVE, 404, "unknown_output", "output"),
    "an output of no name": Bad(LAN, "wall/panic", {}, 404, "unknown_output", "output"),
    "an unknown scene": Bad(LAN, "hall/take", {"scene": "fireworks"}, 422, "wrong_value", "scene"),
    "an unknown setting": Bad(
        LAN, "hall/take", LIVE | {"settings": {"unit": "P1"}}, 422, "wrong_value", "settings.unit"
    ),
    "a setting that it cannot have": Bad(
        LAN, "hall/take", LIVE | {"settings": {"lead": "most"}}, 422, "wrong_value", "settings.lead"
    ),
    "a setting out of bounds": Bad(
        LAN, "hall/take", LIVE | {"settings": {"steps": [1, -5]}}, 422, "wrong_value", "settings.steps"
    ),
    "an unknown unit": Bad(
        LAN, "hall/take", {"scene": "standings", "settings": {"of": "nowhere"}}, 422, "wrong_value", "settings.of"
    ),
    "a scene with nothing to show": Bad(LAN, "hall/take", {"scene": "standings"}, 409, "no_data", "scene"),
    "an unknown store": Bad(LAN, "hall/store", {"store": "test"}, 422, "wrong_value", "store"),
    "an unknown field": Bad(LAN, "hall/panic", {"why": 1}, 422, "wrong_value", "why"),
    "a field of another type": Bad(LAN, "hall/delay", {"delay_ms": "8"}, 422, "wrong_value", "delay_ms"),
    "a missing field": Bad(LAN, "hall/take", {}, 422, "wrong_value", "scene"),
    "no body where there must be one": Bad(LAN, "hall/tally", b"", 422, "wrong_value", "on"),
    "a body that is no JSON": Bad(LAN, "hall/take", b"scene=live", 422, "wrong_value"),
    "a body of another charset": Bad(LAN, "hall/take", b'{"scene": "\xff"}', 422, "wrong_value"),
    "a body over its bound": Bad(LAN, "hall/take", b" " * (BODY_BYTES_MAX + 1), 413, "too_large"),
    "an unknown parameter": Bad(LAN, "hall/take?when=now", LIVE, 400, "wrong_value", "parameter"),
    # Times and numbers out of bounds.
    "a cue in the past": Bad(LAN, "hall/launch", {"at_ms": {"now": -1}}, 422, "wrong_value", "at_ms"),
    "a cue that nobody can hear in time": Bad(LAN, "hall/launch", {"at_ms": {"now": 100}}, 422, "wrong_value", "at_ms"),
    "a cue of tomorrow": Bad(LAN, "hall/launch", {"at_ms": {"now": 24 * HOUR_MS}}, 422, "wrong_value", "at_ms"),
    "a delay of an hour": Bad(LAN, "hall/delay", {"delay_ms": HOUR_MS}, 422, "wrong_value", "delay_ms"),
    "a delay below 0": Bad(LAN, "hall/delay", {"delay_ms": -1}, 422, "wrong_value", "delay_ms"),
    "right numbers of the future": Bad(
        LAN, "hall/withdraw", {"to_ms": {"now": MINUTE_MS}}, 422, "wrong_value", "to_ms"
    ),
    # Following.
    "to follow itself": Bad(LAN, "hall/follow", {"output": "hall"}, 422, "wrong_value", "output"),
    "a circle of two": Bad(LAN, "hall/follow", {"output": "points"}, 422, "wrong_value", "output"),
    "a circle of three": Bad(LAN, "hall/follow", {"output": "tv2"}, 422, "wrong_value", "output"),
    "to follow what there is not": Bad(LAN, "hall/follow", {"output": "tv9"}, 404, "unknown_output", "output"),
    # What cannot be done as things stand.
    "no scene before": Bad(LAN, "tv3/back", {}, 409, "no_scene_before"),
    "no step to reveal": Bad(LAN, "hall/step", {"by": 1}, 409, "no_step"),
    "nothing to put back": Bad(LAN, "hall/restore", {}, 409, "not_withdrawn"),
    "an output that is there": Bad(LAN, "", {"name": "tv1"}, 409, "output_exists"),
    "an output that may not be called so": Bad(LAN, "", {"name": "tv17"}, 422, "wrong_value", "output"),
    # Who may not.
    "nobody": Bad(NOBODY, "hall/take", LIVE, 401, "not_signed_in"),
    "who only looks": Bad(V, "hall/take", LIVE, 403, "no_right"),
    "a point": Bad(P, "hall/panic", {}, 403, "no_right"),
    "a director at the hall's": Bad(D, "hall/take", LIVE, 403, "no_right"),
    "a device at the hall's": Bad(DEVICE, "hall/take", LIVE, 403, "no_right"),
    "a director who makes an output": Bad(D, "", {"name": "tv9"}, 403, "no_right"),
    "a device that makes an output": Bad(DEVICE, "", {"name": "tv9"}, 403, "no_right"),
    "a page that was opened for another": Bad(LAN, "hall/take?as=account:99", LIVE, 401, "not_signed_in"),
    "an output that somebody holds": Bad(LAN, "tv1/take", LIVE, 409, "locked", "output"),
    "stillness of one that somebody holds": Bad(BOSS, "tv1/panic", {}, 409, "locked", "output"),
    "another's lock": Bad(LAN, "tv1/unlock", {"reason": "nhầm"}, 409, "locked", "output"),
    "a lock broken without a reason": Bad(BOSS, "tv1/unlock", {}, 422, "wrong_value", "reason"),
    "a lock broken for a long reason": Bad(BOSS, "tv1/unlock", {"reason": "x" * 201}, 422, "wrong_value", "reason"),
    # Too late, too soon, not looked.
    "who has not looked": Bad(LAN, "hall/take", LIVE | {"seen": None}, 422, "wrong_value", "seen"),
    "who has seen something else": Bad(LAN, "hall/take", LIVE | {"seen": 1}, 409, "stale"),
    "who has seen what never was": Bad(LAN, "hall/take", LIVE | {"seen": 999}, 409, "stale"),
    "a device that has seen something else": Bad(DEVICE, "tv1/take", LIVE | {"seen": 0}, 409, "stale"),
    "a second press": Bad(LAN, "points/take", LIVE, 409, "too_soon"),
}


@pytest.fixture(scope="module")
def clock() -> Clock:
    return Clock(NOW_MS)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory, clock: Clock) -> App:
    return app_with_roles(tmp_path_factory.mktemp("refusals"), now_ms=clock, elapsed_ms=clock.elapsed)


@pytest.fixture(scope="module")
def client(app: App, clock: Clock) -> Iterator[TestClient]:
    """The hall has been steered, tv1 is held by its director, tv2 follows the points and these follow the hall."""
    with client_of(app) as made:
        for name in ("tv1", "tv2", "tv3"):
            assert ask(made, app, LAN, "POST", OUTPUTS, json={"name": name}).status_code == 201
        for who, path, body in (
            (BOSS, "hall/take", {"scene": "standby", "seen": 1}), (LAN, "tv2/follow", {"output": "points", "seen": 1}),
            (D, "tv1/lock", {"seen": 1}), (LAN, "points/follow", {"output": "hall", "seen": 4}),
        ):  # fmt: skip
            done = ask(made, app, who, "POST", f"{OUTPUTS}/{path}", json=body)
            assert done.status_code == 200, done.text
        yield made


def sent(app: App, clock: Clock, bad: Bad) -> dict[str, Any]:
    """What the request brings."""
    if isinstance(bad.body, bytes):
        return {"content": bad.body}
    body = {
        name: clock.ms + value["now"] if isinstance(value, dict) and "now" in value else value
        for name, value in bad.body.items()
    }
    name = bad.path.partition("/")[0]
    if "/" in bad.path and bad.who != DEVICE and name in {each.name for each in app.state.outputs.all}:
        body = {"seen": app.state.outputs.of(name).version} | body
    return {"json": {key: value for key, value in body.items() if value is not None}}


@pytest.mark.parametrize("what", TABLE)
def test_it_is_refused_clearly_and_what_is_on_air_stays(client: TestClient, app: App, clock: Clock, what: str) -> None:
    bad = TABLE[what]
    clock.ms += PRESS_AGAIN_MS
    if bad.code == "too_soon":
        again = {"scene": "standby", "seen": app.state.outputs.of("points").version}
        assert ask(client, app, BOSS, "POST", f"{OUTPUTS}/points/take", json=again).status_code == 200
    before = app.state.outputs.all
    path = f"{OUTPUTS}/{bad.path}".rstrip("/")
    answer = ask(client, app, bad.who, "POST", path, **sent(app, clock, bad))
    said = answer.json()
    assert (answer.status_code, said["code"], said.get("field")) == (bad.status, bad.code, bad.field), answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"
    assert said["detail"]
    if bad.status == 422 and bad.field in {"delay_ms", "at_ms", "output", "reason", "scene", "settings.lead"}:
        assert what.startswith(("a missing", "a field")) or said["expected"]
    if bad.code in {"stale", "too_soon"}:
        last = said["last"]
        assert last["by"].startswith("account:")
        assert {"version", "at", "did"} <= last.keys()
    assert app.state.outputs.all == before
    _, _, does = path.partition("?")[0].removeprefix(OUTPUTS).strip("/").partition("/")
    documented = document()["paths"][f"{OUTPUTS}/{{output}}/{does}" if does else OUTPUTS]["post"]["responses"]
    assert str(bad.status) in documented


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("", b'{"name": "tv9"}'),
        ("/hall/take", b'{"scene": "live", "seen": 2}'),
        ("/hall/panic", b""),
        ("/hall/tally", b'{"on": true}'),
        ("/hall/withdraw", b""),
    ],
)
def test_while_the_server_stops_nothing_is_done(client: TestClient, app: App, path: str, body: bytes) -> None:
    before = app.state.outputs.all
    app.hub.is_draining = True
    try:
        answer = ask(client, app, LAN, "POST", OUTPUTS + path, content=body)
    finally:
        app.hub.is_draining = False
    assert (answer.status_code, answer.json()["code"]) == (503, "starting")
    assert int(answer.headers["retry-after"]) > 0
    assert app.state.outputs.all == before


def test_what_there_is_not_is_not_found(client: TestClient, app: App) -> None:
    assert ask(client, app, LAN, "POST", f"{OUTPUTS}/hall/explode", json={}).status_code == 404
    assert ask(client, app, LAN, "GET", f"{OUTPUTS}/hall/take").status_code == 405
    client.cookies.clear()
    assert client.delete(f"{OUTPUTS}/tv3", headers=WRITES).json()["code"] == "not_signed_in"
    for who in (V, D, P, DEVICE):
        assert ask(client, app, who, "DELETE", f"{OUTPUTS}/tv3").json()["code"] == "no_right"
