"""Which units are connection points: every unit that is a place, whatever its level."""

from collections.abc import Iterator

from streaming.contests.units import Tree, Unit


def is_point(unit: Unit) -> bool:
    """Whether the unit is a connection point."""
    return unit.place


def points_of(tree: Tree, code: str | None = None) -> tuple[Unit, ...]:
    """The points of a contest, or those at and below the unit of a code, as their list is read out: each before those
    below it, and these in the order of the contest's units."""
    return tuple(_below(tree, tree.root if code is None else tree[code]))


def point_in(tree: Tree, code: str) -> Unit | None:
    """The point of a code, None where there is no such unit, or it is no place."""
    return tree[code] if code in tree and is_point(tree[code]) else None


def _below(tree: Tree, unit: Unit) -> Iterator[Unit]:
    if is_point(unit):
        yield unit
    for child in tree.children(unit.code):
        yield from _below(tree, child)
