"""The page of one output: which it steers, what it carries of the others, and whom it gives buttons."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from server.app import App
from server.auth.roles import Role
from streaming.program.output import Hand
from tests.worlds.apps import client_of
from tests.worlds.data_blocks import block
from tests.worlds.roles import TV, app_with_roles, ask

PAGE = "/control/program"


@pytest.fixture
def app(tmp_path: Path) -> App:
    return app_with_roles(tmp_path)


@pytest.fixture
def client(app: App) -> Iterator[TestClient]:
    with client_of(app) as made:
        yield made


def opened(client: TestClient, app: App, who: Role, path: str = PAGE) -> Any:
    return block(ask(client, app, who, "GET", path).text, "outputs")


def test_a_page_steers_the_output_of_its_address_and_carries_all_as_they_stand(app: App, client: TestClient) -> None:
    for name in ("tv10", "tv2"):
        app.state.outputs.add(name, Hand("account:1"))
    hall = opened(client, app, Role.OPERATOR)
    assert (hall["output"], list(hall["frames"])) == ("hall", ["hall", "points", "tv2", "tv10"])
    assert {frame["topic"] for frame in hall["frames"].values()} == {
        f"control/program/{name}" for name in hall["frames"]
    }
    assert (hall["may_steer"], hall["may_break"]) == (True, False)
    assert opened(client, app, Role.OPERATOR, f"{PAGE}?out=tv2")["output"] == "tv2"
    assert 'href="/control/program?out=tv2&amp;lang=en"' in ask(client, app, Role.VIEWER, "GET", f"{PAGE}?out=tv2").text
    answer = ask(client, app, Role.OPERATOR, "GET", f"{PAGE}?out=tv9")
    assert (answer.status_code, "first-frames" in answer.text) == (404, False)


def test_keys_stand_there_for_those_who_may_press_them(app: App, client: TestClient) -> None:
    assert opened(client, app, Role.ADMINISTRATOR)["may_break"] is True
    assert "data-key=" not in ask(client, app, Role.VIEWER, "GET", PAGE).text
    assert opened(client, app, Role.VIEWER)["may_steer"] is False


def test_a_director_has_the_page_of_his_output_alone(app: App, client: TestClient) -> None:
    app.state.outputs.add(TV, Hand("account:1"))
    page = ask(client, app, Role.DIRECTOR, "GET", PAGE)
    shown = block(page.text, "outputs")
    assert (shown["output"], list(shown["frames"]), shown["bound"]) == (TV, [TV], TV)
    assert shown["names"]["1"] == "administrator"
    first = block(page.text, "first-frames")
    assert (first["board"]["topic"], first["control"], first["watch"]) == ("board", None, None)
    assert "/control/gate" not in page.text
    for out in ("hall", "tv9"):
        assert ask(client, app, Role.DIRECTOR, "GET", f"{PAGE}?out={out}").status_code == 403
