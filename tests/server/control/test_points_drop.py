"""205 points by a driven clock: they open, seven drop, three come back; the roll call and the room's alarms say so."""

from pathlib import Path
from typing import cast

import pytest

from server.control.alarms import Alarms
from server.control.kept_roll_call import KeptRollCall
from server.control.lost_points import POINT_LOST, sound_lost
from server.control.points import Points
from server.folder.admin_file import AdminFile
from server.live.presence import LOOK_S, Presence
from server.net.websocket import Socket
from streaming.contests.contest import load_contest, shipped_contest
from streaming.points.actions import TickBridge
from streaming.points.leases import LEASE_MS
from streaming.points.told import COLUMNS
from tests.worlds.clocks import Clock

NOW_MS = 1_662_604_277_000
STEP_MS = round(LOOK_S * 1000)
PAGE, SINCE = COLUMNS.index("page"), COLUMNS.index("since")


class Line:
    """A point's socket: answers each ping while its line holds."""

    def __init__(self) -> None:
        self.holds = True
        self.has_spoken = self.is_paused = False
        self.is_open = True
        self.waiting_bytes = 0

    def write(self, _frame: bytes) -> None:
        self.has_spoken = self.has_spoken or self.holds


class Floor:
    """The points of the shipped contest, each with a page open."""

    def __init__(self, data: Path) -> None:
        (file := AdminFile(data / "admin.db")).make()
        self.clock = Clock(NOW_MS)
        tree = load_contest(shipped_contest()).contest.tree
        kept = KeptRollCall(file.path, "thu")
        self.points = Points(kept, tree, now_ms=self.clock, elapsed_ms=self.clock.elapsed)
        self.presence = Presence()
        self.presence.hear = self.points.hear
        self.lines = {code: Line() for code in self.points.codes}
        self.alarms = Alarms()
        self.topic = self.points.topic()
        for code, line in self.lines.items():
            self.presence.admit(code, cast("Socket", line))

    def run(self, ms: int) -> None:
        """Let time pass, and everybody look."""
        for _ in range(ms // STEP_MS):
            self.clock.ms += STEP_MS
            self.presence.look()
            self.points.look()
            sound_lost(self.alarms, self.points.lost(), self.clock())

    def pages(self, page: int | None) -> set[str]:
        """The points whose page is so, as who follows the roll call is told."""
        assert self.topic is not None
        return {code for code, cells in self.topic.rows.items() if cells[PAGE] == page}

    @property
    def alarmed(self) -> list[tuple[str, int]]:
        """The alarms: what each is about, and of how many points."""
        shown = self.alarms.listed(self.clock())
        return [(each.subject, int(each.detail.get("count", 1))) for each in shown if each.rule == POINT_LOST]


@pytest.fixture
def floor(tmp_path: Path) -> Floor:
    return Floor(tmp_path)


def test_seven_drop_and_three_come_back_and_each_is_told_within_ten_seconds(floor: Floor) -> None:
    floor.run(20_000)
    assert (len(floor.pages(1)), floor.alarmed) == (205, [])
    gone = [*floor.lines][100:107]
    for code in gone:
        floor.lines[code].holds = False
    dropped_ms = floor.clock()
    floor.run(LEASE_MS + 2 * STEP_MS)
    assert floor.pages(0) == set(gone)
    assert floor.points.totals.open == 198
    assert floor.topic is not None
    since = {floor.topic.rows[code][SINCE] for code in gone}
    assert all(at is not None and dropped_ms - 2_000 <= at <= dropped_ms + STEP_MS for at in since)
    assert floor.alarmed == []
    floor.run(5_000)
    assert floor.alarmed == [("points", 7)]
    for code in gone[:3]:
        floor.lines[code].holds = True
    floor.run(2_500)
    assert (floor.pages(0), floor.points.totals.open) == (set(gone[3:]), 201)
    assert floor.alarmed == [("points", 4)]
    floor.lines[gone[3]].holds = True
    floor.run(2_500)
    # Of few each has a line of its own.
    assert {subject for subject, _ in floor.alarmed} == set(gone[4:])
    for code in gone:
        floor.lines[code].holds = True
    floor.run(2_500)
    assert (floor.pages(1), floor.alarmed) == (set(floor.lines), [])


def test_pages_say_nothing_of_the_bridge_and_the_bridge_nothing_of_pages(floor: Floor) -> None:
    floor.run(2_000)
    code = floor.points.codes[5]
    floor.points.act(TickBridge(codes=[code], connected=True), "account:1")
    floor.lines[code].holds = False
    floor.run(10_000)
    assert floor.points.entry(code).bridge is True
    assert (floor.points.totals.connected, floor.points.totals.open) == (1, 204)


def test_while_the_server_stood_still_nobody_is_told_as_lost(floor: Floor) -> None:
    floor.run(5_000)
    floor.clock.ms += 60_000
    floor.run(2_500)
    assert (len(floor.pages(1)), floor.alarmed) == (205, [])


def test_a_clock_that_is_set_ends_no_lease(floor: Floor) -> None:
    floor.run(5_000)
    floor.clock.set(by_ms=3_600_000)
    floor.run(2_500)
    assert (len(floor.pages(1)), floor.alarmed) == (205, [])
