"""Over a bad line a screen keeps the last good state, goes on by itself when the line is back, and shows then what one
shows that was just opened. It goes by the scripts of our pages; how soon, `bench lines` measures."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgspec
import pytest

from tests.worlds.bad_line import BadLine, Weather, line_to
from tests.worlds.following import NONE, Followed, command, following
from tests.worlds.show import Show, showing

WAIT_S = 60.0
LOOK_S = 0.05
AWAY_S = 1.5
ENTRIES = 40


@dataclass(frozen=True)
class Case:
    """A line, and what happens to it: ``spoils`` and ``mends`` are called before and after entries that it misses, if
    it ``misses`` any."""

    weather: Weather
    spoils: Callable[[BadLine], None] | None = None
    mends: Callable[[BadLine], None] = lambda line: line.mend()
    misses: bool = True


def closes_portal(line: BadLine) -> None:
    line.weather.portal = "page"
    line.reset()


def redirects(line: BadLine) -> None:
    line.weather.portal = "redirect"
    line.reset()


def opens_portal(line: BadLine) -> None:
    line.weather.portal = ""


def breaks_off(line: BadLine) -> None:
    line.reset()


CASES = {
    "late": Case(Weather(latency_s=0.4)),
    "lossy": Case(Weather(loss=0.05, latency_s=0.05)),
    "thin": Case(Weather(bytes_per_s=8_000)),
    "cut": Case(Weather(), lambda line: line.cut()),
    "broken off": Case(Weather(), breaks_off, misses=False),
    "portal": Case(Weather(), closes_portal, opens_portal),
    "portal that leads elsewhere": Case(Weather(), redirects, opens_portal),
    "no sockets": Case(Weather(upgrades=False)),
    "no sockets, and cut": Case(Weather(upgrades=False), lambda line: line.cut()),
}


async def until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(WAIT_S):
        while not is_so():  # noqa: ASYNC110 - another process tells when it is so
            await asyncio.sleep(LOOK_S)


def opened(show: Show) -> dict[str, Any]:
    """What a screen shows that was just opened."""
    found: dict[str, Any] = msgspec.json.decode(show.contest.board.snapshot())
    return {key: found[key] for key in ("epoch", "seq", "rows", "state")}


def shown(state: dict[str, Any]) -> dict[str, Any]:
    return {key: state[key] for key in ("epoch", "seq", "rows", "state")}


def stands_at(screen: Followed, seq: int) -> bool:
    return bool(screen.frames) and screen.frames[-1]["seq"] >= seq


async def come_through(show: Show, case: Case, over: asyncio.Event) -> list[int]:
    """Follow over a line until all entries are there; returns the positions that the screen stood at."""
    port = int(show.address.rpartition(":")[2])
    async with line_to(port, case.weather) as line, following(line.port, "board") as screen:
        await until(lambda: stands_at(screen, show.contest.board.seq))
        if case.spoils is not None:
            case.spoils(line)
            # What is on its way still arrives.
            await asyncio.sleep(AWAY_S / 3)
            good = shown(await screen.state())
            await asyncio.sleep(AWAY_S)
            # Entries came meanwhile; it shows none of them, nor anything else.
            assert not case.misses or shown(await screen.state()) == good
            case.mends(line)
        await over.wait()
        await until(lambda: stands_at(screen, show.contest.board.seq))
        state = await screen.state()
        assert shown(state) == opened(show)
        return [frame["seq"] for frame in screen.frames]


async def test_a_screen_keeps_what_it_has_and_comes_back_to_what_is_so() -> None:
    if command() is None:
        pytest.skip(NONE)
    async with showing() as show:
        show.contest.enter(3)
        over = asyncio.Event()
        screens = [asyncio.create_task(come_through(show, case, over)) for case in CASES.values()]
        for _ in range(ENTRIES):
            await asyncio.sleep(AWAY_S / 10)
            show.contest.enter()
        over.set()
        found = await asyncio.gather(*screens, return_exceptions=True)
    failed = {name: each for name, each in zip(CASES, found, strict=True) if isinstance(each, BaseException)}
    assert not failed
    for name, seqs in zip(CASES, found, strict=True):
        assert isinstance(seqs, list)
        assert seqs == sorted(set(seqs)), name
