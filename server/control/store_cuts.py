"""The public numbers of each store as scenes read them, by which a scene fixes what is chosen at its take."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from dashboard.parts.part import Cut
from streaming.program.state import Store


class CutMaker(NamedTuple):
    """``position`` names where a store's public numbers stand, ``make`` gives them."""

    position: Callable[[], str]
    make: Callable[[], Cut]


class StoreCuts:
    """Cuts by store, each made once for a position: those of a country are many."""

    def __init__(self, makers: Mapping[Store, CutMaker]) -> None:
        self._makers = makers
        self._made: dict[Store, tuple[str, Cut]] = {}

    def of(self, store: Store) -> Cut:
        """The public numbers of now."""
        maker = self._makers[store]
        position = maker.position()
        known = self._made.get(store)
        if known is None or known[0] != position:
            known = self._made[store] = position, maker.make()
        return known[1]
