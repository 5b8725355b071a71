"""What tests of the server stand on: hashes that cost little, an app of their own on a new data folder, its client."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from server.app import App
from tests.worlds.apps import app_of, client_of
from tests.worlds.hashes import quick_hashes


@pytest.fixture(scope="session", autouse=True)
def _hashes_are_quick() -> Iterator[None]:
    with quick_hashes():
        yield


@pytest.fixture
def app(tmp_path: Path) -> App:
    return app_of(tmp_path / "data")


@pytest.fixture
def client(app: App) -> Iterator[TestClient]:
    with client_of(app) as client:
        yield client
