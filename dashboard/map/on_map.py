"""Which units are on the map: the leaves that have a cell, and what lies above them."""

from collections.abc import Collection

from streaming.contests.units import Tree, UnitCode


class OnMap:
    """The leaves of a tree that have cells, by each unit above them."""

    def __init__(self, tree: Tree, with_cells: Collection[UnitCode]) -> None:
        self.tree = tree
        self._below: dict[UnitCode, list[UnitCode]] = {}
        for unit in tree.leaves:
            if unit.code in with_cells:
                for code in tree.path(unit.code):
                    self._below.setdefault(code, []).append(unit.code)

    def top(self, code: str) -> UnitCode | None:
        """Return the unit whose map shows a unit: itself, or its parent for one with nothing below it.

        None for one without any cell (agencies, ngoài tỉnh).
        """
        unit = self.tree[code]
        if unit.code not in self._below:
            return None
        return unit.parent if self.tree.is_leaf(code) and unit.parent is not None else unit.code

    def below(self, code: UnitCode) -> list[UnitCode]:
        """Return the leaves with cells at or below a unit, in official order.

        Raises:
            KeyError: If there are none.
        """
        return self._below[code]

    def groups(self, top: UnitCode) -> list[UnitCode]:
        """Return the units right below one that have units with cells below themselves."""
        tree = self.tree
        return [
            child.code for child in tree.children(top) if not tree.is_leaf(child.code) and child.code in self._below
        ]
