"""`bench points`: 205 connection points that open behind one address, drop and come back: how soon the roll call has it
right, and what it costs the server to ask them all."""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click
import httpx2
import msgspec
import uvloop

from server.auth.points import PointKeys, point_secret
from server.folder.files import ADMIN_FILE, PERSON_KEY_FILE
from streaming.contests.contest import load_contest, shipped_contest
from streaming.intake.persons import read_key
from streaming.points.leases import LEASE_MS
from streaming.points.point import points_of
from streaming.points.told import COLUMNS
from tests.bench.delay import percentile
from tests.bench.meter import LOAD_CORE, SERVER_CORE, cpu_ns, on_core
from tests.bench.swarm import Viewer, close_all, handshake, open_one
from tests.suite import ROOT
from tests.worlds.process import Serving

DROPPED, BACK = 7, 3
"""Points that drop, and of these those that come back."""
DOORS_AT_ONCE = 20
OPEN_S_MAX = 60.0
RIGHT_S_MAX = 10.0
"""A point that drops, or comes back, is told so in the roll call within this."""
CORE_SHARE_MAX = 0.05
WATCH_S = 20.0
LOOK_S = 0.02
PAGE = COLUMNS.index("page")


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """What was measured. ``cpu_quiet_percent`` is what the server takes of a core while as many sockets follow the same
    topic that are of no point, ``cpu_percent`` while they are of points and are asked every 2 s."""

    points: int
    open_s: float
    dropped: int
    dropped_told_p50_s: float
    dropped_told_max_s: float
    back: int
    back_told_max_s: float
    cpu_quiet_percent: float
    cpu_percent: float
    right: bool
    faults: tuple[str, ...]


@dataclass
class Roll:
    """The roll call as somebody follows it who sees all points."""

    pages: dict[str, int | None] = field(default_factory=dict)
    totals: Mapping[str, Any] = field(default_factory=dict)

    def hear(self, _viewer: Viewer, payload: bytes) -> None:
        """Take a message."""
        message = msgspec.json.decode(payload)
        if message["type"] not in {"snapshot", "delta"}:
            return
        for code, cells in message["rows"].items():
            self.pages[code] = cells[PAGE]
        self.totals = message["state"].get("totals", self.totals)

    @property
    def open(self) -> set[str]:
        """The points whose page is open."""
        return {code for code, page in self.pages.items() if page == 1}

    async def until(self, wanted: Mapping[str, int], since_s: float, within_s: float) -> dict[str, float]:
        """When each point was told as it is wanted, in s since a moment; those that were not in time are left out."""
        found: dict[str, float] = {}
        while len(found) < len(wanted) and time.monotonic() - since_s < within_s:
            for code, page in wanted.items():
                if code not in found and self.pages.get(code) == page:
                    found[code] = time.monotonic() - since_s
            await asyncio.sleep(LOOK_S)
        return found


async def passes(serving: Serving, codes: list[str]) -> dict[str, str]:
    """The cookie of each point, as its door gives it to whoever opens its link."""
    tree = load_contest(serving.contest or shipped_contest()).contest.tree
    secret = point_secret(read_key(serving.data / PERSON_KEY_FILE, may_make=False))
    keys = PointKeys(serving.data / ADMIN_FILE, secret, tree)
    turns = asyncio.Semaphore(DOORS_AT_ONCE)

    async def enter(client: httpx2.AsyncClient, code: str) -> tuple[str, str]:
        async with turns:
            answer = await client.post(f"/points/{code}/enter", data={"code": keys.token(code, 1)})
            assert answer.is_redirect, f"the door of {code}: {answer.status_code}"
            return code, answer.headers["set-cookie"].partition(";")[0]

    origin = {"Origin": serving.url, "Sec-Fetch-Site": "same-origin"}
    async with httpx2.AsyncClient(base_url=serving.url, headers=origin) as client:
        return dict(await asyncio.gather(*(enter(client, code) for code in codes)))


def _viewer(serving: Serving, number: int, roll: Roll | None, code: str = "", cookie: str = "") -> Viewer:
    """A socket that follows the board, or the roll call for whoever has one; of a point with its pass."""
    topic = "board" if roll is None else "points"
    headers = f"Cookie: {cookie}\r\nOrigin: {serving.url}\r\n" if cookie else ""
    path = f"/live/{topic}" + (f"?as=point:{code}" if cookie else "")
    hear = roll.hear if roll is not None else (lambda _viewer, _payload: None)
    return Viewer(number, handshake(path, serving.port, headers=headers), hear)


async def _share(pid: int, watch_s: float) -> float:
    """The share of a core that a process takes."""
    before, began_s = cpu_ns(pid), time.monotonic()
    await asyncio.sleep(watch_s)
    return (cpu_ns(pid) - before) / 1e9 / (time.monotonic() - began_s)


async def measure(serving: Serving, *, watch_s: float = WATCH_S, points: int | None = None) -> Result:
    """Open every point of the shipped contest, or the first ``points``; let some drop and some of them come back."""
    tree = load_contest(serving.contest or shipped_contest()).contest.tree
    codes = [str(unit.code) for unit in points_of(tree)][:points]
    assert serving.process is not None
    pid = serving.process.pid
    others = [_viewer(serving, number, None) for number in range(len(codes))]
    for viewer in others:
        await open_one(viewer, serving.port)
        # As many as a second has for those who are unknown.
        await asyncio.sleep(LOOK_S)
    quiet = await _share(pid, watch_s)
    close_all(others)
    roll = Roll()
    began_s = time.monotonic()
    cookies = await passes(serving, codes)
    viewers = {
        code: _viewer(serving, number, roll if number == 0 else None, code, cookies[code])
        for number, code in enumerate(codes)
    }
    for viewer in viewers.values():
        await open_one(viewer, serving.port)
    opened = await roll.until(dict.fromkeys(codes, 1), began_s, OPEN_S_MAX)
    faults = [f"{code}: not open within {OPEN_S_MAX:.0f} s" for code in codes if code not in opened]
    busy = await _share(pid, watch_s)
    if left := set(codes) - roll.open:
        faults.append(f"{len(left)} points were told as lost while all were there")
    gone = codes[len(codes) // 2 :][:DROPPED]
    dropped_s = time.monotonic()
    for number, code in enumerate(gone):
        # Some lines break without a word, of others the server hears.
        if number % 2:
            viewers[code].transport.abort()
        else:
            viewers[code].transport.pause_reading()
    lost = await roll.until(dict.fromkeys(gone, 0), dropped_s, RIGHT_S_MAX)
    back = gone[:BACK]
    back_s = time.monotonic()
    for number, code in enumerate(back):
        if number % 2:
            again = _viewer(serving, number, None, code, cookies[code])
            viewers[code] = again
            await open_one(again, serving.port)
        else:
            viewers[code].transport.resume_reading()
    returned = await roll.until(dict.fromkeys(back, 1), back_s, RIGHT_S_MAX)
    await asyncio.sleep(LEASE_MS / 1000)
    wanted = set(codes) - set(gone[BACK:])
    faults += [f"{code}: not told as lost within {RIGHT_S_MAX:.0f} s" for code in gone if code not in lost]
    faults += [f"{code}: not told as back within {RIGHT_S_MAX:.0f} s" for code in back if code not in returned]
    if roll.open != wanted:
        faults.append(f"open in the end: {len(roll.open)}, expected {len(wanted)}")
    root = roll.totals.get(codes[0], {})
    if root.get("open") != len(wanted) and points is None:
        faults.append(f"totals say {root.get('open')} open, expected {len(wanted)}")
    if busy > CORE_SHARE_MAX:
        faults.append(f"{busy:.1%} of a core, expected at most {CORE_SHARE_MAX:.0%}")
    close_all(list(viewers.values()))
    return Result(
        points=len(codes),
        open_s=round(max(opened.values(), default=0), 2),
        dropped=len(gone),
        dropped_told_p50_s=round(percentile(sorted(lost.values()), 0.5), 2),
        dropped_told_max_s=round(max(lost.values(), default=0), 2),
        back=len(back),
        back_told_max_s=round(max(returned.values(), default=0), 2),
        cpu_quiet_percent=round(100 * quiet, 2),
        cpu_percent=round(100 * busy, 2),
        right=not faults,
        faults=tuple(faults),
    )


def table(result: Result) -> list[str]:
    """What was measured, in lines."""
    return [
        f"points behind one address              {result.points}",
        f"all open, from the first link on       {result.open_s:.2f} s",
        (
            f"{result.dropped} drop, told as lost after           {result.dropped_told_p50_s:.2f} s, at most "
            f"{result.dropped_told_max_s:.2f} s"
        ),
        f"{result.back} come back, told after             at most {result.back_told_max_s:.2f} s",
        f"of a core, as many other sockets       {result.cpu_quiet_percent:.2f} %",
        f"of a core, points asked every 2 s      {result.cpu_percent:.2f} %",
    ]


def main() -> int:
    """Measure, print the table and one line of JSON; 1 if anything was wrong."""
    with TemporaryDirectory(prefix=".bench-", dir=ROOT) as thrown_away:
        serving = Serving(Path(thrown_away) / "data")
        serving.data.mkdir(mode=0o700)
        with on_core(SERVER_CORE):
            serving.start()
        try:
            with on_core(LOAD_CORE):
                result = uvloop.run(measure(serving))
        finally:
            serving.stop()
    click.echo("\n".join([*table(result), *(f"WRONG  {fault}" for fault in result.faults)]))
    click.echo(msgspec.json.encode(result))
    return 1 if result.faults else 0
