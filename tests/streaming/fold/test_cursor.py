"""The public cut: what of what is done to the public numbers counts as an act. Its numbers are in test_fold.py."""

from collections.abc import Callable

import pytest
from hypothesis import given

from streaming.fold.fold import Fold
from streaming.ledger.rows import Row
from tests.worlds.folds import folded, opened
from tests.worlds.histories import ROUND_MS, START_MS, Writer, histories
from tests.worlds.whole import examples

Do = Callable[[Writer], object]


def correct(writer: Writer) -> None:
    writer.decide("correction", unit="A1", round=1, column="completed", delta=2)


def schedule_a_freeze(writer: Writer) -> None:
    writer.decide("schedule", round=1, before_close_ms=ROUND_MS - 60_000, delay_ms=None)


ACTS: dict[str, Do] = {
    "hold": lambda writer: writer.decide("hold", unit=None),
    "hold of a unit": lambda writer: writer.decide("hold", unit="A"),
    "hold by a rule": lambda writer: writer.decide("hold", unit="A", rule="unit_pace", detail={"pace": 60, "past": 1}),
    "final": lambda writer: writer.decide("hold", unit=None, final=True),
    "release": lambda writer: writer.decide("release", unit=None),
    "quarantine": lambda writer: writer.decide("quarantine", entries=[["web", "e1"]]),
    "clear": lambda writer: writer.decide("clear", entries=[["web", "e1"]]),
    "delay": lambda writer: writer.decide("delay", delay_ms=60_000),
    "round": lambda writer: writer.decide("round", n=1, opens_ms=START_MS - 1, closes_ms=START_MS + ROUND_MS),
    "correction": correct,
    "void": lambda writer: writer.decide("void", entries=[["web", "e1"], ["web", "e2"]]),
}
NONE: dict[str, Do] = {
    "an entry": lambda writer: writer.take("e3", unit="A1"),
    "a void by its source": lambda writer: writer.take("v1", "voided", voids="e1"),
    "a clock row": lambda writer: writer.clock(web=writer.now_ms),
    "a milestone": lambda writer: writer.decide("milestone", value=1),
    "a schedule": schedule_a_freeze,
}


def acts_of(writer: Writer) -> int:
    return folded(writer.rows).public_cut.act


def begun() -> Writer:
    writer = opened()
    writer.take("e1", unit="A1")
    writer.take("e2", unit="A1")
    return writer


@pytest.mark.parametrize("what", ACTS)
def test_what_somebody_does_to_the_public_numbers_is_one_act(what: str) -> None:
    writer = begun()
    assert acts_of(writer) == 0
    ACTS[what](writer)
    assert acts_of(writer) == 1


@pytest.mark.parametrize("what", NONE)
def test_what_comes_by_itself_is_none(what: str) -> None:
    writer = begun()
    NONE[what](writer)
    assert acts_of(writer) == 0


def test_a_freeze_that_a_schedule_begins_is_one() -> None:
    writer = begun()
    schedule_a_freeze(writer)
    writer.now_ms = START_MS + 60_000
    writer.clock()
    assert acts_of(writer) == 1


@pytest.mark.parametrize("what", [what for what in ACTS if what not in {"final", "release", "delay"}])
def test_what_is_decided_while_everything_is_held_is_told_with_the_release(what: str) -> None:
    writer = begun()
    writer.decide("hold", unit=None)
    ACTS[what](writer)
    assert acts_of(writer) == 1
    writer.decide("release", unit=None)
    assert acts_of(writer) == 3


def test_numbers_that_are_made_final_while_they_are_held_are_one_more() -> None:
    writer = begun()
    writer.decide("hold", unit=None)
    writer.decide("hold", unit=None, final=True)
    assert acts_of(writer) == 2
    writer.decide("release", unit=None)
    assert acts_of(writer) == 3


@pytest.mark.parametrize("what", ["correction", "void"])
def test_what_is_decided_of_a_held_unit_is_told_by_its_release_alone(what: str) -> None:
    writer = begun()
    writer.decide("hold", unit="A")
    ACTS[what](writer)
    assert acts_of(writer) == 1
    writer.decide("release", unit="A")
    assert acts_of(writer) == 2


@pytest.mark.parametrize("what", ["quarantine", "round", "final"])
def test_under_a_delay_an_act_is_told_once_when_it_takes_effect(what: str) -> None:
    writer = begun()
    writer.decide("delay", delay_ms=60_000)
    ACTS[what](writer)
    assert acts_of(writer) == 2
    writer.now_ms += 60_000
    writer.clock()
    assert acts_of(writer) == 2


@examples(60)
@given(histories)
def test_acts_are_told_with_a_new_position_or_a_new_epoch_and_never_fall(rows: list[Row]) -> None:
    fold = Fold()
    before = (0, 0, 0)
    for row in rows:
        fold.apply(row)
        cut = fold.cut
        now = (cut.seq, cut.revision, fold.public_cut.act)
        assert now[2] >= before[2]
        assert now[2] == before[2] or now[:2] != before[:2]
        before = now
