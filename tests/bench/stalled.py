"""Screens that stop reading: what they cost the others and the server, when they are cut off, and how they return."""

import asyncio
import gc
import socket
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import msgspec

from tests.bench.delay import Seen, numbered, percentile, spread
from tests.bench.feed import Commit, Feed, commits, faults, head_seq
from tests.bench.ingest import wards
from tests.bench.meter import Lag, rss_bytes
from tests.bench.screens import (
    LAG_MS_MAX,
    TRIES,
    Audience,
    figures,
    flowing,
    following,
    gaps,
    place_of,
    shown_seq,
    viewer,
)
from tests.bench.swarm import OPEN_TIMEOUT_S, Viewer, close_all
from tests.worlds.process import Serving

STALLED_SHARE = 0.05
RECEIVE_BYTES = 16 * 1024
"""SO_RCVBUF of a screen that will stall, so that its line fills within seconds."""
GROWTH_PERCENT_MAX = 10
STALLED_BYTES_MAX = 64 * 1024
CUT_S_MAX = 12.0
"""What the issue of the fan-out allows: the others' p99, memory a stalled socket, and from full to cut off."""
LOOK_S = 0.1
"""How often the server's figures are read, with stalled screens and without; no time below is known better."""
RETURN_S = 5.0
REST_S = 2.0
WARM_UP_S = 5.0
"""Until the server has grown to what its first rows and screens take."""


class Stalled(msgspec.Struct, frozen=True, kw_only=True):
    """The JSON of it. ``growth_percent`` is the median of the rounds' p99 with stalled screens over that without."""

    screens: int
    stalled: int
    rounds: int
    without_p99_ms: float
    with_p99_ms: float
    growth_percent: float
    bytes_a_socket: int
    cut: int
    cut_after_full_s_max: float
    cut_after_stall_s_max: float
    returned_by_delta: int
    frame_bytes_mean: int
    lag_ms_max: float
    void_rounds: int
    faults: tuple[str, ...]


@dataclass
class Stretch:
    """A stretch of time: its rows, what the others saw, and what was read of the server, with the time in s."""

    after: int
    upto: int
    seen: list[list[Seen]] = field(repr=False)
    seconds: float
    lag_ms: float
    looks: list[tuple[float, dict[str, float]]] = field(repr=False)
    rss: list[int] = field(repr=False)

    def p99_ms(self, rows: Sequence[Commit]) -> float:
        """The others' p99, of the whole ledger's participations those that came meanwhile."""
        chosen = [row for row in rows if self.after < row.seq <= self.upto]
        return percentile(spread(chosen, self.seen)[0], 0.99)

    @property
    def rss_growth(self) -> int:
        """Bytes from the begin to the most."""
        return max(self.rss) - self.rss[0]


@dataclass(frozen=True)
class Pair:
    """A round: a stretch without stalled screens, then one with."""

    without: Stretch
    stalling: Stretch
    cut: int
    by_delta: int

    @property
    def is_void(self) -> bool:
        return max(self.without.lag_ms, self.stalling.lag_ms) > LAG_MS_MAX

    def bytes_a_socket(self, stalled: int) -> float:
        """Memory of a stalled socket: the growth beyond what the feed's rows take, as the stretch without tells it."""
        trend = self.without.rss_growth / self.without.seconds * self.stalling.seconds
        return (self.stalling.rss_growth - trend) / stalled


async def open_narrow(screens: Sequence[Viewer], port: int) -> None:
    """Connect screens with a small receive buffer."""
    loop = asyncio.get_running_loop()
    for screen in screens:
        bare = socket.socket()
        bare.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BYTES)
        bare.setblocking(False)
        async with asyncio.timeout(OPEN_TIMEOUT_S):
            await loop.sock_connect(bare, ("127.0.0.1", port))
            await loop.create_connection(lambda screen=screen: screen, sock=bare)  # type: ignore[misc]
            await screen.opened


async def stalling(
    serving: Serving, secret: str, *, screens: int, rounds: int, without_s: float, stall_s_max: float, per_s: float
) -> Stalled:
    """Measure paired rounds; a stall ends when all stalled screens are cut off, or after ``stall_s_max``."""
    port, path = serving.port, serving.data / "rehearsal.db"
    count = max(1, round(screens * STALLED_SHARE))
    lag = Lag()
    watching = asyncio.create_task(lag.watch())
    feed = Feed(port, secret, wards(), "stalled", per_s=per_s)
    pairs: list[Pair] = []
    wrong: list[str] = []
    before = await figures(port)
    async with following(port, screens - count) as audience:
        narrow = [viewer(number, port) for number in range(count)]
        await open_narrow(narrow, port)
        # A full collection would stop this loop for tens of ms; what stands now is not looked through again.
        gc.collect()
        gc.freeze()
        async with flowing(feed):
            await asyncio.sleep(WARM_UP_S)
            while len([pair for pair in pairs if not pair.is_void]) < rounds and len(pairs) < rounds + TRIES - 1:
                without = await _stretch(serving, audience, lag, without_s, None)
                for screen in narrow:
                    screen.transport.pause_reading()
                stretch = await _stretch(serving, audience, lag, stall_s_max, count)
                cut = await _read_on(narrow)
                narrow, by_delta = await _come_back(narrow, port, wrong)
                pairs.append(Pair(without, stretch, cut, by_delta))
                await asyncio.sleep(REST_S)
        head = head_seq(path)
        wrong += gaps(await audience.settled(head), screens - count, head) + faults(feed, path)
        close_all(narrow)
    watching.cancel()
    good = [pair for pair in pairs if not pair.is_void]
    if len(good) < rounds:
        wrong.append(f"{len(good)} of {rounds} rounds beside stalled screens count: the load lagged in the others")
    good = good or pairs
    rows = [*numbered(commits(path))]
    p99s = [(pair.without.p99_ms(rows), pair.stalling.p99_ms(rows)) for pair in good]
    return _result(screens, count, good, pairs, p99s, wrong, before, await figures(port))


async def _stretch(serving: Serving, audience: Audience, lag: Lag, seconds: float, until_cut: int | None) -> Stretch:
    """Watch for a time, or until so many sockets more have been cut off."""
    assert serving.process is not None
    path = serving.data / "rehearsal.db"
    audience.clear()
    after = head_seq(path)
    lag.clear()
    looks, rss = [], []
    began_s = time.monotonic()
    while True:
        found = await figures(serving.port)
        looks.append((time.monotonic() - began_s, found))
        rss.append(rss_bytes(serving.process.pid))
        spent_s = looks[-1][0]
        aborted = found["diemcau_sockets_aborted_total"] - looks[0][1]["diemcau_sockets_aborted_total"]
        if spent_s >= seconds or (until_cut is not None and aborted >= until_cut):
            break
        await asyncio.sleep(LOOK_S)
    lag_ms = lag.max_ms
    upto = head_seq(path)
    # The last rows are still on their way to the screens.
    await asyncio.sleep(REST_S)
    return Stretch(after, upto, audience.seen, spent_s, lag_ms, looks, rss)


async def _read_on(screens: Sequence[Viewer]) -> int:
    """Read what is left, as a screen that wakes up does; returns how many find themselves cut off then."""
    for screen in screens:
        screen.transport.resume_reading()
    for _ in range(int(RETURN_S / LOOK_S)):
        if all(screen.transport.is_closing() for screen in screens):
            break
        await asyncio.sleep(LOOK_S)
    cut = sum(screen.transport.is_closing() for screen in screens)
    close_all([*screens])
    return cut


async def _come_back(cut: Sequence[Viewer], port: int, wrong: list[str]) -> tuple[list[Viewer], int]:
    """Open the screens again from where they stand; each one's first frame must reach what was shown before."""
    shown = await shown_seq(port)
    again = []
    for screen in cut:
        place = place_of(screen)
        place.first = None
        again.append(viewer(screen.number, port, place=place))
    await open_narrow(again, port)
    for _ in range(int(RETURN_S / LOOK_S)):
        if all(place_of(screen).first is not None for screen in again):
            break
        await asyncio.sleep(LOOK_S)
    firsts = [place_of(screen).first for screen in again]
    if late := sum(first is None or first.seq < shown for first in firsts):
        wrong.append(f"{late} screens came back and their first frame did not bring them to seq {shown}")
    return again, sum(first is not None and first.is_delta for first in firsts)


def cut_after_full_s(looks: Sequence[tuple[float, dict[str, float]]]) -> list[float]:
    """From full to cut off, of each socket: the nth that was cut is taken for the nth that was full."""
    full: list[float] = []
    cut: list[float] = []
    before = looks[0][1]["diemcau_sockets_aborted_total"]
    for at_s, found in looks:
        aborted = int(found["diemcau_sockets_aborted_total"] - before)
        seen = aborted + int(found["diemcau_sockets_full"])
        full += [at_s] * (seen - len(full))
        cut += [at_s] * (aborted - len(cut))
    return [ends_s - begins_s for begins_s, ends_s in zip(full, cut, strict=False)]


def _result(
    screens: int, count: int, good: list[Pair], pairs: list[Pair], p99s: list[tuple[float, float]], wrong: list[str],
    before: dict[str, float], after: dict[str, float],
) -> Stalled:  # fmt: skip
    growth = statistics.median(beside / alone - 1 for alone, beside in p99s)
    cut_s = [seconds for pair in pairs for seconds in cut_after_full_s(pair.stalling.looks)]
    frames, size = (
        after[name] - before[name]
        for name in ('diemcau_frames_total{store="rehearsal"}', 'diemcau_frame_bytes_total{store="rehearsal"}')
    )
    made = Stalled(
        screens=screens,
        stalled=count,
        rounds=len(good),
        without_p99_ms=round(statistics.median(alone for alone, _ in p99s), 1),
        with_p99_ms=round(statistics.median(beside for _, beside in p99s), 1),
        growth_percent=round(growth * 100, 1),
        bytes_a_socket=round(statistics.median(pair.bytes_a_socket(count) for pair in good)),
        cut=min(pair.cut for pair in pairs),
        cut_after_full_s_max=round(max(cut_s, default=0.0), 2),
        cut_after_stall_s_max=round(max(pair.stalling.seconds for pair in pairs), 2),
        returned_by_delta=min(pair.by_delta for pair in pairs),
        frame_bytes_mean=round(size / max(1.0, frames)),
        lag_ms_max=round(max(max(pair.without.lag_ms, pair.stalling.lag_ms) for pair in good), 1),
        void_rounds=sum(pair.is_void for pair in pairs),
        faults=(),
    )
    return msgspec.structs.replace(made, faults=(*wrong, *missed(made)))


def missed(one: Stalled) -> list[str]:
    """Where stalled screens cost more than they may; empty if all is well."""
    told = [
        (one.cut < one.stalled, f"{one.stalled - one.cut} of {one.stalled} stalled screens were not cut off"),
        (
            one.cut_after_full_s_max > CUT_S_MAX,
            f"a stalled screen was cut off {one.cut_after_full_s_max} s after it was full, expected {CUT_S_MAX:.0f} s",
        ),
        (
            one.growth_percent > GROWTH_PERCENT_MAX,
            f"the others' p99 grows by {one.growth_percent} %, expected at most {GROWTH_PERCENT_MAX} %",
        ),
        (
            one.bytes_a_socket > STALLED_BYTES_MAX,
            f"a stalled socket takes {one.bytes_a_socket:,} bytes, expected at most {STALLED_BYTES_MAX:,}",
        ),
    ]
    return [what for is_missed, what in told if is_missed]
