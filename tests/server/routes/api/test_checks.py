"""Kiểm tra trước giờ phát over HTTP: what is told, ticked by name, kept over a restart, and asked anew by a new run."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from server.app import App
from server.auth.roles import Role
from streaming.program.ticks import LINES
from tests.worlds.apps import client_of
from tests.worlds.data_blocks import block
from tests.worlds.roles import TV, app_with_roles, ask

HALL = "/api/v1/outputs/hall"


@pytest.fixture
def app(tmp_path: Path) -> App:
    return app_with_roles(tmp_path)


@pytest.fixture
def client(app: App) -> Iterator[TestClient]:
    with client_of(app) as made:
        yield made


def told(client: TestClient, app: App, output: str = HALL) -> dict[str, Any]:
    answer = ask(client, app, Role.VIEWER, "GET", f"{output}/checks")
    assert answer.status_code == 200
    return {each["line"]: each for each in answer.json()["checks"]} | {"against": answer.json()["against"]}


def tick(client: TestClient, app: App, who: Role = Role.OPERATOR, output: str = HALL, **asked: Any) -> Any:
    return ask(client, app, who, "POST", f"{output}/checks", json=asked)


def test_a_line_is_ticked_by_name_and_stays_over_a_restart_until_a_new_run(tmp_path: Path) -> None:
    app = app_with_roles(tmp_path)
    with client_of(app) as client:
        assert {"walls", "sources", *LINES} <= set(told(client, app)["against"])
        assert tick(client, app, line="telephone", note=" Chị Hoa 0912 ").status_code == 200
    again = app_with_roles(tmp_path, is_new=False)
    with client_of(again) as client:
        found = told(client, again)["telephone"]
        number = again.auth.accounts.credentials("operator")
        assert number is not None
        assert (found["ok"], found["by"], found["note"]) == (True, f"account:{number.account.number}", "Chị Hoa 0912")
        seen = ask(client, again, Role.OPERATOR, "GET", "/api/v1/outputs").json()["outputs"][0]["version"]
        went = ask(client, again, Role.OPERATOR, "POST", f"{HALL}/store", json={"store": "rehearsal", "seen": seen})
        assert went.status_code == 200
        assert told(client, again)["telephone"]["ok"] is False


def test_a_tick_is_taken_back_and_who_holds_the_output_has_no_say(client: TestClient, app: App) -> None:
    tv = f"/api/v1/outputs/{TV}"
    assert ask(client, app, Role.OPERATOR, "POST", "/api/v1/outputs", json={"name": TV}).status_code == 201
    assert ask(client, app, Role.DIRECTOR, "POST", f"{tv}/lock", json={"seen": 1}).status_code == 200
    assert tick(client, app, output=tv, line="host").status_code == 200
    assert told(client, app, tv)["host"]["ok"] is True
    assert tick(client, app, Role.DIRECTOR, tv, line="host", on=False).status_code == 200
    assert told(client, app, tv)["host"]["ok"] is False


@pytest.mark.parametrize(
    "asked", [{"line": "walls"}, {"line": "host", "note": "a" * 121}, {"line": "host", "note": "a\nb"}, {"on": True}]
)
def test_what_is_no_tick_is_refused(client: TestClient, app: App, asked: dict[str, Any]) -> None:
    assert tick(client, app, **asked).status_code == 422


def test_the_page_has_every_line_and_no_button_for_who_only_sees(client: TestClient, app: App) -> None:
    page = ask(client, app, Role.OPERATOR, "GET", "/control/checks").text
    assert 'data-may-steer="yes"' in page
    assert len(block(page, "checks")["checks"]) == 10 + len(LINES)
    seen = ask(client, app, Role.VIEWER, "GET", "/control/checks?lang=en")
    assert 'data-may-steer=""' in seen.text
    assert ask(client, app, Role.VIEWER, "GET", "/control/checks?out=nowhere").status_code == 404
