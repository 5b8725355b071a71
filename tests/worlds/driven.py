"""A whole server in a thread of the test's own process, on a clock that the test drives."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from server.app import App, starlette_of
from server.settings import Settings
from streaming.contests.contest import load_contest
from tests.worlds.clocks import RunningClock
from tests.worlds.serving import serving

STARTS_S, ENDS_S = 60.0, 20.0


class Driven:
    """What is served, where, and its clock."""

    def __init__(self, app: App, clock: RunningClock) -> None:
        self.app = app
        self.clock = clock
        self.url = ""
        self._is_up = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._ends = asyncio.Event()
        self._thread = threading.Thread(target=self._loop.run_until_complete, args=(self._serve(),), daemon=True)

    async def _serve(self) -> None:
        async with serving(starlette_of(self.app), self.app.hub, lifespan="on") as address:
            self.url = f"http://{address}"
            self._is_up.set()
            await self._ends.wait()

    def start(self) -> None:
        """Serve.

        Raises:
            AssertionError: If it does not answer in time.
        """
        self._thread.start()
        assert self._is_up.wait(STARTS_S), "the server did not start"

    def stop(self) -> None:
        """End it, with all sockets."""
        self._loop.call_soon_threadsafe(self._ends.set)
        self._thread.join(ENDS_S)
        self._loop.close()

    def go(self, ms: int) -> None:
        """Let so much time pass at once: what is due comes, and every page hears what time it is."""
        self.clock.go(ms)
        asyncio.run_coroutine_threadsafe(self._tell(), self._loop).result(STARTS_S)

    def do(self, act: Callable[[], object]) -> None:
        """Do something in the server's own thread."""

        async def done() -> None:
            act()

        asyncio.run_coroutine_threadsafe(done(), self._loop).result(STARTS_S)

    async def _tell(self) -> None:
        self.app.state.outputs.look()
        self.app.hub.beat()


@contextmanager
def driven(data: Path, contest: Path, starts_ms: int) -> Iterator[Driven]:
    """A server on a data folder whose clock begins at a time of the test's; it runs until the test is over."""
    clock = RunningClock(starts_ms)
    died: list[str] = []
    app = App(Settings(data=data, contest=contest), load_contest(contest), clock, died.append, clock.elapsed)
    made = Driven(app, clock)
    made.start()
    try:
        yield made
    finally:
        made.stop()
    assert died == []
