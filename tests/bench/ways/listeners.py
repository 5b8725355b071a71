"""The load of a fan-out: opens all sockets of one way, has it send, and tells what a delivery cost.

The way runs in processes of its own on the server's core; this process is the load.
"""

import asyncio
import gc
import os
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.bench.delay import percentile
from tests.bench.meter import SERVER_CORE, cpu_ns, on_core, rss_bytes
from tests.bench.swarm import Viewer, close_all, handshake, open_all
from tests.bench.ways.ears import Ears
from tests.bench.ways.program import text_of
from tests.suite import ROOT
from tests.worlds.ports import free_port

PATH = "/live/bench"
OPEN_PER_S = 4_000
START_S = 60.0
JOIN_S = 20.0
"""Time that all sockets of Socket.IO have to join, after they have opened."""
SETTLE_S = 0.5
FIRST_S = 10.0
"""Time from the word to begin to the first delivery."""
FIRST_STEP_S = 0.05
LATE_S = 0.5
"""Time after the window in which a message of the window still counts as received."""
END_S = 15.0
SAID_MAX = 300
"""Characters shown of what a way has said."""
PHASE = 0.75
"""The window begins and ends this far between two messages, when the first of them has reached all sockets."""


@dataclass(frozen=True)
class Way:
    """A way: its program without the task, what it needs in its environment, and how its messages come.

    ``speaks_engine_io`` is Socket.IO's wire protocol, version 4, in place of bare messages.
    """

    name: str
    command: Sequence[str]
    more: Sequence[str] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    speaks_engine_io: bool = False


@dataclass(frozen=True)
class Load:
    """What to send to how many: ``hz`` messages a second of ``size`` bytes, measured for ``seconds``."""

    sockets: int
    hz: float
    size: int = 1_024
    warm_up_s: float = 1.0
    seconds: float = 4.0

    @property
    def messages(self) -> int:
        """Messages in the window."""
        return round(self.hz * self.seconds)

    @property
    def due(self) -> int:
        """Deliveries due in the window."""
        return self.sockets * self.messages


@dataclass(frozen=True)
class Sample:
    """One way under one load. A socket's memory is ``idle`` before the first message, ``used`` after the window.

    ``cpu_us`` is of all the way's processes, per delivery received within the window; NaN, as the delays, if there was
    none. ``received`` and the delays are of the messages that were made within the window.
    """

    cpu_us: float
    p50_ms: float
    p99_ms: float
    received: int
    due: int
    idle_socket_bytes: int
    used_socket_bytes: int
    lag_ms: float


class WayError(Exception):
    """A way did not start, take the sockets or send; the text says what was seen."""


def last_words(log: Path) -> str:
    """The end of what a way has said."""
    return log.read_text(errors="replace").strip()[-SAID_MAX:]


class Running:
    """A way's processes."""

    def __init__(self, process: asyncio.subprocess.Process, counted: list[int]) -> None:
        self._process = process
        self._counted = counted

    @classmethod
    async def start(cls, way: Way, port: int, load: Load, log: Path) -> "Running":
        """Start a way on the server's core; returns when sockets may come.

        Raises:
            WayError: If it does not start within START_S.
        """
        command = [*way.command, str(port), f"{load.hz:g}", text_of(load.size), *way.more]
        with log.open("ab") as said, on_core(SERVER_CORE):
            process = await asyncio.create_subprocess_exec(
                *command, cwd=ROOT, env=os.environ | way.environment, stdin=-1, stdout=-1, stderr=said
            )
        running = cls(process, [])
        assert process.stdout is not None
        try:
            async with asyncio.timeout(START_S):
                first, *counted = (await process.stdout.readline()).split() or [b""]
        except TimeoutError:
            first, counted = b"", []
        if first != b"Ready" or not counted:
            await running.end()
            raise WayError(f"did not start: {last_words(log)}")
        running._counted = [int(pid) for pid in counted]
        return running

    def begin(self) -> None:
        """Have it send."""
        assert self._process.stdin is not None
        self._process.stdin.write(b"\n")

    def cpu_ns(self) -> int:
        """Its cost so far."""
        return sum(cpu_ns(pid) for pid in self._counted)

    def rss_bytes(self) -> int:
        """Its memory."""
        return sum(rss_bytes(pid) for pid in self._counted)

    async def end(self) -> None:
        """End it; it is killed if it takes longer than END_S."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        try:
            async with asyncio.timeout(END_S):
                await self._process.wait()
        except TimeoutError:
            self._process.kill()
            await self._process.wait()


async def measure(way: Way, load: Load, log: Path) -> Sample:
    """Measure a way under a load, in processes that are new; ``log`` takes what they say.

    Raises:
        WayError: If it does not start, take all the sockets or send.
    """
    port = free_port()
    ears = Ears(load.size)
    path = "/socket.io/?EIO=4&transport=websocket" if way.speaks_engine_io else PATH
    hear = ears.hear_engine_io if way.speaks_engine_io else ears.hear
    viewers = [Viewer(number, handshake(path, port), hear) for number in range(load.sockets)]
    running = await Running.start(way, port, load, log)
    try:
        # What the first socket has it load is not the cost of a socket.
        opened = await open_all(viewers[:1], port, per_s=OPEN_PER_S)
        await asyncio.sleep(SETTLE_S)
        before_bytes = running.rss_bytes()
        opened += await open_all(viewers[1:], port, per_s=OPEN_PER_S)
        if opened != load.sockets:
            raise WayError(f"took {opened} of {load.sockets} sockets")
        if way.speaks_engine_io:
            await joined(ears, load.sockets)
        await asyncio.sleep(SETTLE_S)
        idle_bytes = running.rss_bytes()
        ears.open(viewers)
        running.begin()
        with no_collection():
            return await window(running, ears, load, before_bytes, idle_bytes)
    except (ProcessLookupError, FileNotFoundError) as error:
        raise WayError(f"ended meanwhile: {last_words(log)}") from error
    finally:
        ears.close()
        close_all(viewers)
        await running.end()


@contextmanager
def no_collection() -> Iterator[None]:
    """Have no garbage looked for: among all these viewers that takes longer than a load may be late."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


async def joined(ears: Ears, sockets: int) -> None:
    """Wait until all sockets have joined.

    Raises:
        WayError: If they do not within JOIN_S.
    """
    for _ in range(int(JOIN_S / SETTLE_S)):
        if ears.joined == sockets:
            return
        await asyncio.sleep(SETTLE_S)
    raise WayError(f"{ears.joined} of {sockets} sockets joined")


async def window(running: Running, ears: Ears, load: Load, before_bytes: int, idle_bytes: int) -> Sample:
    """Listen for as long as the load says, from the first delivery and the warm-up on.

    Raises:
        WayError: If it sends nothing within FIRST_S.
    """
    ends_ns = time.monotonic_ns() + int(FIRST_S * 1e9)
    while not ears.first_ns and time.monotonic_ns() < ends_ns:
        await ears.listen(time.monotonic_ns() + int(FIRST_STEP_S * 1e9))
    if not ears.first_ns:
        raise WayError("sent nothing")
    begin_ns = ears.first_ns + int(1e9 * (round(load.warm_up_s * load.hz) + PHASE) / load.hz)
    await ears.listen(begin_ns)
    ears.clear()
    before_ns = running.cpu_ns()
    end_ns = begin_ns + int(1e9 * load.messages / load.hz)
    await ears.listen(end_ns)
    spent_ns = running.cpu_ns() - before_ns
    deliveries, lag_ms = len(ears.delays_ns), ears.lag.max_ms
    # What was made within the window and held up by something else on the machine is late, not lost.
    await ears.listen(end_ns + int(LATE_S * 1e9))
    delays_ms = [delay / 1e6 for delay in ears.delays_of(begin_ns, end_ns)]
    others = max(1, load.sockets - 1)
    return Sample(
        cpu_us=spent_ns / 1e3 / deliveries if deliveries else float("nan"),
        p50_ms=percentile(delays_ms, 0.5),
        p99_ms=percentile(delays_ms, 0.99),
        received=len(delays_ms),
        due=load.due,
        idle_socket_bytes=(idle_bytes - before_bytes) // others,
        used_socket_bytes=(running.rss_bytes() - before_bytes) // others,
        lag_ms=lag_ms,
    )


def python(name: str) -> Way:
    """The way of a module beside this one."""
    return Way(name, (sys.executable, "-m", f"tests.bench.ways.{name}"))
