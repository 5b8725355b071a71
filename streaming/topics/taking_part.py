"""Taking part: how many of the places at the lowest level have anybody who started or finished, below each unit."""

from collections.abc import Mapping

from streaming.contests.units import Tree
from streaming.topics.frames import COLUMNS, Cells

_STARTED, _COMPLETED = COLUMNS.index("started"), COLUMNS.index("completed")


class TakingPart:
    """Counts by unit, kept as a board's rows move. What is no place counts only where a contest has no places."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._is_in: dict[str, bool] = {leaf.code: False for leaf in tree.taking_part}
        self._counts: dict[str, int] = {unit.code: 0 for unit in tree}
        self._places = dict(self._counts)
        for leaf in self._is_in:
            for code in tree.path(leaf)[1:]:
                self._places[code] += 1

    def take(self, rows: Mapping[str, Cells]) -> None:
        """Take in rows that moved."""
        for code, cells in rows.items():
            was_in = self._is_in.get(code)
            if was_in is None or was_in == (is_in := bool(cells[_STARTED] or cells[_COMPLETED])):
                continue
            self._is_in[code] = is_in
            for above in self._tree.path(code)[1:]:
                self._counts[above] += 1 if is_in else -1

    def of(self, code: str) -> tuple[int, int] | None:
        """How many places below a unit take part, and how many there are; None where there is none."""
        places = self._places[code]
        return (self._counts[code], places) if places else None
