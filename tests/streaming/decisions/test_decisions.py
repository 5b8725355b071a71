"""Corrections, voids, final numbers, schedules and milestones: one rule each; whole histories are in test_fold."""

import pytest
from hypothesis import given

from streaming.audit.recount import differences
from streaming.decisions.holds import Held
from streaming.decisions.latest import REMEMBERED_MAX, LastDecisions
from streaming.decisions.standing import Milestone
from streaming.decisions.timetable import KEPT_BACK_MAX_MS
from streaming.errors import FoldError
from streaming.fold.fold import Fold
from streaming.fold.tally import ALL, COMPLETED, PARTICIPANTS
from streaming.ledger.rows import Row
from streaming.topics.operators import after_release, control_state
from tests.worlds.folds import folded, opened, public
from tests.worlds.histories import ROUND_MS, SCHEDULED, START_MS, Writer, histories
from tests.worlds.whole import examples

CLOSES_MS = START_MS + ROUND_MS


def correct(writer: Writer, delta: int, unit: str = "A1", number: int = 1, column: str = "completed") -> Row:
    return writer.decide(
        "correction", unit=unit, round=number, column=column, delta=delta, labelled=True, reason="nhập trùng"
    )


def test_a_correction_counts_in_its_unit_every_unit_above_it_and_its_round() -> None:
    writer = opened()
    writer.take("e1", unit="A1")
    correct(writer, 4)
    fold = folded(writer.rows)
    for scope in (ALL, 1):
        assert [fold.public.counts[scope][code][COMPLETED] for code in ("P", "A", "A1", "A2")] == [5, 5, 5, 0]
    assert fold.public.counts[2]["P"][COMPLETED] == 0


def test_a_corrected_count_does_not_fall_below_zero_and_takes_nothing_from_other_rounds() -> None:
    writer = opened()
    writer.take("e1", unit="A1")
    writer.take("e2", unit="A1", at=START_MS + 2 * ROUND_MS)
    correct(writer, -5)
    counts = folded(writer.rows).public.counts
    assert [counts[scope]["A1"][COMPLETED] for scope in (ALL, 1, 2)] == [1, 0, 1]
    writer.take("e3", unit="A1")
    writer.take("e4", unit="A1")
    counts = folded(writer.rows).public.counts
    assert [counts[scope]["P"][COMPLETED] for scope in (ALL, 1, 2)] == [1, 0, 1]


def test_people_of_all_rounds_are_corrected_on_their_own() -> None:
    writer = opened()
    writer.take("e1", unit="A1", person="u")
    writer.take("e2", unit="A1", person="u", at=START_MS + 2 * ROUND_MS)
    correct(writer, -1, column="participants")
    counts = folded(writer.rows).public.counts
    assert [counts[scope]["P"][PARTICIPANTS] for scope in (ALL, 1, 2)] == [0, 0, 1]


def test_under_a_hold_a_correction_waits_for_the_release() -> None:
    for unit in (None, "A", "A1"):
        writer = opened()
        writer.take("e1", unit="A1")
        held = writer.decide("hold", unit=unit)
        correct(writer, 2)
        fold = folded(writer.rows)
        assert fold.cut.seq == held.seq
        assert [fold.public.counts[ALL]["P"][COMPLETED], fold.whole.counts[ALL]["P"][COMPLETED]] == [1, 3]
        assert fold.public_cut.corrections == {}
        writer.decide("release", unit=unit)
        assert public(writer)[COMPLETED] == 3


def test_a_correction_of_a_unit_that_is_no_leaf_or_without_its_numbers_is_an_error() -> None:
    writer = opened()
    correct(writer, 1, unit="A")
    with pytest.raises(FoldError, match='row 2: no leaf unit has code "A"'):
        folded(writer.rows)
    writer = opened()
    writer.decide("correction", unit="A1", round=1, column="pace", delta=1)
    with pytest.raises(FoldError, match="row 2: a correction that is not whole"):
        folded(writer.rows)


def test_an_operators_void_takes_entries_of_any_source_back_for_good() -> None:
    writer = opened()
    writer.take("e1", unit="A1", by="web")
    writer.take("e1", unit="A1", by="bao")
    writer.decide("quarantine", entries=[["web", "e1"]])
    assert public(writer)[COMPLETED] == 1
    writer.decide("void", entries=[["web", "e1"], ["bao", "e9"]])
    writer.decide("clear", entries=[["web", "e1"]])
    writer.take("e9", unit="A1", by="bao")
    fold = folded(writer.rows)
    assert fold.public.counts[ALL]["P"][COMPLETED] == fold.whole.counts[ALL]["P"][COMPLETED] == 1


def frozen(fold: Fold) -> bool:
    held = fold.gate.held_all
    return held is not None and held.is_final


def test_final_numbers_say_so_from_their_own_position_on_and_jump_on_release() -> None:
    writer = opened()
    writer.take("e1", unit="A1")
    final = writer.decide("hold", unit=None, final=True)
    writer.take("e2", unit="A1")
    fold = folded(writer.rows)
    assert frozen(fold)
    assert (fold.cut.seq, fold.cut.revision) == (final.seq, 0)
    released = writer.decide("release", unit=None)
    fold = folded(writer.rows)
    assert not frozen(fold)
    assert (fold.cut.seq, fold.cut.revision) == (released.seq, 0)
    assert fold.public.counts[ALL]["P"][COMPLETED] == 2


def test_a_hold_that_is_made_final_later_keeps_its_numbers_and_begins_a_new_epoch() -> None:
    writer = opened()
    writer.take("e1", unit="A1")
    held = writer.decide("hold", unit=None)
    writer.take("e2", unit="A1")
    final = writer.decide("hold", unit=None, final=True)
    fold = folded(writer.rows)
    assert frozen(fold)
    assert (fold.cut.seq, fold.cut.revision) == (held.seq, final.seq)
    assert fold.public.counts[ALL]["P"][COMPLETED] == 1


def test_a_scheduled_freeze_keeps_back_what_is_received_from_its_time_on_until_somebody_releases() -> None:
    writer = opened()
    writer.decide("schedule", round=1, before_close_ms=600_000, delay_ms=None, reason="giờ chót")
    writer.now_ms = CLOSES_MS - 600_001
    last = writer.take("e1", unit="A1")
    assert folded(writer.rows).edges_ms.count(CLOSES_MS - 600_000) == 1
    writer.now_ms += 1
    writer.take("e2", unit="A1")
    fold = folded(writer.rows)
    assert frozen(fold)
    assert fold.cut.seq == last.seq
    assert fold.public.counts[ALL]["P"][COMPLETED] == 1
    writer.now_ms = CLOSES_MS + 1
    writer.clock(web=writer.now_ms)
    assert public(writer)[COMPLETED] == 1
    writer.decide("release", unit=None)
    writer.clock(web=writer.now_ms)
    assert public(writer)[COMPLETED] == 2


def test_under_a_delay_a_scheduled_freeze_still_shows_what_had_waited_long_enough_by_its_time() -> None:
    writer = opened()
    writer.decide("delay", delay_ms=60_000)
    writer.decide("schedule", round=1, before_close_ms=600_000, delay_ms=None)
    writer.now_ms = CLOSES_MS - 660_000
    writer.take("e1", unit="A1")
    writer.now_ms += 1
    writer.take("e2", unit="A1")
    writer.now_ms = CLOSES_MS - 600_000 + 30_000
    writer.clock(web=writer.now_ms)
    assert public(writer)[COMPLETED] == 1


def test_a_scheduled_delay_ends_with_its_round() -> None:
    writer = opened()
    writer.decide("schedule", round=1, before_close_ms=600_000, delay_ms=60_000)
    writer.now_ms = CLOSES_MS - 600_000
    writer.take("e1", unit="A1")
    assert public(writer)[COMPLETED] == 0
    writer.now_ms += 60_000
    writer.clock(web=writer.now_ms)
    assert public(writer)[COMPLETED] == 1
    writer.now_ms = CLOSES_MS - 1
    writer.take("e2", unit="A1")
    assert public(writer)[COMPLETED] == 1
    writer.now_ms += 1
    writer.clock(web=writer.now_ms)
    assert public(writer)[COMPLETED] == 2
    assert folded(writer.rows).gate.is_open


def test_a_schedule_moves_with_its_round_and_can_be_taken_away() -> None:
    writer = opened()
    writer.decide("schedule", round=1, before_close_ms=600_000, delay_ms=60_000)
    writer.decide("round", n=1, opens_ms=START_MS, closes_ms=CLOSES_MS + 300_000)
    writer.now_ms = CLOSES_MS - 300_001
    writer.take("e1", unit="A1")
    assert public(writer)[COMPLETED] == 1
    writer.now_ms += 1
    writer.take("e2", unit="A1")
    assert public(writer)[COMPLETED] == 1
    writer.decide("schedule", round=1, before_close_ms=None, delay_ms=None)
    assert public(writer)[COMPLETED] == 2


def test_a_schedule_out_of_bounds_is_an_error() -> None:
    for before_close_ms, delay_ms in ((0, None), (KEPT_BACK_MAX_MS + 1, None), (1, -1)):
        writer = opened()
        writer.decide("schedule", round=1, before_close_ms=before_close_ms, delay_ms=delay_ms)
        with pytest.raises(FoldError, match="expected 1 to 604800000"):
            folded(writer.rows)


def test_a_milestone_stands_once_and_no_correction_takes_it_back() -> None:
    writer = opened()
    writer.take("e1", unit="A1")
    writer.decide("milestone", value=1)
    correct(writer, -1)
    writer.decide("milestone", value=1)
    fold = folded(writer.rows)
    assert list(fold.milestones) == [1]
    assert fold.public_cut.milestone == fold.milestones[1]
    assert fold.public.counts[ALL]["P"][COMPLETED] == 0


def test_neither_a_second_row_of_a_milestone_nor_one_of_a_lower_one_tells_anything() -> None:
    writer = opened()
    writer.decide("milestone", value=10)
    for value in (10, 5):
        writer.now_ms += 60_000
        writer.decide("milestone", value=value)
    fold = folded(writer.rows)
    assert (fold.milestones, fold.public_cut.milestone) == ({10: Milestone(10, START_MS)}, Milestone(10, START_MS))


def test_a_further_hold_of_a_unit_may_let_its_point_know_and_changes_nothing_else() -> None:
    writer = opened()
    held = writer.decide("hold", unit="A", rule="unit_pace", detail={"pace": 60, "past": 1})
    writer.take("e1", unit="A1")
    writer.decide("hold", unit="A", tell=True, reason="rà soát")
    fold = folded(writer.rows)
    hold = fold.gate.held["A"]
    assert (hold.since, hold.rule, hold.reason, hold.tells_point) == (held.seq, "unit_pace", "", True)
    assert fold.public.counts[ALL]["P"][COMPLETED] == 0
    writer.decide("hold", unit="A")
    assert folded(writer.rows).gate.held["A"].tells_point


def test_who_decided_since_is_remembered_across_a_start() -> None:
    recent = LastDecisions()
    assert (recent.last, recent.since(0, "account:1")) == (None, None)
    recent.take(decided_by("account:1", 10), HOLD)
    recent.take(decided_by("account:2", 11), HOLD)
    recent.take(decided_by("account:1", 12), HOLD)
    assert recent.last is not None
    assert recent.last.seq == 12
    since = [recent.since(seq, "account:1") for seq in (9, 10, 11, 12)]
    assert [decided and decided.seq for decided in since] == [11, 11, None, None]


def test_of_more_decisions_than_are_remembered_nobody_says_that_all_were_their_own() -> None:
    recent = LastDecisions()
    for seq in range(1, REMEMBERED_MAX + 2):
        recent.take(decided_by("account:1", seq), HOLD)
    stale = recent.since(0, "account:1")
    assert stale is not None
    assert stale.seq == REMEMBERED_MAX + 1
    assert recent.since(2, "account:1") is None


HOLD = Held(unit="A")


def decided_by(by: str, seq: int) -> Row:
    return Row(seq, "decision", START_MS, by, None, None, b"")


def test_the_figures_are_kept_with_which_a_rule_had_a_unit_held() -> None:
    writer = opened()
    for people in (3, 6):
        writer.decide("hold", unit="A", rule="population", detail={"people": people, "population": 2})
    writer.decide("hold", unit="B")
    assert folded(writer.rows).recent.asked == {("population", "A"): {"people": 6, "population": 2}}


@examples(60)
@given(SCHEDULED)
def test_with_schedules_the_fold_equals_a_recount_after_every_row(rows: list[Row]) -> None:
    fold = Fold()
    for number, row in enumerate(rows, start=1):
        fold.apply(row)
        assert differences(fold, rows[:number]) == []


@examples(80)
@given(histories)
def test_the_effect_told_of_a_release_is_what_the_release_brings_and_looking_changes_nothing(rows: list[Row]) -> None:
    fold = folded(rows)
    state = control_state(fold)
    releases = [(None, False), (None, True), *((unit, False) for unit in fold.gate.held)]
    told = {(unit, every): after_release(fold, unit, every=every) for unit, every in releases}
    assert differences(fold, rows) == []
    assert control_state(fold) == state
    for unit, every in releases:
        writer = Writer()
        writer.rows, writer.now_ms = list(rows), rows[-1].received_ms
        writer.decide("release", unit=unit, every=every)
        then = folded(writer.rows).public.counts[ALL]
        assert {code: told[unit, every][code][:4] for code in then} == {code: then[code][:4] for code in then}


def test_a_release_of_every_unit_ends_the_holds_that_were_decided_under_one_of_everything() -> None:
    writer = opened()
    writer.decide("hold", unit="A")
    writer.decide("hold", unit=None)
    writer.decide("hold", unit="B")
    writer.take("e1", unit="A1")
    writer.take("e2", unit="B1")
    once, every = Writer(), Writer()
    for each, fields in ((once, {}), (every, {"every": True})):
        each.rows, each.now_ms = list(writer.rows), writer.now_ms
        each.decide("release", unit=None, **fields)
    assert set(folded(once.rows).gate.held) == {"A", "B"}
    fold = folded(every.rows)
    assert fold.gate.held == {}
    assert fold.public.counts[ALL]["P"][COMPLETED] == 2
    assert differences(fold, every.rows) == []


def test_the_effect_of_a_release_leaves_a_void_out_that_another_hold_keeps_back() -> None:
    writer = opened()
    writer.take("e1", unit="A1")
    writer.decide("hold", unit="P")
    writer.decide("hold", unit="A")
    writer.take("v1", "voided", voids="e1")
    fold = folded(writer.rows)
    assert after_release(fold, "A")["P"][COMPLETED] == 1
    assert after_release(fold, "P")["P"][COMPLETED] == 1
    writer.decide("release", unit="P")
    assert after_release(folded(writer.rows), "A")["P"][COMPLETED] == 0
