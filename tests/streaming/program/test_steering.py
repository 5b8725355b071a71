"""Whose picture it is: what is done to an output acts there, reaches those that follow, and nobody else."""

import pytest

from streaming.program.action import Action
from streaming.program.cues import Launch
from streaming.program.errors import (
    Locked,
    Moved,
    NotNow,
    OtherOutput,
    PressedTwice,
    UnknownOutput,
    WrongSteering,
)
from streaming.program.hands import REASON_CHARS_MAX, Follow, Hold, LetGo
from streaming.program.numbers import ChangeDelay, ChangeStore, Panic, Resume
from streaming.program.output import At, Hand
from streaming.program.steering import LOST_MAX, PRESS_AGAIN_MS, Steering, version_after
from streaming.program.takes import Back, Step, TakeScene
from streaming.program.withdrawal import Withdraw
from streaming.topics.late import DELAY_MS_MAX
from tests.worlds.apps import NOW_MS
from tests.worlds.outputs import BACKDROP, BOSS, DEVICE, LAN, MINH, Floor, an_output, scene

STEPS = 3


def test_a_step_is_the_same_take_with_more_of_it_here_and_where_it_is_followed() -> None:
    floor = Floor()
    floor.press("hall", scene("awards"))
    takes = {name: floor.of(name).scene.take for name in ("hall", "points")}
    for step in (1, 2):
        floor.press("hall", Step(by=1, steps=2))
        assert floor.shows("points") == floor.shows("hall") == ("awards", {}, step)
    assert {name: floor.of(name).scene.take for name in takes} == takes
    floor.pass_ms(PRESS_AGAIN_MS)
    with pytest.raises(NotNow, match="stands at step 2 of 2"):
        floor.act("hall", Step(by=1, steps=2))


def test_the_way_back_goes_into_preview_and_further_each_time() -> None:
    floor = Floor()
    for name in ("live", "trend", "latest"):
        floor.press("hall", scene(name))
    previews = []
    for _ in range(3):
        floor.press("hall", Back())
        preview = floor.of("hall").preview
        assert preview is not None
        previews.append(preview.name)
    assert previews == ["trend", "live", "standby"]
    assert floor.scenes()["hall"] == "latest"
    floor.pass_ms(PRESS_AGAIN_MS)
    with pytest.raises(NotNow):
        floor.act("hall", Back())
    floor.press("hall", scene("live"))
    assert floor.of("hall").preview is None


# Hands.


def test_what_somebody_holds_is_steered_by_them_their_device_and_nobody_else_and_the_hall_does_not_reach_it() -> None:
    floor = Floor({"hall": None, "tv1": "hall", "tv2": "tv1"})
    floor.act("tv1", ChangeDelay(delay_ms=8_000))
    floor.act("hall", scene("live"))
    floor.act("tv1", Hold(), MINH)
    floor.pass_ms(60_000)
    floor.act("hall", scene("standings"))
    floor.act("hall", Launch())
    assert floor.scenes() == {"hall": "standings", "tv1": "standby", "tv2": "live"}
    assert floor.of("tv1").cue is None
    actions: list[Action] = [
        scene("live"), Panic(), Resume(), Follow(other=None), ChangeDelay(delay_ms=0), Hold(), Back(), Launch(),
        Withdraw(backdrop=BACKDROP), LetGo(),
    ]  # fmt: skip
    for action in actions:
        with pytest.raises(Locked, match="account:2 holds it"):
            floor.act("tv1", action, LAN)
    floor.press("tv1", scene("live"), DEVICE)
    floor.press("tv1", scene("trend"), MINH)
    assert floor.scenes()["tv1"] == "trend"


def test_who_is_bound_to_an_output_can_do_nothing_to_another() -> None:
    floor = Floor()
    floor.act("hall", Hold(), MINH)
    before = dict(floor.steering.all)
    for name in ("hall", "points", "tv2"):
        for action in (scene("live"), Panic(), LetGo(why="x"), Withdraw(backdrop=BACKDROP), Hold(), Follow(other=None)):
            with pytest.raises(OtherOutput, match="this is for tv1 alone"):
                floor.act(name, action, DEVICE)
    with pytest.raises(OtherOutput):
        floor.steering.remove("tv2", DEVICE)
    assert dict(floor.steering.all) == before


def test_a_lock_is_broken_by_an_administrator_with_a_reason_that_its_director_sees() -> None:
    floor = Floor()
    floor.act("tv1", Hold(), MINH)
    for reason in ("", "  ", "x" * (REASON_CHARS_MAX + 1)):
        with pytest.raises(WrongSteering, match="reason: expected why"):
            floor.act("tv1", LetGo(why=reason), BOSS)
    floor.act("tv1", LetGo(why=" Đạo diễn không liên lạc được "), BOSS)
    broken = floor.of("tv1").told().broken
    assert broken is not None
    assert (broken.lock.by, broken.by, broken.reason) == (MINH.by, BOSS.by, "Đạo diễn không liên lạc được")
    floor.press("tv1", scene("live"), LAN)
    floor.act("tv1", Hold(), MINH)
    assert floor.of("tv1").told().broken is None
    floor.act("tv1", LetGo(), MINH)
    assert (floor.of("tv1").lock, floor.of("tv1").broken) == (None, None)
    assert floor.act("tv1", LetGo(), LAN) == [], "there is nothing to let go"


def test_outputs_are_made_and_taken_away_by_their_names() -> None:
    floor = Floor()
    for name in ("tv0", "tv17", "tv01", "hall", "wall", "TV3", ""):
        with pytest.raises((WrongSteering, NotNow)):
            floor.steering.add(an_output(name))
    with pytest.raises(NotNow, match="there is an output tv1 already"):
        floor.steering.add(an_output("tv1"))
    for number in range(3, 17):
        floor.steering.add(an_output(f"tv{number}"))
    with pytest.raises(NotNow, match="hall is there always"):
        floor.steering.remove("hall", LAN)
    with pytest.raises(NotNow, match="tv2 follows it"):
        floor.steering.remove("tv1", LAN)
    floor.act("tv2", Hold(), MINH)
    with pytest.raises(Locked):
        floor.steering.remove("tv2", LAN)
    floor.steering.remove("tv2", MINH)
    floor.steering.remove("tv1", LAN)
    with pytest.raises(UnknownOutput):
        floor.act("tv1", scene("live"))


# Presses.


def test_whoever_has_not_seen_the_picture_is_told_who_did_what_and_a_change_of_hand_does_not_matter_to_it() -> None:
    floor = Floor()
    seen = floor.of("hall").version
    floor.press("hall", scene("standings"), MINH)
    floor.pass_ms(PRESS_AGAIN_MS)
    for wrong in (seen, floor.of("hall").version + 1):
        with pytest.raises(Moved) as refused:
            floor.act("hall", scene("live"), LAN, seen=wrong)
        assert (refused.value.last.by, refused.value.last.did, refused.value.last.version) == (MINH.by, "take", 2)
        assert refused.value.last.scene == floor.of("hall").scene
    seen = floor.of("hall").version
    floor.act("hall", ChangeDelay(delay_ms=200), MINH)
    floor.act("hall", scene("live"), LAN, seen=seen)
    with pytest.raises(Moved) as refused:
        floor.act("hall", ChangeDelay(delay_ms=0), LAN, seen=seen)
    assert refused.value.last.did == "delay"


def test_a_version_that_a_kill_has_kept_off_the_disk_is_nobodys_ever_after() -> None:
    assert version_after(12, NOW_MS) == NOW_MS
    # Where the clock was set back it rises all the same, past all that may have been told.
    assert version_after(NOW_MS, 12) == NOW_MS + LOST_MAX
    start = version_after(12, NOW_MS)
    steering = Steering([an_output().with_(version=start)], {"hall": range(13, start)})
    at = At(NOW_MS, NOW_MS)
    for lost in (13, 14, start - 1):
        with pytest.raises(Moved):
            steering.act("hall", scene("live"), LAN, at, seen=lost)
    # Who has seen what was on disk last has seen what is there.
    steering.act("hall", scene("live"), LAN, at, seen=12)
    assert steering.of("hall").version == start + 1
    for old in (12, 13, start):
        with pytest.raises(Moved):
            steering.check_press("hall", TakeScene, LAN, At(NOW_MS, NOW_MS + PRESS_AGAIN_MS), seen=old)


def test_stillness_and_the_way_off_the_air_are_never_too_late() -> None:
    floor = Floor()
    floor.press("hall", scene("live"), MINH)
    floor.act("hall", Panic(), LAN, seen=1)
    floor.act("hall", Withdraw(backdrop=BACKDROP), LAN, seen=1)
    assert floor.scenes()["hall"] == "standby"


@pytest.mark.parametrize("by", [LAN, MINH, DEVICE])
@pytest.mark.parametrize("action", [scene("trend"), Step(by=1, steps=2), Back()])
def test_a_second_press_is_refused_whoever_presses(action: Action, by: Hand) -> None:
    floor = Floor()
    floor.act("tv1", scene("live"))
    floor.pass_ms(PRESS_AGAIN_MS - 1)
    before = floor.of("tv1")
    with pytest.raises(PressedTwice) as refused:
        floor.act("tv1", action, by)
    assert refused.value.last.scene == before.scene
    assert floor.of("tv1") == before
    floor.press("hall", scene("live"))
    floor.act("tv1", action, by)


def test_a_cue_may_follow_a_take_at_once_but_not_another_cue() -> None:
    floor = Floor()
    floor.act("hall", scene("live"))
    floor.act("hall", Launch())
    with pytest.raises(PressedTwice):
        floor.act("hall", Launch())


def test_a_press_that_was_refused_for_another_reason_is_no_press() -> None:
    floor = Floor()
    with pytest.raises(NotNow):
        floor.act("hall", Back())
    floor.act("hall", scene("live"))


# Numbers.


def test_stillness_keeps_what_everybody_sees_while_takes_act_behind_it() -> None:
    floor = Floor()
    floor.act("tv1", Panic(), MINH)
    before = floor.of("tv1").face(floor.at.now_ms)
    assert before.output is not None
    assert before.output.frozen
    assert floor.act("tv1", Panic(), LAN) == []
    floor.press("tv1", scene("live"))
    floor.press("tv1", Launch())
    assert floor.of("tv1").face(floor.at.now_ms) == before
    assert floor.of("tv1").told().on_air == floor.of("tv1").take
    assert floor.scenes()["tv2"] == "live", "it is the output's own"
    floor.act("tv1", Resume())
    assert floor.scenes()["tv1"] == "live"
    assert floor.act("tv1", Resume()) == []


def test_a_change_of_store_brings_what_was_on_air_there_last_as_a_new_take() -> None:
    floor = Floor()
    floor.press("hall", scene("trend"))
    rehearse = ChangeStore(store="rehearsal", first=BACKDROP)
    floor.act("hall", rehearse)
    assert (floor.scenes()["hall"], floor.scenes()["points"]) == ("standby", "trend")
    floor.press("hall", scene("live", lead="completed"))
    takes = [floor.of("hall").scene.take]
    for store, expected in (("live", "trend"), ("rehearsal", "live")):
        floor.act("hall", ChangeStore(store=store, first=BACKDROP))  # type: ignore[arg-type]
        assert floor.scenes()["hall"] == expected
        takes.append(floor.of("hall").scene.take)
    assert takes == sorted(set(takes))
    assert floor.act("hall", rehearse) == []


def test_a_store_is_not_changed_behind_a_picture_that_stands_still_or_is_off_the_air() -> None:
    floor = Floor()
    other = ChangeStore(store="rehearsal", first=BACKDROP)
    floor.act("tv1", Panic())
    with pytest.raises(NotNow, match="stands still"):
        floor.act("tv1", other)
    floor.act("hall", Withdraw(backdrop=BACKDROP))
    with pytest.raises(NotNow, match="off the air"):
        floor.act("hall", other)


@pytest.mark.parametrize("delay_ms", [-1, DELAY_MS_MAX + 1, 3_600_000])
def test_a_delay_has_bounds(delay_ms: int) -> None:
    with pytest.raises(WrongSteering, match="a whole number from 0 to 30000"):
        Floor().act("hall", ChangeDelay(delay_ms=delay_ms))
