"""Devices and directors: each steers one output, a device by a key and without looking first."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from server.app import App
from server.auth.roles import Role
from server.control.asked import ASKED
from server.state import KEY_REQUESTS_PER_S
from server.web.rates import RATE_BURST_S
from streaming.program.steering import PRESS_AGAIN_MS
from tests.worlds.apps import NOW_MS, client_of
from tests.worlds.clocks import Clock
from tests.worlds.people import ORIGIN, shows
from tests.worlds.roles import DEVICE, TV, Who, a_token, app_with_roles, ask, shown_by_device

OUTPUTS = "/api/v1/outputs"
AGAIN = "Idempotency-Key"


@pytest.fixture
def clock() -> Clock:
    return Clock(NOW_MS)


@pytest.fixture
def app(tmp_path: Path, clock: Clock) -> App:
    return app_with_roles(tmp_path, now_ms=clock, elapsed_ms=clock.elapsed)


@pytest.fixture
def client(app: App) -> Iterator[TestClient]:
    with client_of(app) as made:
        assert ask(made, app, Role.OPERATOR, "POST", OUTPUTS, json={"name": TV}).status_code == 201
        yield made


def steer(client: TestClient, app: App, does: str, who: Who = DEVICE, *, again: str = "", **body: Any) -> Any:
    """What is answered to who does something to the output of the device."""
    headers = {AGAIN: again} if again else {}
    return ask(client, app, who, "POST", f"{OUTPUTS}/{TV}/{does}", json=body, headers=headers)


def scene(client: TestClient) -> str:
    return str(client.get(f"/live/program/{TV}").json()["state"]["scene"]["name"])


def test_a_device_steers_its_output_without_having_looked_and_sees_no_other(client: TestClient, app: App) -> None:
    assert steer(client, app, "take", scene="standby").json() == {"version": 2}
    assert scene(client) == "standby"
    seen = ask(client, app, DEVICE, "GET", OUTPUTS)
    assert seen.headers["cache-control"] == "no-store"
    (own,) = seen.json()["outputs"]
    assert (own["name"], own["scene"], own["by"], own["version"]) == (TV, "standby", "key:companion", 2)
    assert app.state.outputs.of("hall").version == 1


def test_a_key_is_enough_and_a_cookie_beside_it_counts_for_nothing(client: TestClient, app: App) -> None:
    assert client.portal is not None
    boss = shows(app, client.portal.call(a_token, app, Role.ADMINISTRATOR))
    for headers in ({}, {"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, boss):
        answer = client.post(f"{OUTPUTS}/{TV}/panic", headers=shown_by_device(app) | headers)
        assert answer.status_code == 200
        assert "access-control-allow-origin" not in answer.headers
    assert app.state.outputs.of(TV).done["picture"].by == "key:companion"
    refused = client.post(f"{OUTPUTS}/hall/panic", headers=shown_by_device(app) | boss | {"Origin": ORIGIN})
    assert (refused.status_code, refused.json()["code"]) == (403, "no_right")


@pytest.mark.parametrize("shown", ["Bearer dcc_wrong", "Bearer ", "bearer", "Bearer {key}x", "Bearer dck_screen"])
def test_a_key_that_is_not_in_force_is_refused_whoever_else_is_signed_in(
    client: TestClient, app: App, shown: str
) -> None:
    assert client.portal is not None
    boss = shows(app, client.portal.call(a_token, app, Role.ADMINISTRATOR))
    key = shown_by_device(app)["Authorization"].removeprefix("Bearer ")
    given = {"Authorization": shown.format(key=key)} | boss | {"Origin": ORIGIN}
    for answer in (client.get(OUTPUTS, headers=given), client.post(f"{OUTPUTS}/{TV}/panic", headers=given)):
        assert (answer.status_code, answer.json()["code"]) == (401, "wrong_key")
        assert answer.headers["www-authenticate"] == "Bearer"
        assert key not in answer.text
    assert app.state.outputs.of(TV).still is None


def test_what_a_proxy_asks_for_in_front_of_us_is_no_key(client: TestClient, app: App) -> None:
    basic = {"Authorization": "Basic dmlldDpuYW0="}
    assert ask(client, app, Role.OPERATOR, "POST", f"{OUTPUTS}/{TV}/panic", headers=basic).status_code == 200
    assert client.get(OUTPUTS, headers=basic).status_code == 200
    client.cookies.clear()
    assert client.post(f"{OUTPUTS}/{TV}/panic", headers=basic).status_code == 403


def test_a_question_that_is_asked_again_is_answered_alike_and_done_once(
    client: TestClient, app: App, clock: Clock
) -> None:
    first = steer(client, app, "take", again="press-1", scene="standby")
    assert steer(client, app, "take", Role.OPERATOR, scene="live", seen=2).json()["code"] == "too_soon"
    clock.ms += PRESS_AGAIN_MS
    assert steer(client, app, "take", Role.OPERATOR, scene="live", seen=2).json() == {"version": 3}
    repeated = steer(client, app, "take", again="press-1", scene="standby")
    assert (repeated.status_code, repeated.json()) == (200, first.json())
    assert scene(client) == "live"
    # Spaces are no other question; another scene and another address are.
    spaced = b'{ "scene":"standby" }'
    same = ask(client, app, DEVICE, "POST", f"{OUTPUTS}/{TV}/take", content=spaced, headers={AGAIN: "press-1"})
    assert same.json() == first.json()
    for other in (
        steer(client, app, "take", again="press-1", scene="live"),
        steer(client, app, "panic", again="press-1"),
    ):
        assert (other.status_code, other.json()["code"]) == (422, "key_used_again")
    assert app.state.outputs.of(TV).version == 3


def test_what_was_refused_may_be_asked_again_by_the_same_name(client: TestClient, app: App, clock: Clock) -> None:
    assert steer(client, app, "take", scene="standby").status_code == 200
    assert steer(client, app, "take", again="press-2", scene="live").json()["code"] == "too_soon"
    clock.ms += PRESS_AGAIN_MS
    assert steer(client, app, "take", again="press-2", scene="live").json() == {"version": 3}


@pytest.mark.parametrize("again", [b"", b"x" * 129, "nút 1".encode(), b"one\ttwo"])
def test_a_name_that_no_question_can_have_is_refused(client: TestClient, app: App, again: bytes) -> None:
    shown = {name.encode(): value.encode() for name, value in shown_by_device(app).items()}
    answer = client.post(f"{OUTPUTS}/{TV}/panic", headers=shown | {AGAIN.encode(): again})
    assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (400, "wrong_value", AGAIN)
    assert app.state.outputs.of(TV).still is None


def test_a_device_that_asks_too_often_waits_and_looking_takes_nothing_from_steering(
    client: TestClient, app: App, clock: Clock
) -> None:
    at_once = int(KEY_REQUESTS_PER_S * RATE_BURST_S)
    for _ in range(at_once):
        assert ask(client, app, DEVICE, "GET", OUTPUTS).status_code == 200
    refused = ask(client, app, DEVICE, "GET", OUTPUTS)
    while refused.status_code == 200:
        refused = ask(client, app, DEVICE, "GET", OUTPUTS)
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_requests")
    assert refused.headers["retry-after"] == "1"
    assert steer(client, app, "panic").status_code == 200
    assert ask(client, app, Role.OPERATOR, "GET", OUTPUTS).status_code == 200
    clock.ms += 1_000
    assert ask(client, app, DEVICE, "GET", OUTPUTS).status_code == 200


def test_a_director_holds_his_output_together_with_his_devices_against_all_others(
    client: TestClient, app: App, clock: Clock
) -> None:
    assert [each["name"] for each in ask(client, app, Role.DIRECTOR, "GET", OUTPUTS).json()["outputs"]] == [TV]
    assert steer(client, app, "take", Role.DIRECTOR, scene="standby").json()["field"] == "seen"
    assert steer(client, app, "lock", Role.DIRECTOR, seen=1).json() == {"version": 2}
    assert steer(client, app, "take", scene="standby").status_code == 200
    for who in (Role.OPERATOR, Role.ADMINISTRATOR):
        assert steer(client, app, "delay", who, seen=3, delay_ms=0).json()["code"] == "locked"
        assert steer(client, app, "panic", who).json()["code"] == "locked"
    assert steer(client, app, "unlock", Role.OPERATOR, seen=3, reason="nhầm").json()["code"] == "locked"
    assert steer(client, app, "unlock", Role.ADMINISTRATOR, seen=3, reason="mất liên lạc").json() == {"version": 4}
    told = ask(client, app, Role.DIRECTOR, "GET", f"/live/control/program/{TV}")
    assert told.headers["cache-control"] == "private, no-cache"
    assert told.json()["state"]["broken"]["reason"] == "mất liên lạc"
    assert steer(client, app, "lock").json() == {"version": 5}
    assert steer(client, app, "unlock", Role.DIRECTOR, seen=5).json() == {"version": 6}


EVERYTHING: dict[str, dict[str, Any]] = {name: {} for name in ASKED} | {
    "take": {"scene": "standby"}, "step": {"by": 1}, "delay": {"delay_ms": 1_000}, "follow": {"output": "hall"},
    "store": {"store": "rehearsal"}, "launch": {"at_ms": NOW_MS + 60_000}, "unlock": {"reason": "nhầm"},
    "tally": {"on": True}, "host": {"text": "Chờ thêm 1 phút"}, "prepare": {"scene": "live"}, "arm": {"scene": "live"},
}  # fmt: skip
"""What a device can ask for, each with what it needs."""


@pytest.mark.parametrize("first", ["panic", "withdraw", "lock"])
@pytest.mark.parametrize("who", [DEVICE, Role.DIRECTOR])
def test_whatever_is_done_to_the_own_output_nothing_is_done_to_another(
    client: TestClient, app: App, clock: Clock, who: Who, first: str
) -> None:
    """The hall's picture and what is said of it stay, whatever state it is in; its numbers nobody decides about."""
    seen = {"seen": 1} if first == "lock" else {}
    assert ask(client, app, Role.OPERATOR, "POST", f"{OUTPUTS}/hall/{first}", json=seen).status_code == 200
    live = app.state.live
    assert client.portal is not None
    client.portal.call(live.ledger.barrier)
    topics = [app.state.outputs.program("hall").topic, app.state.outputs.program("hall").control]
    others = [app.state.outputs.of(name) for name in ("hall", "points")]
    before, decisions = [topic.snapshot() for topic in topics], len(list(live.ledger.decisions()))
    done = 0
    for does, body in EVERYTHING.items():
        clock.ms += PRESS_AGAIN_MS
        said: dict[str, Any] = {"seen": app.state.outputs.of(TV).version} if does != "tally" else {}
        done += steer(client, app, does, who, **body, **said).status_code == 200
    # Where there is no rundown, no countdown and nothing to reveal, what asks for them is refused.
    assert done >= len(EVERYTHING) - 9
    assert [app.state.outputs.of(name) for name in ("hall", "points")] == others
    assert [topic.snapshot() for topic in topics] == before
    client.portal.call(live.ledger.barrier)
    assert len(list(live.ledger.decisions())) == decisions


def test_a_director_of_an_earlier_release_is_bound_to_nothing(client: TestClient, app: App) -> None:
    with app.auth.accounts._file.begin() as connection:
        connection.exec_driver_sql("UPDATE accounts SET output = NULL")
    for path in ("hall/panic", f"{TV}/panic", "/panic"):
        answer = ask(client, app, Role.DIRECTOR, "POST", f"{OUTPUTS}/{path}")
        assert answer.status_code in {403, 404}
    assert "made without one" in ask(client, app, Role.DIRECTOR, "POST", f"{OUTPUTS}/{TV}/panic").json()["detail"]
    assert ask(client, app, Role.DIRECTOR, "GET", OUTPUTS).json() == {"outputs": []}
    for topic in ("control/program/hall", "control/program/", "control/program"):
        assert ask(client, app, Role.DIRECTOR, "GET", f"/live/{topic}").status_code in {403, 404}, topic
