"""The page of overlays: whose it is, and whom it gives buttons."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from server.app import App
from server.auth.roles import Role
from streaming.program.output import Hand
from tests.worlds.apps import client_of
from tests.worlds.data_blocks import block
from tests.worlds.roles import TV, app_with_roles, ask

PAGE = "/control/overlays"


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> App:
    folder: Path = tmp_path_factory.mktemp("overlay-desk")
    return app_with_roles(folder)


@pytest.fixture(scope="module")
def client(app: App) -> Iterator[TestClient]:
    with client_of(app) as made:
        app.state.outputs.add(TV, Hand("account:1"))
        yield made


def test_operators_have_every_output_and_buttons_and_viewers_no_button(app: App, client: TestClient) -> None:
    page = ask(client, app, Role.OPERATOR, "GET", f"{PAGE}?out={TV}").text
    shown = block(page, "outputs")
    assert (shown["output"], list(shown["frames"])) == (TV, ["hall", "points", TV])
    assert f'href="{PAGE}?out=hall&amp;lang=vi"' in page
    assert page.count('data-do="show"') == page.count("data-overlay=") > 0
    assert "anthem" in block(page, "overlays")["solemn"]
    viewers = ask(client, app, Role.VIEWER, "GET", PAGE).text
    assert "data-overlay=" in viewers
    assert not any(button in viewers for button in ("data-do=", "data-clear", 'data-form-do="show"'))


def test_a_director_has_the_overlays_of_his_output_alone(app: App, client: TestClient) -> None:
    page = ask(client, app, Role.DIRECTOR, "GET", PAGE).text
    assert (block(page, "outputs")["output"], list(block(page, "outputs")["frames"])) == (TV, [TV])
    assert "data-outputs" not in page
    assert ask(client, app, Role.DIRECTOR, "GET", f"{PAGE}?out=hall").status_code == 403
