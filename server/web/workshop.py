"""The workshop: one background thread that computes the unchanging parts of pages."""

import asyncio
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import structlog

from streaming.errors import DiemCauError

log = structlog.get_logger(__name__)

WORK_S = 0.001
REST_S = 0.002
"""The thread holds the interpreter for about WORK_S and then rests. One that went on would get it back whenever the
loop writes to a socket, and keep the loop waiting for 5 ms each time."""
HEAD_START_S = 1.0
"""How long a start waits for its jobs, which have the interpreter to themselves meanwhile. All maps of a province in
both languages take a tenth of it, also where they have 579 hexagons; of a country the largest are done by then."""

Job = Callable[[Callable[[], None]], object]
"""Work that calls its argument between its pieces."""


class Closed(DiemCauError):  # noqa: N818 - the workshop's end, no fault of the work
    """The workshop has closed before the work was done."""


class Workshop:
    """Does jobs one after another, at a third of the interpreter's time; without rests while nobody is served yet."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="workshop")
        self._closed = Event()
        self._began_s = 0.0
        self._rests = True

    async def begin_alone(self, jobs: Iterable[Job], within_s: float) -> asyncio.Task[None]:
        """Start jobs before anybody is served: for ``within_s`` they run without pauses, and are awaited. A task runs
        the rest one at a time, so that requested work can come in between.
        """
        self._rests = False
        task = asyncio.create_task(self._do_all(jobs), name="workshop")
        try:
            await asyncio.wait([task], timeout=within_s)
        finally:
            self._rests = True
        return task

    async def _do_all(self, jobs: Iterable[Job]) -> None:
        for job in jobs:
            try:
                await self.do(job)
            except Closed:
                return
            except Exception:
                # Whoever needs the result asks again, and gets the error then.
                log.warning("not made beforehand", exc_info=True)

    async def do(self, job: Job) -> None:
        """Wait until a job is done.

        Raises:
            Closed: If the workshop closes before.
        """
        if self._closed.is_set():
            raise Closed("the server stops")
        await asyncio.get_running_loop().run_in_executor(self._thread, self._do, job)

    def close(self) -> None:
        """Stop the job at its next pause, and drop the others."""
        self._closed.set()
        self._thread.shutdown(cancel_futures=True)

    def _do(self, job: Job) -> None:
        self._began_s = time.perf_counter()
        job(self._pause)

    def _pause(self) -> None:
        if time.perf_counter() - self._began_s >= WORK_S:
            if self._closed.wait(REST_S if self._rests else 0):
                raise Closed("the server stops")
            self._began_s = time.perf_counter()
