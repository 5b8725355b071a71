"""Packs the places of a contest that has no grid: not a true map, but one picture with all of them."""

from math import sqrt

from streaming.contests.grid import Grid
from streaming.contests.units import Tree, Unit, UnitCode


def packed_grid(tree: Tree) -> Grid:
    """Return a grid with all places of a contest.

    The places of a unit stand together: they follow each other on a line that runs down and up through
    strips about as wide as a unit's share is high. Rows are odd in number, so that a strip ends beside
    the next one.
    """
    leaves = [unit.code for unit in _in_tree_order(tree) if unit.place and tree.is_leaf(unit.code)]
    groups = sum(not tree.is_leaf(unit.code) for unit in tree.children(tree.root.code) if unit.place)
    # A hexagon is √3 wide and its row 1.5 high: as many columns for each row make a square picture.
    columns = max(1, round(sqrt(len(leaves) * 1.5 / sqrt(3))))
    strip = max(1, round(sqrt(len(leaves) / groups))) if groups else columns
    strips = max(1, round(columns / strip))
    rows = -(-len(leaves) // (strip * strips))
    rows += (rows + 1) % 2 if strips > 1 else 0
    cells: dict[UnitCode, tuple[int, int]] = {}
    for nth, code in enumerate(leaves):
        block, rest = divmod(nth, strip * rows)
        row, column = divmod(rest, strip)
        eastward = row % 2 == 0 or not groups
        r = row if block % 2 == 0 else rows - 1 - row
        cells[code] = (block * strip + (column if eastward else strip - 1 - column), r)
    return Grid(cells, 1)


def _in_tree_order(tree: Tree) -> list[Unit]:
    """Return the units from the root down, each followed by what lies below it."""
    order: list[Unit] = []
    waiting = [tree.root]
    while waiting:
        unit = waiting.pop()
        order.append(unit)
        waiting.extend(reversed(tree.children(unit.code)))
    return order
