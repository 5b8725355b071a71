"""`bench lines`: how soon a screen is current once a bad line is back, by the scripts of our pages.

A screen is current from the frame that brings it to the newest row that there was when the line came back.
"""

import asyncio
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import click
import msgspec
import uvloop

from tests.bench.feed import Feed, head_seq
from tests.bench.ingest import wards
from tests.bench.screens import TOPIC, flowing, under_test
from tests.suite import ROOT
from tests.worlds.bad_line import BadLine, Portal, Weather, line_to
from tests.worlds.following import Followed, following

FEED_PER_S = 200
TICK_MS = 200
CURRENT_S_MAX, CURRENT_BAD_S_MAX = 4.0, 10.0
"""Floors; the other one over a line of 64 kbit/s or with losses of 5 %."""
WARM_UP_S = 8.0
"""Polling begins after 5 s."""
SETTLE_S_MAX = 60.0
LOOK_S = 0.02
THIN = partial(Weather, bytes_per_s=8_000, latency_s=0.4)


@dataclass(frozen=True)
class Case:
    """A line, what takes it away, and within which time a screen is to be current once it is back."""

    weather: Callable[[], Weather]
    portal: Portal = ""
    within_s: float = CURRENT_S_MAX


CASES = {
    "a good line, cut": Case(Weather),
    "400 ms each way, cut": Case(partial(Weather, latency_s=0.4)),
    "5 % loss, cut": Case(partial(Weather, loss=0.05, latency_s=0.02), within_s=CURRENT_BAD_S_MAX),
    "64 kbit/s, 400 ms, cut": Case(THIN, within_s=CURRENT_BAD_S_MAX),
    "no sockets, cut": Case(partial(Weather, upgrades=False)),
    "a portal's page": Case(Weather, "page"),
    "a portal that leads elsewhere": Case(Weather, "redirect"),
}


@dataclass(frozen=True)
class Scale:
    """How much to measure: for how long lines are away, each so many times."""

    away_s: tuple[float, ...] = (1.0, 10.0, 60.0)
    rounds: int = 3


class Back(msgspec.Struct, frozen=True, kw_only=True):
    """A line that was away for so long: how many seconds after its return the screens were current, of each round;
    ``kept`` is whether none showed anything meanwhile but what it had."""

    line: str
    away_s: float
    current_s: tuple[float, ...]
    within_s: float
    kept: bool


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """The JSON line."""

    backs: tuple[Back, ...]

    @property
    def faults(self) -> list[str]:
        """Which screens were current too late, and which showed something that they could not know."""
        late = [
            f"{back.line}, {back.away_s:.0f} s: current after {max(back.current_s):.1f} s, not {back.within_s:.0f} s"
            for back in self.backs
            if max(back.current_s) > back.within_s
        ]
        return late + [f"{back.line}, {back.away_s:.0f} s: the picture changed" for back in self.backs if not back.kept]


def newest(screen: Followed) -> int:
    """The row at which a screen stands."""
    return int(screen.frames[-1]["seq"]) if screen.frames else -1


async def go_away(line: BadLine, case: Case, screen: Followed, path: Path, away_s: float) -> tuple[float, bool]:
    """Take a line away for a while; returns how soon its screen was current, and whether it kept what it had."""
    if case.portal:
        line.weather.portal = case.portal
        line.reset()
    else:
        line.cut()
    # What is on its way still arrives.
    await asyncio.sleep(min(away_s / 2, 2.0))
    stood = newest(screen)
    await asyncio.sleep(away_s - min(away_s / 2, 2.0))
    kept = newest(screen) == stood
    head, back_s = head_seq(path), time.monotonic()
    if case.portal:
        line.weather.portal = ""
    else:
        line.mend()
    while newest(screen) < head and time.monotonic() - back_s < SETTLE_S_MAX:  # noqa: ASYNC110 - another process tells
        await asyncio.sleep(LOOK_S)
    return time.monotonic() - back_s, kept


async def one(port: int, path: Path, name: str, scale: Scale) -> list[Back]:
    """Measure one case, its lines one after the other."""
    case, found = CASES[name], []
    async with line_to(port, case.weather()) as line, following(line.port, TOPIC) as screen:
        await asyncio.sleep(WARM_UP_S)
        for away_s in scale.away_s:
            took = []
            for _ in range(scale.rounds):
                took.append(await go_away(line, case, screen, path, away_s))
                await asyncio.sleep(WARM_UP_S)
            current_s = tuple(round(each, 2) for each, _ in took)
            kept = all(each for _, each in took)
            found.append(Back(line=name, away_s=away_s, current_s=current_s, within_s=case.within_s, kept=kept))
    return found


async def measure(folder: Path, scale: Scale) -> Result:
    """Measure all cases beside each other, in a folder that is thrown away afterwards."""
    async with under_test(folder, DIEMCAU_TICK_MS=str(TICK_MS)) as (serving, secret):
        feed = Feed(serving.port, secret, wards(), "lines", per_s=FEED_PER_S)
        path = serving.data / "rehearsal.db"
        async with flowing(feed):
            found = await asyncio.gather(*(one(serving.port, path, name, scale) for name in CASES))
    return Result(backs=tuple(back for backs in found for back in backs))


def table(backs: Sequence[Back]) -> list[str]:
    """The result for people."""
    lines = []
    for back in backs:
        took = f"{statistics.median(back.current_s):.1f} s, at most {max(back.current_s):.1f} s"
        lines.append(f"{f'{back.line}, {back.away_s:.0f} s':<44}{took:>24}   within {back.within_s:.0f} s")
    return lines


def main(scale: Scale | None = None) -> int:
    """Measure and print; 1 if a screen was current too late."""
    with TemporaryDirectory(prefix=".bench-", dir=ROOT) as thrown_away:
        result = uvloop.run(measure(Path(thrown_away) / "lines", scale or Scale()))
    for line in table(result.backs):
        click.echo(line)
    for fault in result.faults:
        click.echo(f"not as wanted: {fault}", err=True)
    click.echo(msgspec.json.encode(result).decode())
    return 1 if result.faults else 0
