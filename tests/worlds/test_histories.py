"""The made-up histories themselves: what a property is shown for is in them, or it shows nothing."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import msgspec
import pytest
from hypothesis import Phase, find, given, settings
from hypothesis.errors import NoSuchExample

from streaming.contests.rule_book import HOLDING_RULES
from streaming.fold.fold import Fold
from streaming.fold.tally import ALL, PACE
from streaming.ledger.rows import Row
from tests.worlds.histories import SCHEDULED, histories
from tests.worlds.whole import examples

LOOKING = settings(max_examples=5_000, deadline=None, database=None, derandomize=True, phases=[Phase.generate])
"""So many histories are made before one is said not to be among them, the same ones each time."""


def decisions(rows: list[Row]) -> list[dict[str, Any]]:
    return [msgspec.json.decode(row.body) for row in rows if row.type == "decision"]


def rules(rows: list[Row]) -> list[dict[str, Any]]:
    return [decision for decision in decisions(rows) if decision.get("rule")]


def folds(rows: list[Row]) -> Iterator[Fold]:
    """The fold after each row; it is the same one that goes on."""
    fold = Fold()
    for row in rows:
        fold.apply(row)
        yield fold


def is_there(rows: list[Row], seen: Callable[[Fold], bool]) -> bool:
    return any(seen(fold) for fold in folds(rows))


def began(fold: Fold) -> bool:
    return fold.gate.held_all is not None and fold.gate.held_all.is_scheduled


def waits_for_a_hold(fold: Fold) -> bool:
    return any(True for _ in fold.public_cut.kept_back_corrections()) and bool(fold.gate.held)


Look = Callable[[list[Row]], bool]


def decides(kind: str) -> Look:
    return lambda rows: any(decision["kind"] == kind for decision in decisions(rows))


def trips(rule: str) -> Look:
    return lambda rows: any(decision["rule"] == rule for decision in rules(rows))


def makes_final(rows: list[Row]) -> bool:
    return any(decision.get("final") for decision in decisions(rows))


def has_a_correction_wait_for_a_unit(rows: list[Row]) -> bool:
    return is_there(rows, waits_for_a_hold)


def has_a_rule_hold_again(rows: list[Row]) -> bool:
    units = [(decision["rule"], decision["unit"]) for decision in rules(rows)]
    return len(units) > len(set(units))


def has_a_rule_hold_while_everything_is_held(rows: list[Row]) -> bool:
    return is_there(
        rows, lambda fold: fold.gate.held_all is not None and any(h.rule for h in fold.gate_to_be.held.values())
    )


def sets_time_back(rows: list[Row]) -> bool:
    return any(b"jump" in row.body for row in rows if row.type == "clock")


def sets_time_back_while(rows: list[Row], state: Callable[[Fold], bool]) -> bool:
    fold = Fold()
    for row in rows:
        before = len(fold.jumps)
        was = fold.is_open and state(fold)
        fold.apply(row)
        if was and len(fold.jumps) > before:
            return True
    return False


def delays(fold: Fold) -> bool:
    return fold.public_cut.has_pending and fold.gate.held_all is None


def counts_pace(fold: Fold) -> bool:
    return fold.whole.counts[ALL]["P"][PACE] > 0


def has_begun_a_schedule(fold: Fold) -> bool:
    return any(schedule.has_begun for schedule in fold.schedules)


KINDS = (
    "hold", "release", "quarantine", "clear", "delay", "round", "schedule", "void", "correction", "milestone",
    "withdraw", "step_back", "restore",
)  # fmt: skip
LOOKS: dict[str, Look] = (
    {f"a {kind}": decides(kind) for kind in KINDS}
    | {f"the rule {rule}": trips(rule) for rule in HOLDING_RULES}
    | {
        "final numbers": makes_final,
        "earlier numbers on air": lambda rows: is_there(rows, lambda fold: fold.gate.back_to is not None),
        "numbers withdrawn under a hold": lambda rows: is_there(
            rows, lambda fold: fold.gate.held_all is not None and fold.gate.withdrawn is not None
        ),
        "a clock that is set back": sets_time_back,
        "a clock that is set back under a hold": lambda rows: sets_time_back_while(
            rows, lambda fold: fold.gate.held_all is not None
        ),
        "a clock that is set back while a delay waits": lambda rows: sets_time_back_while(rows, delays),
        "a clock that is set back while there is a pace": lambda rows: sets_time_back_while(rows, counts_pace),
        "a correction that waits for a unit": has_a_correction_wait_for_a_unit,
        "a rule that holds again after a release": has_a_rule_hold_again,
        "a rule that holds while everything is held": has_a_rule_hold_while_everything_is_held,
    }
)


@pytest.fixture(scope="module")
def seen() -> set[str]:
    """The looks for which a history was found, when the same ones are looked at in turn."""
    found: set[str] = set()

    def is_all(rows: list[Row]) -> bool:
        found.update(name for name, look in LOOKS.items() if name not in found and look(rows))
        return len(found) == len(LOOKS)

    with suppress(NoSuchExample):
        find(histories, is_all, settings=LOOKING)
    return found


@pytest.mark.parametrize("look", LOOKS)
def test_there_is_a_history_with(look: str, seen: set[str]) -> None:
    assert look in seen


def test_there_is_a_history_in_which_a_schedule_begins() -> None:
    for strategy in (SCHEDULED, histories):
        assert is_there(find(strategy, lambda rows: is_there(rows, began), settings=LOOKING), began)


def test_there_is_a_history_in_which_the_clock_is_set_back_after_a_schedule_has_begun() -> None:
    assert sets_time_back_while(
        find(SCHEDULED, lambda rows: sets_time_back_while(rows, has_begun_a_schedule), settings=LOOKING),
        has_begun_a_schedule,
    )


@examples(50)
@given(histories)
def test_a_hold_takes_nothing_off_air(rows: list[Row]) -> None:
    before: Any = None
    for row, fold in zip(rows, folds(rows), strict=True):
        shown = {code: list(counts[:4]) for code, counts in fold.public.counts[ALL].items()}
        if row.type == "decision" and msgspec.json.decode(row.body)["kind"] == "hold":
            assert all(now >= then for code in shown for now, then in zip(shown[code], before[code], strict=True))
        before = shown
