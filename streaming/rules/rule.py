"""What a rule is: fed with what comes in, asked at every look whether it is tripped, and by which figures.

A rule has a file of its own here and its line in ``streaming.contests.rule_book.RULES``, which says its settings and
whether it is about a unit. It never looks at the past or at a target: more than 100 % of a target is no cause.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

from streaming.contests.rule_book import Rules
from streaming.contests.units import Tree
from streaming.fold.entry import Entry
from streaming.fold.tally import Counts

MINUTE_MS = 60_000
WINDOW_MS = MINUTE_MS
"""One person's entries, and a source's rejects, are counted over so long."""

Found = tuple[str, dict[str, int]]
"""The unit or source that a rule is tripped about, and the figures."""


class Arrived:
    """Completed entries in the order of their arrival, with what several rules make of them."""

    def __init__(self, entries: Sequence[Entry], tree: Tree) -> None:
        self.entries = entries
        self.tree = tree

    @cached_property
    def by_minute(self) -> Counter[tuple[int, str, str]]:
        """Entries by minute, unit and source: many at once are a matter of a moment."""
        return Counter((entry.received_ms // MINUTE_MS, entry.unit, entry.by) for entry in self.entries)


@dataclass(frozen=True)
class Look:
    """What a rule sees when it is asked.

    ``counts`` are those of everything that has arrived, by unit, and ``has_moved`` whether they may differ from those
    of the last look.
    """

    tree: Tree
    counts: Mapping[str, Counts]
    now_ms: int
    has_moved: bool


class Rule:
    """One rule. ``populations`` are people by unit, where the contest folder has them."""

    FIGURE: ClassVar[str]
    """The one of its figures that is too high when it is tripped."""

    def __init__(self, rules: Rules, populations: Mapping[str, int]) -> None:
        self.rules = rules
        self.populations = populations

    def see(self, arrived: Arrived) -> None:
        """Take completed entries into account."""

    def reject(self, source: str, count: int, now_ms: int) -> None:
        """Take items of a source into account that were rejected."""

    def keep_up(self, look: Look) -> None:
        """Forget what is out of the window; called at each look, also where no rule is asked."""

    def tripped(self, look: Look) -> Iterable[Found]:
        """What the rule is tripped about now."""
        raise NotImplementedError
