"""Screens behind a thin line: whether they keep up, at which beat they paint a cut, and what they cost the others.

The line is a proxy that lets through so many bytes a second and takes its time; what it has not sent stays in the small
buffer before it, as in a router.
"""

import asyncio
import math
import re
import statistics
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from tests.bench.delay import numbered, percentile, spread
from tests.bench.feed import Feed, commits, faults, head_seq
from tests.bench.ingest import wards
from tests.bench.screens import SAMPLE, TOPIC, Audience, Place, flowing, following, gaps
from tests.bench.swarm import Viewer, close_all, handshake, open_one
from tests.worlds.bad_line import Weather, line_to
from tests.worlds.process import Serving

THIN = Weather(bytes_per_s=8_000, latency_s=0.4)
"""64 kbit/s, and 400 ms each way."""
PAINTED_MS = 400
"""How long after its time a beat is painted (static/js/live/beat.js)."""
BEATS_LATE_MAX = 2
GROWTH_PERCENT_MAX = 10
WARM_UP_S = 2.0
REST_S = 1.0

_AT = re.compile(rb'"at":(\d+)')


class Frame(msgspec.Struct, frozen=True):
    """A frame at a screen: when it came, and the cut that it shows."""

    came_ms: float
    at_ms: int
    seq: int


class Thin(msgspec.Struct, frozen=True, kw_only=True):
    """Thin screens, by what they ask for: ``beats_late`` has, by the pace (0: every frame), how many beats were painted
    how many beats late."""

    screens: int
    others: int
    beat_ms: int
    beats_late: dict[int, dict[int, int]]
    frames_per_s: dict[int, float]
    cut: int
    without_p99_ms: float
    with_p99_ms: float
    growth_percent: float
    faults: tuple[str, ...]


class Screen:
    """A screen that notes every frame."""

    def __init__(self, port: int, topic: str, pace_ms: int) -> None:
        self.place = Place()
        self.frames: list[Frame] = []
        self.is_shut = False
        query = f"?pace_ms={pace_ms}" if pace_ms else ""
        self._port = port
        self.viewer = Viewer(pace_ms, handshake(f"/live/{topic}{query}", port), self._hear, self._closed)

    async def open(self) -> bool:
        return await open_one(self.viewer, self._port)

    def _hear(self, _viewer: Viewer, payload: bytes) -> None:
        if (head := self.place.take(payload)) is not None and (at := _AT.search(payload)) is not None:
            self.frames.append(Frame(time.time_ns() / 1e6, int(at[1]), head.seq))

    def _closed(self, _viewer: Viewer, _code: int | None) -> None:
        self.is_shut = True


def beats_late(
    shown: Sequence[Frame], true: Sequence[Frame], beat_ms: int, within_ms: tuple[float, float]
) -> tuple[int, ...]:
    """Of each beat in a stretch of time: by how many beats what a screen paints is older than what it should.

    ``shown`` are the frames of the screen, ``true`` those of one that gets every frame at once.
    """
    found = []
    begins_ms, ends_ms = within_ms
    for beat in range(math.ceil(begins_ms / beat_ms), int(ends_ms // beat_ms)):
        time_ms = beat * beat_ms
        painted = max((f.seq for f in shown if f.came_ms <= time_ms + PAINTED_MS and f.at_ms <= time_ms), default=-1)
        late = 0
        while max((f.seq for f in true if f.at_ms <= time_ms - late * beat_ms), default=-1) > painted:
            late += 1
        found.append(late)
    return tuple(found)


class Look(msgspec.Struct, frozen=True):
    """A stretch of time: the others' p99, and the thin screens that were there, with their lateness at each beat."""

    p99_ms: float
    paces_ms: tuple[int, ...] = ()
    late: tuple[tuple[int, ...], ...] = ()
    frames_per_s: tuple[float, ...] = ()
    cut: int = 0
    wrong: int = 0


@dataclass(frozen=True)
class Scale:
    """How much to measure: ``screens`` thin ones, each with a line of its own, ask in turn for ``paces_ms``."""

    screens: int = 20
    others: int = 500
    rounds: int = 3
    round_s: float = 20.0
    beat_ms: int = 5_000
    paces_ms: tuple[int, ...] = (0, 5_000)
    per_s: float = 200
    sample: int = SAMPLE


async def look(path: Path, audience: Audience, true: Screen, port: int, scale: Scale, screens: int) -> Look:
    """Watch for a while, with so many thin screens."""
    async with line_to(port, THIN) as line:
        thin = [Screen(line.port, audience.topic, scale.paces_ms[n % len(scale.paces_ms)]) for n in range(screens)]
        await asyncio.gather(*(screen.open() for screen in thin))
        audience.clear()
        after, began_ms = head_seq(path), time.time_ns() / 1e6
        await asyncio.sleep(scale.round_s)
        upto, ended_ms = head_seq(path), time.time_ns() / 1e6
        # The last rows are still on their way; they are read then, for that holds up this loop.
        await asyncio.sleep(REST_S)
        close_all([screen.viewer for screen in thin])
    rows = [row for row in numbered(commits(path, after)) if row.seq <= upto]
    beat_ms = scale.beat_ms
    return Look(
        p99_ms=percentile(spread(rows, audience.seen)[0], 0.99),
        paces_ms=tuple(screen.viewer.number for screen in thin),
        # The first beat may be that of the first frame.
        late=tuple(beats_late(screen.frames, true.frames, beat_ms, (began_ms + beat_ms, ended_ms)) for screen in thin),
        frames_per_s=tuple(len(screen.frames) / scale.round_s for screen in thin),
        cut=sum(screen.is_shut for screen in thin),
        wrong=sum(screen.place.wrong for screen in thin),
    )


async def thinning(serving: Serving, secret: str, scale: Scale) -> Thin:
    """Measure pairs of stretches, without thin screens and with them."""
    port, path = serving.port, serving.data / "rehearsal.db"
    feed = Feed(port, secret, wards(), "thin", per_s=scale.per_s)
    true = Screen(port, TOPIC, 0)
    await true.open()
    pairs: list[tuple[Look, Look]] = []
    async with following(port, scale.others, sample=scale.sample) as audience:
        async with flowing(feed):
            await asyncio.sleep(WARM_UP_S)
            for _ in range(scale.rounds):
                without = await look(path, audience, true, port, scale, 0)
                pairs.append((without, await look(path, audience, true, port, scale, scale.screens)))
        head = head_seq(path)
        wrong = gaps(await audience.settled(head), scale.others, head) + faults(feed, path)
    close_all([true.viewer])
    return _result(scale, pairs, wrong)


def _result(scale: Scale, pairs: Sequence[tuple[Look, Look]], wrong: list[str]) -> Thin:
    late: dict[int, Counter[int]] = {pace_ms: Counter() for pace_ms in scale.paces_ms}
    frames: dict[int, list[float]] = {pace_ms: [] for pace_ms in scale.paces_ms}
    for _, with_ in pairs:
        for pace_ms, beats, frames_per_s in zip(with_.paces_ms, with_.late, with_.frames_per_s, strict=True):
            late[pace_ms] += Counter(beats)
            frames[pace_ms].append(frames_per_s)
    growth = statistics.median(with_.p99_ms / without.p99_ms - 1 for without, with_ in pairs)
    made = Thin(
        screens=scale.screens,
        others=scale.others,
        beat_ms=scale.beat_ms,
        beats_late={pace_ms: dict(sorted(beats.items())) for pace_ms, beats in late.items()},
        frames_per_s={pace_ms: round(statistics.median(each), 2) for pace_ms, each in frames.items()},
        cut=sum(with_.cut for _, with_ in pairs),
        without_p99_ms=round(statistics.median(without.p99_ms for without, _ in pairs), 1),
        with_p99_ms=round(statistics.median(with_.p99_ms for _, with_ in pairs), 1),
        growth_percent=round(growth * 100, 1),
        faults=(),
    )
    if not_fit := sum(with_.wrong for _, with_ in pairs):
        wrong.append(f"{not_fit} frames did not fit at thin screens")
    return msgspec.structs.replace(made, faults=(*wrong, *missed(made)))


def missed(one: Thin) -> list[str]:
    """Where a thin line costs more than it may; empty if all is well."""
    latest = max((beats for late in one.beats_late.values() for beats in late), default=0)
    told = [
        (one.cut > 0, f"{one.cut} thin screens were cut off"),
        (latest > BEATS_LATE_MAX, f"a thin screen paints {latest} beats late, expected at most {BEATS_LATE_MAX}"),
        (
            one.growth_percent > GROWTH_PERCENT_MAX,
            f"thin screens: the others' p99 grows by {one.growth_percent} %, expected at most {GROWTH_PERCENT_MAX} %",
        ),
    ]
    return [what for is_missed, what in told if is_missed]
