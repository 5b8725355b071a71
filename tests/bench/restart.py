"""`bench restart`: how screens come back after the server was killed or stopped, and how fast a long ledger is back."""

import asyncio
import gc
import time
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import click
import msgspec
import uvloop

from tests.bench.delay import percentile
from tests.bench.feed import Feed, faults, get, head_seq
from tests.bench.ingest import wards
from tests.bench.long_ledger import Long, long_ledger
from tests.bench.meter import LOAD_CORE, Lag, on_core
from tests.bench.returning import Returner, Returners
from tests.bench.screens import TOPIC, figures, flowing, start, under_test
from tests.bench.swarm import OPEN_TIMEOUT_S
from tests.suite import ROOT
from tests.worlds.process import Serving
from tests.worlds.screen import Screen

HANDSHAKES_PER_S = 500
OPEN_SHARE = 0.8
"""Of the handshake rate: how fast the screens open at first."""
FEED_PER_S = 50
STEADY_S = 4.0
DOWN_S = 1.0
"""How long a killed server stays down."""
BACK_S_MAX = 120.0
LAG_MS_MAX = 500.0
"""Here times are seconds, and thousands of lines break in the load at once."""
PAUSE_S = 1.0
EQUAL_TRIES = 50
LOG_DELAY_S = 0.005
"""How much later than the next one a socket that was let in may be logged."""

BACK_SHARE = 0.99
BACK_WANTED_S = 30.0
DELTA_SHARE_MIN = 0.95


@dataclass(frozen=True)
class Scale:
    """How much to measure."""

    screens: int = 5_000
    mirrors: int = 50
    rows: int = 1_000_000
    steady_s: float = STEADY_S


class Return(msgspec.Struct, frozen=True, kw_only=True):
    """How screens came back. Times are in s since the signal; ``back_99_after_ready_s`` since the server answers again.

    ``handshakes_peak_per_s`` is told by the server's log: by the load's clock its own lag would be in it.
    ``asked_again`` counts frames that did not fit, ``first_frames`` are the server's own counts of how sockets began,
    ``polled_first`` counts the screens that had polled a snapshot before their socket opened.
    """

    case: str
    screens: int
    exit_code: int
    down_s: float
    back: int
    back_50_s: float
    back_99_s: float
    back_99_after_ready_s: float
    back_all_s: float
    handshakes_peak_per_s: int
    handshakes: int
    handshakes_refused: int
    asked_again: int
    by_delta: int
    by_snapshot: int
    polled_first: int
    polls: int
    first_frames: dict[str, int]
    mirrors: int
    lag_ms: float
    is_void: bool
    faults: tuple[str, ...]


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """The JSON line."""

    kill: Return
    term: Return
    rows: Long

    @property
    def faults(self) -> list[str]:
        """What was lost or wrong."""
        return [*self.kill.faults, *self.term.faults, *self.rows.faults]


async def returning(folder: Path, scale: Scale, *, is_kill: bool) -> Return:
    """Take the server from under its screens and start it again."""
    environment = {"DIEMCAU_HANDSHAKES_PER_S": str(HANDSHAKES_PER_S)}
    async with under_test(folder, **environment) as (serving, secret):
        lag = Lag()
        watching = asyncio.create_task(lag.watch())
        screens = Returners(serving.port, scale.screens, scale.mirrors)
        await screens.open(HANDSHAKES_PER_S * OPEN_SHARE)
        feed = Feed(serving.port, secret, wards(), folder.name, per_s=FEED_PER_S, persists=True)
        gc.collect()
        gc.freeze()
        async with flowing(feed):
            await asyncio.sleep(scale.steady_s)
            lag.clear()
            screens.begin_outage()
            if is_kill:
                exit_code = await _killed(serving)
            else:
                exit_code = await asyncio.to_thread(serving.stop)
            screens.tale.wanted_seq = head_seq(serving.data / "rehearsal.db")
            down_from_s, restarted_at_s = time.monotonic(), time.time()
            await start(serving)
            ready_s = time.monotonic()
            await screens.all_back(BACK_S_MAX)
            lag_ms = lag.max_ms
        await asyncio.sleep(PAUSE_S)
        wrong = faults(feed, serving.data / "rehearsal.db")
        found = await figures(serving.port)
        wrong += await unequal(serving, screens.screens)
        watching.cancel()
        await screens.stop()
    if exit_code != (-9 if is_kill else 0):
        wrong.append(f"the server ended with {exit_code}")
    tale = screens.tale
    if missing := scale.screens - len(tale.back_s):
        wrong.append(f"{missing} screens did not come back within {BACK_S_MAX:.0f} s")
    back_s = [at_s - tale.began_s for at_s in sorted(tale.back_s)]
    back_99_s = percentile(back_s, BACK_SHARE)
    made = Return(
        case="kill" if is_kill else "term",
        screens=scale.screens,
        exit_code=exit_code,
        down_s=round(ready_s - down_from_s, 2),
        back=len(back_s),
        back_50_s=round(percentile(back_s, 0.5), 2),
        back_99_s=round(back_99_s, 2),
        back_99_after_ready_s=round(back_99_s - (ready_s - tale.began_s), 2),
        back_all_s=round(back_s[-1], 2) if not missing else float("nan"),
        handshakes_peak_per_s=peak_per_s(opened_at_s(serving.log_path, restarted_at_s)),
        handshakes=tale.accepted,
        handshakes_refused=tale.refused,
        asked_again=sum(screen.place.wrong for screen in screens.screens),
        by_delta=tale.deltas,
        by_snapshot=tale.snapshots,
        polled_first=tale.polled_first,
        polls=tale.polls,
        first_frames={
            way: int(found[f'diemcau_first_frames_total{{way="{way}"}}'])
            for way in ("current", "brought_up", "snapshot")
        },
        mirrors=sum(screen.mirror is not None for screen in screens.screens),
        lag_ms=round(lag_ms, 1),
        is_void=lag_ms > LAG_MS_MAX,
        faults=(),
    )
    return msgspec.structs.replace(made, faults=(*wrong, *missed(made)))


def missed(one: Return) -> list[str]:
    """Where screens came back worse than they should, or too fast; empty if all is well."""
    name = {"kill": "after a kill", "term": "after SIGTERM"}[one.case]
    if one.is_void:
        return [f"{name}: the load lagged {one.lag_ms} ms"]
    found = []
    if one.handshakes_peak_per_s > HANDSHAKES_PER_S:
        found.append(
            f"{name}: {one.handshakes_peak_per_s} handshakes in one second, expected at most {HANDSHAKES_PER_S}"
        )
    if one.back_99_s > BACK_WANTED_S:
        found.append(f"{name}: 99 % were back after {one.back_99_s} s, expected {BACK_WANTED_S:.0f} s")
    if one.case == "term" and one.by_delta < DELTA_SHARE_MIN * one.screens:
        found.append(f"{name}: {one.by_delta} of {one.screens} came back by a delta, expected {DELTA_SHARE_MIN:.0%}")
    return found


class _Opened(msgspec.Struct):
    """A line of the server's log; times as ISO 8601 with microseconds."""

    event: str = ""
    timestamp: datetime | None = None


def opened_at_s(log: Path, from_s: float) -> list[float]:
    """When sockets were opened since a time, by the lines of a server's log; s since the epoch, in order."""
    found = []
    for line in log.read_bytes().splitlines():
        try:
            opened = msgspec.json.decode(line, type=_Opened)
        except msgspec.DecodeError:
            continue  # What is no JSON was written before the log was set up.
        if opened.event == "socket opened" and opened.timestamp is not None:
            found.append(opened.timestamp.timestamp())
    return sorted(at_s for at_s in found if at_s >= from_s)


def peak_per_s(times_s: Sequence[float]) -> int:
    """The most of these sorted times that lie within any one second."""
    second_s = 1.0 - LOG_DELAY_S
    return max((bisect_left(times_s, at_s + second_s) - number for number, at_s in enumerate(times_s)), default=0)


async def _killed(serving: Serving) -> int:
    process = serving.process
    assert process is not None
    await asyncio.to_thread(serving.kill)
    await asyncio.sleep(DOWN_S)
    return process.wait()


async def unequal(serving: Serving, screens: Sequence[Returner]) -> list[str]:
    """What is wrong with where screens stand: all at the ledger's head, and each mirror as a screen just opened."""
    head = head_seq(serving.data / "rehearsal.db")
    mirrors = [screen.mirror for screen in screens if screen.mirror is not None]
    for _ in range(EQUAL_TRIES):
        fresh = Screen()
        fresh.take((await get(serving.port, f"/live/{TOPIC}")).body)
        behind = sum(screen.place.seq < head for screen in screens)
        other = sum(mirror.shows != fresh.shows for mirror in mirrors)
        if not behind and not other:
            return []
        # A clock row may just be on its way to the screens.
        await asyncio.sleep(OPEN_TIMEOUT_S / EQUAL_TRIES / 3)
    told = [(behind, f"screens have not reached seq {head}"), (other, "screens show other rows than one just opened")]
    return [f"{count} {what}" for count, what in told if count]


async def measure(folder: Path, scale: Scale) -> Result:
    """Measure in a folder that is thrown away afterwards; it must lie on a disk, not in memory."""
    kill = await returning(folder / "kill", scale, is_kill=True)
    term = await returning(folder / "term", scale, is_kill=False)
    return Result(kill=kill, term=term, rows=await long_ledger(folder / "rows", scale.rows))


def return_lines(one: Return) -> list[tuple[str, str, str]]:
    """A return for people."""
    name = {"kill": "kill −9", "term": "SIGTERM"}[one.case]
    by_delta = one.by_delta / max(1, one.screens)
    void = f"VOID: the load lagged {one.lag_ms} ms" if one.is_void else ""
    return [
        (f"{one.screens:,} screens after {name}", "", void),
        ("  back and current", f"{one.back:,}", f"{one.screens:,}"),
        ("  99 % after the signal", f"{one.back_99_s:.1f} s", f"within {BACK_WANTED_S:.0f} s"),
        ("  99 % after the server answers again", f"{one.back_99_after_ready_s:.1f} s", ""),
        ("  all", f"{one.back_all_s:.1f} s", ""),
        ("  handshakes in one second, most", f"{one.handshakes_peak_per_s}", f"at most {HANDSHAKES_PER_S}"),
        ("  handshakes refused", f"{one.handshakes_refused:,}", ""),
        ("  first frame a delta", f"{by_delta:.1%}", f"{DELTA_SHARE_MIN:.0%}" if one.case == "term" else ""),
        ("  had polled a snapshot before", f"{one.polled_first:,} screens", f"{one.polls:,} polls"),
    ]


def long_lines(long: Long) -> list[tuple[str, str, str]]:
    """The long ledger for people."""
    lines = [(f"a ledger of {long.rows:,} rows", f"{long.bytes >> 20} MiB", "")]
    for one in long.starts:
        wanted = "within 30 s" if one.case == "no checkpoint" else "within 2 s"
        lines += [
            (f"  {one.case}: first frame over GET", f"{one.get_s:.2f} s", wanted if one.checkpoints else "within 30 s"),
            ("    over a socket", f"{one.socket_s:.2f} s", ""),
            ("    the last row shown", f"{one.head_s:.2f} s", "within 30 s"),
            ("    the whole ledger counted again", f"{one.whole_s:.2f} s", ""),
            ("    memory", f"{one.rss_bytes >> 20} MiB", ""),
        ]
    lines.append(("  audit", f"{long.audit_s:.1f} s", f"exit code {long.audit_code}"))
    return lines


def table(result: Result) -> list[str]:
    """The result for people."""
    lines = [*return_lines(result.kill), *return_lines(result.term), *long_lines(result.rows)]
    return [f"{name:<44}{value:>18}   {wanted}".rstrip() for name, value, wanted in lines]


def main(scale: Scale) -> int:
    """Measure, print the table and one line of JSON; 1 if anything was lost or wrong, or a floor was missed."""
    # Beside the code, for a folder for temporary files is often kept in memory, where a sync costs nothing.
    with TemporaryDirectory(prefix=".bench-", dir=ROOT) as thrown_away, on_core(LOAD_CORE):
        result = uvloop.run(measure(Path(thrown_away), scale))
    click.echo("\n".join([*table(result), *(f"WRONG  {fault}" for fault in result.faults)]))
    click.echo(msgspec.json.encode(result))
    return 1 if result.faults else 0
