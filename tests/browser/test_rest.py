"""Figures rest: frames of any rate are played into wall and unit pages, and every animation frame is looked at."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import pytest
from playwright.sync_api import Browser

from dashboard.pages import unit
from dashboard.scenes.scenes import BY_NAME
from tests.browser.cases import folder
from tests.browser.playing import STEP_MS, Seen, painted, play, share_in_motion
from tests.browser.stand import Stand, standing
from tests.worlds.recorded import Recording, recorded
from tests.worlds.whole import sized

SECONDS = sized(11, whole=20)
AFTER_MS = 400
"""A beat is painted so long after its time, for frames on a slow line to arrive."""
RATES = (3, 60, 600, 6_000)
"""Completed entries a second."""
SHAKE_PX = 0.6


@dataclass(frozen=True)
class Watched:
    """A picture, the topic that it follows, its beat, and the share of time that it may move."""

    name: str
    path: str
    topic: str
    beat_ms: int
    motion_max: float

    def __str__(self) -> str:
        return self.name


LIVE = Watched("live", "/?scene=live", "board", BY_NAME["live"].beat_ms, 0.20)
STANDINGS = Watched("standings", "/?scene=standings", "board", BY_NAME["standings"].beat_ms, 0.15)
LATEST = Watched("latest", "/?scene=latest", "board", BY_NAME["latest"].beat_ms, 0.15)
PROVINCE = Watched("province", "/units/02", "unit/02", unit.BEAT_MS, 0.20)
DISTRICT = Watched("district", "/units/024", "unit/024", unit.BEAT_MS, 0.20)
WATCHED = (LIVE, STANDINGS, LATEST, PROVINCE, DISTRICT)
TOPICS = tuple(dict.fromkeys(watched.topic for watched in WATCHED))

CASES = sized(
    [(LIVE, 60), (STANDINGS, 600), (LATEST, 60), (DISTRICT, 600)],
    whole=[(watched, rate) for watched in WATCHED for rate in RATES],
)


@cache
def tape(rate: int, final_s: float | None = None) -> Recording:
    return recorded(folder("ha-giang").contest, TOPICS, rate=rate, seconds=SECONDS + 2, final_s=final_s)


@pytest.fixture(scope="module")
def stand() -> Iterator[Stand]:
    recording = tape(60)
    with standing(folder("ha-giang"), lambda topic: recording.first[topic], recording.start_ms, beat_ms=0) as stand:
        yield stand


@pytest.mark.parametrize(("watched", "rate"), CASES, ids=str)
def test_a_picture_rests_between_beats_and_shows_one_cut(
    watched: Watched, rate: int, browser: Browser, stand: Stand
) -> None:
    recording = tape(rate)
    seen = play(browser, stand, watched.path, watched.topic, recording, seconds=SECONDS)
    moving = share_in_motion(seen)
    assert moving <= watched.motion_max, f"{watched} at {rate}/s: {moving:.0%} of the time in motion"
    assert faults_of_the_lead(seen) == []
    context = browser.new_context(java_script_enabled=False)
    try:
        page = context.new_page()
        for at_ms, texts in paints(seen):
            beat_ms = math.floor((at_ms - AFTER_MS) / watched.beat_ms) * watched.beat_ms
            late_ms = at_ms - AFTER_MS - beat_ms
            assert late_ms <= 2 * STEP_MS, f"{watched} at {rate}/s: painted {late_ms:.0f} ms after a beat"
            assert texts == painted(page, stand, watched.path, recording, watched.topic, beat_ms), f"beat at {beat_ms}"
    finally:
        context.close()


def test_final_numbers_stop_everything_within_one_frame(browser: Browser, stand: Stand) -> None:
    start_ms = tape(60).start_ms
    beat_ms = -(-(start_ms + 5_000) // LIVE.beat_ms) * LIVE.beat_ms
    # While the figures of a beat still roll.
    final_ms = beat_ms + AFTER_MS + 120
    recording = tape(60, final_s=(final_ms - start_ms) / 1000)
    seen = play(browser, stand, LIVE.path, LIVE.topic, recording, seconds=12)
    before = [frame for frame in seen if frame.at_ms < final_ms]
    after = [frame for frame in seen if frame.at_ms >= final_ms + 2 * STEP_MS]
    assert before[-1].is_in_motion, "the decision falls into no motion"
    assert share_in_motion(after) == 0
    assert len(paints([frame for frame in seen if frame.at_ms >= final_ms])) == 1


def test_two_followers_paint_the_same_cut_at_each_beat_whatever_their_line(browser: Browser, stand: Stand) -> None:
    seen = [play(browser, stand, LIVE.path, LIVE.topic, tape(600), seconds=12, line_ms=line_ms) for line_ms in (0, 200)]
    beats = [[(int(at_ms - AFTER_MS) // LIVE.beat_ms, texts) for at_ms, texts in paints(one)] for one in seen]
    # The two were looked at one after the other: on a busy machine one may begin, or end, a beat later.
    first, last = max(one[0][0] for one in beats), min(one[-1][0] for one in beats)
    alike = [[beat for beat in one if first <= beat[0] <= last] for one in beats]
    assert len(alike[0]) >= 3
    assert alike[0] == alike[1]


def paints(seen: list[Seen]) -> list[tuple[float, str]]:
    return [(frame.at_ms, frame.texts) for frame in seen if frame.texts is not None]


def faults_of_the_lead(seen: list[Seen]) -> list[str]:
    """Where the largest number changes its width or its place while its digits are as many as before."""
    faults = []
    leads = [frame.lead for frame in seen if frame.lead is not None]
    for one, other in pairwise(leads):
        if len(one.text) == len(other.text) and (
            abs(one.left - other.left) > SHAKE_PX or abs(one.width - other.width) > SHAKE_PX
        ):
            faults.append(f"{one} became {other}")
    return faults
