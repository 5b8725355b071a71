"""What holds for every test."""

import signal
from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests.suite import ROOT
from tests.worlds.signals import not_inherited

pytest_plugins = ["tests.no_skips"]

# How long a test takes says more of the machine than of the code; times belong in the benches.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

STARTERS_SIGNALS = (signal.SIGHUP, signal.SIGINT)
"""What whoever starts the suite may have ignored: nohup the first, a shell that puts a job behind the second."""
BROWSER = ROOT / "tests" / "browser"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the browser's tests last.

    Playwright keeps an event loop in this thread from the first of them to the end, and beside it no test of asyncio
    can run a loop of its own.
    """
    items.sort(key=lambda item: BROWSER in item.path.parents)


@pytest.fixture(scope="session", autouse=True)
def _signals_are_not_inherited() -> Iterator[None]:
    with not_inherited(*STARTERS_SIGNALS):
        yield
