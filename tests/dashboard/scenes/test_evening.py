"""The shipped rundown: ninety minutes, every scene there, and the launch at the opening."""

import pytest

from dashboard.scenes.evening import MINUTE_MS, shipped
from dashboard.scenes.scenes import BY_NAME
from streaming.contests.contest import load_contest, shipped_contest
from streaming.program.arming import LAUNCH
from streaming.program.rundown import check

CONTEST = load_contest(shipped_contest()).contest
OPENS_MS = CONTEST.rounds[0].opens_ms


def test_the_evening_can_be_one_and_launches_when_the_contest_opens() -> None:
    rundown = shipped(CONTEST, OPENS_MS - 24 * 60 * MINUTE_MS)
    check(rundown)
    assert sum(item.duration_s or 0 for item in rundown.items) == 90 * 60
    launch = next(item for item in rundown.items if item.scene == LAUNCH)
    assert (launch.at_ms, launch.arm) == (OPENS_MS, True)
    first, last = rundown.items[0], rundown.items[-1]
    assert first.at_ms is not None
    assert last.at_ms is not None
    assert rundown.ends_ms == first.at_ms + 90 * MINUTE_MS
    assert {item.scene for item in rundown.items} - {None} <= set(BY_NAME)
    assert all(item.say for item in rundown.items)
    assert CONTEST.title in rundown.items[3].say
    assert not any("{" in item.say for item in rundown.items)


@pytest.mark.parametrize("now_ms", [OPENS_MS - 60 * MINUTE_MS, OPENS_MS + 1])
def test_an_evening_that_would_have_begun_is_planned_without_times(now_ms: int) -> None:
    begun = shipped(CONTEST, now_ms if now_ms > OPENS_MS else OPENS_MS - 40 * MINUTE_MS)
    assert begun.ends_ms is None
    assert all(item.at_ms is None for item in begun.items)


def test_what_is_done_by_hand_alone_never_goes_on_by_itself() -> None:
    for item in shipped(CONTEST, 0).items:
        if item.scene is not None and (BY_NAME[item.scene].solemn or item.scene == LAUNCH):
            assert item.hold
