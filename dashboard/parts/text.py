"""A text that follows the numbers, by the name of what it tells."""

import msgspec

from dashboard.edition import Edition
from dashboard.parts.part import Cut, Part

TARGET = "target"


class TextSpec(msgspec.Struct, frozen=True):
    """What is told of a unit: "target", how much of its target it has reached."""

    of: str
    name: str


class TextView(msgspec.Struct, frozen=True):
    """The text that is painted, "" where there is nothing to tell."""

    text: str


def ask(edition: Edition, name: str, of: str) -> TextSpec:
    """What ``text("target", of=root)`` asks for.

    Raises:
        ValueError: If there is no text of that name.
    """
    if name != TARGET:
        raise ValueError(f"text: there is none named {name!r}, only {TARGET!r}")
    return TextSpec(edition.tree[of].code, name)


def view(spec: TextSpec, cut: Cut) -> TextView:
    """What is seen at a cut."""
    rate = cut.board.cell(spec.of, "rate")
    return TextView("" if rate is None else cut.words.say("target", percent=cut.words.percent(rate)))


TEXT = Part("text", ask, view)
