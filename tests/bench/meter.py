"""What a process costs: CPU time and memory, as Linux tells it; and which core runs what."""

import asyncio
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SERVER_CORE = 0
LOAD_CORE = 1
LAG_STEP_S = 0.005


@contextmanager
def on_core(core: int) -> Iterator[None]:
    """Have this thread, and every child it starts meanwhile, run on one core, if the machine has it."""
    before = os.sched_getaffinity(0)
    if core < (os.cpu_count() or 1):
        os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def cpu_ns(pid: int) -> int:
    """CPU time of all threads of a process, user and system, in ns."""
    return sum(_thread_ns(task) for task in Path(f"/proc/{pid}/task").iterdir())


def _thread_ns(task: Path) -> int:
    try:
        return int((task / "schedstat").read_text().split()[0])
    except FileNotFoundError:
        return 0  # The thread has just ended.


def rss_bytes(pid: int) -> int:
    """Memory of a process that is in RAM now."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    raise ProcessLookupError(pid)


class Lag:
    """How late this process's own event loop runs: a load that lags measures itself, not the server."""

    def __init__(self) -> None:
        self.max_ms = 0.0

    def clear(self) -> None:
        """Begin a new round."""
        self.max_ms = 0.0

    async def watch(self) -> None:
        """Watch until cancelled."""
        while True:
            before_s = time.perf_counter()
            await asyncio.sleep(LAG_STEP_S)
            self.max_ms = max(self.max_ms, (time.perf_counter() - before_s - LAG_STEP_S) * 1000)
