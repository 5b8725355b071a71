"""How old what screens show is while a feed flows: from each participation's durable commit to its receipt."""

import asyncio
import gc
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from tests.bench.delay import Seen, after_quiet, numbered, percentile, spread
from tests.bench.feed import Commit, Feed, commits, faults, head_seq
from tests.bench.meter import Lag, cpu_ns
from tests.bench.screens import LAG_MS_MAX, TRIES, Audience, figures, flowing, following, gaps
from tests.worlds.process import Serving

WARM_UP_S = 2.0
PAUSE_S = 1.0
GROWTH_PERCENT_MAX = 50
"""The p99 of the last third of a run may be this much above that of the first: an age that grows doubles soon."""


class Freshness(msgspec.Struct, frozen=True, kw_only=True):
    """Delays of participations at screens, from the commit to the receipt.

    ``frames_per_s`` is the median of the frames that a screen got in a second, ``wanted_p99_ms`` None where no floor is
    set. ``server_cpu`` is the share of a core; ``slow`` counts sockets once full.
    """

    screens: int
    sampled: int
    tick_ms: int
    participations: int
    frames_per_s: float
    p50_ms: float
    p99_ms: float
    max_ms: float
    first_third_p99_ms: float
    last_third_p99_ms: float
    wanted_p99_ms: float | None
    server_cpu: float
    slow: int
    lag_ms: float
    tries: int
    is_void: bool
    faults: tuple[str, ...]


def missed(one: Freshness) -> list[str]:
    """Where a freshness falls short, or why it says nothing; empty if all is well."""
    if one.is_void:
        return [f"{one.screens:,} screens: the load lagged {one.lag_ms} ms, in each of {one.tries} tries too much"]
    if not one.participations:
        return [f"{one.screens:,} screens: no participation came to be timed"]
    found = []
    if one.wanted_p99_ms is not None and one.p99_ms > one.wanted_p99_ms:
        found.append(f"{one.screens:,} screens: p99 {one.p99_ms} ms, expected at most {one.wanted_p99_ms:.0f} ms")
    if one.last_third_p99_ms > one.first_third_p99_ms * (1 + GROWTH_PERCENT_MAX / 100):
        found.append(
            f"{one.screens:,} screens: the age grows, p99 {one.first_third_p99_ms} ms in the first third of the run "
            f"and {one.last_third_p99_ms} ms in the last"
        )
    return found


@dataclass(frozen=True)
class Window:
    """A measured stretch (ms since the epoch): the rows behind ``after``, up to ``upto``; how the machine fared."""

    after: int
    upto: int
    began_ms: float
    ended_ms: float
    cpu: float
    lag_ms: float
    tries: int

    def frames_per_s(self, screens: Sequence[Sequence[Seen]]) -> float:
        """The frames that a screen got in a second of it: the median of what the screens have seen."""
        seconds = (self.ended_ms - self.began_ms) / 1000
        got = [sum(self.began_ms <= at_ms < self.ended_ms for at_ms, _ in seen) for seen in screens]
        return statistics.median(got) / seconds if got else 0.0


def thirds_p99_ms(rows: Sequence[Commit], screens: Sequence[Sequence[Seen]]) -> tuple[float, float]:
    """The p99 of the first third of the rows and of the last; NaN for fewer than three rows."""
    third = len(rows) // 3
    first, last = (spread(part, screens)[0] for part in (rows[:third], rows[len(rows) - third :]))
    return percentile(first, 0.99), percentile(last, 0.99)


class Bench:
    """Measures on one server, whose loop's neighbour on the other core this process is."""

    def __init__(self, serving: Serving, secret: str, tick_ms: int, sample: int) -> None:
        self.serving = serving
        self.secret = secret
        self.tick_ms = tick_ms
        self.sample = sample
        self.path = serving.data / "rehearsal.db"

    @property
    def pid(self) -> int:
        """The server's process."""
        assert self.serving.process is not None
        return self.serving.process.pid

    async def freshness(
        self, feed: Feed, screens: int, seconds: float, wanted_p99_ms: float | None, *, is_quiet: bool = False
    ) -> Freshness:
        """Have screens follow while the feed flows. With ``is_quiet`` only rows that came after quiet are counted."""
        before = await figures(self.serving.port)
        async with following(self.serving.port, screens, sample=self.sample) as audience:
            async with flowing(feed):
                await asyncio.sleep(WARM_UP_S)
                window = await self._window(audience, seconds)
            await asyncio.sleep(PAUSE_S + self.tick_ms / 1000)
            head = head_seq(self.path)
            wrong = gaps(await audience.settled(head), screens, head) + faults(feed, self.path)
            after = await figures(self.serving.port)
            rows = commits(self.path, window.after)
            chosen = after_quiet(rows, 2 * self.tick_ms) if is_quiet else list(numbered(rows))
            chosen = [row for row in chosen if row.seq <= window.upto]
            delays, missing = spread(chosen, audience.seen)
            # So few rows come after quiet that thirds of them say nothing.
            first_ms, last_ms = thirds_p99_ms(() if is_quiet else chosen, audience.seen)
        if missing:
            wrong.append(f"{missing} participations never reached a screen")
        slow = "diemcau_sockets_slow_total"
        made = Freshness(
            screens=screens,
            sampled=len(audience.sample),
            tick_ms=self.tick_ms,
            participations=len(chosen),
            frames_per_s=round(window.frames_per_s(audience.seen), 2),
            p50_ms=round(percentile(delays, 0.5), 1),
            p99_ms=round(percentile(delays, 0.99), 1),
            max_ms=round(percentile(delays, 1), 1),
            first_third_p99_ms=round(first_ms, 1),
            last_third_p99_ms=round(last_ms, 1),
            wanted_p99_ms=wanted_p99_ms,
            server_cpu=round(window.cpu, 3),
            slow=int(after[slow] - before[slow]),
            lag_ms=round(window.lag_ms, 1),
            tries=window.tries,
            is_void=window.lag_ms > LAG_MS_MAX,
            faults=(),
        )
        return msgspec.structs.replace(made, faults=(*wrong, *missed(made)))

    async def _window(self, audience: Audience, seconds: float) -> Window:
        lag = Lag()
        watching = asyncio.create_task(lag.watch())
        gc.collect()
        gc.freeze()
        try:
            for tries in range(1, TRIES + 1):
                audience.clear()
                after, cpu, began_s = head_seq(self.path), cpu_ns(self.pid), time.perf_counter()
                began_ms = time.time() * 1000
                lag.clear()
                await asyncio.sleep(seconds)
                lag_ms = lag.max_ms
                share = (cpu_ns(self.pid) - cpu) / 1e9 / (time.perf_counter() - began_s)
                window = Window(after, head_seq(self.path), began_ms, time.time() * 1000, share, lag_ms, tries)
                if lag_ms <= LAG_MS_MAX:
                    break
        finally:
            watching.cancel()
        return window
