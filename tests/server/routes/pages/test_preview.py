"""The preview: what would be taken next, as a screen would show it, for those who see what is prepared."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from server.app import App
from server.auth.roles import Role
from streaming.contests.contest import load_contest
from tests.worlds.apps import FOUR_LEVELS, client_of
from tests.worlds.roles import app_with_roles, ask


@pytest.fixture
def app(tmp_path: Path) -> App:
    return app_with_roles(tmp_path, contest=load_contest(FOUR_LEVELS))


@pytest.fixture
def client(app: App) -> Iterator[TestClient]:
    with client_of(app) as made:
        yield made


def preview(client: TestClient, app: App) -> Any:
    return ask(client, app, Role.VIEWER, "GET", "/preview")


def prepare(client: TestClient, app: App, **asked: Any) -> None:
    assert ask(client, app, Role.OPERATOR, "POST", "/api/v1/outputs/hall/prepare", json=asked).status_code == 200


def test_it_shows_the_next_item_a_scene_by_hand_or_what_stays_on_air(client: TestClient, app: App) -> None:
    page = preview(client, app)
    assert 'data-scene="standby"' in page.text
    assert '"stays":true' in page.text
    assert page.headers["cache-control"] == "no-store"
    assert "frame-ancestors 'self'" in page.headers["content-security-policy"]
    prepare(client, app, item="chao-co")
    assert 'data-scene="anthem"' in preview(client, app).text
    prepare(client, app, scene="message", settings={"heading": "Xin chào <b>"})
    shown = preview(client, app).text
    assert "&lt;b&gt;" in shown
    assert "<b>" not in shown
    prepare(client, app, item="khai-mac")
    assert 'data-scene="live"' in preview(client, app).text, "a speech leaves the picture"


def test_what_cannot_be_taken_yet_says_so(client: TestClient, app: App) -> None:
    prepare(client, app, item="ban-dau")
    assert preview(client, app).status_code == 409


def test_a_director_sees_what_is_prepared_on_his_output_alone(client: TestClient, app: App) -> None:
    assert ask(client, app, Role.DIRECTOR, "GET", "/preview?out=hall").status_code == 403
    client.cookies.clear()
    assert client.get("/preview", follow_redirects=False).status_code == 303
