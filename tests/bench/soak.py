"""`bench soak`: whether memory, open files and sockets stay flat while screens come and go, and strangers with them."""

import asyncio
import socket
import statistics
import struct
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import click
import msgspec
import uvloop

from tests.bench.arrivals import arrive
from tests.bench.feed import Feed, faults, head_seq
from tests.bench.ingest import wards
from tests.bench.meter import LOAD_CORE, on_core, rss_bytes
from tests.bench.screens import TOPIC, Place, figures, flowing, following, gaps, under_test
from tests.bench.strangers import Strangers, bother
from tests.bench.swarm import CLOSE, Viewer, handshake, masked, open_one
from tests.suite import ROOT

FEED_PER_S = 20
VISITS_PER_S = 200
VISITS_AT_ONCE = 2_000
VISIT_S = 15.0
"""A visitor that has no frame, or is not let go, by then has met a fault."""
WARM_UP_S = 2.0
LOOK_S = 5.0
MINUTE_S = 60.0
FLAT_AFTER_S = 120.0
"""Before that the server grows to what its screens take, and no slope is told."""
SETTLE_S = 20.0
STEP_S = 0.2
GAUGES = ("diemcau_sockets_open", "diemcau_sockets_full", "diemcau_followers")
"""The figures that must be 0 again when all have gone."""
NORMAL = (1000).to_bytes(2, "big")
RESET = struct.pack("ii", 1, 0)


@dataclass(frozen=True)
class Scale:
    """How much to measure."""

    minutes: float = 10.0
    screens: int = 500
    visits_per_s: float = VISITS_PER_S


class Look(msgspec.Struct, frozen=True):
    """The server at a moment, in s since the begin."""

    at_s: float
    rss_bytes: int
    fds: int
    sockets: int
    rows: int


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """The JSON line. The slope is of the looks after FLAT_AFTER_S (or the first fifth, if that is sooner)."""

    minutes: tuple[Look, ...]
    visits: int
    polite: int
    reset: int
    refused: int
    failed: int
    strangers: int
    broke_off: int
    read_nothing: int
    answered: int
    unanswered: int
    rss_percent_per_h: float
    rss_bytes_a_row: float
    fds_begin: int
    fds_end: int
    faults: tuple[str, ...]


@dataclass
class Visits:
    """What became of those that came for one frame. ``refused`` by the server, ``failed`` without a frame or an end."""

    began: int = 0
    polite: int = 0
    reset: int = 0
    refused: int = 0
    failed: int = 0


async def visit(number: int, port: int, visits: Visits) -> None:
    """Open a screen, wait for its first frame, and leave: in turn politely, and by a reset."""
    loop = asyncio.get_running_loop()
    place, came, gone = Place(), loop.create_future(), loop.create_future()

    def hear(_screen: Viewer, payload: bytes) -> None:
        if place.take(payload) is not None and not came.done():
            came.set_result(None)

    def closed(_screen: Viewer, _code: int | None) -> None:
        if not gone.done():
            gone.set_result(None)

    visits.began += 1
    screen = Viewer(number, handshake(f"/live/{TOPIC}", port), hear, closed)
    if not await open_one(screen, port):
        visits.refused += 1
        return
    try:
        async with asyncio.timeout(VISIT_S):
            await came
            if number % 2:
                screen.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
                screen.transport.abort()
            else:
                screen.transport.write(masked(CLOSE, NORMAL))
            await gone
    except TimeoutError:
        screen.transport.abort()
        visits.failed += 1
    else:
        visits.reset += number % 2
        visits.polite += 1 - number % 2


async def come_and_go(port: int, per_s: float, ends: asyncio.Event, visits: Visits) -> None:
    """Have visitors come until told to end; returns when the last has left."""
    await arrive(per_s, VISITS_AT_ONCE, ends, lambda number: visit(number, port, visits))


def fds(pid: int) -> int:
    """Open files and sockets of a process."""
    return len([*Path(f"/proc/{pid}/fd").iterdir()])


def slope_per_h(looks: Sequence[Look], after_s: float) -> tuple[float, float]:
    """How memory grows behind ``after_s``: in % an hour, and in bytes a row of the ledger; 0 of fewer than three."""
    late = [look for look in looks if look.at_s >= after_s]
    if len(late) < 3:
        return 0.0, 0.0
    rss = [float(look.rss_bytes) for look in late]
    per_s = statistics.linear_regression([look.at_s for look in late], rss).slope
    rows_per_s = (late[-1].rows - late[0].rows) / (late[-1].at_s - late[0].at_s)
    return per_s * 3600 / statistics.mean(rss) * 100, per_s / rows_per_s if rows_per_s else 0.0


async def measure(folder: Path, scale: Scale) -> Result:
    """Measure in a folder that is thrown away afterwards."""
    visits, strangers, ends = Visits(), Strangers(), asyncio.Event()
    looks: list[Look] = []
    async with under_test(folder / "data") as (serving, secret):
        assert serving.process is not None
        pid, port, path = serving.process.pid, serving.port, serving.data / "rehearsal.db"
        feed = Feed(port, secret, wards(), "soak", per_s=FEED_PER_S)
        # What the server opens at its first row and its first screen, it may keep.
        await visit(0, port, Visits())
        await asyncio.sleep(STEP_S)
        fds_begin = fds(pid)
        async with following(port, scale.screens) as audience, asyncio.TaskGroup() as group:
            async with flowing(feed):
                await asyncio.sleep(min(WARM_UP_S, scale.minutes * 60))
                group.create_task(come_and_go(port, scale.visits_per_s, ends, visits))
                group.create_task(bother(port, ends, strangers))
                began_s = time.monotonic()
                ends_s = began_s + scale.minutes * 60
                while (left_s := ends_s - time.monotonic()) > 0:
                    await asyncio.sleep(min(LOOK_S, left_s))
                    sockets = int((await figures(port))["diemcau_sockets_open"])
                    at_s = round(time.monotonic() - began_s, 1)
                    looks.append(Look(at_s, rss_bytes(pid), fds(pid), sockets, head_seq(path)))
            ends.set()
            audience.clear()
            head = head_seq(path)
            wrong = gaps(await audience.settled(head), scale.screens, head) + faults(feed, path)
        left = await _left_over(port, pid, fds_begin)
        wrong += left
        fds_end = fds(pid)
    if visits.refused or visits.failed:
        wrong.append(f"{visits.refused} visitors were refused, {visits.failed} got no frame or were not let go")
    if strangers.unanswered:
        wrong.append(f"{strangers.unanswered} strangers who asked in a row did not get all their answers")
    percent, a_row = slope_per_h(looks, min(FLAT_AFTER_S, scale.minutes * 60 / 5))
    return Result(
        minutes=tuple(by_minute(looks)),
        visits=visits.began,
        polite=visits.polite,
        reset=visits.reset,
        refused=visits.refused,
        failed=visits.failed,
        strangers=strangers.began,
        broke_off=strangers.broke_off,
        read_nothing=strangers.read_nothing,
        answered=strangers.answered,
        unanswered=strangers.unanswered,
        rss_percent_per_h=round(percent, 1),
        rss_bytes_a_row=round(a_row),
        fds_begin=fds_begin,
        fds_end=fds_end,
        faults=tuple(wrong),
    )


async def _left_over(port: int, pid: int, fds_begin: int) -> list[str]:
    """What of the server has not gone back to where it began, after SETTLE_S at the latest."""
    for _ in range(int(SETTLE_S / STEP_S)):
        found = await figures(port)
        left = [
            f"{name} is {value:.0f} after all have left, expected 0"
            for name, value in found.items()
            if name.partition("{")[0] in GAUGES and value
        ]
        await asyncio.sleep(STEP_S)  # The connection of these figures is closed too.
        if (open_now := fds(pid)) > fds_begin:
            left.append(f"{open_now} files are open, {fds_begin} were at the begin")
        if not left:
            break
    return left


def by_minute(looks: Sequence[Look]) -> list[Look]:
    """The first look of each minute, and the last of all."""
    chosen: dict[int, Look] = {}
    for look in looks:
        chosen.setdefault(int(look.at_s // MINUTE_S), look)
    return [*chosen.values(), *(looks[-1:] if looks and looks[-1] not in chosen.values() else ())]


def table(result: Result) -> list[str]:
    """The result for people."""
    lines = [f"{'s':>8}{'MiB':>10}{'open files':>14}{'sockets':>12}{'rows':>10}"]
    lines += [
        f"{look.at_s:>8.0f}{look.rss_bytes / 2**20:>10.1f}{look.fds:>14}{look.sockets:>12}{look.rows:>10}"
        for look in result.minutes
    ]
    told = [
        ("visits", f"{result.visits:,}", f"{result.polite:,} left politely, {result.reset:,} by a reset"),
        ("refused, failed", f"{result.refused}, {result.failed}", "0, 0"),
        (
            "strangers",
            f"{result.strangers:,}",
            f"{result.broke_off:,} broke off, {result.answered:,} asked in a row, {result.read_nothing:,} read nothing",
        ),
        ("asked in a row without all answers", f"{result.unanswered}", "0"),
        ("memory", f"{result.rss_percent_per_h:+.1f} %/h", f"{result.rss_bytes_a_row:,.0f} bytes a row"),
        ("open files, begin and end", f"{result.fds_begin}, {result.fds_end}", "the same"),
    ]
    return [*lines, *(f"{name:<44}{value:>18}   {wanted}".rstrip() for name, value, wanted in told)]


def main(scale: Scale) -> int:
    """Measure, print the table and one line of JSON; 1 if anything was left over, lost or wrong."""
    with TemporaryDirectory(prefix=".bench-", dir=ROOT) as thrown_away, on_core(LOAD_CORE):
        result = uvloop.run(measure(Path(thrown_away), scale))
    click.echo("\n".join([*table(result), *(f"WRONG  {fault}" for fault in result.faults)]))
    click.echo(msgspec.json.encode(result))
    return 1 if result.faults else 0
