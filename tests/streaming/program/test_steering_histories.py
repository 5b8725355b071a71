"""Histories of steering: whatever is done, by whomever, what must always hold does."""

from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from streaming.errors import Declined
from streaming.program.action import Action
from streaming.program.cues import Launch
from streaming.program.hands import Follow, Hold, LetGo, holds
from streaming.program.numbers import ChangeDelay, ChangeStore, Panic, Resume
from streaming.program.output import Hand, Output
from streaming.program.steering import PRESS_AGAIN_MS
from streaming.program.takes import Back, Step
from streaming.program.withdrawal import Restore, Withdraw
from tests.worlds.outputs import BACKDROP, BOSS, DEVICE, LAN, MINH, NOW_MS, Floor, scene
from tests.worlds.whole import examples

STEPS = 3
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
            if old.lock is not None and output.lock == old.lock and not holds(old.lock, old, hand):
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
