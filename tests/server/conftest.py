"""What holds for every test of the server."""

from collections.abc import Iterator

import pytest

from tests.worlds.hashes import quick_hashes


@pytest.fixture(scope="session", autouse=True)
def _hashes_are_quick() -> Iterator[None]:
    with quick_hashes():
        yield
