"""What tests of routes stand on: an app of their own on a new data folder, and a client of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from server.app import App
from tests.worlds.apps import app_of, client_of


@pytest.fixture
def app(tmp_path: Path) -> App:
    return app_of(tmp_path / "data")


@pytest.fixture
def client(app: App) -> Iterator[TestClient]:
    with client_of(app) as client:
        yield client
