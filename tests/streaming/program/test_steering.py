"""Whose picture it is: what is done to an output acts there, reaches those that follow, and nobody else."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streaming.errors import Declined
from streaming.program.action import Action
from streaming.program.cues import CUE_AHEAD_MS_MAX, CUE_LEAD_MS, Launch
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
from streaming.program.output import CUE_TOLD_MS, Hand, Output
from streaming.program.state import Cue
from streaming.program.steering import PRESS_AGAIN_MS
from streaming.program.takes import Back, Step
from streaming.program.withdrawal import Restore, Withdraw
from streaming.topics.late import DELAY_MS_MAX
from tests.worlds.outputs import BACKDROP, BOSS, DEVICE, LAN, MINH, NOW_MS, Floor, an_output, scene
from tests.worlds.whole import examples

STEPS = 3


def test_a_take_reaches_who_follows_and_nobody_else() -> None:
    floor = Floor()
    assert floor.act("hall", scene("live", lead="started")) == ["hall", "points"]
    assert floor.shows("points") == floor.shows("hall") == ("live", {"lead": "started"}, 0)
    assert floor.press("tv1", scene("trend")) == ["tv1", "tv2"]
    assert floor.scenes() == {"hall": "live", "points": "live", "tv1": "trend", "tv2": "trend"}


def test_who_is_late_shows_a_take_by_its_own_delay_after_it_whomever_it_follows() -> None:
    floor = Floor({"hall": None, "tv1": "hall", "tv2": "tv1"})
    floor.act("tv1", ChangeDelay(delay_ms=8_000))
    floor.act("tv2", ChangeDelay(delay_ms=2_000))
    floor.act("hall", scene("live"))
    for ms, expected in ((1_999, "standby standby"), (1, "standby live"), (5_999, "standby live"), (1, "live live")):
        floor.pass_ms(ms)
        assert f"{floor.scenes()['tv1']} {floor.scenes()['tv2']}" == expected
    assert floor.of("tv1").take.by == LAN.by


def test_a_directors_own_take_acts_at_once_and_what_was_on_its_way_comes_no_more() -> None:
    floor = Floor({"hall": None, "tv1": "hall"})
    floor.act("tv1", ChangeDelay(delay_ms=8_000))
    floor.act("hall", scene("live"))
    floor.pass_ms(3_000)
    floor.act("tv1", scene("trend"), MINH)
    floor.pass_ms(8_000)
    assert floor.scenes()["tv1"] == "trend"
    floor.act("hall", scene("standings"))
    floor.pass_ms(8_000)
    assert floor.scenes()["tv1"] == "standings"


def test_a_delay_that_is_made_shorter_lets_come_what_is_due_by_it() -> None:
    floor = Floor({"hall": None, "tv1": "hall"})
    floor.act("tv1", ChangeDelay(delay_ms=DELAY_MS_MAX))
    floor.act("hall", scene("live"))
    floor.pass_ms(1_000)
    floor.act("tv1", ChangeDelay(delay_ms=1_000))
    assert floor.scenes()["tv1"] == "live"


def test_what_was_on_its_way_when_the_clock_was_set_back_comes() -> None:
    floor = Floor({"hall": None, "tv1": "hall"})
    floor.act("tv1", ChangeDelay(delay_ms=8_000))
    floor.act("hall", scene("live"))
    floor.pass_ms(-3_600_000)
    assert floor.scenes()["tv1"] == "live"


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


def test_following_shows_what_the_other_shows_now_and_letting_go_changes_no_picture() -> None:
    floor = Floor()
    floor.press("hall", scene("live", lead="completed"))
    floor.act("tv1", Follow(other="hall"))
    assert floor.shows("tv1") == floor.shows("hall")
    floor.act("tv1", Hold(), MINH)
    floor.press("hall", scene("trend"))
    floor.act("tv1", LetGo(), MINH)
    assert floor.scenes()["tv1"] == "live"
    floor.act("tv1", Follow(other="hall"))
    assert floor.scenes()["tv1"] == "trend"
    floor.act("tv1", Follow(other=None))
    floor.press("hall", scene("latest"))
    assert floor.scenes()["tv1"] == "trend"


def test_nobody_follows_in_a_circle_or_what_there_is_not() -> None:
    floor = Floor()
    for name, other in (("hall", "hall"), ("hall", "points"), ("tv1", "tv2")):
        with pytest.raises(WrongSteering, match=f"an output that does not follow {name}"):
            floor.act(name, Follow(other=other))
    with pytest.raises(UnknownOutput):
        floor.act("tv1", Follow(other="tv9"))


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


# Cues.


def test_a_cue_is_one_time_for_all_that_follow_whatever_their_delay() -> None:
    floor = Floor()
    floor.act("points", ChangeDelay(delay_ms=8_000))
    floor.act("hall", Launch())
    cue = floor.of("hall").cue
    assert cue == Cue("launch", NOW_MS, NOW_MS + CUE_LEAD_MS)
    assert floor.of("points").face(floor.at.now_ms).cue == cue, "it is never held back"
    assert floor.of("points").fires_ms(cue) == cue.at + 8_000
    assert floor.of("tv1").cue is None


def test_a_cue_far_ahead_is_for_operators_until_it_is_near() -> None:
    floor = Floor()
    at_ms = floor.at.now_ms + 600_000
    floor.act("hall", Launch(at_ms=at_ms))
    assert floor.of("hall").face(floor.at.now_ms).cue is None
    told = floor.of("hall").told().cue
    assert told is not None
    assert floor.steering.next_ms(floor.at.now_ms) == at_ms - CUE_TOLD_MS
    floor.pass_ms(600_000 - CUE_TOLD_MS)
    assert floor.of("points").face(floor.at.now_ms).cue == told
    assert floor.steering.next_ms(floor.at.now_ms) is None


def test_a_cue_in_the_past_or_of_another_day_is_refused() -> None:
    floor = Floor()
    for ms in (-1, 0, CUE_LEAD_MS - 1, CUE_AHEAD_MS_MAX + 1):
        with pytest.raises(WrongSteering, match="at_ms: expected a time from"):
            floor.act("hall", Launch(at_ms=floor.at.now_ms + ms))


def test_a_cue_that_has_fired_is_over_with_the_next_take_and_one_that_has_not_stays() -> None:
    floor = Floor({"hall": None, "tv1": "hall"})
    floor.act("tv1", ChangeDelay(delay_ms=8_000))
    floor.act("hall", Launch())
    floor.press("hall", scene("live"))
    assert (floor.of("hall").cue, floor.of("tv1").cue is None) == (None, False)
    floor.press("tv1", scene("trend"))
    assert floor.of("tv1").cue is not None, "here it has not fired yet"
    floor.press("tv1", msgspec.structs.replace(scene("standby"), ends_cue=True))
    assert floor.of("tv1").cue is None
    first = floor.of("hall").cues
    floor.press("hall", Launch())
    assert floor.of("hall").cues > first


# Wrong numbers.


def test_wrong_numbers_go_off_the_air_wherever_the_hall_reaches_and_whoever_holds_is_told() -> None:
    floor = Floor({"hall": None, "points": "hall", "tv1": "hall", "tv2": "hall", "tv3": None})
    floor.act("tv1", ChangeDelay(delay_ms=8_000))
    floor.act("hall", scene("live"))
    floor.act("tv2", Hold(), MINH)
    floor.act("tv3", scene("trend"), MINH)
    floor.act("points", Panic())
    floor.act("hall", Withdraw(backdrop=BACKDROP))
    expected = {"hall": "standby", "points": "standby", "tv1": "standby", "tv2": "live", "tv3": "trend"}
    assert floor.scenes() == expected
    floor.pass_ms(60_000)
    assert floor.scenes() == expected, "what was on its way does not come"
    assert floor.of("points").still is None
    for name in ("tv2", "tv3"):
        told = floor.of(name).told().withdrawn
        assert told is not None
        assert (told.output, told.by, told.scene) == ("hall", LAN.by, None)
    floor.press("hall", Restore())
    assert floor.scenes() == expected | {"hall": "live", "points": "live", "tv1": "standby"}
    assert all(output.withdrawn is None for output in floor.steering.all.values())


def test_the_moment_up_to_which_numbers_are_right_may_be_named_later() -> None:
    floor = Floor()
    floor.press("hall", scene("live"))
    floor.act("hall", Withdraw(backdrop=BACKDROP))
    assert floor.act("hall", Withdraw(backdrop=BACKDROP)) == [], "a second press changes nothing"
    to_ms = floor.at.now_ms - 5_000
    floor.act("hall", Withdraw(backdrop=BACKDROP, to_ms=to_ms))
    assert {output.withdrawn.to for output in floor.steering.all.values() if output.withdrawn} == {to_ms}
    assert floor.scenes()["hall"] == "standby"
    with pytest.raises(WrongSteering, match="a time up to now"):
        floor.act("hall", Withdraw(backdrop=BACKDROP, to_ms=floor.at.now_ms + 1))


def test_whoever_steers_all_may_take_more_off_the_air_and_undo_it_from_any_output_that_is_told() -> None:
    floor = Floor()
    floor.press("tv1", scene("live"))
    floor.press("hall", scene("trend"))
    floor.act("tv1", Withdraw(backdrop=BACKDROP))
    assert floor.scenes() == {"hall": "trend", "points": "trend", "tv1": "standby", "tv2": "standby"}
    floor.act("hall", Withdraw(backdrop=BACKDROP))
    assert set(floor.scenes().values()) == {"standby"}, "that the numbers are withdrawn already keeps nobody from it"
    assert {output.withdrawn.output for output in floor.steering.all.values() if output.withdrawn} == {"tv1"}
    floor.press("points", Restore())
    assert floor.scenes() == {"hall": "trend", "points": "trend", "tv1": "live", "tv2": "live"}
    floor.pass_ms(PRESS_AGAIN_MS)
    with pytest.raises(NotNow, match="no numbers were taken off"):
        floor.act("points", Restore())


def test_who_is_bound_to_an_output_takes_his_own_picture_off_and_nobody_elses() -> None:
    floor = Floor()
    floor.press("hall", scene("live"))
    floor.press("tv1", scene("trend"))
    floor.act("tv1", Withdraw(backdrop=BACKDROP), DEVICE)
    assert floor.scenes() == {"hall": "live", "points": "live", "tv1": "standby", "tv2": "standby"}
    own = floor.of("tv1").withdrawn
    assert own is not None
    assert not own.holds
    assert floor.of("hall").withdrawn is None, "the hall is not told to look at its numbers"
    floor.act("hall", Withdraw(backdrop=BACKDROP))
    assert floor.of("tv1").withdrawn == own
    floor.press("hall", Restore())
    assert floor.scenes()["tv1"] == "standby"
    floor.press("tv1", Restore(), DEVICE)
    assert floor.scenes() == {"hall": "live", "points": "live", "tv1": "trend", "tv2": "trend"}


def test_who_is_bound_to_an_output_cannot_undo_what_the_hall_has_done() -> None:
    floor = Floor({"hall": None, "tv1": "hall"})
    floor.press("hall", scene("live"))
    floor.act("hall", Withdraw(backdrop=BACKDROP))
    assert floor.act("tv1", Withdraw(backdrop=BACKDROP), DEVICE) == [], "it is off the air"
    floor.pass_ms(PRESS_AGAIN_MS)
    with pytest.raises(NotNow, match="no numbers were taken off"):
        floor.act("tv1", Restore(), DEVICE)
    floor.press("tv1", scene("trend"), DEVICE)
    floor.press("hall", Restore())
    assert floor.scenes() == {"hall": "live", "tv1": "trend"}


def test_what_was_taken_after_it_is_taken_off_by_another_press_and_comes_back_itself() -> None:
    floor = Floor({"hall": None, "points": "hall"})
    floor.press("hall", scene("live"))
    floor.act("hall", Withdraw(backdrop=BACKDROP))
    floor.press("hall", scene("trend"))
    floor.act("hall", Withdraw(backdrop=BACKDROP))
    assert floor.scenes() == {"hall": "standby", "points": "standby"}
    floor.press("hall", Restore())
    assert floor.scenes() == {"hall": "trend", "points": "trend"}


def test_what_somebody_has_put_on_air_meanwhile_does_not_give_way_to_what_was_there() -> None:
    floor = Floor()
    floor.press("hall", scene("live"))
    floor.act("hall", Withdraw(backdrop=BACKDROP))
    floor.press("points", scene("trend"))
    floor.press("hall", Restore())
    assert (floor.scenes()["hall"], floor.scenes()["points"]) == ("live", "trend")


def test_an_output_of_the_other_store_keeps_its_picture() -> None:
    floor = Floor()
    floor.act("points", ChangeStore(store="rehearsal", first=BACKDROP))
    floor.press("hall", scene("live"))
    floor.act("hall", Withdraw(backdrop=BACKDROP))
    assert (floor.scenes()["points"], floor.of("points").withdrawn) == ("live", None)


# Whatever is done.

NAMES = st.sampled_from(["hall", "points", "tv1", "tv2"])
HANDS = st.sampled_from([LAN, MINH, BOSS, DEVICE])
ACTIONS: st.SearchStrategy[Action] = st.one_of(
    st.sampled_from(["live", "trend", "awards"]).map(scene),
    st.sampled_from([-1, 1]).map(lambda by: Step(by=by, steps=STEPS)),
    st.just(Back()),
    st.just(Hold()),
    st.sampled_from(["", "vì mất liên lạc"]).map(lambda why: LetGo(why=why)),
    st.sampled_from([None, "hall", "points", "tv1", "tv2"]).map(lambda other: Follow(other=other)),
    st.sampled_from([0, 2_000, 8_000]).map(lambda ms: ChangeDelay(delay_ms=ms)),
    st.sampled_from(["live", "rehearsal"]).map(lambda store: ChangeStore(store=store, first=BACKDROP)),  # type: ignore[arg-type]
    st.just(Panic()),
    st.just(Resume()),
    st.sampled_from([None, 500, 60_000]).map(lambda ms: Launch(at_ms=None if ms is None else NOW_MS + ms)),
    st.sampled_from([None, NOW_MS]).map(lambda ms: Withdraw(backdrop=BACKDROP, to_ms=ms)),
    st.just(Restore()),
)
DONE = st.lists(st.tuples(NAMES, ACTIONS, HANDS, st.sampled_from([0, 200, 800, 3_000, 9_000])), max_size=25)


def try_(floor: Floor, name: str, action: Action, hand: Hand) -> bool:
    """Whether it was not refused."""
    try:
        floor.act(name, action, hand)
    except Declined:
        return False
    return True


def circle(floor: Floor, name: str) -> bool:
    """Whether one who follows from here comes back."""
    on_the_way = floor.of(name).follows
    for _ in floor.steering.all:
        if on_the_way is None:
            return False
        on_the_way = floor.of(on_the_way).follows
    return True


@examples(150)
@given(DONE)
def test_versions_and_takes_only_rise_what_is_refused_changes_nothing_and_all_of_it_can_be_kept(
    done: list[tuple[str, Action, Hand, int]],
) -> None:
    floor = Floor()
    for name, action, hand, ms in done:
        floor.pass_ms(ms)
        before = dict(floor.steering.all)
        if not try_(floor, name, action, hand):
            assert dict(floor.steering.all) == before
        for each, output in floor.steering.all.items():
            old = before[each]
            assert output.version >= old.version
            assert (output.version > old.version) == (output.with_(coming=old.coming) != old)
            assert output.scene.take > old.scene.take or output.scene.name == old.scene.name
            assert output.scene.take >= old.scene.take
            assert output.take.version <= output.version
            assert not circle(floor, each)
            assert msgspec.json.decode(msgspec.json.encode(output), type=Output) == output
            if old.lock is not None and output.lock == old.lock and name != each:
                assert output.scene == old.scene
            if old.still is not None and output.still is not None:
                assert (output.still, floor.shows(each)[0]) == (old.still, old.still.scene.name)


@examples(150)
@given(DONE, st.sampled_from([0, 2_000, 8_000]))
def test_who_follows_and_is_let_be_shows_what_the_hall_showed_then(
    done: list[tuple[str, Action, Hand, int]], delay_ms: int
) -> None:
    floor = Floor({"hall": None, "points": "hall"})
    floor.act("points", ChangeDelay(delay_ms=delay_ms))
    shown: list[tuple[int, Any]] = [(-delay_ms, floor.shows("hall"))]
    for _, action, hand, ms in done:
        floor.pass_ms(ms)
        if isinstance(action, Panic | Withdraw | ChangeStore | Restore):
            continue
        try_(floor, "hall", action, hand)
        shown.append((floor.ms, floor.shows("hall")))
        then = [shows for at_ms, shows in shown if at_ms <= floor.ms - delay_ms]
        assert floor.shows("points") == then[-1]


HIDDEN = st.lists(
    st.one_of(st.just(Back()), st.just(Hold()), st.just(LetGo()), st.just(Launch(at_ms=NOW_MS + 3_000_000))), max_size=4
)


@examples(80)
@given(st.lists(st.tuples(st.sampled_from(["live", "trend"]), HIDDEN), max_size=6))
def test_what_is_prepared_or_still_to_come_is_not_to_be_seen(taken: list[tuple[str, list[Action]]]) -> None:
    open_, other = Floor({"hall": None}), Floor({"hall": None})
    for name, hidden in taken:
        for floor in (open_, other):
            floor.press("hall", scene(name))
        for action in hidden:
            for floor in (open_, other):
                floor.pass_ms(PRESS_AGAIN_MS)
            try_(other, "hall", action, LAN)
            assert other.of("hall").face(other.at.now_ms) == open_.of("hall").face(open_.at.now_ms)


@examples(80)
@given(DONE)
def test_wrong_numbers_off_the_air_and_back_leave_every_picture_as_it_was(
    done: list[tuple[str, Action, Hand, int]],
) -> None:
    floor = Floor()
    for name, action, hand, ms in done:
        floor.pass_ms(ms)
        if not isinstance(action, Withdraw | Panic):
            try_(floor, name, action, hand)
    floor.pass_ms(60_000)
    before = {name: floor.shows(name) for name in floor.steering.all}
    if not try_(floor, "hall", Withdraw(backdrop=BACKDROP), LAN):
        return
    assert floor.scenes()["hall"] == "standby"
    floor.press("hall", Restore())
    assert {name: floor.shows(name) for name in floor.steering.all} == before
