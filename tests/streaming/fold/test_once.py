"""Once: a repeat that the ledger's index let in is seen by whoever counts, and stops the count."""

import re

import pytest

from streaming.errors import FoldError
from streaming.fold.fold import Fold
from streaming.fold.once import repeats
from streaming.ledger.rows import Row
from tests.worlds.histories import START_MS, Writer


def take_void(writer: Writer, id_: str, voids: str) -> Row:
    return writer.take(id_, kind="voided", unit=None, voids=voids)


def folded(rows: list[Row]) -> Fold:
    fold = Fold()
    for row in rows:
        fold.apply(row)
    return fold


@pytest.mark.parametrize("is_held", [False, True], ids=["open gate", "held"])
@pytest.mark.parametrize(
    ("first", "second"),
    [("entry", "entry"), ("entry", "void"), ("void", "entry"), ("void", "void")],
)
def test_the_second_row_of_an_id_stops_the_fold_and_is_named(first: str, second: str, *, is_held: bool) -> None:
    writer = Writer(now_ms=START_MS)
    writer.take("other", unit="A1")
    if is_held:
        writer.decide("hold", unit=None)
    head = len(writer.rows)
    for kind in (first, second):
        if kind == "entry":
            writer.take("x", unit="A2")
        else:
            take_void(writer, "x", "other")
    expected = f"row {head + 2}: id “x” of “web” is that of row {head + 1}, expected each id once"
    with pytest.raises(FoldError, match=re.escape(expected)):
        folded(writer.rows)
    assert len(repeats(writer.rows)) == 1
    assert repeats(writer.rows)[0].startswith(expected)


def test_the_same_id_of_another_source_and_two_voids_of_one_entry_are_no_repeats() -> None:
    writer = Writer(now_ms=START_MS)
    writer.take("x", unit="A1")
    writer.take("x", unit="A1", by="fanpage")
    for id_ in ("v1", "v2"):
        take_void(writer, id_, "x")
    writer.decide("void", entries=[["web", "x"]])
    assert folded(writer.rows).seq == len(writer.rows)
    assert repeats(writer.rows) == []
