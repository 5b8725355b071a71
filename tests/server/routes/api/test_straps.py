"""Straps over HTTP: edited and approved by the office, in from a workbook, and shown freely only as approved."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from dashboard.exports.strap_xlsx import straps_xlsx
from dashboard.overlays.straps import STRAPS_MAX, Strap, StrapList
from server.app import App
from server.auth.roles import Role
from server.errors import AdminUnavailable
from server.ops.backup import back_up
from server.ops.restore import restore
from streaming.program.running import ARMED_MS
from tests.worlds.apps import LEAF, NOW_MS, client_of
from tests.worlds.clocks import Clock
from tests.worlds.roles import app_with_roles, ask
from tests.worlds.workbooks import foreign

STRAPS = "/api/v1/straps"
A: dict[str, Any] = {
    "honorific": "dong-chi", "name": "Nguyễn Văn A", "titles": ["Ủy viên", "Phó Chủ tịch"], "capitals": False,
}  # fmt: skip


@pytest.fixture
def clock() -> Clock:
    return Clock(NOW_MS)


@pytest.fixture
def app(tmp_path: Path, clock: Clock) -> App:
    (data := tmp_path / "data").mkdir(mode=0o700)
    return app_with_roles(data, now_ms=clock, elapsed_ms=clock.elapsed)


@pytest.fixture
def client(app: App) -> Iterator[TestClient]:
    with client_of(app) as made:
        yield made


def post(client: TestClient, app: App, path: str = "", who: Role = Role.OPERATOR, **body: Any) -> Any:
    return ask(client, app, who, "POST", f"{STRAPS}{path}", json=body)


def listed(client: TestClient, app: App, who: Role = Role.DIRECTOR) -> Any:
    return ask(client, app, who, "GET", STRAPS).json()


def approved(client: TestClient, app: App, **fields: Any) -> Any:
    """The strap of A, approved."""
    made = post(client, app, **A | fields).json()["straps"][-1]
    return post(client, app, f"/{made['id']}/approve", seen=made["version"]).json()["straps"][-1]


def overlay(client: TestClient, app: App, what: str, **body: Any) -> Any:
    path = f"/api/v1/outputs/hall/{what}"
    return ask(client, app, Role.OPERATOR, "POST", path, json={"seen": app.state.outputs.of("hall").version, **body})


def on_air(app: App) -> Any:
    shown = app.state.outputs.of("hall").overlays["lower-third"]
    return shown.data if shown.shown else None


def test_the_office_edits_and_approves_and_an_edit_ends_the_approval(client: TestClient, app: App) -> None:
    first = approved(client, app)
    assert first["approved"] == {"by": "account:2", "at": NOW_MS}
    added = post(client, app, name=" Trần  Thị B ", place=1).json()["straps"]
    assert [each["name"] for each in added] == ["Trần Thị B", "Nguyễn Văn A"]
    noted = post(client, app, f"/{first['id']}", seen=first["version"], note="Khai mạc", **A).json()["straps"][1]
    assert (noted["approved"] is not None, noted["note"]) == (True, "Khai mạc")
    late = post(client, app, f"/{first['id']}", seen=first["version"], **A | {"name": "Nguyễn Văn B"})
    assert (late.status_code, late.json()["code"]) == (409, "strap_changed")
    edited = post(client, app, f"/{first['id']}", seen=noted["version"], place=1, **A | {"titles": ["Ủy viên"]})
    assert [(each["name"], each["approved"]) for each in edited.json()["straps"]] == [
        ("Nguyễn Văn A", None), ("Trần Thị B", None)
    ]  # fmt: skip
    unseen = post(client, app, f"/{first['id']}/approve", seen=noted["version"])
    assert (unseen.status_code, unseen.json()["code"]) == (409, "strap_changed")
    now = edited.json()["straps"][0]
    assert ask(client, app, Role.OPERATOR, "DELETE", f"{STRAPS}/{now['id']}?seen={now['version']}").status_code == 204
    gone = post(client, app, f"/{now['id']}/approve", seen=now["version"])
    assert (gone.status_code, gone.json()["code"]) == (404, "unknown_strap")
    assert [each["name"] for each in listed(client, app)["straps"]] == ["Trần Thị B"]


@pytest.mark.parametrize(
    ("body", "code", "field"),
    [
        ({"name": ""}, "strap_name", "name"),
        ({"name": "nguyễn văn a"}, "strap_twice", "name"),
        ({"name": "B", "titles": ["1", "2", "3", "4"]}, "fourth_title", "titles"),
        ({"name": "B\u200b"}, "unseen", "name"),
        ({"name": "B", "honorific": "ngai"}, "wrong_value", "honorific"),
        ({"name": "B", "place": 0}, "wrong_value", "place"),
        ({"titles": []}, "wrong_value", "name"),
    ],
)
def test_what_cannot_be_is_named_and_changes_nothing(
    client: TestClient, app: App, body: dict[str, Any], code: str, field: str
) -> None:
    before = post(client, app, **A).json()
    answer = post(client, app, **body)
    assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (422, code, field)
    assert listed(client, app) == before


def test_an_approved_strap_is_shown_freely_and_any_other_with_intent_alone(
    client: TestClient, app: App, clock: Clock
) -> None:
    strap = approved(client, app)
    assert overlay(client, app, "overlays/lower-third/show", data=A).status_code == 200
    assert on_air(app)["name"] == "Nguyễn Văn A"
    other = A | {"titles": ["Ủy viên", "Chủ tịch"]}
    for what in ("show", "update"):
        refused = overlay(client, app, f"overlays/lower-third/{what}", data=other)
        said = refused.json()
        assert (refused.status_code, said["code"], said["field"]) == (409, "not_armed", "overlay")
        assert "no approved strap" in said["detail"]
    assert on_air(app)["titles"] == ("Ủy viên", "Phó Chủ tịch")
    assert overlay(client, app, "arm", overlay="lower-third").status_code == 200
    assert overlay(client, app, "overlays/lower-third/update", data=other).status_code == 200
    assert on_air(app)["titles"] == ("Ủy viên", "Chủ tịch")
    # What was armed once is shown once.
    assert overlay(client, app, "overlays/lower-third/show", data=other).json()["code"] == "not_armed"
    assert overlay(client, app, "overlays/lower-third/hide").status_code == 200
    assert overlay(client, app, "overlays/lower-third/show").json()["code"] == "not_armed"
    assert overlay(client, app, "arm", overlay="lower-third").status_code == 200
    clock.ms += ARMED_MS
    assert overlay(client, app, "overlays/lower-third/show", data=other).json()["code"] == "not_armed"
    # What is prepared out of sight waits for its showing; a unit's strap needs no approval.
    assert overlay(client, app, "overlays/lower-third/update", data=other).status_code == 200
    assert overlay(client, app, "overlays/lower-third/show", data={"unit": LEAF}).status_code == 200
    withdrawn = post(client, app, f"/{strap['id']}/approve", seen=strap["version"], on=False)
    assert withdrawn.status_code == 200
    assert overlay(client, app, "overlays/lower-third/show", data=A).json()["code"] == "not_armed"


@pytest.mark.parametrize("hold", [False, True])
def test_a_strap_of_a_person_goes_after_eight_seconds_unless_it_is_held(
    client: TestClient, app: App, clock: Clock, hold: bool
) -> None:
    approved(client, app)
    assert overlay(client, app, "overlays/lower-third/show", data=A, hold=hold).status_code == 200
    clock.ms += 7_999
    app.state.outputs.look()
    assert on_air(app) is not None
    clock.ms += 1
    app.state.outputs.look()
    assert (on_air(app) is not None) is hold


def workbook(*people: dict[str, Any]) -> bytes:
    straps = (Strap(id=str(at), version=1, **fields) for at, fields in enumerate(people))
    return straps_xlsx(StrapList(1, tuple(straps)), "vi")


def send(client: TestClient, app: App, body: bytes, seen: int | None = None) -> Any:
    query = "" if seen is None else f"?seen={seen}"
    return ask(client, app, Role.OPERATOR, "POST", f"{STRAPS}.xlsx{query}", content=body)


def test_a_workbook_is_looked_at_first_and_whoever_is_unchanged_stays_approved(client: TestClient, app: App) -> None:
    approved(client, app)
    approved(client, app, name="Trần Thị B")
    post(client, app, name="Lê Văn C")
    body = workbook(
        {"name": "Lê Văn C", "honorific": "em"}, A | {"titles": tuple(A["titles"])}, {"name": "Trần Thị B"},
        {"name": "Phạm Văn D"},
    )  # fmt: skip
    before = listed(client, app)
    looked = send(client, app, body).json()
    assert [(it["did"], it["name"], it["row"], it["fields"], it["ends_approval"]) for it in looked["changes"]] == [
        ("changed", "Lê Văn C", 2, ["honorific"], False), ("moved", "Nguyễn Văn A", 3, [], False),
        ("changed", "Trần Thị B", 4, ["honorific", "titles"], True), ("added", "Phạm Văn D", 5, [], False),
    ]  # fmt: skip
    assert (looked["done"], listed(client, app)) == (False, before)
    late = send(client, app, body, looked["version"] - 1)
    assert (late.status_code, late.json()["code"]) == (409, "strap_changed")
    assert send(client, app, body, looked["version"]).json()["done"] is True
    now = listed(client, app)["straps"]
    assert [(each["name"], each["approved"] is not None) for each in now] == [
        ("Lê Văn C", False), ("Nguyễn Văn A", True), ("Trần Thị B", False), ("Phạm Văn D", False)
    ]  # fmt: skip
    given = ask(client, app, Role.DIRECTOR, "GET", f"{STRAPS}.xlsx")
    assert "bang-ten.xlsx" in given.headers["content-disposition"]
    assert send(client, app, given.content).json()["changes"] == []


def test_a_workbook_with_faults_changes_nothing(client: TestClient, app: App) -> None:
    before = post(client, app, **A).json()
    twice = workbook({"name": "Lê Văn C"}, {"name": "lê văn c"})
    looked = send(client, app, twice).json()
    assert [(fault["row"], fault["column"], fault["code"]) for fault in looked["faults"]] == [
        (3, "Họ và tên", "strap_twice")
    ]  # fmt: skip
    assert send(client, app, twice, looked["version"]).json()["code"] == "wrong_rows"
    assert send(client, app, foreign()).json()["code"] == "no_straps"
    assert listed(client, app) == before


def test_there_is_room_for_so_many(client: TestClient, app: App) -> None:
    body = workbook(*({"name": f"Người {number}"} for number in range(STRAPS_MAX)))
    assert send(client, app, body, listed(client, app)["version"]).json()["people"] == STRAPS_MAX
    full = post(client, app, name="Nguyễn Văn A")
    assert (full.status_code, full.json()["code"]) == (409, "straps_full")


def test_what_cannot_be_written_is_not_approved(client: TestClient, app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    strap = post(client, app, **A).json()["straps"][0]

    def fail(_straps: StrapList) -> None:
        raise AdminUnavailable("database is locked")

    monkeypatch.setattr(app.state.kept_straps, "put", fail)
    busy = post(client, app, f"/{strap['id']}/approve", seen=strap["version"])
    assert (busy.status_code, busy.json()["code"]) == (503, "admin_busy")
    assert listed(client, app)["straps"] == [strap]


def test_a_backup_has_the_list_and_its_approvals(client: TestClient, app: App, tmp_path: Path) -> None:
    strap = approved(client, app)
    back_up(app.settings.data, tmp_path / "backup.tar", NOW_MS)
    restore(tmp_path / "backup.tar", tmp_path / "again", now_ms=NOW_MS, ends_sessions=False)
    again = app_with_roles(tmp_path / "again", is_new=False)
    with client_of(again) as restored:
        assert listed(restored, again)["straps"] == [strap]


def test_the_page_has_its_forms_for_the_office_alone(client: TestClient, app: App) -> None:
    approved(client, app)
    for who, may_edit in ((Role.OPERATOR, True), (Role.VIEWER, False), (Role.DIRECTOR, False)):
        shown = ask(client, app, who, "GET", "/control/straps").text
        assert "Nguyễn Văn A" in shown
        assert ("data-strap-form" in shown, "data-straps-file" in shown) == (may_edit, may_edit)
