"""Overlays: lanes, followers and locks, what goes by itself, and what Gỡ số and a scene of respect do to them."""

import pytest

from streaming.program.action import Action
from streaming.program.arming import Arm
from streaming.program.errors import NotNow
from streaming.program.follow import COMING_MAX, expect
from streaming.program.hands import Hold
from streaming.program.numbers import ChangeDelay, Panic
from streaming.program.output import Output
from streaming.program.overlays import ClearOverlays, HideOverlay, ShowOverlay, StepOverlay, UpdateOverlay
from streaming.program.state import Coming, Overlay
from streaming.program.takes import TakeScene
from streaming.program.withdrawal import Restore, Withdraw
from tests.worlds.outputs import BACKDROP, LAN, MINH, NOW_MS, Floor

OVERLAYS = {name: Overlay(shown=False) for name in ("total", "strap", "map")}
LANE = frozenset({"strap"})


def floor() -> Floor:
    return Floor({"hall": None, "tv1": "hall", "tv2": None}, overlays=OVERLAYS)


def show(name: str = "total", **fields: object) -> Action:
    return ShowOverlay(overlay=name, **fields)  # type: ignore[arg-type]


def shown(it: Floor, name: str = "hall") -> list[str]:
    return [*(it.of(name).face(it.at.now_ms).overlays or {})]


def test_what_is_shown_is_told_and_hides_the_other_of_its_lane() -> None:
    it = floor()
    it.act("hall", show("strap", data={"unit": "1"}))
    it.act("hall", show("map"))
    it.act("hall", show("total", lane=LANE))
    assert shown(it) == ["total", "map"]
    assert it.of("hall").overlays["strap"].data == {"unit": "1"}
    first = it.of("hall").overlays["total"].show
    it.act("hall", HideOverlay(overlay="total"))
    it.act("hall", show("total", lane=LANE))
    assert it.of("hall").overlays["total"].show > first


def test_it_reaches_who_follows_by_their_delay_and_no_output_that_somebody_holds() -> None:
    it = floor()
    it.act("tv1", ChangeDelay(delay_ms=4_000))
    it.act("hall", show())
    assert (shown(it), shown(it, "tv1"), shown(it, "tv2")) == (["total"], [], [])
    it.pass_ms(4_000)
    assert shown(it, "tv1") == ["total"]
    assert it.of("tv1").done["overlays"].by == LAN.by
    it.act("tv1", Hold(), MINH)
    it.act("hall", ClearOverlays())
    it.pass_ms(4_000)
    assert (shown(it), shown(it, "tv1")) == ([], ["total"])


def test_a_take_on_its_way_is_not_pushed_out_by_overlays_that_come_often() -> None:
    it = floor()
    waiting = it.of("tv1")
    take = Coming("hall", LAN.by, NOW_MS, waiting.scene)
    for step in range(COMING_MAX * 2):
        waiting = expect(
            waiting, Coming("hall", LAN.by, NOW_MS + step, waiting.scene, {"total": Overlay(shown=True, step=step)})
        )
        if step == 0:
            waiting = expect(waiting, take)
    assert len(waiting.coming) <= COMING_MAX
    assert take in waiting.coming
    last = waiting.coming[-1].overlays
    assert last is not None
    assert last["total"].step == COMING_MAX * 2 - 1


def test_what_has_its_time_goes_by_itself_and_is_kept_where_it_is_held() -> None:
    it = floor()
    it.act("hall", show("strap", hides_after_ms=8_000))
    it.act("hall", show("map"))
    assert it.steering.next_ms(it.at.now_ms) == NOW_MS + 8_000
    it.pass_ms(7_999)
    assert shown(it) == ["strap", "map"]
    it.pass_ms(1)
    assert shown(it) == ["map"]
    assert it.of("hall").done["overlays"].did == "hide"


def test_what_goes_by_itself_stands_as_long_on_an_output_that_is_late() -> None:
    it = floor()
    it.act("tv1", ChangeDelay(delay_ms=12_000))
    it.act("hall", show("strap", hides_after_ms=8_000))
    it.pass_ms(12_000)
    assert (shown(it), shown(it, "tv1")) == ([], ["strap"])
    it.pass_ms(7_999)
    assert shown(it, "tv1") == ["strap"]
    it.pass_ms(1)
    assert shown(it, "tv1") == []


def test_steps_end_with_the_overlay_and_one_that_is_hidden_has_none() -> None:
    it = floor()
    with pytest.raises(NotNow, match="not shown"):
        it.act("hall", StepOverlay(overlay="total", steps=1))
    it.act("hall", show())
    it.press("hall", StepOverlay(overlay="total", steps=1))
    assert it.of("hall").overlays["total"].step == 1
    it.press("hall", StepOverlay(overlay="total", steps=1))
    assert shown(it) == []


def test_other_data_change_nothing_of_whether_it_is_shown() -> None:
    it = floor()
    it.act("hall", UpdateOverlay(overlay="strap", data={"unit": "2"}))
    assert (shown(it), it.of("hall").overlays["strap"].data) == ([], {"unit": "2"})
    version = it.of("hall").version
    it.act("hall", UpdateOverlay(overlay="strap", data={"unit": "2"}))
    it.act("hall", HideOverlay(overlay="strap"))
    assert it.of("hall").version == version


def test_a_clear_names_its_moment_and_drops_what_was_on_its_way() -> None:
    it = floor()
    it.act("tv1", ChangeDelay(delay_ms=4_000))
    it.act("hall", show())
    it.act("tv1", show("map"), MINH)
    it.act("tv1", ClearOverlays(), MINH)
    assert it.of("tv1").face(it.at.now_ms).cleared is not None
    it.pass_ms(4_000)
    assert shown(it, "tv1") == []


def test_what_asks_for_it_is_shown_armed_alone() -> None:
    it = floor()
    with pytest.raises(NotNow, match="arm it first"):
        it.act("hall", show("strap", needs_arming=True))
    it.act("hall", Arm(overlay="strap"))
    it.act("hall", show("strap", needs_arming=True))
    assert shown(it) == ["strap"]
    with pytest.raises(NotNow, match="arm it first"):
        it.act("hall", show("strap", needs_arming=True))


def test_numbers_go_with_wrong_numbers_and_come_back_but_what_somebody_has_changed() -> None:
    it = floor()
    for name in ("total", "map", "strap"):
        it.act("hall", show(name))
    it.press("hall", TakeScene(scene="live", settings={}))
    withdraw = Withdraw(backdrop=BACKDROP, number_overlays=frozenset({"total", "map"}))
    it.press("hall", withdraw)
    assert (shown(it), shown(it, "tv1")) == (["strap"], ["strap"])
    it.press("hall", Restore())
    assert (shown(it), it.scenes()["hall"]) == (["total", "strap", "map"], "live")


def test_over_a_scene_of_respect_none_is_seen_and_a_still_picture_keeps_none_back() -> None:
    it = floor()
    it.act("hall", show())
    hall = it.of("hall")
    assert hall.face(it.at.now_ms, is_solemn=True).overlays is None
    it.act("hall", Panic())
    it.act("hall", show("map"))
    assert shown(it) == ["total", "map"]


def test_what_there_is_not_is_refused_and_an_output_without_it_takes_none() -> None:
    it = floor()
    with pytest.raises(NotNow, match="no overlay clock"):
        it.act("hall", show("clock"))
    without: Output = it.of("tv1").with_(overlays={})
    it.steering._outputs["tv1"] = without
    it.act("hall", show())
    assert it.of("tv1").overlays == {}
