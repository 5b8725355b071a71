"""How long a picture moves in real time, and whether the country's board keeps the page's thread for long."""

import threading
import time
from collections.abc import Sequence
from typing import cast

import msgspec
from playwright.sync_api import Browser, Page

from streaming.topics.frames import Frame
from tests.browser.cases import folder
from tests.browser.conftest import framed
from tests.browser.playing import REST
from tests.browser.stand import Stand, standing
from tests.worlds.recorded import TICK_MS, recorded

COUNTRY = "ca-nuoc"
COUNTRY_RATE = 60.0
LONG_TASK_MS = 50
BOARD = "board"
LONG_TASKS = """window.longTasks = [];
new PerformanceObserver((list) => window.longTasks.push(...list.getEntries().map((one) => one.duration)))
  .observe({ type: "longtask", buffered: true });"""


class Rest(msgspec.Struct, frozen=True, kw_only=True):
    """Of a picture that was watched for ``seconds``: the share of time in which something was between two values."""

    path: str
    frames: int
    seconds: float
    in_motion: float
    longest_rest_s: float


class Country(msgspec.Struct, frozen=True, kw_only=True):
    """Tasks of more than 50 ms that a board of the whole country keeps the page's thread with, ms; the page's own load,
    and its first frame, which is a whole one, aside."""

    units: int
    seconds: float
    frames: int
    long_ms: tuple[float, ...]


class _Found(msgspec.Struct):
    frames: int
    ms: float
    moving_ms: float
    longest_rest_ms: float


def rest(page: Page, url: str, path: str, seconds: float, warm_up_s: float) -> Rest:
    """Look at every animation frame of a page that follows a server."""
    page.goto(framed(f"{url}{path}"))
    page.wait_for_timeout(warm_up_s * 1000)
    page.evaluate(REST)
    found = msgspec.convert(page.evaluate("(ms) => rest.watch(ms)", seconds * 1000), _Found)
    return Rest(
        path=path,
        frames=found.frames,
        seconds=round(found.ms / 1000, 1),
        in_motion=round(found.moving_ms / found.ms, 3),
        longest_rest_s=round(found.longest_rest_ms / 1000, 2),
    )


def country(browser: Browser, seconds: int) -> Country:
    """Watch the big screen of a contest of the whole country while entries arrive."""
    contest = folder(COUNTRY)
    recording = recorded(contest.contest, [BOARD], rate=COUNTRY_RATE, seconds=seconds)
    told = [msgspec.json.decode(told.payload, type=Frame) for told in recording.told[BOARD]]
    page = browser.new_page()
    page.add_init_script(LONG_TASKS)
    with standing(contest, lambda _: recording.first[BOARD], recording.start_ms, beat_ms=0) as stand:
        page.goto(framed(f"{stand.url}/?scene=live"))
        page.wait_for_timeout(5_000)
        page.evaluate("window.longTasks.length = 0")
        feeder = threading.Thread(target=_feed, args=(stand, told))
        feeder.start()
        page.wait_for_timeout(seconds * 1000)
        found = cast("list[float]", page.evaluate("window.longTasks"))
        feeder.join()
    page.close()
    return Country(
        units=len(contest.contest.units),
        seconds=seconds,
        frames=len(told),
        long_ms=tuple(round(ms, 1) for ms in found if ms > LONG_TASK_MS),
    )


def _feed(stand: Stand, told: Sequence[Frame]) -> None:
    for frame in told:
        stand.show(frame)
        time.sleep(TICK_MS / 1000)
