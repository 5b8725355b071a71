"""The roll call over HTTP: what points say, what the office ticks, who may, and what is kept."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter  # type: ignore[import-untyped]
from starlette.testclient import TestClient

from dashboard.exports.workbook import ROWS_MAX
from server.app import App
from server.auth.roles import Role
from server.control.points import LINES_MAX, LINES_WINDOW_S
from server.ops.backup import back_up
from server.ops.restore import restore
from server.state import POINT_REQUESTS_PER_S
from streaming.points.told import COLUMNS
from tests.worlds.apps import LEAF, NOW_MS, UNIT, client_of
from tests.worlds.clocks import Clock
from tests.worlds.roles import PLACE, Who, app_with_roles, ask

POINTS = "/api/v1/points"
A, O, P = Role.ADMINISTRATOR, Role.OPERATOR, Role.POINT  # noqa: E741 - the letters of roles


@pytest.fixture(scope="module")
def clock() -> Clock:
    return Clock(NOW_MS)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory, clock: Clock) -> App:
    (data := tmp_path_factory.mktemp("points") / "data").mkdir(mode=0o700)
    return app_with_roles(data, now_ms=clock, elapsed_ms=clock.elapsed)


@pytest.fixture(scope="module")
def client(app: App) -> Iterator[TestClient]:
    with client_of(app) as made:
        yield made


@pytest.fixture(autouse=True)
def _afresh(client: TestClient, app: App, clock: Clock) -> None:
    """Each test begins with a roll call of nobody, and a minute later than the one before."""
    clock.ms += LINES_WINDOW_S * 1000
    assert post(client, app, "/afresh", A, code=app.folder.contest.tree.root.code).status_code == 200


def post(client: TestClient, app: App, path: str, who: Who = O, **body: Any) -> Any:
    return ask(client, app, who, "POST", f"{POINTS}{path}", json=body)


def heard(client: TestClient, app: App, who: Who = O, topic: str = "points") -> tuple[dict[str, Any], dict[str, Any]]:
    """What who follows the roll call sees: rows by the code of the point, and the state."""
    assert client.portal is not None
    client.portal.call(app.state.points.look)
    frame = ask(client, app, who, "GET", f"/live/{topic}").json()
    assert frame["topic"] == "points"
    return {code: dict(zip(COLUMNS, row, strict=True)) for code, row in frame["rows"].items()}, frame["state"]


def below(app: App, code: str) -> set[str]:
    return set(app.state.points.below(code))


def test_a_point_says_for_itself_that_it_is_ready_and_the_office_what_it_hears(client: TestClient, app: App) -> None:
    said = post(client, app, f"/{UNIT}", PLACE, ready=True, present=24, line="<b>Xin chào</b> hội trường")
    line = {"text": "<b>Xin chào</b> hội trường", "at": app.now_ms(), "state": "waiting"}
    assert said.json() == {
        "code": UNIT, "bridge": None, "ready": True, "present": 24, "line": line, "acked": ""
    }  # fmt: skip
    assert post(client, app, "/bridge", codes=[UNIT], connected=True).json() == {"changed": 1, "rejected": []}
    rows, state = heard(client, app)
    assert rows[UNIT] | {"since": 0} == {
        "bridge": 1, "page": 1, "since": 0, "ready": 1, "present": 24, "call": 0, "acked": 0, "line": 1
    }  # fmt: skip
    root = app.folder.contest.tree.root.code
    assert state["totals"][root] | {"of": 0} == {
        "of": 0, "connected": 1, "missing": 0, "open": 1, "ready": 1, "present": 24, "present_connected": 24
    }  # fmt: skip
    assert state["lines"] == {UNIT: line}
    # What it says of itself does not tick it, and what is ticked does not make it ready.
    post(client, app, "/bridge", codes=[UNIT], connected=False)
    rows, _ = heard(client, app)
    assert (rows[UNIT]["bridge"], rows[UNIT]["ready"], rows[UNIT]["present"]) == (0, 1, 24)


def test_who_is_bound_to_a_unit_sees_and_ticks_its_subtree_alone(client: TestClient, app: App) -> None:
    for who in (P, PLACE):
        rows, state = heard(client, app, who)
        assert (set(rows), state["scope"]) == (below(app, UNIT), UNIT)
    ticked = post(client, app, "/bridge", P, codes=[LEAF, "P1", "zzz", LEAF], connected=True).json()
    assert ticked == {
        "changed": 1,
        "rejected": [
            {"index": 1, "value": "P1", "code": "other_subtree"},
            {"index": 2, "value": "zzz", "code": "unknown_unit"},
            {"index": 3, "value": LEAF, "code": "doubled"},
        ],
    }
    cases: tuple[tuple[Who, str], ...] = ((P, "/P1"), (PLACE, "/P1"), (PLACE, f"/{LEAF}"), (P, "/zzz"))
    for asks, path in cases:
        refused = post(client, app, path, asks, ready=True)
        assert (refused.status_code, refused.json()["code"]) == (403, "no_right")
    assert post(client, app, f"/{LEAF}", P, ready=True).json()["ready"] is True
    assert post(client, app, "/zzz", ready=True).json()["code"] == "unknown_unit"
    assert post(client, app, "/afresh", P, code="P1").json()["code"] == "no_right"


@pytest.mark.parametrize(
    ("body", "field", "expected"),
    [
        ({"present": -5}, "present", "0 to 9999"),
        ({"present": 1_000_000}, "present", "0 to 9999"),
        ({"present": "−5"}, "present", ""),
        ({"line": "x" * 5_000}, "line", "at most 120 characters (it has 5000)"),
        ({"line": "một\u0000hai"}, "line", "control characters"),
        ({"ready": "có"}, "ready", ""),
        ({"present": 5, "sẵn": 1}, "sẵn", ""),
    ],
)
def test_what_cannot_be_is_refused_by_name_and_nothing_changes(
    client: TestClient, app: App, body: dict[str, Any], field: str, expected: str
) -> None:
    before = app.state.points.entry(UNIT)
    refused = post(client, app, f"/{UNIT}", PLACE, **body)
    told = refused.json()
    assert (refused.status_code, told["code"], told["field"]) == (422, "wrong_value", field)
    assert expected in told.get("expected", "") + told["detail"]
    assert app.state.points.entry(UNIT) == before


def test_line_after_line_is_refused_to_that_point_alone_until_time_has_passed(
    client: TestClient, app: App, clock: Clock
) -> None:
    answers = []
    for number in range(100):
        clock.ms += 1_000 // POINT_REQUESTS_PER_S
        answers.append(post(client, app, f"/{UNIT}", PLACE, line=f"dòng {number}"))
    assert [answer.status_code for answer in answers] == [200] * LINES_MAX + [429] * (100 - LINES_MAX)
    assert (answers[-1].json()["code"], answers[-1].json()["field"]) == ("too_many_lines", "line")
    assert 0 < int(answers[-1].headers["retry-after"]) <= LINES_WINDOW_S
    entry = app.state.points.entry(UNIT)
    assert entry.line is not None
    assert entry.line.text == f"dòng {LINES_MAX - 1}"
    assert post(client, app, f"/{LEAF}", P, line="Nghe rõ").status_code == 200
    assert post(client, app, f"/{UNIT}", PLACE, ready=True).status_code == 200
    clock.ms += LINES_WINDOW_S * 1000
    assert post(client, app, f"/{UNIT}", PLACE, line="Xin lỗi").status_code == 200
    burst = [post(client, app, f"/{UNIT}", PLACE, ready=True).status_code for _ in range(4 * POINT_REQUESTS_PER_S)]
    assert burst.count(429) > POINT_REQUESTS_PER_S


def test_a_call_by_hand_is_heard_and_answered_and_given_back(client: TestClient, app: App) -> None:
    post(client, app, f"/{UNIT}/call", state="soon", text="Bác Mỷ nói trước")
    _, state = heard(client, app, PLACE)
    call = state["calls"][UNIT]
    assert (call["state"], call["text"], call["by_hand"]) == ("soon", "Bác Mỷ nói trước", True)
    post(client, app, f"/{UNIT}", PLACE, acked=call["key"])
    rows, _ = heard(client, app)
    assert (rows[UNIT]["call"], rows[UNIT]["acked"]) == (2, 1)
    post(client, app, f"/{UNIT}/call", P, state="on_air")
    rows, _ = heard(client, app)
    assert (rows[UNIT]["call"], rows[UNIT]["acked"]) == (3, 0)
    post(client, app, f"/{UNIT}/call", state=None)
    rows, state = heard(client, app)
    assert (rows[UNIT]["call"], state.get("calls")) == (0, None)


def test_a_call_follows_the_rundown_and_a_hand_wins_until_the_item_changes(
    client: TestClient, app: App, clock: Clock
) -> None:
    items = [
        {"id": "a", "title": "Khai mạc", "scene": None},
        {"id": "b", "title": "Điểm cầu", "scene": None, "unit": UNIT},
        {"id": "c", "title": "Điểm cầu", "scene": None, "unit": LEAF},
    ]
    hall = "/api/v1/outputs/hall"
    seen = app.state.outputs.of("hall").version
    ask(client, app, O, "PUT", f"{hall}/rundown", json={"items": items, "seen": seen}).raise_for_status()

    def go_on() -> dict[str, Any]:
        clock.ms += 2_000
        body = {"seen": app.state.outputs.of("hall").version}
        ask(client, app, O, "POST", f"{hall}/next", json=body).raise_for_status()
        return calls()

    def calls() -> dict[str, Any]:
        rows, _ = heard(client, app)
        return {code: row["call"] for code, row in rows.items() if row["call"]}

    assert go_on() == {UNIT: 2, LEAF: 1}
    post(client, app, f"/{LEAF}/call", state="none")
    post(client, app, f"/{UNIT}/call", state="get_ready")
    assert calls() == {UNIT: 1}
    assert go_on() == {UNIT: 3, LEAF: 2}


def test_a_line_is_let_through_to_the_host_as_it_was_seen_by_the_hall_alone(client: TestClient, app: App) -> None:
    at = post(client, app, f"/{UNIT}", PLACE, line="Mất tiếng").json()["line"]["at"]
    assert post(client, app, f"/{UNIT}/line", P, at=at, state="shown").json()["code"] == "no_right"
    assert post(client, app, f"/{UNIT}/line", at=at + 1, state="shown").json()["code"] == "line_gone"
    assert post(client, app, f"/{UNIT}/line", at=at, state="shown").json()["line"]["state"] == "shown"
    assert client.portal is not None
    client.portal.call(app.state.outputs.look)
    told = ask(client, app, O, "GET", "/live/presenter/hall").json()["state"]["points"]
    assert told["lines"] == [{"unit": UNIT, "at": at, "text": "Mất tiếng"}]
    assert "Mất tiếng" not in ask(client, app, None, "GET", "/live/program/hall").text


def test_who_sits_at_a_point_is_for_those_who_hold_the_roll_call(client: TestClient, app: App) -> None:
    people = {"chair_title": "Chủ tịch", "chair": "Lò Thị Mỷ", "technician": "Vàng A Páo", "telephone": "0912 345 678"}
    told = ask(client, app, P, "PUT", f"{POINTS}/{LEAF}/people", json=people)
    assert told.json() == {"code": LEAF, "people": people}
    _, state = heard(client, app)
    assert state["people"][LEAF] == people
    long = ask(client, app, O, "PUT", f"{POINTS}/{LEAF}/people", json=people | {"chair": "x" * 200})
    assert long.json()["field"] == "chair"


def workbook(*rows: tuple[Any, ...]) -> bytes:
    body = io.BytesIO()
    with xlsxwriter.Workbook(body, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, row)
    return body.getvalue()


def test_a_list_is_told_before_it_is_taken_and_its_bad_lines_keep_no_other_out(client: TestClient, app: App) -> None:
    tree, points = app.folder.contest.tree, f"{POINTS}/bridge/list"
    name = tree[LEAF].full_name
    text = f"{UNIT}\n\nkhông có đâu\n{UNIT}\n{LEAF}\t{name}\n".encode()
    for take, ticked in (("", set()), ("?take=1", {UNIT, LEAF})):
        read = ask(client, app, O, "POST", points + take, content=text).json()
        assert (read["codes"], read["rows"], read["changes"]) == ([UNIT, LEAF], 4, 2)
        assert [(fault["row"], fault["code"]) for fault in read["faults"]] == [(3, "unknown_unit"), (4, "doubled")]
        rows, _ = heard(client, app)
        assert {code for code, row in rows.items() if row["bridge"]} == ticked
    book = workbook(("STT", "Đơn vị"), (1, UNIT), (2, LEAF))
    read = ask(client, app, P, "POST", points, content=book).json()
    assert (read["codes"], read["changes"], [fault["row"] for fault in read["faults"]]) == ([UNIT, LEAF], 0, [1])
    long = workbook(*[(UNIT,)] * (ROWS_MAX + 1))
    refused = ask(client, app, P, "POST", points, content=long)
    assert (refused.status_code, refused.json()["code"]) == (422, "long_list")
    assert f"at most {ROWS_MAX} rows (it has {ROWS_MAX + 1})" in refused.json()["expected"]
    refused = ask(client, app, O, "POST", points, content=b"\xff\x00\x12")
    assert (refused.status_code, refused.json()["code"]) == (422, "no_list")


def test_the_roll_call_comes_back_after_a_start_and_from_a_backup_and_nobody_is_alarmed(tmp_path: Path) -> None:
    (data := tmp_path / "data").mkdir(mode=0o700)
    first = app_with_roles(data)
    with client_of(first) as client:
        post(client, first, f"/{UNIT}", PLACE, ready=True, present=24)
        post(client, first, "/bridge", codes=[UNIT], connected=True)
        # Answered, so on disk: a backup of the running server has it.
        back_up(data, tmp_path / "backup.dcb", NOW_MS)
    restore(tmp_path / "backup.dcb", tmp_path / "again", now_ms=NOW_MS, ends_sessions=False)
    for folder in (data, tmp_path / "again"):
        again = app_with_roles(folder, is_new=False)
        with client_of(again) as client:
            rows, _ = heard(client, again)
            assert rows[UNIT] == {
                "bridge": 1, "page": None, "since": None, "ready": 1, "present": 24, "call": 0, "acked": 0, "line": 0
            }  # fmt: skip
            assert again.state.points.lost() == {}


def test_only_who_takes_the_scene_airs_those_that_are_connected(client: TestClient, app: App, clock: Clock) -> None:
    name = app.folder.contest.tree[UNIT].full_name

    def take(scene: str, **settings: str) -> tuple[Any, str]:
        """What everybody hears of the hall then, and its big screen."""
        clock.ms += 2_000
        body = {"scene": scene, "settings": settings, "seen": app.state.outputs.of("hall").version}
        ask(client, app, O, "POST", "/api/v1/outputs/hall/take", json=body).raise_for_status()
        return aired()

    def aired() -> tuple[Any, str]:
        assert client.portal is not None
        client.portal.call(app.state.outputs.look)
        state = ask(client, app, None, "GET", "/live/program/hall").json()["state"]
        return state.get("points"), ask(client, app, None, "GET", "/?frame=1").text

    post(client, app, f"/{UNIT}", PLACE, present=24)
    post(client, app, "/bridge", codes=[UNIT], connected=True)
    post(client, app, "/bridge", codes=[LEAF], connected=False)
    assert aired()[0] is None
    told, page = take("connected", tells="people")
    assert (told["connected"], told["present"]) == ([UNIT], 24)
    assert f"<li>{name}</li>" in page
    assert LEAF not in str(told)
    told, _ = take("connected", level="lower")
    assert told["connected"] == []
    post(client, app, "/bridge", codes=[LEAF], connected=True)
    assert aired()[0]["connected"] == [LEAF]
    # A picture that stands still keeps who was there.
    ask(client, app, O, "POST", "/api/v1/outputs/hall/panic").raise_for_status()
    post(client, app, "/bridge", codes=[LEAF], connected=False)
    assert aired()[0]["connected"] == [LEAF]
    ask(client, app, O, "POST", "/api/v1/outputs/hall/resume").raise_for_status()
    assert aired()[0]["connected"] == []
    assert take("standby")[0] is None
