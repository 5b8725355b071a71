"""Numbers that are withdrawn: held until they are restored or released, beside whatever else holds them."""

from typing import Any

import pytest

from streaming.audit.recount import differences
from streaming.fold.tally import COMPLETED
from streaming.topics.operators import after_release, control_state
from tests.worlds.folds import folded, opened, public


def test_numbers_that_are_withdrawn_are_held_until_they_are_restored_or_released() -> None:
    endings: list[dict[str, Any]] = [{"kind": "restore", "output": "hall"}, {"kind": "release", "unit": None}]
    for ends in endings:
        writer = opened()
        writer.take("e1", unit="A1")
        withdrawn = writer.decide("withdraw", output="hall", taken_ms=writer.now_ms)
        writer.take("e2", unit="A1")
        fold = folded(writer.rows)
        assert (fold.cut.seq, public(writer)[COMPLETED]) == (withdrawn.seq, 1)
        shown = control_state(fold).gate
        assert shown is not None
        assert (shown.withdrawn, shown.held_all and shown.held_all.since) == ("hall", withdrawn.seq)
        assert after_release(fold, None)["P"][COMPLETED] == 2
        writer.decide(**ends)
        assert (folded(writer.rows).gate.stops, public(writer)[COMPLETED]) == (None, 2)


@pytest.mark.parametrize("is_held_first", [True, False])
def test_a_hold_beside_numbers_that_are_withdrawn_stays_when_they_are_restored(is_held_first: bool) -> None:
    writer = opened()
    for kind in ("hold", "withdraw") if is_held_first else ("withdraw", "hold"):
        writer.decide(kind, **({"unit": None} if kind == "hold" else {"output": "hall", "taken_ms": 1}))
    writer.take("e1", unit="A1")
    writer.decide("hold", unit="A1")
    writer.decide("restore", output="hall")
    fold = folded(writer.rows)
    assert fold.gate.stops is not None
    assert (fold.gate.stops.output, public(writer)[COMPLETED]) == (None, 0)
    assert differences(fold, writer.rows) == []
    writer.decide("release", unit=None)
    assert public(writer)[COMPLETED] == 1
    assert set(folded(writer.rows).gate.held) == {"A1"}, "what was decided meanwhile acts with the last release"


def test_final_numbers_stay_final_while_they_are_withdrawn() -> None:
    writer = opened()
    writer.decide("hold", unit=None, final=True)
    before = folded(writer.rows).epoch("x", 0)
    writer.decide("withdraw", output="hall", taken_ms=1)
    writer.decide("restore", output="hall")
    fold = folded(writer.rows)
    assert fold.gate.held_all is not None
    assert fold.gate.held_all.is_final
    assert fold.epoch("x", 0) == before
