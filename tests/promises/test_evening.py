"""A wild evening: whatever happens to it, what is on air stays there, comes back as it was, and plays once.

The server is killed during each scene: another one opens a copy of its folder as it stood on the disk then.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from server.app import App
from server.control.asked import LaunchAsked, StandbyAsked, WithdrawAsked
from server.control.asked_evening import ArmAsked, NextAsked
from server.control.asking import Asked
from streaming.program.errors import Moved, NotNow, PressedTwice
from streaming.program.expected import expected
from streaming.program.names import HALL
from streaming.program.output import Hand, Output
from streaming.program.steering import PRESS_AGAIN_MS
from tests.worlds.apps import LEAF, NOW_MS, app_of, take
from tests.worlds.clocks import Clock

LAN, MINH = Hand("account:1"), Hand("account:2")
MINUTE_MS = 60_000
GONE_MS = 7_000
"""From a kill to the first look of the server that comes after."""


class Evening:
    """A server, an operator in the hall, and the folder of both."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.clock = Clock(NOW_MS)
        self.app = self.opened(folder)
        for person in "ab":
            take(self.app.state.live, [(LEAF, "started", person), (LEAF, "completed", person)])
            self.clock.ms += 5_000

    def opened(self, folder: Path) -> App:
        app = app_of(folder, now_ms=self.clock, elapsed_ms=self.clock.elapsed)
        app.open()
        return app

    @property
    def hall(self) -> Output:
        return self.app.state.outputs.of(HALL)

    def do(self, asked: Asked, hand: Hand = LAN) -> Output:
        self.clock.ms += PRESS_AGAIN_MS
        return self.app.state.outputs.steer(HALL, hand, asked)

    def killed(self) -> App:
        """The server that comes after a kill of now."""
        self.app.state.outputs._kept._put(dict(self.app.state.outputs._kept._waiting))
        left = self.folder.with_name("left")
        shutil.rmtree(left, ignore_errors=True)
        shutil.copytree(self.folder, left)
        self.clock.ms += GONE_MS
        return self.opened(left)


@pytest.fixture
def evening(tmp_path: Path) -> Iterator[Evening]:
    made = Evening(tmp_path / "data")
    yield made
    made.app.close()


def on_air(output: Output, now_ms: int) -> Any:
    """Everything that a screen is told, and where the run stands."""
    return output.face(now_ms), output.running.revived(now_ms)


def test_the_server_is_killed_during_every_scene_and_the_next_one_goes_on_there(evening: Evening) -> None:
    seen: set[str] = set()
    for item in evening.hall.rundown.items:
        if item.arm and item.scene != "launch":
            evening.do(ArmAsked(item=item.id))
        evening.do(NextAsked())
        if item.scene == "launch":
            evening.do(ArmAsked())
            evening.do(LaunchAsked(armed=True))
            evening.clock.ms += 1_000
        if item.scene in seen:
            continue
        seen.add(item.scene or "")
        after = evening.killed()
        try:
            after.state.outputs.look()
            found = after.state.outputs.of(HALL)
            assert on_air(found, evening.clock.ms) == on_air(evening.hall, evening.clock.ms), item.id
            assert found.rundown == evening.hall.rundown
            if item.scene == "launch":
                with pytest.raises(NotNow):
                    after.state.outputs.steer(HALL, LAN, LaunchAsked(armed=True))
        finally:
            after.close()
    assert evening.hall.running.next is None


def test_a_leader_who_speaks_fifteen_minutes_too_long_moves_all_that_comes(evening: Evening) -> None:
    while evening.hall.running.on != "chi-dao":
        evening.do(NextAsked())
    evening.clock.ms += 22 * MINUTE_MS
    hall = evening.hall
    times = expected(hall.rundown, hall.running, evening.clock.ms)
    assert times.left_ms == -15 * MINUTE_MS
    assert times.items[1].item == "phat-dong"
    assert times.items[1].at == evening.clock.ms
    assert hall.scene.name == "backdrop"


def test_a_wrong_number_is_off_the_air_and_the_evening_goes_on_from_there(evening: Evening) -> None:
    while evening.hall.running.on != "so-lieu-dau-tien":
        if evening.hall.running.next == "phat-dong":
            evening.do(NextAsked())
            evening.do(ArmAsked())
            evening.do(LaunchAsked(armed=True))
        evening.do(NextAsked())
    asked = WithdrawAsked()
    evening.app.state.outputs.steer(HALL, LAN, asked)
    assert evening.hall.scene.name == evening.app.state.outputs.choosing.backdrop(evening.hall)[0]
    assert evening.hall.running.on == "so-lieu-dau-tien"
    evening.do(NextAsked())
    assert evening.hall.running.on == "giao-luu"
    assert evening.hall.scene.name == "latest"


def test_two_hands_press_at_once_and_one_of_them_acts(evening: Evening) -> None:
    seen = evening.hall.version
    evening.do(NextAsked(seen=seen))
    with pytest.raises(PressedTwice):
        evening.app.state.outputs.steer(HALL, MINH, NextAsked(seen=seen))
    evening.clock.ms += PRESS_AGAIN_MS
    with pytest.raises(Moved):
        evening.app.state.outputs.steer(HALL, MINH, NextAsked(seen=seen))
    assert evening.hall.running.on == evening.hall.rundown.items[0].id


def test_the_way_to_the_backdrop_leaves_the_run_where_it_is(evening: Evening) -> None:
    evening.do(NextAsked())
    before = evening.hall.running
    evening.do(StandbyAsked())
    assert evening.hall.running == before
