"""A text that follows the numbers, by the name of what it tells."""

import msgspec

from dashboard.edition import Edition
from dashboard.parts.part import Cut, Part
from streaming.topics.state import BoardState

TARGET, OPENS = NAMES = ("target", "opens")


class TextSpec(msgspec.Struct, frozen=True):
    """What is told of a unit: "target", how much of its target it has reached, or "opens", when the contest opens."""

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
    if name not in NAMES:
        raise ValueError(f"text: found {name!r}, expected one of {', '.join(NAMES)}")
    return TextSpec(edition.tree[of].code, name)


def view(spec: TextSpec, cut: Cut) -> TextView:
    """What is seen at a cut."""
    if spec.name == OPENS:
        return TextView(_opens(cut))
    rate = cut.board.cell(spec.of, "rate")
    return TextView("" if rate is None else cut.words.say("target", percent=cut.words.percent(rate)))


def _opens(cut: Cut) -> str:
    """When the first round opens; once that has passed, that it is about to."""
    rounds = cut.state.rounds if isinstance(cut.state, BoardState) else None
    opens_ms = min((opens_ms for _, opens_ms, _ in rounds or ()), default=None)
    if opens_ms is None or cut.now_ms >= opens_ms:
        return cut.words.say("opens_soon")
    return cut.words.say("opens_at", time=cut.words.time(opens_ms), date=cut.words.date(opens_ms))


TEXT = Part("text", ask, view)
