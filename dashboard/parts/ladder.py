"""Three lines of a ranking: a unit between the one just ahead and the one just behind, told how far they are; for the
root, which has no siblings, the first three below it."""

from collections.abc import Sequence

import msgspec

from dashboard.edition import Edition
from dashboard.parts.part import Cut, Part
from dashboard.parts.rows import ranked_below, widest
from dashboard.parts.siblings import Ranked, level_with, near, place_of, ranked, siblings
from dashboard.words.names import Name
from dashboard.words.widths import width_em
from streaming.contests.units import UnitCode

LINES = 3
NAME_EM = 10.0
"""The room that a line has for a name; where one of the siblings' is wider, all are shortened by their kind."""
SIZES_EM = (NAME_EM, 11.9, 29.0, 55.0)
"""What a name may have for the largest size, for a smaller one, and for ever smaller ones on two lines."""


class LadderSpec(msgspec.Struct, frozen=True):
    """The unit and its siblings, which may all be called: ``names`` are theirs, each with its size, 0 for the largest;
    ``below`` are the units that the root ranks."""

    of: str
    siblings: Ranked
    below: tuple[UnitCode, ...]
    names: dict[str, tuple[str, int]]


class Rung(msgspec.Struct, frozen=True):
    """A line: ``also`` says how many more share its place, ``gap`` how far it is from the unit itself."""

    code: str
    is_own: bool
    rank: str
    also: str
    value: str
    gap: str


class LadderView(msgspec.Struct, frozen=True):
    """The lines from the top, none while there is nothing to compare; ``chars`` of the longest number, ``places`` those
    of the longest place."""

    lines: tuple[Rung, ...]
    chars: int
    places: int


def ask(edition: Edition, of: str) -> LadderSpec:
    """What ``ladder(of=unit)`` asks for."""
    codes = siblings(edition, of)
    below = () if codes else ranked_below(edition, of)
    return LadderSpec(of, ranked(edition, of), below, names_of(edition, codes or below))


def names_of(edition: Edition, codes: tuple[UnitCode, ...]) -> dict[str, tuple[str, int]]:
    """The names of units and their sizes; made once for all siblings."""
    return edition.keep(
        ("ladder", codes[:1]), lambda: _fitted([edition.named(edition.tree[each]) for each in codes], codes)
    )


def _fitted(names: Sequence[Name], codes: Sequence[str]) -> dict[str, tuple[str, int]]:
    is_short = any(width_em(name.full) > NAME_EM for name in names)
    texts = [name.short if is_short else name.full for name in names]
    sizes = [sum(width_em(text) > held for held in SIZES_EM) for text in texts]
    # One line that is a little too wide makes all lines smaller; one that needs two is smaller by itself.
    least = 1 if 1 in sizes else 0
    return {code: (text, max(least, size)) for code, text, size in zip(codes, texts, sizes, strict=True)}


def view(spec: LadderSpec, cut: Cut) -> LadderView:
    """What is seen at a cut."""
    lines = _first(spec, cut) if spec.below else _near(spec, cut)
    return LadderView(lines, widest([[line.value] for line in lines]), widest([[line.rank] for line in lines]))


def _first(spec: LadderSpec, cut: Cut) -> tuple[Rung, ...]:
    by = cut.contest.ranking.by
    lines = [line for line in cut.board.lines(spec.below, by)[:LINES] if line.rank is not None]
    return tuple(
        Rung(line.code, False, cut.words.number(line.rank), "", cut.shown(line.code, by), "") for line in lines
    )


def _near(spec: LadderSpec, cut: Cut) -> tuple[Rung, ...]:
    beside = near(cut)
    place, level = place_of(spec.of, spec.siblings, cut), level_with(spec.of, spec.siblings, cut)
    if beside.ahead is None and beside.behind is None and not level:
        return ()
    own = Rung(
        code=spec.of,
        is_own=True,
        rank=cut.words.number(place),
        also="",
        value=cut.shown(spec.of, spec.siblings.by),
        gap=cut.words.count("ladder_level", level) if level else "",
    )
    lines = (_beside(spec, cut, beside.ahead, "ahead"), own, _beside(spec, cut, beside.behind, "behind"))
    return tuple(line for line in lines if line is not None)


def _beside(spec: LadderSpec, cut: Cut, code: str | None, side: str) -> Rung | None:
    """The line of the sibling on one side, None where there is none."""
    if code is None or code not in spec.names:
        return None
    words, board, by = cut.words, cut.board, spec.siblings.by
    rank = board.cell(code, "rank") if board.has_entries(code, by) else None
    place = place_of(spec.of, spec.siblings, cut)
    own, theirs = board.cell(spec.of, by), board.cell(code, by)
    gap = also = ""
    if place is not None and own is not None and theirs is not None:
        far = abs(theirs - own)
        told = words.say(f"ladder_{side}_rate", n=words.points(far)) if by == "rate" else ""
        gap = told or words.say(f"ladder_{side}", n=words.number(far))
    # How many share the place behind is unknown: the topic does not tell the place after it.
    if side == "ahead" and rank is not None and place is not None and place - rank > 1:
        also = words.count("ladder_also", int(place - rank - 1))
    return Rung(code, False, words.number(rank), also, cut.shown(code, by), gap)


LADDER = Part("ladder", ask, view)
