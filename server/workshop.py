"""The workshop: one thread beside the event loop, in which what never changes is worked out for pages."""

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event

from streaming.errors import DiemCauError

WORK_S = 0.001
REST_S = 0.002
"""The thread holds the interpreter for about WORK_S and then rests. One that went on would get it back whenever the
loop writes to a socket, and keep the loop waiting for 5 ms each time."""
HEAD_START_S = 0.3
"""How long a start waits for its first job, which has the interpreter to itself meanwhile. The map of a province takes
a sixth of it; with rests, on a busy machine, it took seconds."""

Job = Callable[[Callable[[], None]], object]
"""Work that calls what it is given between its pieces."""


class Closed(DiemCauError):  # noqa: N818 - the workshop's end, no fault of the work
    """The workshop has closed, and the work was left as it stood."""


class Workshop:
    """Does jobs one after another, at a third of the interpreter's time; without rests while nobody is served yet."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="workshop")
        self._closed = Event()
        self._began_s = 0.0
        self._rests = True

    def begin(self, job: Job) -> None:
        """Have a job done some time; who needs it asks again, and finds it done or hears its error then."""
        self._thread.submit(self._do, job)

    async def begin_alone(self, job: Job, within_s: float) -> None:
        """Begin a job while the loop has nothing else to do: for ``within_s`` it has no rests and is waited for."""
        self._rests = False
        begun = asyncio.wrap_future(self._thread.submit(self._do, job))
        # Its error is heard by who needs what it makes.
        begun.add_done_callback(lambda done: done.cancelled() or done.exception())
        try:
            await asyncio.wait([begun], timeout=within_s)
        finally:
            self._rests = True

    async def do(self, job: Job) -> None:
        """Wait until a job is done.

        Raises:
            Closed: If the workshop closes before.
        """
        await asyncio.get_running_loop().run_in_executor(self._thread, self._do, job)

    def close(self) -> None:
        """Break off the job at its next pause, and forget the others."""
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
