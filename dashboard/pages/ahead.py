"""What the pages of a contest show of it, worked out before anybody asks."""

from collections.abc import Callable, Iterator
from functools import partial

from dashboard.edition import Editions
from dashboard.map.labels import Pause
from dashboard.pages import hall, unit
from dashboard.words.words import LANGS


def jobs(editions: Editions, lang: str) -> Iterator[Callable[[Pause], object]]:
    """The jobs, in the order in which they are likely to be needed: the big screen, in ``lang`` first, then the pages
    of units that have others below them, from the root down. Pages of places show the maps of these.
    """
    ordered = [editions.of(each) for each in sorted(LANGS, key=lambda each: each != lang)]
    for edition in ordered:
        yield partial(hall.prepare, edition)
    tree = ordered[0].tree
    for above in tree:
        if not tree.is_leaf(above.code):
            for edition in ordered:
                yield partial(unit.prepare, edition, above.code)
