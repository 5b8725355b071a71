"""What holds for every test."""

import gc
import signal
from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path

import pytest
from hypothesis import settings

from tests.suite import ROOT
from tests.worlds.schemas import quick_schemas
from tests.worlds.signals import not_inherited
from tests.worlds.starts import quick_starts

pytest_plugins = ["tests.no_skips"]

gc.disable()  # Until the tests are read, see pytest_collection_finish.

# How long a test takes says more of the machine than of the code; times belong in the benches.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

STARTERS_SIGNALS = (signal.SIGHUP, signal.SIGINT)
"""What whoever starts the suite may have ignored: nohup the first, a shell that puts a job behind the second."""
PAGES = ROOT / "tests" / "browser"
SERVERS = (ROOT / "tests" / "promises", ROOT / "tests" / "bench", ROOT / "tests" / "test_launcher.py")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put files that take long first, so that none runs alone at the end: pages and servers in turn, large files first.

    Tests of pages wait for most of their time, those of servers compute: side by side they leave no processor idle.
    """
    files: dict[Path, list[pytest.Item]] = {}
    for item in items:
        files.setdefault(item.path, []).append(item)
    largest_first = sorted(files, key=lambda path: -path.stat().st_size)
    pages = [path for path in largest_first if PAGES in path.parents]
    servers = [path for path in largest_first if any(room in (path, *path.parents) for room in SERVERS)]
    in_turn = [path for pair in zip_longest(pages, servers) for path in pair if path is not None]
    others = [path for path in files if path not in set(in_turn)]
    items[:] = [item for path in (*in_turn, *others) for item in files[path]]


def pytest_collection_finish() -> None:
    """Have no collection of garbage look through the thousands of tests, and what they import, which all stay.

    They would be looked through hundreds of times: an eighth of all that the tests of one process take, and while they
    are read, a sixth of that.
    """
    gc.collect()
    gc.freeze()
    gc.enable()


@pytest.fixture(scope="session", autouse=True)
def _signals_are_not_inherited() -> Iterator[None]:
    with not_inherited(*STARTERS_SIGNALS):
        yield


@pytest.fixture(scope="session", autouse=True)
def _data_files_are_made_by_what_was_made_once() -> Iterator[None]:
    with quick_schemas():
        yield


@pytest.fixture(scope="session", autouse=True)
def _servers_work_nothing_out_before_somebody_asks() -> Iterator[None]:
    with quick_starts():
        yield
