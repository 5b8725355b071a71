"""The rundown of an output out and in as a workbook: nothing changes before it is said what would."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from dashboard.exports.rundown_xlsx import rundown_xlsx
from dashboard.words.words import LANGS
from server.app import App
from server.auth.roles import Role
from server.control.asked_evening import RundownAsked
from server.routes.api.rundown_files import FILE_BYTES_MAX
from server.web.rates import Rates
from server.web.turns import Turns
from streaming.program.output import Hand
from streaming.program.rundown import ITEMS_MAX, Item, Rundown
from tests.worlds.apps import NOW_MS, client_of
from tests.worlds.clocks import Clock
from tests.worlds.roles import DEVICE, TV, app_with_roles, ask
from tests.worlds.workbooks import foreign, sheet, zip_bomb

PATH = "/api/v1/outputs/hall/rundown.xlsx"
SPEECH, CLOSE = Item(id="speech", title="Phát biểu", duration_s=900), Item(id="close", title="Cảm ơn", scene="standby")
TREND = Item(id="trend", title="Diễn biến", scene="trend", unit="P1D1", at_ms=NOW_MS + 600_000)


@pytest.fixture
def app(tmp_path: Path) -> App:
    clock = Clock(NOW_MS)
    return app_with_roles(tmp_path, now_ms=clock, elapsed_ms=clock.elapsed)


@pytest.fixture
def client(app: App) -> Iterator[TestClient]:
    with client_of(app) as made:
        hall = app.state.outputs.of("hall")
        app.state.outputs.steer("hall", Hand("account:1"), RundownAsked(items=(), seen=hall.version))
        yield made


def test_the_shipped_rundown_comes_in_as_it_went_out(app: App) -> None:
    with client_of(app) as client:
        assert app.state.outputs.of("hall").rundown.items
        for lang in LANGS:
            given = ask(client, app, Role.VIEWER, "GET", f"{PATH}?lang={lang}").content
            looked = send(client, app, given).json()
            assert (looked["changes"], looked["ends_changes"], looked["faults"]) == ([], False, [])


def workbook(app: App, *items: Item, ends_ms: int | None = None) -> bytes:
    return rundown_xlsx(Rundown(items, ends_ms), app.state.editions.of("vi"), NOW_MS)


def send(client: TestClient, app: App, body: bytes, seen: int | None = None, who: Role = Role.OPERATOR) -> Any:
    return ask(client, app, who, "POST", PATH if seen is None else f"{PATH}?seen={seen}", content=body)


def test_a_workbook_is_looked_at_first_and_acts_when_that_has_been_seen(client: TestClient, app: App) -> None:
    body = workbook(app, SPEECH, TREND, CLOSE, ends_ms=NOW_MS + 5_400_000)
    looked = send(client, app, body).json()
    assert ([each["did"] for each in looked["changes"]], looked["faults"], looked["done"]) == (["added"] * 3, [], False)
    assert (looked["items"], looked["ends_changes"]) == (3, True)
    assert app.state.outputs.of("hall").rundown == Rundown()
    done = send(client, app, body, looked["version"]).json()
    assert (done["done"], done["version"]) == (True, looked["version"] + 1)
    assert app.state.outputs.of("hall").rundown == Rundown((SPEECH, TREND, CLOSE), NOW_MS + 5_400_000)
    given = ask(client, app, Role.VIEWER, "GET", PATH)
    assert "kich-ban.xlsx" in given.headers["content-disposition"]
    again = send(client, app, given.content).json()
    assert (again["changes"], again["ends_changes"], again["faults"]) == ([], False, [])
    longer = Item(id="speech", title="Phát biểu", duration_s=600)
    differs = send(client, app, workbook(app, CLOSE, longer, ends_ms=NOW_MS + 5_400_000)).json()["changes"]
    assert [(each["did"], each["id"], each["row"], each["fields"]) for each in differs] == [
        ("moved", "close", 2, []), ("changed", "speech", 3, ["duration_s"]), ("removed", "trend", None, [])
    ]  # fmt: skip


def test_one_who_has_not_seen_the_last_edit_changes_nothing(client: TestClient, app: App) -> None:
    version = send(client, app, workbook(app, SPEECH)).json()["version"]
    assert send(client, app, workbook(app, SPEECH), version).status_code == 200
    late = send(client, app, workbook(app, CLOSE), version, Role.ADMINISTRATOR)
    assert (late.status_code, late.json()["code"]) == (409, "stale")
    assert app.state.outputs.of("hall").rundown.items == (SPEECH,)


def test_rows_with_faults_are_told_and_keep_the_rest_out(client: TestClient, app: App) -> None:
    body = sheet(
        {"id": "a", "title": "A"}, {"id": "b", "title": "B", "unit": "00688"}, {"id": "c", "title": "C", "scene": "xyz"}
    )
    looked = send(client, app, body).json()
    assert [(fault["row"], fault["column"], fault["code"]) for fault in looked["faults"]] == [
        (3, "Đơn vị", "unit"), (4, "Cảnh", "scene")
    ]  # fmt: skip
    refused = send(client, app, body, looked["version"])
    said = refused.json()
    assert (refused.status_code, said["code"], said["field"]) == (422, "wrong_rows", "row 3, Đơn vị")
    assert app.state.outputs.of("hall").rundown == Rundown()


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"PK\x03\x04" + bytes(500), 422, "no_workbook"),
        (b"ID;Title", 422, "no_workbook"),
        (bytes(FILE_BYTES_MAX + 1), 413, "too_large"),
        (foreign, 422, "no_rundown"),
        (zip_bomb, 422, "large_workbook"),
    ],
    ids=["broken", "CSV", "large", "foreign", "bomb"],
)
def test_a_file_that_is_none_is_told(
    client: TestClient, app: App, body: bytes | Callable[[], bytes], status: int, code: str
) -> None:
    answer = send(client, app, body if isinstance(body, bytes) else body())
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_ten_thousand_items_and_one_id_twice_are_told_by_row_and_column(client: TestClient, app: App) -> None:
    many = send(client, app, sheet(*({"id": f"i{number}", "title": "A"} for number in range(10_000)))).json()
    assert {
        "row": ITEMS_MAX + 2,
        "column": "",
        "code": "too_many",
        "found": "10000",
        "expected": "at most 200 items",
    } in (many["faults"])
    twice = send(client, app, sheet({"id": "a", "title": "A"}, {"id": "a", "title": "B"})).json()
    assert [(fault["row"], fault["column"], fault["code"]) for fault in twice["faults"]] == [(3, "Mã", "twice")]


def test_no_more_files_are_read_or_made_at_once_than_the_server_bears(client: TestClient, app: App) -> None:
    app.state.uploads, app.state.files = Turns(0, 0, "full"), Turns(0, 0, "full")
    answers = [send(client, app, b""), ask(client, app, Role.OPERATOR, "POST", "/api/v1/pictures?name=a", content=b"")]
    files = ("rundown.xlsx", "script.docx", "shown.csv")
    answers += [ask(client, app, Role.VIEWER, "GET", f"/api/v1/outputs/hall/{name}") for name in files]
    answers += [ask(client, app, Role.VIEWER, "GET", "/control/evidence.csv")]
    assert [(answer.status_code, answer.headers["retry-after"]) for answer in answers] == [(503, "5")] * 6


def test_a_device_is_paced_at_files_as_at_all_else(client: TestClient, app: App) -> None:
    app.state.key_rates = Rates(1, lambda: 0.0)
    assert ask(client, app, Role.OPERATOR, "POST", "/api/v1/outputs", json={"name": TV}).status_code == 201
    paths = [f"/api/v1/outputs/{TV}/{name}" for name in ("rundown.xlsx", "script.docx")] * 2
    assert [ask(client, app, DEVICE, "GET", path).status_code for path in paths] == [200] * 3 + [429]
    # What it reads takes nothing from what it does.
    own = f"/api/v1/outputs/{TV}/rundown.xlsx"
    assert [ask(client, app, DEVICE, "POST", own, content=b"x").status_code for _ in range(4)] == [422] * 3 + [429]


def test_the_script_is_a_document_and_a_directors_output_is_his_own(client: TestClient, app: App) -> None:
    script = ask(client, app, Role.VIEWER, "GET", "/api/v1/outputs/hall/script.docx")
    assert (script.status_code, script.content[:2]) == (200, b"PK")
    assert send(client, app, b"", who=Role.DIRECTOR).status_code == 403
    assert ask(client, app, Role.DIRECTOR, "GET", PATH).status_code == 403
    assert ask(client, app, Role.OPERATOR, "POST", f"{PATH}?seen=x", content=b"").status_code == 400
