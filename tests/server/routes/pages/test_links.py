"""The links of the stage in the control room: made, shown once, and revoked."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from server.app import App
from server.auth.roles import Role
from server.routes.pages.links import plain
from tests.worlds.apps import client_of
from tests.worlds.roles import app_with_roles, ask

LINK = re.compile(r'value="http://127\.0\.0\.1:8000(/[a-z/]+)#(dc[pb]_[\w-]{43})"')
HERE = "/control/links"


@pytest.fixture
def app(tmp_path: Path) -> App:
    return app_with_roles(tmp_path)


@pytest.fixture
def client(app: App) -> Iterator[TestClient]:
    with client_of(app) as made:
        yield made


def made(client: TestClient, app: App, stage: str, name: str = "", output: str = "hall") -> tuple[str, str]:
    form = {"stage": stage, "name": name, "output": output}
    answer = ask(client, app, Role.OPERATOR, "POST", HERE, data=form)
    assert answer.status_code == 200, answer.text
    found = LINK.search(answer.text)
    assert found is not None
    assert "<svg" in answer.text
    return found[1], found[2]


@pytest.mark.parametrize(
    ("typed", "name"),
    [("MC Lan", "mc-lan"), ("  Bục Chính, Đồng Văn ", "buc-chinh-dong-van"), ("???", ""), ("", ""),
     ("x" * 80, "x" * 32), ("\ud800", "")],
)  # fmt: skip
def test_a_name_is_typed_as_people_write_it(typed: str, name: str) -> None:
    assert plain(typed) == name


def test_a_link_is_shown_once_and_listed_until_it_is_revoked(client: TestClient, app: App) -> None:
    path, key = made(client, app, "presenter", "MC Lan")
    found = app.keys.find_stage(key)
    assert found is not None
    assert (path, found.name, found.stage, found.output) == ("/presenter", "mc-lan", "presenter", "hall")
    again, other = made(client, app, "button", "MC Lan")
    second = app.keys.find_stage(other)
    assert second is not None
    assert (again, second.name, second.stage) == ("/control/button", "mc-lan-2", "button")
    listed = ask(client, app, Role.OPERATOR, "GET", HERE).text
    assert ("mc-lan</th>" in listed, "mc-lan-2</th>" in listed) == (True, True)
    assert key not in listed
    assert "companion" not in listed, "a device's key is no link of the stage"
    gone = ask(client, app, Role.OPERATOR, "POST", f"{HERE}/mc-lan/revoke")
    assert (gone.status_code, gone.headers["location"]) == (303, f"{HERE}?done=done_link_revoked&lang=vi")
    assert [(each.name, each.revoked_ms is None) for each in app.keys.list() if each.stage] == [
        ("mc-lan", False), ("mc-lan-2", True),
    ]  # fmt: skip


def test_a_link_without_a_name_is_called_by_what_it_is_for(client: TestClient, app: App) -> None:
    keys = [made(client, app, "button")[1] for _ in range(2)]
    assert [found.name for key in keys if (found := app.keys.find_stage(key))] == ["button", "button-2"]


def test_what_cannot_be_made_or_revoked_is_said(client: TestClient, app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("companion", "khong-co"):
        refused = ask(client, app, Role.OPERATOR, "POST", f"{HERE}/{name}/revoke")
        assert refused.status_code == 422
        assert "Không có đường dẫn này." in refused.text
    assert app.keys.list()[0].revoked_ms is None
    wrong = ask(client, app, Role.OPERATOR, "POST", HERE, data={"stage": "wall", "output": "hall"})
    assert wrong.status_code == 400
    assert ask(client, app, Role.OPERATOR, "POST", HERE, data={"stage": "button", "output": "tv9"}).status_code == 404
    monkeypatch.setattr("server.auth.keys.STAGE_KEYS_MAX", 0)
    full = ask(client, app, Role.OPERATOR, "POST", HERE, data={"stage": "button", "output": "hall", "name": "A B"})
    assert full.status_code == 422
    assert 'value="A B"' in full.text
