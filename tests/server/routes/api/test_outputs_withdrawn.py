"""Gỡ số over HTTP: by one press off the air, by another back, with what an earlier moment would bring."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from server.app import App
from server.auth.roles import Role
from streaming.contests.contest import load_contest
from streaming.program.steering import PRESS_AGAIN_MS
from tests.worlds.apps import FOUR_LEVELS, LEAF, NOW_MS, client_of, take
from tests.worlds.clocks import Clock
from tests.worlds.roles import app_with_roles, ask


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


def press(client: TestClient, app: App, path: str, **body: Any) -> Any:
    return ask(client, app, Role.OPERATOR, "POST", path, json=body)


def test_wrong_numbers_go_off_the_air_by_one_press_and_come_back_by_another(
    client: TestClient, app: App, clock: Clock
) -> None:
    of_hall = "/api/v1/outputs/hall"
    withdrawn = press(client, app, path=f"{of_hall}/withdraw")
    assert (withdrawn.status_code, withdrawn.json()) == (200, {"version": 2})
    assert [each["scene"] for each in outputs(client, app)] == ["backdrop", "backdrop"]
    assert app.state.live.desk.withdrawn_ms is not None
    clock.ms += PRESS_AGAIN_MS
    back = press(client, app, path=f"{of_hall}/restore", seen=2)
    assert (back.status_code, back.json()) == (200, {"version": 3})
    assert [each["scene"] for each in outputs(client, app)] == ["live", "live"]
    assert app.state.live.desk.withdrawn_ms is None
    clock.ms += PRESS_AGAIN_MS
    again = press(client, app, path=f"{of_hall}/restore", seen=3)
    assert (again.status_code, again.json()["code"]) == (409, "not_withdrawn")


def test_numbers_that_are_let_run_by_the_gate_are_off_the_air_no_more(
    client: TestClient, app: App, clock: Clock
) -> None:
    of_hall = "/api/v1/outputs/hall"
    assert press(client, app, path=f"{of_hall}/withdraw").status_code == 200
    decide, seen = "/api/v1/control/decisions?store=live", app.state.live.ledger.head
    released = press(client, app, path=decide, do="release", unit=None, seen=seen)
    assert released.status_code == 200, released.text
    assert app.state.live.desk.withdrawn_ms is None
    assert [each["withdrawn"] for each in outputs(client, app)] == [False, False]
    assert [each["scene"] for each in outputs(client, app)] == ["backdrop", "backdrop"]
    clock.ms += PRESS_AGAIN_MS
    back = press(client, app, path=f"{of_hall}/back", seen=app.state.outputs.of("hall").version)
    assert back.status_code == 200
    preview = app.state.outputs.of("hall").preview
    assert preview is not None
    assert preview.name == "live"


def test_what_an_earlier_moment_would_bring_is_told_before_it_is_shown(
    client: TestClient, app: App, clock: Clock
) -> None:
    take(app.state.live, [(LEAF, "completed", "a")] * 3)
    right_ms = clock.ms
    clock.ms += 5_000
    take(app.state.live, [(LEAF, "completed", None)] * 4)
    clock.ms += 5_000
    effect = ask(client, app, Role.VIEWER, "GET", f"/api/v1/outputs/hall/effect?to_ms={right_ms}")
    said = effect.json()
    assert (effect.status_code, said["total"]["completed"], said["shown"]["at"]) == (200, [7, 3], right_ms)
    back = press(client, app, path="/api/v1/outputs/hall/withdraw", to_ms=right_ms)
    assert back.status_code == 200
    for wrong in ("", "soon", "-5", "1e9"):
        answer = ask(client, app, Role.VIEWER, "GET", f"/api/v1/outputs/hall/effect?to_ms={wrong}")
        assert (answer.status_code, answer.json()["field"]) == (400, "to_ms"), wrong
    future = press(client, app, path="/api/v1/outputs/hall/withdraw", to_ms=clock.ms + 60_000)
    assert (future.status_code, future.json()["field"]) == (422, "to_ms")
    assert ask(client, app, Role.VIEWER, "GET", "/api/v1/outputs/tv9/effect?to_ms=1").status_code == 404
