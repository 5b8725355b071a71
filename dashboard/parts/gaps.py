"""How far a unit is from the sibling just ahead and from the one just behind, in words: what a connection point reads
below its own name."""

import msgspec

from dashboard.edition import Edition
from dashboard.parts.ladder import names_of
from dashboard.parts.part import Cut, Part
from dashboard.parts.siblings import Ranked, level_with, near, place_of, ranked, siblings
from streaming.contests.units import UnitCode


class GapsSpec(msgspec.Struct, frozen=True):
    """The unit and its siblings, which may all be called."""

    of: str
    siblings: Ranked
    names: dict[str, str]


class GapsView(msgspec.Struct, frozen=True):
    """Both lines; one is "" where there is nobody, or nothing to compare yet. Who shares its place is told instead of
    the one behind, whose distance says less."""

    ahead: str
    behind: str


def ask(edition: Edition, of: str) -> GapsSpec:
    """What ``gaps(of=unit)`` asks for."""
    codes = siblings(edition, of)
    return GapsSpec(of, ranked(edition, of), _texts(edition, codes) if codes else {})


def _texts(edition: Edition, codes: tuple[UnitCode, ...]) -> dict[str, str]:
    return edition.keep(
        ("gaps", codes[:1]), lambda: {code: text for code, (text, _) in names_of(edition, codes).items()}
    )


def view(spec: GapsSpec, cut: Cut) -> GapsView:
    """What is seen at a cut."""
    if place_of(spec.of, spec.siblings, cut) is None:
        return GapsView("", "")
    beside, level = near(cut), level_with(spec.of, spec.siblings, cut)
    behind = cut.words.count("ladder_level", level) if level else _told(spec, cut, beside.behind, "behind")
    return GapsView(_told(spec, cut, beside.ahead, "ahead"), behind[:1].upper() + behind[1:])


def _told(spec: GapsSpec, cut: Cut, code: str | None, side: str) -> str:
    words, by = cut.words, spec.siblings.by
    own, theirs = cut.board.cell(spec.of, by), cut.board.cell(code, by) if code is not None else None
    if code is None or code not in spec.names or own is None or theirs is None:
        return ""
    far = abs(theirs - own)
    if by == "rate":
        return words.say(f"gaps_{side}_rate", name=spec.names[code], n=words.points(far))
    return words.say(f"gaps_{side}", name=spec.names[code], n=words.number(far))


GAPS = Part("gaps", ask, view)
