"""Walking through a rundown: what goes on air, what is taken next, and what an edit does to it meanwhile."""

from typing import Any

import msgspec
import pytest

from streaming.program.arming import Arm
from streaming.program.cues import Launch
from streaming.program.errors import Moved, NotNow, PressedTwice, WrongSteering
from streaming.program.evening import Mark, Next, Prepare, SetRundown, neighbour
from streaming.program.numbers import ChangeStore, Panic
from streaming.program.output import Hand
from streaming.program.rundown import Rundown
from streaming.program.running import ARMED_MS, Running
from streaming.program.state import Preview
from streaming.program.takes import Step
from streaming.program.withdrawal import Withdraw
from tests.worlds.outputs import BACKDROP, LAN, MINH, NOW_MS, Floor, scene
from tests.worlds.rundowns import EVENING, item


@pytest.fixture
def floor() -> Floor:
    made = Floor({"hall": None, "points": "hall"})
    made.act("hall", SetRundown(rundown=EVENING))
    return made


def go(floor: Floor, id_: str | None = None, *, needs_arming: bool = False, advances: bool = True, **by: Any) -> None:
    """Begin an item as the page does: the one that is chosen as next."""
    found = floor.of("hall").rundown.item(id_ or floor.of("hall").running.next or "")
    floor.press("hall", Next(item=found, settings={}, needs_arming=needs_arming, advances=advances), **by)


def running(floor: Floor) -> Running:
    return floor.of("hall").running


def test_the_evening_goes_item_by_item_and_a_speech_leaves_the_picture(floor: Floor) -> None:
    assert (running(floor).on, running(floor).next) == (None, "doors")
    go(floor)
    take = floor.of("hall").scene.take
    assert (running(floor).on, running(floor).next, floor.scenes()["points"]) == ("doors", "speech", "standby")
    go(floor)
    assert (running(floor).on, running(floor).next) == ("speech", "launch")
    assert floor.of("hall").scene.take == take
    go(floor)
    assert floor.scenes() == {"hall": "launch", "points": "launch"}
    go(floor)
    assert (running(floor).on, running(floor).next) == ("numbers", "end")
    go(floor)
    assert (running(floor).on, running(floor).next) == ("end", None)
    assert [each.item for each in running(floor).began] == ["doors", "speech", "launch", "numbers", "end"]
    assert running(floor).began[0].at == NOW_MS + 800


def test_a_take_by_hand_leaves_the_item_on_and_ends_what_went_by_itself(floor: Floor) -> None:
    go(floor, "numbers")
    assert running(floor).advances_at == floor.at.now_ms + 30_000
    floor.press("hall", scene("trend"))
    assert (running(floor).on, running(floor).next, running(floor).advances_at) == ("numbers", "end", None)


@pytest.mark.parametrize(
    "action",
    [
        Panic(), Withdraw(backdrop=BACKDROP), scene("standby"), Prepare(item="doors"),
        Prepare(scene=Preview("trend", {})), Step(by=1, steps=2), Launch(),
    ],
)  # fmt: skip
def test_nothing_goes_by_itself_after_a_hand(floor: Floor, action: Any) -> None:
    go(floor, "numbers")
    floor.press("hall", action)
    assert running(floor).advances_at is None


@pytest.mark.parametrize("changed", [{"hold": True}, {"advance_s": None}])
def test_an_item_waits_for_a_person_where_it_is_told_to(floor: Floor, changed: dict[str, Any]) -> None:
    waits = msgspec.structs.replace(EVENING.item("numbers"), **changed)
    floor.press("hall", Next(item=waits, settings={}, needs_arming=False, advances=True))
    assert running(floor).advances_at is None
    go(floor, "numbers", advances=False)
    assert running(floor).advances_at is None


def test_choosing_what_is_next_touches_no_picture_and_nobody_takes_what_they_have_not_seen(floor: Floor) -> None:
    before, version = floor.of("points"), floor.of("hall").version
    scene_before = floor.of("hall").scene
    for by, found in ((1, "speech"), (1, "launch"), (1, "numbers"), (-1, "launch")):
        chosen = neighbour(floor.of("hall"), by)  # type: ignore[arg-type]
        floor.act("hall", Prepare(item=chosen.id))
        assert running(floor).next == chosen.id == found
    assert (floor.of("points"), floor.of("hall").scene) == (before, scene_before)
    floor.pass_ms(1_000)
    take = Next(item=EVENING.item("doors"), settings={}, needs_arming=False, advances=True)
    with pytest.raises(Moved):
        floor.act("hall", take, MINH, seen=version)
    floor.act("hall", take, MINH, seen=floor.of("hall").version)
    with pytest.raises(PressedTwice):
        floor.act("hall", take, LAN, seen=floor.of("hall").version)


def test_past_either_end_there_is_nothing(floor: Floor) -> None:
    with pytest.raises(NotNow, match="no item there"):
        neighbour(floor.of("hall"), -1)
    floor.act("hall", Prepare(item="end"))
    with pytest.raises(NotNow):
        neighbour(floor.of("hall"), 1)
    go(floor)
    assert neighbour(floor.of("hall"), -1).id == "end"


def test_a_scene_prepared_by_hand_stands_in_preview_until_something_is_taken(floor: Floor) -> None:
    floor.act("hall", Prepare(scene=Preview("trend", {})))
    assert floor.of("hall").preview == Preview("trend", {})
    assert running(floor).next == "doors"
    go(floor)
    assert floor.of("hall").preview is None
    floor.act("hall", Prepare(scene=Preview("trend", {})))
    floor.act("hall", Prepare(item="end"))
    assert floor.of("hall").preview is None


def test_what_has_to_be_armed_is_taken_once_and_in_time(floor: Floor) -> None:
    with pytest.raises(NotNow, match="arm it first"):
        go(floor, "launch", needs_arming=True)
    floor.act("hall", Arm(item="numbers"))
    with pytest.raises(NotNow):
        go(floor, "launch", needs_arming=True)
    floor.act("hall", Arm(item="launch"))
    floor.pass_ms(ARMED_MS)
    with pytest.raises(NotNow):
        go(floor, "launch", needs_arming=True)
    floor.act("hall", Arm(item="launch"))
    go(floor, "launch", needs_arming=True)
    assert running(floor).armed is None


def test_an_edit_leaves_the_run_where_it_stands_as_far_as_its_items_are_there(floor: Floor) -> None:
    go(floor, "speech")
    items = [each for each in EVENING.items if each.id not in {"launch", "speech"}]
    edited = Rundown((*items[:1], item("dance"), *items[1:]), EVENING.ends_ms)
    floor.act("hall", SetRundown(rundown=edited))
    assert (running(floor).on, running(floor).next) == ("speech", "numbers")
    floor.act("hall", SetRundown(rundown=Rundown((item("dance"),))))
    assert running(floor).next is None
    floor.act("hall", SetRundown(rundown=Rundown((item("speech"), item("dance"), item("end")))))
    assert running(floor).next == "dance"


def test_leaving_out_the_next_item_chooses_the_one_after(floor: Floor) -> None:
    floor.act("hall", Prepare(item="launch"))
    floor.act("hall", Mark(item="launch", what="skip", on=True))
    assert running(floor).next == "numbers"
    with pytest.raises(NotNow):
        floor.act("hall", Mark(item="nobody", what="skip", on=True))
    floor.act("hall", Mark(item="numbers", what="hold", on=True))
    assert floor.of("hall").rundown.item("numbers").hold


def test_two_who_edit_at_once_are_told_and_pictures_may_change_meanwhile(floor: Floor) -> None:
    seen = floor.of("hall").version
    go(floor)
    floor.act("hall", SetRundown(rundown=EVENING), LAN, seen=seen)
    edited = msgspec.structs.replace(EVENING, items=EVENING.items[:2])
    floor.act("hall", SetRundown(rundown=edited), LAN, seen=floor.of("hall").version)
    with pytest.raises(Moved) as found:
        floor.act("hall", SetRundown(rundown=EVENING), MINH, seen=seen)
    assert (found.value.last.did, found.value.last.by) == ("rundown", LAN.by)
    assert floor.of("hall").rundown == edited


def test_a_new_time_is_one_to_come(floor: Floor) -> None:
    floor.pass_ms(60_000)
    floor.act("hall", SetRundown(rundown=EVENING))
    for field, changed in (
        ("items[1].at_ms", msgspec.structs.replace(EVENING, items=(item("one"), item("two", at_ms=NOW_MS + 1)))),
        ("ends_ms", msgspec.structs.replace(EVENING, ends_ms=NOW_MS + 1)),
    ):
        with pytest.raises(WrongSteering, match="a time to come") as found:
            floor.act("hall", SetRundown(rundown=changed))
        assert found.value.field == field


def test_each_store_has_its_own_run_and_going_live_begins_a_new_one(floor: Floor) -> None:
    floor.act("hall", ChangeStore(store="rehearsal", first=BACKDROP))
    go(floor, "numbers")
    rehearsed = running(floor)
    floor.pass_ms(3_600_000)
    floor.act("hall", ChangeStore(store="live", first=BACKDROP))
    assert running(floor) == Running(run=floor.at.now_ms, next="doors")
    assert floor.of("hall").runs["rehearsal"] == rehearsed


def test_a_start_goes_on_where_it_stood_with_nothing_armed_and_nothing_overdue(floor: Floor) -> None:
    go(floor, "numbers")
    floor.act("hall", Arm(item="launch"))
    revived = running(floor).revived(floor.at.now_ms)
    assert (revived.on, revived.armed) == ("numbers", None)
    assert revived.advances_at == running(floor).advances_at
    assert running(floor).revived(floor.at.now_ms + 30_001).advances_at is None


def test_who_is_bound_walks_through_his_own_alone() -> None:
    floor = Floor({"hall": None, "tv1": "hall"})
    floor.act("tv1", SetRundown(rundown=EVENING), Hand("account:5", "tv1"))
    floor.press(
        "tv1", Next(item=EVENING.items[0], settings={}, needs_arming=False, advances=True), Hand("account:5", "tv1")
    )
    assert floor.of("tv1").running.on == "doors"
    assert floor.of("hall").rundown == Rundown()
