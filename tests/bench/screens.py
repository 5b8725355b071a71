"""Many screens that follow a topic, and check what they are told; a crowd of them runs as a process of its own.

Only a sample is timed, and its process does little else: what a crowd of thousands costs its own event loop would
otherwise be counted as the server's. The crowd stands between the samples in the order of opening, so the server
writes to both in turn.
"""

import asyncio
import os
import re
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NamedTuple, Self

import msgspec
import uvloop

from tests.bench.delay import Seen
from tests.bench.feed import Feed, get
from tests.bench.meter import SERVER_CORE, on_core
from tests.bench.swarm import OnClose, Viewer, close_all, handshake, open_all
from tests.suite import ROOT
from tests.worlds.process import Serving

TOPIC = "rehearsal/board"
OPEN_PER_S = 1_000
SAMPLE = 250
CROWD_NICE = 10
"""The crowd yields the core to the sample that is timed beside it."""
CROWD_S = 60.0
"""An answer of the crowd that takes longer means that its process has died."""
SETTLE_S = 10.0
"""Time that screens have to reach the head once nothing is sent any more."""
SETTLE_STEP_S = 0.1
TRIES = 4
"""A measurement is void where the load's own loop lagged; it is repeated three times at most."""
LAG_MS_MAX = 10.0
START_S = 240.0
"""Time that a server has to replay its ledger and answer."""
ROOM = {"DIEMCAU_SOCKETS_PER_ADDRESS_MAX": "20000", "DIEMCAU_HANDSHAKES_PER_S": "2000"}
"""All screens of a bench come from one address, and are opened before anything is measured."""

_HEAD = re.compile(rb'\{"v":1,"type":"(snapshot|delta)","topic":"[^"]*","epoch":"([^"]*)","base":(\d+),"seq":(\d+),')


class Head(NamedTuple):
    """What leads a frame."""

    is_delta: bool
    epoch: str
    base: int
    seq: int


def head_of(payload: bytes) -> Head | None:
    """The head of a frame, None if the message is a beat.

    Raises:
        ValueError: If it is neither.
    """
    if (found := _HEAD.match(payload)) is not None:
        return Head(found[1] == b"delta", found[2].decode(), int(found[3]), int(found[4]))
    if payload.startswith(b'{"v":1,"type":"beat"'):
        return None
    raise ValueError(f"neither frame nor beat: {payload[:200]!r}")


class Place:
    """Where one screen stands. ``first`` is the head of its first frame, ``wrong`` counts frames that did not fit.

    ``seen`` has, for a screen that is timed, when (ms since the epoch) it was brought to which seq.
    """

    __slots__ = ("epoch", "first", "seen", "seq", "wrong")

    def __init__(self, *, is_timed: bool = False) -> None:
        self.epoch = ""
        self.seq = -1
        self.first: Head | None = None
        self.wrong = 0
        self.seen: list[Seen] | None = [] if is_timed else None

    def hear(self, _screen: Viewer, payload: bytes) -> None:
        """Take a message, as a viewer hands it over."""
        self.take(payload)

    def take(self, payload: bytes) -> Head | None:
        """Take a message as a screen does; returns the head of a frame that moved the screen."""
        head = head_of(payload)
        if head is None:
            return None
        if head.is_delta:
            if head.epoch == self.epoch and head.seq <= self.seq:
                return None
            if head.epoch != self.epoch or head.base > self.seq:
                self.wrong += 1
                return None
        self.first = self.first or head
        self.epoch, self.seq = head.epoch, head.seq
        if self.seen is not None:
            self.seen.append((time.time_ns() / 1e6, head.seq))
        return head


def viewer(
    number: int, port: int, *, place: Place | None = None, topic: str = TOPIC, on_close: OnClose | None = None
) -> Viewer:
    """A screen that follows a topic, from where its place stands; the place is its ``data``."""
    place = place or Place()
    query = f"?epoch={place.epoch}&seq={place.seq}" if place.epoch else ""
    made = Viewer(number, handshake(f"/live/{topic}{query}", port), place.hear, on_close)
    made.data = place
    return made


def place_of(screen: Viewer) -> Place:
    """The place of a screen that ``viewer`` made."""
    assert isinstance(screen.data, Place)
    return screen.data


class Plan(msgspec.Struct, frozen=True):
    """A crowd: its screens open evenly, ``per_s`` a second, from ``begins_s`` (since the epoch)."""

    port: int
    topic: str
    screens: int
    per_s: float
    begins_s: float


class Standing(msgspec.Struct, frozen=True):
    """Where screens stand: how many are open, how many at which seq, and how many frames did not fit."""

    open: int
    seqs: dict[int, int]
    wrong: int

    @property
    def lowest(self) -> int:
        """The seq of the screen that is furthest behind; −1 if there is none."""
        return min(self.seqs, default=-1)


def standing(screens: Sequence[Viewer]) -> Standing:
    """Where these screens stand."""
    shut = [screen for screen in screens if screen.status != 101 or screen.transport.is_closing()]
    places = [place_of(screen) for screen in screens]
    seqs = Counter(place.seq for place in places)
    return Standing(len(screens) - len(shut), dict(seqs), sum(place.wrong for place in places))


def together(one: Standing, other: Standing) -> Standing:
    """Two groups as one."""
    return Standing(one.open + other.open, dict(Counter(one.seqs) + Counter(other.seqs)), one.wrong + other.wrong)


class Crowd:
    """The handle on a crowd's process."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    @classmethod
    async def start(cls, plan: Plan) -> Self:
        """Start the process; its screens begin to open when the plan says."""
        given = msgspec.json.encode(plan).decode()
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.bench.screens", given, cwd=ROOT, stdin=-1, stdout=-1, limit=2**22
        )
        return cls(process)

    async def standing(self) -> Standing:
        """Where its screens stand; the first answer comes when all have been opened.

        Raises:
            RuntimeError: If the process has died.
        """
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(b"\n")
        async with asyncio.timeout(CROWD_S):
            line = await self._process.stdout.readline()
        if not line:
            raise RuntimeError("the crowd's process died; what it said stands above")
        return msgspec.json.decode(line, type=Standing)

    async def end(self) -> None:
        """Break all its connections off."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        async with asyncio.timeout(CROWD_S):
            await self._process.wait()


async def crowd(plan: Plan) -> None:
    """Be a crowd: open, then tell where the screens stand for every line on standard input, to its end."""
    os.nice(CROWD_NICE)
    screens = [viewer(number, plan.port, topic=plan.topic) for number in range(plan.screens)]
    await asyncio.sleep(max(0.0, plan.begins_s - time.time()))
    await open_all(screens, plan.port, per_s=plan.per_s)
    loop = asyncio.get_running_loop()
    lines = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    while await lines.readline():
        sys.stdout.write(msgspec.json.encode(standing(screens)).decode() + "\n")
        sys.stdout.flush()
    close_all(screens)


class Audience:
    """All screens of a measurement: those that are timed, in this process, and the crowd between them."""

    def __init__(self, port: int, topic: str, sample: list[Viewer], others: Crowd | None) -> None:
        self.port = port
        self.topic = topic
        self.sample = sample
        self._others = others

    @property
    def seen(self) -> list[list[Seen]]:
        """What each timed screen has seen since the last ``clear``; not changed by the next one."""
        return [place_of(screen).seen or [] for screen in self.sample]

    def clear(self) -> None:
        """Forget what was seen so far."""
        for screen in self.sample:
            place_of(screen).seen = []

    async def standing(self) -> Standing:
        """Where all of them stand."""
        own = standing(self.sample)
        return together(own, await self._others.standing()) if self._others else own

    async def settled(self, seq: int) -> Standing:
        """Where they stand when the last has reached a seq, or SETTLE_S are over."""
        for _ in range(int(SETTLE_S / SETTLE_STEP_S)):
            if (found := await self.standing()).lowest >= seq:
                break
            await asyncio.sleep(SETTLE_STEP_S)
        return found


@asynccontextmanager
async def following(port: int, screens: int, *, sample: int = SAMPLE, topic: str = TOPIC) -> AsyncIterator[Audience]:
    """Open screens, ``sample`` of them timed: spread evenly in the order of opening, the last opened among them."""
    timed = [viewer(n, port, topic=topic, place=Place(is_timed=True)) for n in range(min(sample, screens))]
    early, last = timed[:-1], timed[-1:]
    count = screens - len(timed)
    begins_s = time.time() + 0.5
    share = len(early) / max(1, screens - 1)
    others = None
    if count:
        others = await Crowd.start(Plan(port, topic, count, OPEN_PER_S * (1 - share), begins_s))
    try:
        await asyncio.sleep(max(0.0, begins_s - time.time()))
        await open_all(early, port, per_s=OPEN_PER_S * max(share, 1e-6))
        if others is not None:
            await others.standing()
        await open_all(last, port, per_s=OPEN_PER_S)
        yield Audience(port, topic, timed, others)
    finally:
        close_all(timed)
        if others is not None:
            await others.end()


async def start(serving: Serving) -> None:
    """Start a server on its core; returns when it answers.

    Raises:
        TimeoutError: If it does not within START_S; it is killed.
    """

    def on_its_core() -> None:
        with on_core(SERVER_CORE):
            serving.start()

    starting = asyncio.ensure_future(asyncio.to_thread(on_its_core))
    done, _ = await asyncio.wait([starting], timeout=START_S)
    if not done:
        if serving.process is not None:
            serving.process.kill()
        await asyncio.wait([starting])
        raise TimeoutError(f"the server did not answer within {START_S:.0f} s")
    await starting


@asynccontextmanager
async def under_test(folder: Path, **environment: str) -> AsyncIterator[tuple[Serving, str]]:
    """A server on a new data folder and on its own core, which takes all the screens that a bench brings, and the test
    secret of a source that it knows from its start."""
    serving = Serving(folder, environment=ROOM | environment)
    secret = serving.secret(test=True)
    await start(serving)
    try:
        yield serving, secret
    finally:
        serving.kill()


async def figures(port: int) -> dict[str, float]:
    """What /metrics tells, by name and labels."""
    text = (await get(port, "/metrics")).body.decode()
    pairs = (line.rpartition(" ") for line in text.splitlines() if line and not line.startswith("#"))
    return {name: float(value) for name, _, value in pairs}


async def shown_seq(port: int, topic: str = TOPIC) -> int:
    """The seq that a topic shows now."""
    etag = (await get(port, f"/live/{topic}")).etag or ""
    return int(etag.rpartition("-")[2].strip('"'))


@asynccontextmanager
async def flowing(feed: Feed) -> AsyncIterator[Feed]:
    """A feed that runs meanwhile; at the end everything it has made is answered."""
    async with asyncio.TaskGroup() as group:
        group.create_task(feed.run())
        try:
            yield feed
        finally:
            feed.end()


def gaps(found: Standing, screens: int, seq: int) -> list[str]:
    """What is wrong with where screens stand, who should all be open and at a seq or beyond."""
    behind = sum(count for at, count in found.seqs.items() if at < seq)
    told = [
        (screens - found.open, "screens are no longer open"),
        (behind, f"screens have not reached seq {seq}"),
        (found.wrong, "frames did not fit"),
    ]
    return [f"{count} {what}" for count, what in told if count]


if __name__ == "__main__":
    uvloop.run(crowd(msgspec.json.decode(sys.argv[1], type=Plan)))
