"""`bench latency`: from the durable commit of a participation to its receipt at a screen (delay.py)."""

import asyncio
import gc
import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import click
import msgspec
import uvloop

from tests.bench.delay import after_quiet, numbered, percentile, spread
from tests.bench.feed import Feed, commits, faults, head_seq
from tests.bench.ingest import wards
from tests.bench.meter import LOAD_CORE, Lag, cpu_ns, on_core, rss_bytes
from tests.bench.screens import (
    LAG_MS_MAX,
    SAMPLE,
    TRIES,
    Audience,
    figures,
    flowing,
    following,
    gaps,
    under_test,
)
from tests.bench.stalled import Stalled, stalling
from tests.server.process import Serving
from tests.suite import ROOT

FEED_PER_S = 500
QUIET_PER_S = 0.93
"""Not quite one a second, so that a participation does not always meet the same moment of the server's beat."""
QUIET_SCREENS = 100
WARM_UP_S = 2.0
PAUSE_S = 1.0
OVERLOAD_SCREENS = 100
OVERLOAD_PER_S = 10_000
OVERLOAD_LIMIT_PER_S = 1_000
OVERLOAD_SIZES = (*([1] * 100), 100)
OVERLOAD_CONNECTIONS = 32
TICK_MS = 200

FULL_MS, HALF_MS, QUIET_MS = 150, 300, 25
"""Floors: beyond the tick with 5,000 and with 10,000 screens, and in all after quiet."""
GROWTH_PERCENT_MAX = 10
STALLED_BYTES_MAX = 64 * 1024
CUT_S_MAX = 12.0


@dataclass(frozen=True)
class Scale:
    """How much to measure. ``crowds`` are pairs of screens and ``tick_ms``."""

    crowds: tuple[tuple[int, int], ...] = ((5_000, TICK_MS), (10_000, 500))
    sample: int = SAMPLE
    seconds: float = 15.0
    quiet_s: float = 45.0
    stalled_screens: int = 2_000
    stalled_rounds: int = 3
    without_s: float = 8.0
    stall_s_max: float = 40.0
    overload_s: float = 15.0


class Freshness(msgspec.Struct, frozen=True, kw_only=True):
    """Delays of participations at screens. ``server_cpu`` is the share of a core; ``slow`` counts sockets once full."""

    screens: int
    sampled: int
    tick_ms: int
    participations: int
    p50_ms: float
    p99_ms: float
    max_ms: float
    wanted_p99_ms: float
    server_cpu: float
    slow: int
    lag_ms: float
    tries: int
    is_void: bool
    faults: tuple[str, ...]


class Overload(msgspec.Struct, frozen=True, kw_only=True):
    """A source that offers ten times what it may. Rates are items a second."""

    offered_per_s: float
    acknowledged_per_s: float
    refused_share: float
    refusals: int
    refusals_without_hint: int
    refusal_p50_ms: float
    refusal_p99_ms: float
    rss_begin_bytes: int
    rss_end_bytes: int
    freshness: Freshness


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """The JSON line."""

    crowds: tuple[Freshness, ...]
    quiet: Freshness
    stalled: Stalled
    overload: Overload

    @property
    def faults(self) -> list[str]:
        """What was lost or wrong."""
        parts: tuple[Freshness | Stalled, ...] = (*self.crowds, self.quiet, self.stalled, self.overload.freshness)
        return [fault for part in parts for fault in part.faults]


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
        self, feed: Feed, screens: int, seconds: float, wanted_p99_ms: float, *, is_quiet: bool = False
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
        if missing:
            wrong.append(f"{missing} participations never reached a screen")
        slow = "diemcau_sockets_slow_total"
        return Freshness(
            screens=screens,
            sampled=len(audience.sample),
            tick_ms=self.tick_ms,
            participations=len(chosen),
            p50_ms=round(percentile(delays, 0.5), 1),
            p99_ms=round(percentile(delays, 0.99), 1),
            max_ms=round(percentile(delays, 1), 1),
            wanted_p99_ms=wanted_p99_ms,
            server_cpu=round(window.cpu, 3),
            slow=int(after[slow] - before[slow]),
            lag_ms=round(window.lag_ms, 1),
            tries=window.tries,
            is_void=window.lag_ms > LAG_MS_MAX,
            faults=tuple(wrong),
        )

    async def _window(self, audience: Audience, seconds: float) -> "Window":
        lag = Lag()
        watching = asyncio.create_task(lag.watch())
        gc.collect()
        gc.freeze()
        try:
            for tries in range(1, TRIES + 1):
                audience.clear()
                after, cpu, began_s = head_seq(self.path), cpu_ns(self.pid), time.perf_counter()
                lag.clear()
                await asyncio.sleep(seconds)
                lag_ms = lag.max_ms
                share = (cpu_ns(self.pid) - cpu) / 1e9 / (time.perf_counter() - began_s)
                window = Window(after, head_seq(self.path), share, lag_ms, tries)
                if lag_ms <= LAG_MS_MAX:
                    break
        finally:
            watching.cancel()
        return window

    async def overload(self, seconds: float) -> Overload:
        """Offer ten times what the source may send; each item once."""
        feed = Feed(
            self.serving.port, self.secret, wards(), "overload", per_s=OVERLOAD_PER_S, sizes=OVERLOAD_SIZES,
            connections=OVERLOAD_CONNECTIONS,
        )  # fmt: skip
        rss_begin = rss_bytes(self.pid)
        wanted_ms = 2 * self.tick_ms + QUIET_MS
        fresh = await self.freshness(feed, OVERLOAD_SCREENS, seconds, wanted_ms)
        spent_s = feed.ended_s - feed.began_s
        journal = feed.journal
        refusals = sorted(journal.refusal_ms)
        return Overload(
            offered_per_s=round(journal.offered / spent_s),
            acknowledged_per_s=round(len(journal.acknowledged) / spent_s),
            refused_share=round(journal.refused / max(1, journal.offered), 3),
            refusals=len(refusals),
            refusals_without_hint=journal.refusals_without_hint,
            refusal_p50_ms=round(percentile(refusals, 0.5), 1),
            refusal_p99_ms=round(percentile(refusals, 0.99), 1),
            rss_begin_bytes=rss_begin,
            rss_end_bytes=rss_bytes(self.pid),
            freshness=fresh,
        )


@dataclass(frozen=True)
class Window:
    """The rows of a measured stretch: behind ``after``, up to ``upto``; and how the machine fared meanwhile."""

    after: int
    upto: int
    cpu: float
    lag_ms: float
    tries: int


async def measure(folder: Path, scale: Scale) -> Result:
    """Measure in a folder that is thrown away afterwards; it must lie on a disk, not in memory."""
    crowds = []
    quiet: Freshness | None = None
    stalled: Stalled | None = None
    for number, (screens, tick_ms) in enumerate(scale.crowds):
        async with under_test(folder / f"crowd{number}", DIEMCAU_TICK_MS=str(tick_ms)) as serving:
            secret = serving.secret(test=True)
            bench = Bench(serving, secret, tick_ms, scale.sample)
            beyond_ms = FULL_MS if tick_ms == TICK_MS else HALF_MS
            feed = Feed(serving.port, secret, wards(), f"crowd{number}", per_s=FEED_PER_S)
            crowds.append(await bench.freshness(feed, screens, scale.seconds, tick_ms + beyond_ms))
    async with under_test(folder / "quiet", DIEMCAU_TICK_MS=str(TICK_MS)) as serving:
        secret = serving.secret(test=True)
        feed = Feed(serving.port, secret, wards(), "quiet", per_s=QUIET_PER_S, connections=1)
        bench = Bench(serving, secret, TICK_MS, scale.sample)
        quiet = await bench.freshness(feed, QUIET_SCREENS, scale.quiet_s, QUIET_MS, is_quiet=True)
        stalled = await stalling(
            serving, secret, screens=scale.stalled_screens, rounds=scale.stalled_rounds, without_s=scale.without_s,
            stall_s_max=scale.stall_s_max, per_s=FEED_PER_S,
        )  # fmt: skip
    limit = str(OVERLOAD_LIMIT_PER_S)
    async with under_test(folder / "overload", DIEMCAU_TICK_MS=str(TICK_MS), DIEMCAU_ROWS_PER_S=limit) as serving:
        bench = Bench(serving, serving.secret(test=True), TICK_MS, scale.sample)
        overload = await bench.overload(scale.overload_s)
    return Result(crowds=tuple(crowds), quiet=quiet, stalled=stalled, overload=overload)


def fresh_lines(title: str, one: Freshness) -> list[tuple[str, str, str]]:
    """A freshness for people."""
    void = f"VOID: the load lagged {one.lag_ms} ms in each of {one.tries} tries" if one.is_void else ""
    return [
        (title, "", void),
        ("  p50", f"{one.p50_ms:.1f} ms", ""),
        ("  p99", f"{one.p99_ms:.1f} ms", f"at most {one.wanted_p99_ms:.0f} ms"),
        ("  max", f"{one.max_ms:.1f} ms", ""),
    ]


def table(result: Result) -> list[str]:
    """The result for people."""
    lines = []
    for one in result.crowds:
        lines += fresh_lines(f"{one.screens:,} screens, a frame each {one.tick_ms} ms", one)
    lines += fresh_lines(f"{result.quiet.screens} screens, after quiet", result.quiet)
    stalled, overload = result.stalled, result.overload
    void = f"{stalled.void_rounds} rounds void" if stalled.void_rounds else ""
    lines += [
        (f"{stalled.stalled} of {stalled.screens:,} screens stop reading", "", void),
        ("  p99 of the others without", f"{stalled.without_p99_ms:.1f} ms", ""),
        ("  p99 of the others with", f"{stalled.with_p99_ms:.1f} ms", ""),
        ("  growth", f"{stalled.growth_percent:+.1f} %", f"at most {GROWTH_PERCENT_MAX} %"),
        ("  memory a stalled socket", f"{stalled.bytes_a_socket:,} bytes", f"at most {STALLED_BYTES_MAX:,}"),
        ("  cut off", f"{stalled.cut} of {stalled.stalled}", "all"),
        ("  from full to cut off, longest", f"{stalled.cut_after_full_s_max:.1f} s", f"within {CUT_S_MAX:.0f} s"),
        ("  came back by a delta", f"{stalled.returned_by_delta} of {stalled.stalled}", ""),
    ]
    lines += fresh_lines(f"{OVERLOAD_LIMIT_PER_S:,} a second allowed, ten times offered", overload.freshness)
    lines += [
        ("  offered", f"{overload.offered_per_s:,.0f}/s", f"{OVERLOAD_PER_S:,}/s"),
        (
            "  acknowledged, all stored",
            f"{overload.acknowledged_per_s:,.0f}/s",
            f"{OVERLOAD_LIMIT_PER_S:,}/s after a burst of 2 s",
        ),
        ("  refused with 429", f"{overload.refused_share:.1%}", ""),
        ("  of these without Retry-After", f"{overload.refusals_without_hint}", "0"),
        ("  a refusal takes, p99", f"{overload.refusal_p99_ms:.1f} ms", ""),
        ("  memory of the server", f"{overload.rss_begin_bytes >> 20} to {overload.rss_end_bytes >> 20} MiB", ""),
    ]
    return [f"{name:<44}{value:>18}   {wanted}".rstrip() for name, value, wanted in lines]


def main(scale: Scale | None = None) -> int:
    """Measure, print the table and one line of JSON; 1 if anything was lost or wrong."""
    # Beside the code, for a folder for temporary files is often kept in memory, where a sync costs nothing.
    with TemporaryDirectory(prefix=".bench-", dir=ROOT) as thrown_away, on_core(LOAD_CORE):
        result = uvloop.run(measure(Path(thrown_away), scale or Scale()))
    click.echo("\n".join([*table(result), *(f"WRONG  {fault}" for fault in result.faults)]))
    click.echo(msgspec.json.encode(result))
    return 1 if result.faults else 0
