"""The app as a whole: its folder, its life, and what a request meets when something is wrong."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.testclient import TestClient
from structlog.testing import capture_logs

from server.app import App, starlette_of
from server.folder.files import LOCK_FILE, PERSON_KEY_FILE, DataInUse
from server.web.problems import PROBLEM, Problem
from streaming.contests.contest import ContestFolder, load_contest
from streaming.errors import ContestError, LedgerBusy, LedgerMismatch, LedgerUnavailable
from tests.worlds.apps import FOUR_LEVELS, NOW_MS, app_of, client_of, take

Raises = Callable[[], Exception]


def edited(**changes: Any) -> ContestFolder:
    folder = load_contest(FOUR_LEVELS)
    contest = msgspec.structs.replace(folder.contest, **changes)
    return ContestFolder(folder.path, contest, folder.grid, folder.boundaries)


def without(code: str) -> ContestFolder:
    units = load_contest(FOUR_LEVELS).contest.units
    return edited(units=tuple(unit for unit in units if unit.code != code))


def test_two_apps_side_by_side_share_nothing(tmp_path: Path) -> None:
    one, other = app_of(tmp_path / "one"), app_of(tmp_path / "other")
    with client_of(one) as first, client_of(other) as second:
        take(one.state.live, [("P1D1X1", "completed", None)])
        boards = [client.get("/live/board").json() for client in (first, second)]
    assert [board["rows"]["VN"][2] for board in boards] == [1, 0]
    assert boards[0]["epoch"] != boards[1]["epoch"]


def test_a_second_app_on_the_same_folder_is_refused_until_the_first_has_ended(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with client_of(app_of(data)):
        with pytest.raises(DataInUse, match=r"data: in use by process [0-9]+, expected a data folder"):
            app_of(data).open()
        assert (data / LOCK_FILE).exists()
    second = app_of(data)
    second.open()
    second.close()


def test_what_was_taken_in_is_there_after_a_restart_with_the_same_epoch(tmp_path: Path) -> None:
    app = app_of(tmp_path / "data")
    with client_of(app) as client:
        take(app.state.live, [("P1D1X1", "completed", "p")])
        before = client.get("/live/board").json()
    with client_of(app_of(tmp_path / "data")) as client:
        assert client.get("/live/board").json() == before


def test_an_edited_name_is_a_decision_and_a_new_epoch(tmp_path: Path) -> None:
    app = app_of(tmp_path / "data")
    with client_of(app) as client:
        take(app.state.live, [("P1D1X1", "completed", None)])
        before = client.get("/live/board").json()
    again = app_of(tmp_path / "data", contest=edited(title="Cuộc thi đổi tên"))
    with client_of(again) as client:
        after = client.get("/live/board").json()
        assert again.state.live.contest.title == "Cuộc thi đổi tên"
        assert [row.type for row in again.state.live.ledger.read(2)] == ["decision"]
    assert after["rows"] == before["rows"]
    assert after["epoch"] != before["epoch"]
    third = app_of(tmp_path / "data", contest=edited(title="Cuộc thi đổi tên"))
    with client_of(third):
        assert third.state.live.ledger.head == 3


@pytest.mark.parametrize(
    ("folder", "error", "message"),
    [
        (edited(id="other"), LedgerMismatch, "holds contest “bon-cap”, expected “other”"),
        (without("P1D1X1"), ContestError, "P1D1X1"),
    ],
)
def test_an_edit_that_takes_the_ground_from_under_rows_stops_the_start(
    tmp_path: Path, folder: ContestFolder, error: type[Exception], message: str
) -> None:
    app = app_of(tmp_path / "data")
    app.open()
    take(app.state.live, [("P1D1X1", "completed", None)])
    head = app.state.live.ledger.head
    app.close()
    with pytest.raises(error, match=message):
        app_of(tmp_path / "data", contest=folder).open()
    unharmed = app_of(tmp_path / "data")
    assert unharmed.open().live.ledger.head == head
    unharmed.close()


def test_a_missing_digest_key_stops_the_start(tmp_path: Path) -> None:
    app = app_of(tmp_path / "data")
    app.open()
    take(app.state.live, [("P1D1X1", "completed", "p")])
    app.close()
    (tmp_path / "data" / PERSON_KEY_FILE).unlink()
    with pytest.raises(LedgerMismatch, match=r"person\.key: the person digest key is missing"):
        app_of(tmp_path / "data").open()


def test_data_files_are_for_their_owner_alone(tmp_path: Path) -> None:
    with client_of(app_of(tmp_path / "data")):
        for name in ("admin.db", PERSON_KEY_FILE):
            assert (tmp_path / "data" / name).stat().st_mode & 0o077 == 0, name


def test_a_task_that_dies_ends_the_process_and_health_says_so(tmp_path: Path) -> None:
    dead: list[str] = []
    app = app_of(tmp_path / "data", on_dead=dead.append)
    with client_of(app) as client:
        assert client.get("/healthz").json()["status"] == "ok"
        ledger = app.state.live.ledger
        ledger.failed._loop.call_soon_threadsafe(ledger.failed.set)  # type: ignore[attr-defined]
        while not dead:
            client.get("/healthz")
        response = client.get("/healthz")
    assert dead == ["live ledger"]
    assert (response.status_code, response.json()["status"]) == (503, "dead")


def test_a_pump_that_does_not_turn_is_stuck(tmp_path: Path) -> None:
    app = app_of(tmp_path / "data")
    with client_of(app) as client:
        assert client.get("/readyz").status_code == 200
        app.state.live.pump._monotonic_s = lambda: 1e9
        responses = [client.get(path) for path in ("/healthz", "/readyz")]
    assert [(response.status_code, response.json()["status"]) for response in responses] == [(503, "stuck")] * 2


def test_a_server_that_sends_its_screens_away_is_not_ready_but_lives(tmp_path: Path) -> None:
    app = app_of(tmp_path / "data")
    with client_of(app) as client:
        asyncio.run(app.hub.drain())
        assert client.get("/healthz").status_code == 200
        assert (client.get("/readyz").status_code, client.get("/readyz").json()["status"]) == (503, "stopping")


@pytest.mark.parametrize(
    ("error", "status", "code", "retry_after"),
    [
        (LedgerBusy("busy"), 429, "busy", "1"),
        (LedgerUnavailable("full", retry_after_s=5), 503, "ledger_unavailable", "5"),
        (Problem(404, "unknown_unit", "none"), 404, "unknown_unit", None),
        (ZeroDivisionError("password=hunter2"), 500, "internal_error", None),
    ],
)
def test_an_error_is_told_to_a_program_as_a_problem(
    tmp_path: Path, error: Exception, status: int, code: str, retry_after: str | None
) -> None:
    response = broken(app_of(tmp_path / "data"), "/api/v1/broken", error)
    assert (response.status_code, response.json()["code"]) == (status, code)
    assert response.headers["content-type"] == PROBLEM
    assert response.headers.get("retry-after") == retry_after
    assert "hunter2" not in response.text


def test_an_unforeseen_error_shows_a_quiet_page_and_is_logged_once_without_the_query(tmp_path: Path) -> None:
    error = ZeroDivisionError("boom")
    with capture_logs() as said:
        response = broken(app_of(tmp_path / "data"), "/broken?token=hunter2", error)
    assert (response.status_code, response.headers["content-type"]) == (500, "text/html; charset=utf-8")
    assert "boom" not in response.text
    assert "Traceback" not in response.text
    expected = {"event": "request failed", "log_level": "error", "method": "GET", "path": "/broken", "exc_info": error}
    assert [each for each in said if each["log_level"] != "info"] == [expected]


def broken(app: App, path: str, error: Exception) -> Any:
    """What a client gets from a route that raises."""

    async def fail(_request: Request) -> Response:
        raise error

    starlette = starlette_of(app)
    starlette.router.routes.insert(0, Route(path.partition("?")[0], fail))
    with TestClient(starlette, base_url="http://127.0.0.1:8000") as client:
        return client.get(path)


@pytest.mark.parametrize("path", ["/api/v1/units/", "/api/v2", "/live/nope", "/live/unit/nope", "/static/0/a.js"])
def test_what_is_not_there_is_a_problem_to_a_program(tmp_path: Path, path: str) -> None:
    with client_of(app_of(tmp_path / "data")) as client:
        response = client.get(path, follow_redirects=False)
    assert (response.status_code, response.headers["content-type"]) == (404, PROBLEM)


def test_the_wrong_method_names_the_right_one(tmp_path: Path) -> None:
    with client_of(app_of(tmp_path / "data")) as client:
        response = client.get("/api/v1/participations")
    assert (response.status_code, response.headers["allow"]) == (405, "POST")


def test_participations_come_in_without_looking_for_their_route_and_their_errors_are_answered_as_any(
    tmp_path: Path,
) -> None:
    app = app_of(tmp_path / "data")
    starlette = starlette_of(app)
    starlette.router.routes.clear()
    with TestClient(starlette, base_url="http://127.0.0.1:8000") as client:
        refused = client.post("/api/v1/participations", content=b"{}")
    unopened = TestClient(starlette, base_url="http://127.0.0.1:8000")
    early = unopened.post("/api/v1/participations", content=b"{}", headers={"Authorization": "Bearer whsec_x"})
    told = [(answer.status_code, answer.headers["content-type"], answer.json()["code"]) for answer in (refused, early)]
    assert told == [(401, PROBLEM, "missing_secret"), (503, PROBLEM, "starting")]
    assert early.headers["x-content-type-options"] == "nosniff"


def test_every_answer_has_the_security_headers_errors_too(tmp_path: Path) -> None:
    with client_of(app_of(tmp_path / "data")) as client:
        for path in ("/", "/nope", "/api/v1/units", "/healthz"):
            assert client.get(path).headers["x-content-type-options"] == "nosniff", path


def test_a_fresh_store_shows_zeros(tmp_path: Path) -> None:
    with client_of(app_of(tmp_path / "data", now_ms=lambda: NOW_MS)) as client:
        for topic in ("board", "round/1", "unit/P1", "rehearsal/board", "rehearsal/round/1", "rehearsal/unit/P1"):
            frame = client.get(f"/live/{topic}").json()
            assert frame["seq"] == 1
            assert {cell for row in frame["rows"].values() for cell in row[:4]} == {0}
            assert frame["rehearsal"] is topic.startswith("rehearsal/")
