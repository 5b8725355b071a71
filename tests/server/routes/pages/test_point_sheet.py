"""The page of the links of connection points, and its files."""

import re
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from starlette.routing import Route
from starlette.testclient import TestClient

from dashboard.exports.point_sheet_pdf import PDF_BYTES_MAX
from dashboard.pages import point_sheet as pages
from dashboard.point_sheet import said
from server.app import App
from server.auth.points import shown_code
from server.auth.roles import Role, right_of
from server.routes.pages import point_sheet as sheets
from streaming.points.point import points_of
from tests.worlds.apps import UNIT, client_of
from tests.worlds.qr_reader import codes_on, pages_of
from tests.worlds.roles import PLACE, Who, app_with_roles, ask

HERE = "/control/points/sheet"
URL = "http://10.0.0.5:8000"


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> App:
    return app_with_roles(tmp_path_factory.mktemp("sheet"))


@pytest.fixture(scope="module")
def client(app: App) -> Iterator[TestClient]:
    with client_of(app) as made:
        yield made


def secrets(app: App) -> dict[str, tuple[str, str]]:
    """The token and the code of every point."""
    keys = app.state.point_keys
    return {
        each.unit: (keys.token(each.unit, each.generation), shown_code(keys.code(each.unit, each.generation)))
        for each in keys.list()
    }


def show(client: TestClient, app: App, path: str = "", **query: str) -> Any:
    query_ = "&".join(f"{name}={value}" for name, value in query.items())
    return ask(client, app, Role.OPERATOR, "GET", f"{HERE}{path}?{query_}")


def test_the_list_has_what_opens_each_point(client: TestClient, app: App) -> None:
    page = show(client, app, url=URL)
    assert (page.status_code, page.headers["cache-control"]) == (200, "no-store")
    assert len(re.findall("data-point=", page.text)) == len(points_of(app.folder.contest.tree))
    for unit, (token, code) in secrets(app).items():
        assert f"{URL}/points/{unit}/enter#{token}" in page.text
        assert code in page.text
    assert said("vi")["sheet_base_own"].partition("{")[0] not in page.text


def test_links_that_only_this_machine_reaches_are_warned_of(client: TestClient, app: App) -> None:
    told = said("vi")["sheet_base_own"].format(base="http://127.0.0.1:8000")
    assert told in show(client, app).text
    for own in ("http://localhost:8000", "http://[::1]:8000", "http://127.0.0.9"):
        assert said("vi")["sheet_base_own"].partition("{")[0] in show(client, app, url=own).text


@pytest.mark.parametrize(
    "wrong", ["x", "ftp://a", "http://a/b", "javascript:alert(1)", "http://<b>", "http://" + "a" * 400]
)
def test_an_address_that_cannot_be_used_is_named_and_no_link_is_made_of_it(
    client: TestClient, app: App, wrong: str
) -> None:
    page = show(client, app, url=wrong)
    assert page.status_code == 422
    assert said("vi")["sheet_base_wrong"].partition("{")[0] in page.text
    assert "data-point=" not in page.text
    assert "<b>" not in page.text
    for file in (".pdf", ".xlsx"):
        answer = show(client, app, file, url=wrong)
        assert answer.status_code == 400


def test_a_unit_has_a_list_of_its_own(client: TestClient, app: App) -> None:
    page = show(client, app, of=UNIT, url=URL)
    assert re.findall(rf'href="{HERE}/(\w+)\?', page.text) == [UNIT, "P1D1X1", "P1D1X2", "P1D1X3"]
    assert show(client, app, of="nowhere").status_code == 400
    assert show(client, app, of="CQ").status_code == 400


def test_the_files_are_of_what_the_page_shows(client: TestClient, app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    printed = show(client, app, ".pdf", of=UNIT, url=URL)
    assert printed.headers["content-type"] == "application/pdf"
    assert printed.headers["content-disposition"] == 'attachment; filename="bon-cap-diem-cau.pdf"'
    assert len(printed.content) < PDF_BYTES_MAX
    tokens = secrets(app)
    codes = [code for page in pages_of(printed.content)[1:] for code in codes_on(page)]
    assert codes == [f"{URL}/points/{unit}/enter#{tokens[unit][0]}" for unit in (UNIT, "P1D1X1", "P1D1X2", "P1D1X3")]
    table = show(client, app, ".xlsx", url=URL)
    assert table.status_code == 200
    assert table.content.startswith(b"PK")
    monkeypatch.setattr(sheets, "PRINTED_MAX", 3)
    refused = show(client, app, ".pdf", url=URL)
    assert refused.status_code == 400


def test_one_point_is_changed_and_revoked(client: TestClient, app: App) -> None:
    before = secrets(app)["P1D2"]
    page = show(client, app, "/P1D2", url=URL)
    assert before[1] in page.text
    assert '<svg viewBox="0 0 ' in page.text

    def do(what: str) -> Any:
        return ask(client, app, Role.OPERATOR, "POST", f"{HERE}/P1D2/{what}?url={URL}", data={})

    rotated = do("rotate")
    assert rotated.status_code == 303
    assert rotated.headers["location"].startswith(f"{HERE}/P1D2?url=http")
    after = secrets(app)["P1D2"]
    page = ask(client, app, Role.OPERATOR, "GET", rotated.headers["location"])
    assert said("vi")["done_point_rotated"] in page.text
    assert (before[1] in page.text, after[1] in page.text) == (False, True)
    assert do("revoke").status_code == 303
    page = show(client, app, "/P1D2")
    assert said("vi")["sheet_has_none"] in page.text
    assert after[1] not in page.text
    assert after[1] not in show(client, app).text
    assert do("rotate").status_code == 303
    assert secrets(app)["P1D2"][1] in show(client, app, "/P1D2").text


@pytest.mark.parametrize("code", ["nowhere", "CQ", "%3Cb%3E"])
def test_there_is_no_page_of_what_is_no_point(client: TestClient, app: App, code: str) -> None:
    for method, path in (("GET", ""), ("POST", "/rotate"), ("POST", "/revoke")):
        answer = ask(client, app, Role.OPERATOR, method, f"{HERE}/{code}{path}")
        assert (answer.status_code, "<b>" in answer.text) == (404, False)


def test_what_opens_a_point_stands_on_no_other_page(client: TestClient, app: App) -> None:
    """Neither for those who may see most, nor for the point itself."""
    tokens = {secret for pair in secrets(app).values() for secret in pair}
    seen = 0
    for route in app.routes():
        if not isinstance(route, Route) or "GET" not in (route.methods or ()) or route.path.startswith(HERE):
            continue
        path = route.path_format.replace("{code}", UNIT).replace("{output}", "hall").replace("{topic}", "points")
        of_points = path.startswith(("/points", "/live"))
        whose: tuple[Who, ...] = (PLACE, Role.ADMINISTRATOR) if of_points else (Role.ADMINISTRATOR,)
        for who in whose if of_points or right_of(route.endpoint) else ():
            answer = ask(client, app, who, "GET", path)
            seen += answer.status_code == 200
            said_ = answer.text + str(answer.headers)
            assert not [secret for secret in tokens if secret in said_], path
    assert seen > 25


def test_the_list_is_made_beside_the_event_loop(client: TestClient, app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    threads: list[str] = []

    def noted(made: Callable[..., Any]) -> Callable[..., Any]:
        def make(*args: Any, **given: Any) -> Any:
            threads.append(threading.current_thread().name)
            return made(*args, **given)

        return make

    for noun, name in ((sheets, "sheet_of"), (pages, "list_values")):
        monkeypatch.setattr(noun, name, noted(getattr(noun, name)))
    assert ask(client, app, Role.OPERATOR, "GET", HERE).status_code == 200
    assert len(threads) == 2
    assert all(name.startswith("asyncio_") for name in threads)
