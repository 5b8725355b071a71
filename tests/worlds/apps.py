"""Apps in memory, for tests that need no process of their own."""

import asyncio
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient

from server.app import App, starlette_of
from server.settings import Settings
from server.store import Store
from streaming.contests.contest import ContestFolder, load_contest
from streaming.ledger.rows import Draft
from streaming.participation import Kind, Participation, content_digest, encode_body
from tests.suite import ROOT

FOUR_LEVELS = ROOT / "tests" / "contests" / "bon-cap"
NOW_MS = 1_704_070_800_000
"""One hour into the one round of FOUR_LEVELS."""
LEAF, UNIT = "P1D1X1", "P1D1"
"""A ward of FOUR_LEVELS, and its district."""
WAIT_S = 20.0


def app_of(
    data: Path,
    *,
    contest: Path | ContestFolder = FOUR_LEVELS,
    now_ms: Callable[[], int] = lambda: NOW_MS,
    on_dead: Callable[[str], None] = lambda _name: None,
    elapsed_ms: Callable[[], int] | None = None,
    **settings: Any,
) -> App:
    """An app on a data folder, whose clock stands still unless it is given one; nobody sets it unless the time passed
    is given beside it."""
    folder = contest if isinstance(contest, ContestFolder) else _loaded(contest)
    return App(Settings(data=data, contest=folder.path, **settings), folder, now_ms, on_dead, elapsed_ms or now_ms)


def _loaded(contest: Path) -> ContestFolder:
    """The contest in a folder; that of most tests, which nobody changes, is read once in a process."""
    return _four_levels() if contest == FOUR_LEVELS else load_contest(contest)


@cache
def _four_levels() -> ContestFolder:
    return load_contest(FOUR_LEVELS)


def client_of(app: App) -> TestClient:
    """A client of an app; the app runs within ``with client_of(app) as client``."""
    return TestClient(starlette_of(app), base_url="http://127.0.0.1:8000")


def beside(client: TestClient, host: str = "testclient") -> TestClient:
    """Another browser before the app that runs for a client, at an address of its own if one is given."""
    made = TestClient(client.app, base_url=str(client.base_url), client=(host, 4711))
    made.portal = client.portal
    made.app_state.update(client.app_state)
    return made


def take(store: Store, entries: Iterable[tuple[str, Kind, str | None]]) -> None:
    """Put (unit, kind, person) into a store's ledger, and fold them without waiting for a tick."""
    head = store.ledger.head
    items = [Participation(kind=kind, at=NOW_MS, unit=unit, person=person) for unit, kind, person in entries]
    store.ledger.append_now(
        [
            Draft("participation", "web", f"e{head + number}", content_digest(item), encode_body(item))
            for number, item in enumerate(items)
        ]
    )
    loop = store.ledger._loop
    if loop is None or not loop.is_running() or loop is _running():
        store.pump.replay()
    else:
        # The pump turns in another thread, and would fold the same rows at the same time.
        asyncio.run_coroutine_threadsafe(store.pump.folded(store.ledger.head), loop).result(WAIT_S)


def _running() -> asyncio.AbstractEventLoop | None:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None
