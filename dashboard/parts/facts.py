"""What else is counted for a unit, in one line below its total: people, starts, how many places below take part."""

import msgspec

from dashboard.edition import Edition
from dashboard.parts.part import TAKING_PART, Cut, Part

SIZES_CHARS = (17, 22, 28, 36)
"""What the numbers together may have for the largest size, the next, and so on."""


class FactsSpec(msgspec.Struct, frozen=True):
    """Columns of a unit; "taking_part" counts the places at the lowest level below that have anything."""

    of: str
    columns: tuple[str, ...]


class FactsView(msgspec.Struct, frozen=True):
    """The numbers that are painted; ``size`` is 0 for the largest, and grows as they are longer together."""

    texts: tuple[str, ...]
    size: int


def ask(edition: Edition, of: str) -> FactsSpec:
    """What ``facts(of=unit)`` asks for."""
    columns = ["participants", "started"]
    if any(child.place for child in edition.tree.children(edition.tree[of].code)):
        columns.append(TAKING_PART)
    return FactsSpec(of, tuple(columns))


def view(spec: FactsSpec, cut: Cut) -> FactsView:
    """What is seen at a cut."""
    columns = spec.columns
    texts = tuple(cut.taking_part if column == TAKING_PART else cut.shown(spec.of, column) for column in columns)
    chars = sum(map(len, texts))
    return FactsView(texts, sum(chars > held for held in SIZES_CHARS))


FACTS = Part("facts", ask, view)
