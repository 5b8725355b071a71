"""A number that rolls to its next value: a count, a rate, the pace, or how many units take part."""

import msgspec

from dashboard.edition import Edition
from dashboard.parts.part import TAKING_PART, Cut, Part

PACE = "pace"


class NumberSpec(msgspec.Struct, frozen=True):
    """A column of a unit; "taking_part" counts leaves that have anything, "pace" says what the last minutes brought."""

    of: str
    column: str


class NumberView(msgspec.Struct, frozen=True):
    """The text that is painted."""

    text: str


def ask(edition: Edition, column: str, of: str) -> NumberSpec:
    """What ``number("completed", of=root)`` asks for."""
    return NumberSpec(edition.tree[of].code, column)


def view(spec: NumberSpec, cut: Cut) -> NumberView:
    """What is seen at a cut."""
    if spec.column == TAKING_PART:
        return NumberView(cut.taking_part)
    if spec.column == PACE:
        pace = cut.board.count(spec.of, PACE)
        return NumberView(cut.words.count("pace", pace) if pace > 0 else "")
    return NumberView(cut.shown(spec.of, spec.column))


NUMBER = Part("number", ask, view)
