"""The topics of the roll call: one of all points, and one of each subtree that somebody bound to it follows.

All have the name ``points`` for those who follow them. They number versions of their own, in an epoch that no other run
has given.
"""

from collections.abc import Collection, Mapping

from streaming.contests.units import Tree
from streaming.fold.cursor import Cut
from streaming.points.point import points_of
from streaming.points.roll_call import Totals, totals_of
from streaming.points.told import COLUMNS, Known, PointsState
from streaming.topics.topic import Topic

POINTS = "points"
"""The topic's name; that of a subtree is ``points/{code}`` within the server."""


class PointTopics:
    """The topics of one contest's points. A subtree's is made when it is asked for first."""

    def __init__(self, tree: Tree, epoch: str) -> None:
        self.codes: tuple[str, ...] = tuple(unit.code for unit in points_of(tree))
        self.known = frozenset(self.codes)
        self._tree = tree
        self._epoch = epoch
        self._below: dict[str, tuple[str, ...]] = {
            code: tuple(unit.code for unit in points_of(tree, code)) for code in self.codes
        }
        self._over: dict[str, list[str]] = {
            code: [above for above in tree.path(code) if above in self._below] for code in self.codes
        }
        self._totals: dict[str, Totals] = {}
        self._topics: dict[str, Topic] = {}
        self._told: dict[Topic, PointsState] = {}

    @property
    def all(self) -> tuple[Topic, ...]:
        """Those that there are."""
        return tuple(self._topics.values())

    def below(self, code: str) -> tuple[str, ...]:
        """The points at and below one.

        Raises:
            KeyError: If there is no such point.
        """
        return self._below[code]

    def totals(self, code: str) -> Totals:
        """The totals of the points at and below one.

        Raises:
            KeyError: If there is no such point.
        """
        return self._totals[code]

    def begin(self, known: Known) -> None:
        """Work out the totals of everything."""
        is_open = _open(known)
        for code, below in self._below.items():
            self._totals[code] = totals_of(below, known.entries, is_open)

    def find(self, code: str, known: Known, now_ms: int) -> Topic | None:
        """The topic of the points at and below one; None if there is no such point."""
        if code not in self._below:
            return None
        if (found := self._topics.get(code)) is not None:
            return found
        topic = self._topics[code] = Topic(POINTS, COLUMNS, rehearsal=False, is_public=False)
        topic.begin(f"{self._epoch}.{code}", Cut(0, now_ms, None, 0))
        self._move(topic, code, known, self._below[code], now_ms)
        return topic

    def tell(self, changed: Collection[str], known: Known, now_ms: int) -> None:
        """Tell who follows what is different of some points."""
        is_open = _open(known)
        over = {above for code in changed for above in self._over.get(code, ())}
        for code in over:
            self._totals[code] = totals_of(self._below[code], known.entries, is_open)
        for code in over & self._topics.keys():
            topic, below = self._topics[code], self._below[code]
            if self._move(topic, code, known, changed if code == self._tree.root.code else below, now_ms):
                topic.publish()

    def _move(self, topic: Topic, code: str, known: Known, codes: Collection[str], now_ms: int) -> bool:
        below = self._below[code]
        state = PointsState(
            scope=code,
            totals={each: self._totals[each] for each in below if each == code or len(self._below[each]) > 1},
            calls=known.calls_in(below),
            lines=known.lines_in(below),
            people=known.people_in(below),
        )
        rows = {each: known.row(each) for each in codes if each in self._below}
        before = self._told.get(topic)
        if before == state and all(topic.row(each) == cells for each, cells in rows.items()):
            return False
        self._told[topic] = state
        topic.move(Cut(topic.seq + 1, now_ms, None, 0), rows, state)
        return True


def _open(known: Known) -> Mapping[str, bool]:
    return {code: page.is_open for code, page in known.pages.items()}
