"""A text that follows the numbers, by the name of what it tells."""

from collections.abc import Callable, Mapping

import msgspec

from dashboard.edition import Edition
from dashboard.parts.part import Cut, Part
from streaming.topics.state import BoardState, UnitState


class TextSpec(msgspec.Struct, frozen=True):
    """What is told: "target", how much of its target the unit ``of`` has reached; "share", what part
    of the unit above it is, where it has no target; of the whole page "heard", how
    current its figures are, "corrected", that somebody has corrected some, "round", which of the ``rounds`` is open,
    "opens", when the contest opens; "today", which day it is, "day", where and on which day it opens; "begun", how many
    there are, "" before the first.
    """

    name: str
    of: str | None
    rounds: Mapping[str, str]
    """The names of the rounds by their number, where they are told of."""
    above: str
    """What the unit above is, where its share is told; where the contest is held, where the day is; else ""."""


class TextView(msgspec.Struct, frozen=True):
    """The text that is painted, "" where there is nothing to tell."""

    text: str


def _target(spec: TextSpec, cut: Cut) -> str:
    rate = cut.board.cell(spec.of or cut.board.root, "rate")
    return "" if rate is None else cut.words.say("target", percent=cut.words.percent(rate))


def _share(spec: TextSpec, cut: Cut) -> str:
    thousandths = cut.state.share if isinstance(cut.state, UnitState) else None
    if thousandths is None or cut.board.cell(spec.of or cut.board.root, "rate") is not None:
        return ""
    return cut.words.say("share", percent=cut.words.percent(thousandths / 1000), kind=spec.above)


def _heard(_spec: TextSpec, cut: Cut) -> str:
    return cut.words.as_of(cut.state.frozen, cut.frame.heard, cut.now_ms)


def _corrected(_spec: TextSpec, cut: Cut) -> str:
    return cut.words.corrected(cut.state.corrected if isinstance(cut.state, BoardState | UnitState) else None)


def _round(_spec: TextSpec, cut: Cut) -> str:
    rounds = cut.state.rounds if isinstance(cut.state, BoardState) else None
    return cut.words.round_line(cut.contest, rounds or (), cut.frame.at)


def _opens(_spec: TextSpec, cut: Cut) -> str:
    """When the first round opens; once that has passed, that it is about to."""
    opens_ms = cut.opens_ms
    if opens_ms is None or cut.now_ms >= opens_ms:
        return cut.words.say("opens_soon")
    return cut.words.say("opens_at", time=cut.words.time(opens_ms), date=cut.words.date(opens_ms))


def _today(_spec: TextSpec, cut: Cut) -> str:
    return cut.words.long_date(cut.now_ms)


def _begun(_spec: TextSpec, cut: Cut) -> str:
    """The first number that is told. It counts those who entered, or finished where these alone are reported, so that
    it does not fall when somebody finishes."""
    root = cut.board.root
    started, completed = cut.board.count(root, "started"), cut.board.count(root, "completed")
    count = max(started, completed)
    return cut.words.count("begun_started" if started == count else "begun_completed", count) if count else ""


def _day(spec: TextSpec, cut: Cut) -> str:
    """Where and on which day the first round opens."""
    return "" if cut.opens_ms is None else f"{spec.above}, {cut.words.long_date(cut.opens_ms)}"


TEXTS: Mapping[str, Callable[[TextSpec, Cut], str]] = {
    "target": _target,
    "share": _share,
    "heard": _heard,
    "corrected": _corrected,
    "round": _round,
    "opens": _opens,
    "today": _today,
    "begun": _begun,
    "day": _day,
}


def ask(edition: Edition, name: str, of: str | None = None) -> TextSpec:
    """What ``text("target", of=root)`` or ``text("heard")`` asks for.

    Raises:
        ValueError: If there is no text of that name.
    """
    if name not in TEXTS:
        raise ValueError(f"text: found {name!r}, expected one of {', '.join(TEXTS)}")
    rounds = {str(round_.n): edition.words.name(round_) for round_ in edition.contest.rounds} if name == "round" else {}
    unit = edition.tree[of] if of is not None else None
    parent = unit.parent if unit is not None and name == "share" else None
    above = edition.words.kind_above(edition.tree[parent]) if parent is not None else ""
    if name == "day":
        above = edition.tree.root.name
    return TextSpec(name, unit.code if unit is not None else None, rounds, above)


def view(spec: TextSpec, cut: Cut) -> TextView:
    """What is seen at a cut."""
    return TextView(TEXTS[spec.name](spec, cut))


TEXT = Part("text", ask, view)
