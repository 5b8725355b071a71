"""How units are named on the map of one language."""

from collections import Counter
from collections.abc import Iterable

from dashboard.words.widths import width_em
from dashboard.words.words import Words
from streaming.contests.units import Tree, Unit, UnitCode

LABEL_EM_MAX = 14
"""Wider names are left off the map, which would have to shrink for them."""


class Names:
    """The names of a contest's units as a map writes them: bare, with the kind only where the bare one misleads."""

    def __init__(self, tree: Tree, words: Words) -> None:
        self._tree = tree
        self._words = words

    def bare(self, unit: Unit) -> str:
        """The unit's own name, with its kind where the root has the same or it has no letter.

        "1" alone would be read as a count, so it is "Q. 1".
        """
        name = unit.name_en if self._words.lang == "en" and unit.name_en else unit.name
        misleads = name == self._tree.root.name or not any(char.isalpha() for char in name)
        return self._words.short_name(unit) if misleads else name

    def label(self, unit: Unit) -> str:
        """The name that stands over a unit's land; "" where it is too wide."""
        name = self.bare(unit)
        return name if width_em(name) <= LABEL_EM_MAX else ""

    def in_cells(self, codes: Iterable[UnitCode]) -> dict[UnitCode, str]:
        """The names that stand in cells, those that several units share each with its kind: "TT. Yên Minh"."""
        names = {code: self.bare(self._tree[code]) for code in codes}
        times = Counter(names.values())
        return {
            code: self._words.short_name(self._tree[code]) if times[name] > 1 else name for code, name in names.items()
        }
