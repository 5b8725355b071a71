"""`bench latency`: how fresh screens are: thousands, too many, after quiet, beside stalled ones and thin lines, under
overload; how soon a take is on them, and what late outputs cost."""

from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import click
import msgspec
import uvloop

from streaming.contests.contest import load_contest, shipped_contest
from tests.bench.delay import percentile
from tests.bench.feed import Feed
from tests.bench.freshness import GROWTH_PERCENT_MAX as AGE_GROWTH_PERCENT_MAX
from tests.bench.freshness import Bench, Freshness
from tests.bench.ingest import wards
from tests.bench.late_outputs import FRAMES_MAX, LateOutputs, late_outputs
from tests.bench.meter import LOAD_CORE, on_core, rss_bytes
from tests.bench.screens import SAMPLE, under_test
from tests.bench.stalled import CUT_S_MAX, GROWTH_PERCENT_MAX, STALLED_BYTES_MAX, Stalled, stalling
from tests.bench.takes import P99_MS_MAX, Takes, taking
from tests.bench.thin import BEATS_LATE_MAX, Thin, thinning
from tests.bench.thin import Scale as ThinScale
from tests.suite import ROOT

FEED_PER_S = 500
QUIET_PER_S = 0.93
"""Not quite one a second, so that a participation does not always meet the same moment of the server's beat."""
QUIET_SCREENS = 100
OVERLOAD_SCREENS = 100
OVERLOAD_PER_S = 10_000
OVERLOAD_LIMIT_PER_S = 1_000
OVERLOAD_SIZES = (*([1] * 100), 100)
OVERLOAD_CONNECTIONS = 32
TICK_MS = 200

FULL_MS, HALF_MS, QUIET_MS = 150, 300, 25
"""Floors: beyond the tick with 5,000 and with 10,000 screens, and in all after quiet."""


@dataclass(frozen=True)
class Scale:
    """How much to measure. ``crowds`` are pairs of screens and ``tick_ms``; ``beyond`` is one that asks for more than a
    core can send."""

    crowds: tuple[tuple[int, int], ...] = ((5_000, TICK_MS), (10_000, 500))
    beyond: tuple[int, int] = (10_000, 50)
    sample: int = SAMPLE
    seconds: float = 15.0
    beyond_s: float = 30.0
    quiet_s: float = 45.0
    stalled_screens: int = 2_000
    stalled_rounds: int = 5
    without_s: float = 8.0
    stall_s_max: float = 40.0
    overload_s: float = 15.0
    takes: int = 20
    takes_screens: int = 5_000
    thin: ThinScale = field(default_factory=ThinScale)
    late_ticks: int = 500


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
    beyond: Freshness
    quiet: Freshness
    stalled: Stalled
    overload: Overload
    takes: Takes
    thin: Thin
    late_outputs: LateOutputs

    @property
    def faults(self) -> list[str]:
        """What was lost or wrong, and which floors were missed."""
        parts: tuple[Freshness | Stalled | Takes | Thin | LateOutputs, ...] = (
            *self.crowds, self.beyond, self.quiet, self.stalled, self.overload.freshness, self.takes, self.thin,
            self.late_outputs,
        )  # fmt: skip
        return [fault for part in parts for fault in part.faults]


async def overload(bench: Bench, seconds: float) -> Overload:
    """Offer ten times what the source may send; each item once."""
    feed = Feed(
        bench.serving.port, bench.secret, wards(), "overload", per_s=OVERLOAD_PER_S, sizes=OVERLOAD_SIZES,
        connections=OVERLOAD_CONNECTIONS,
    )  # fmt: skip
    rss_begin = rss_bytes(bench.pid)
    fresh = await bench.freshness(feed, OVERLOAD_SCREENS, seconds, 2 * bench.tick_ms + QUIET_MS)
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
        rss_end_bytes=rss_bytes(bench.pid),
        freshness=fresh,
    )


async def measure(folder: Path, scale: Scale) -> Result:
    """Measure in a folder that is thrown away afterwards; it must lie on a disk, not in memory."""
    crowds = []
    for number, (screens, tick_ms) in enumerate(scale.crowds):
        async with under_test(folder / f"crowd{number}", DIEMCAU_TICK_MS=str(tick_ms)) as (serving, secret):
            bench = Bench(serving, secret, tick_ms, scale.sample)
            beyond_ms = FULL_MS if tick_ms == TICK_MS else HALF_MS
            feed = Feed(serving.port, secret, wards(), f"crowd{number}", per_s=FEED_PER_S)
            crowds.append(await bench.freshness(feed, screens, scale.seconds, tick_ms + beyond_ms))
    screens, tick_ms = scale.beyond
    async with under_test(folder / "beyond", DIEMCAU_TICK_MS=str(tick_ms)) as (serving, secret):
        feed = Feed(serving.port, secret, wards(), "beyond", per_s=FEED_PER_S)
        beyond = await Bench(serving, secret, tick_ms, scale.sample).freshness(feed, screens, scale.beyond_s, None)
    async with under_test(folder / "quiet", DIEMCAU_TICK_MS=str(TICK_MS)) as (serving, secret):
        feed = Feed(serving.port, secret, wards(), "quiet", per_s=QUIET_PER_S, connections=1)
        bench = Bench(serving, secret, TICK_MS, scale.sample)
        quiet = await bench.freshness(feed, QUIET_SCREENS, scale.quiet_s, QUIET_MS, is_quiet=True)
        stalled = await stalling(
            serving, secret, screens=scale.stalled_screens, rounds=scale.stalled_rounds, without_s=scale.without_s,
            stall_s_max=scale.stall_s_max, per_s=FEED_PER_S,
        )  # fmt: skip
        takes = await taking(serving, scale.takes_screens, scale.takes, scale.sample)
        thin_ones = await thinning(serving, secret, scale.thin)
    late = late_outputs(load_contest(shipped_contest()).contest, scale.late_ticks)
    limit = str(OVERLOAD_LIMIT_PER_S)
    overloaded = under_test(folder / "overload", DIEMCAU_TICK_MS=str(TICK_MS), DIEMCAU_ROWS_PER_S=limit)
    async with overloaded as (serving, secret):
        much = await overload(Bench(serving, secret, TICK_MS, scale.sample), scale.overload_s)
    return Result(
        crowds=tuple(crowds),
        beyond=beyond,
        quiet=quiet,
        stalled=stalled,
        overload=much,
        takes=takes,
        thin=thin_ones,
        late_outputs=late,
    )


def fresh_lines(title: str, one: Freshness) -> list[tuple[str, str, str]]:
    """A freshness for people."""
    void = f"VOID: the load lagged {one.lag_ms} ms in each of {one.tries} tries" if one.is_void else ""
    return [
        (title, "", void),
        ("  p50", f"{one.p50_ms:.1f} ms", ""),
        ("  p99", f"{one.p99_ms:.1f} ms", "" if one.wanted_p99_ms is None else f"at most {one.wanted_p99_ms:.0f} ms"),
        ("  max", f"{one.max_ms:.1f} ms", ""),
    ]


def table(result: Result) -> list[str]:
    """The result for people."""
    lines = []
    for one in result.crowds:
        lines += fresh_lines(f"{one.screens:,} screens, a frame each {one.tick_ms} ms", one)
    beyond = result.beyond
    lines += fresh_lines(f"{beyond.screens:,} screens, asked for one each {beyond.tick_ms} ms", beyond)
    lines += [
        ("  frames a screen got", f"{beyond.frames_per_s:.1f}/s", f"asked for {1000 / beyond.tick_ms:.0f}/s"),
        ("  p99 in the first third", f"{beyond.first_third_p99_ms:.1f} ms", ""),
        ("  p99 in the last third", f"{beyond.last_third_p99_ms:.1f} ms", f"at most {AGE_GROWTH_PERCENT_MAX} % more"),
    ]
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
    lines += output_lines(result.takes, result.thin, result.late_outputs)
    return [f"{name:<44}{value:>18}   {wanted}".rstrip() for name, value, wanted in lines]


def output_lines(takes: Takes, thin_ones: Thin, late: LateOutputs) -> list[tuple[str, str, str]]:
    """What outputs cost, for people."""
    lines = [
        (f"a take to {takes.screens:,} screens", "", "VOID: the load lagged" if takes.is_void else ""),
        ("  p50", f"{takes.p50_ms:.1f} ms", ""),
        ("  p99", f"{takes.p99_ms:.1f} ms", f"at most {P99_MS_MAX} ms"),
        (f"{thin_ones.screens} screens at 64 kbit/s, 400 ms", "", ""),
    ]
    for pace_ms, beats in thin_ones.beats_late.items():
        asked = f"one each {pace_ms} ms" if pace_ms else "every frame"
        told = ", ".join(f"{late}: {count}" for late, count in beats.items())
        lines += [
            (f"  asked for {asked}, got", f"{thin_ones.frames_per_s[pace_ms]:.2f}/s", ""),
            ("    beats late: how many", told, f"at most {BEATS_LATE_MAX} late"),
        ]
    return [
        *lines,
        ("  cut off", f"{thin_ones.cut}", "0"),
        ("  p99 of the others without", f"{thin_ones.without_p99_ms:.1f} ms", ""),
        ("  p99 of the others with", f"{thin_ones.with_p99_ms:.1f} ms", f"at most {GROWTH_PERCENT_MAX} % more"),
        ("a late output, frames a tick and topic", f"{late.frames:.2f}", f"at most {FRAMES_MAX:g}"),
        *((f"  a tick with {count} of them", f"{ms:.2f} ms", "") for count, ms in late.cpu_ms.items()),
    ]


def main(scale: Scale | None = None) -> int:
    """Measure, print the table and one line of JSON; 1 if anything was lost or wrong, or a floor was missed."""
    # Beside the code, for a folder for temporary files is often kept in memory, where a sync costs nothing.
    with TemporaryDirectory(prefix=".bench-", dir=ROOT) as thrown_away, on_core(LOAD_CORE):
        result = uvloop.run(measure(Path(thrown_away), scale or Scale()))
    click.echo("\n".join([*table(result), *(f"WRONG  {fault}" for fault in result.faults)]))
    click.echo(msgspec.json.encode(result))
    return 1 if result.faults else 0
