"""A wild evening: whatever happens to it, what is on air stays there, comes back as it was, and plays once.

The server is killed during each scene: another one opens a copy of its folder as it stood on the disk then. What
clickers and tools for Telex and VNI send to the page is in ``tests/browser/test_program.py``.
"""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec
import pytest

from dashboard.pictures.gallery import Picture
from dashboard.scenes.scenes import SCENES
from server.app import App
from server.control.asked import LaunchAsked, StandbyAsked, TakeAsked
from server.control.asked_evening import ArmAsked, NextAsked, SkipAsked
from server.control.asking import Asked
from server.folder.files import ADMIN_FILE
from server.folder.kept_pictures import KeptPictures
from streaming.program.errors import Moved, NotNow, PressedTwice
from streaming.program.expected import expected
from streaming.program.names import HALL
from streaming.program.output import Hand, Output
from streaming.program.steering import PRESS_AGAIN_MS
from tests.worlds.apps import FOUR_LEVELS, LEAF, NOW_MS, app_of, take
from tests.worlds.clocks import Clock
from tests.worlds.pictures import plain
from tests.worlds.withdrawal_room import running

LAN, MINH = Hand("account:1"), Hand("account:2")
MINUTE_MS = 60_000
GONE_MS = 7_000
"""From a kill to the first look of the server that comes after."""


class Evening:
    """A server, an operator in the hall, and the folder of both."""

    def __init__(self, folder: Path, contest: Path = FOUR_LEVELS) -> None:
        self.folder = folder
        self.contest = contest
        self.clock = Clock(NOW_MS)
        self.app = self.opened(folder)
        for person in "ab":
            take(self.app.state.live, [(LEAF, "started", person), (LEAF, "completed", person)])
            self.clock.ms += 5_000

    def opened(self, folder: Path) -> App:
        app = app_of(folder, contest=self.contest, now_ms=self.clock, elapsed_ms=self.clock.elapsed)
        app.open()
        return app

    @property
    def hall(self) -> Output:
        return self.app.state.outputs.of(HALL)

    def do(self, asked: Asked, hand: Hand = LAN) -> Output:
        self.clock.ms += PRESS_AGAIN_MS
        return self.app.state.outputs.steer(HALL, hand, asked)

    @contextmanager
    def killed(self) -> Iterator[App]:
        """The server that comes after a kill of now; it must show what was on air."""
        self.app.state.outputs._kept._put(dict(self.app.state.outputs._kept._waiting))
        left = self.folder.with_name("left")
        shutil.rmtree(left, ignore_errors=True)
        shutil.copytree(self.folder, left)
        self.clock.ms += GONE_MS
        after = self.opened(left)
        try:
            after.state.outputs.look()
            found = after.state.outputs.of(HALL)
            assert on_air(found, self.clock.ms) == on_air(self.hall, self.clock.ms)
            yield after
        finally:
            after.close()


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
        with evening.killed() as after:
            assert after.state.outputs.of(HALL).rundown == evening.hall.rundown
            if item.scene == "launch":
                with pytest.raises(NotNow):
                    after.state.outputs.steer(HALL, LAN, LaunchAsked(armed=True))
    assert evening.hall.running.next is None


OF_SCENES: Mapping[str, Mapping[str, Any]] = {"milestone": {"at": 2}, "results": {"round": 1}}
"""What is chosen of scenes that chose nothing fit by themselves here."""


def test_the_server_is_killed_during_every_scene_that_there_is_and_the_next_one_shows_it(tmp_path: Path) -> None:
    contest = tmp_path / "contest"
    shutil.copytree(FOUR_LEVELS, contest)
    with (contest / "contest.toml").open("a", encoding="utf-8") as file:
        file.write('[[channels]]\ncode = "web"\nname = "Trang thi"\n[[links]]\nname = "Thi"\nurl = "https://thi.vn"\n')
    evening = Evening(tmp_path / "data", contest)
    try:
        body = plain()
        picture = Picture(sha256(body).hexdigest(), "png", "Bìa", 40, 20, len(body), NOW_MS, "account:1")
        KeptPictures(evening.folder / ADMIN_FILE).put(picture, body)
        evening.app.state.editions.gallery.hang([picture])
        for _ in range(3):
            evening.clock.ms += MINUTE_MS
            take(evening.app.state.live, [(LEAF, "completed", None)])
        evening.clock.ms = evening.app.folder.contest.rounds[0].closes_ms + MINUTE_MS
        take(evening.app.state.live, [(LEAF, "completed", None)])
        for scene in SCENES:
            chosen = {name: msgspec.Raw(msgspec.json.encode(it)) for name, it in OF_SCENES.get(scene.name, {}).items()}
            evening.do(TakeAsked(scene=scene.name, settings=chosen))
            assert evening.hall.scene.name == scene.name
            with evening.killed():
                pass
    finally:
        evening.app.close()


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


async def test_a_wrong_number_gives_way_to_an_earlier_one_and_the_evening_goes_on(
    tmp_path: Path,
) -> None:
    clock = Clock(NOW_MS)
    async with running(tmp_path, clock) as room:

        def begin(item: str | None = None) -> Output:
            clock.ms += PRESS_AGAIN_MS
            return room.outputs.steer(HALL, LAN, NextAsked(item=item))

        await room.enter_each_s(10)
        await room.until_total(10)
        begin("so-lieu-dau-tien")
        await room.step_back(4.5)
        await room.until_total(6)
        hall = room.outputs.of(HALL)
        assert hall.scene.name == "backdrop"
        assert hall.running.on == "so-lieu-dau-tien", "the run stands where it stood"
        await room.enter_each_s(3)
        assert room.total == 6, "nothing new is seen"
        hall = begin()
        assert (hall.running.on, hall.scene.name) == ("giao-luu", "latest")
        await room.restore()
        await room.until_total(13)
        assert room.outputs.of(HALL).running.on == "giao-luu"


def test_a_district_that_drops_out_is_left_out_in_a_hurry_and_what_follows_comes_sooner(evening: Evening) -> None:
    evening.do(NextAsked(item="so-lieu-dau-tien"))
    hall = evening.hall
    before = expected(hall.rundown, hall.running, evening.clock.ms)
    evening.do(SkipAsked(item="giao-luu"))
    hall = evening.hall
    after = expected(hall.rundown, hall.running, evening.clock.ms)
    assert (before.items[1].item, after.items[1].item) == ("giao-luu", "huong-ung")
    assert before.ends - after.ends == 8 * MINUTE_MS
    assert hall.scene.name == "live", "the picture stays"
    evening.do(NextAsked())
    assert evening.hall.running.on == "huong-ung"


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
