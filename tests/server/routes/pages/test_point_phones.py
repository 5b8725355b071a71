"""The phone page of a connection point: for whoever has its key; all others are led to its door."""

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from server.app import App
from tests.worlds.apps import LEAF, UNIT, client_of
from tests.worlds.roles import app_with_roles, shown_by_point


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> App:
    return app_with_roles(tmp_path_factory.mktemp("phones"))


@pytest.fixture(scope="module")
def client(app: App) -> Iterator[TestClient]:
    with client_of(app) as made:
        yield made


def test_its_key_opens_it_and_is_kept_for_as_long_again(app: App, client: TestClient) -> None:
    page = client.get(f"/points/{UNIT}/phone", headers=shown_by_point(app))
    assert page.status_code == 200
    assert f'"me":"point:{UNIT}"' in page.text
    assert page.headers["cache-control"] == "no-store"
    assert "set-cookie" in page.headers


@pytest.mark.parametrize("other", [LEAF, "P1D2"])
def test_nobody_else_s_does(app: App, client: TestClient, other: str) -> None:
    client.cookies.clear()
    for headers in ({}, shown_by_point(app, other)):
        answer = client.get(f"/points/{UNIT}/phone?lang=en", headers=headers, follow_redirects=False)
        assert (answer.status_code, answer.headers["location"]) == (303, f"/points/{UNIT}/enter?lang=en")


def test_there_is_none_where_there_is_no_point(client: TestClient) -> None:
    assert client.get("/points/nope/phone").status_code == 404
