"""The watchdog: what makes numbers look wrong, so that a person is told, or a unit held, before more of them go on air.

Rules reach forward only, alert unless the contest says that they hold, and are silent outside the rounds and in a
round's first half hour, when everything jumps.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module

from streaming.contests.contest import Round
from streaming.contests.rounds import round_at
from streaming.contests.rule_book import HOLDING_RULES, RULES, Rules
from streaming.contests.units import Tree
from streaming.fold.entry import Entry
from streaming.fold.tally import Counts
from streaming.rules.rule import MINUTE_MS, Arrived, Look, Rule

QUIET_MS = 30 * MINUTE_MS
"""No rule is looked at in so much of a round's beginning."""


@dataclass(frozen=True)
class Tripped:
    """A rule that is tripped now: about which unit or source, with the figures, and whether the contest has it hold."""

    rule: str
    subject: str
    holds: bool
    detail: Mapping[str, int]

    @property
    def figure(self) -> int:
        """The one of the figures that is too high."""
        return figure_of(self.rule, self.detail)


def figure_of(rule: str, detail: Mapping[str, int]) -> int:
    """The figure of a rule that is too high; 0 of a rule that is there no more."""
    return detail.get(rule_named(rule).FIGURE, 0) if any(rule == kind.name for kind in RULES) else 0


@cache
def rule_named(name: str) -> type[Rule]:
    """The class of a rule of the book: UnitPace of unit_pace.py for "unit_pace"."""
    found: type[Rule] = getattr(import_module(f"streaming.rules.{name}"), name.title().replace("_", ""))
    return found


class Watchdog:
    """Is fed the completed entries of every tick, and every reject, and says which rules are tripped.

    ``populations`` are people by unit, where the contest folder has them.
    """

    def __init__(self, rules: Rules, populations: Mapping[str, int]) -> None:
        self._holding = {rule for rule in rules.hold if rule in HOLDING_RULES}
        self._rules = {kind.name: rule_named(kind.name)(rules, populations) for kind in RULES}

    def see(self, entries: Sequence[Entry], tree: Tree) -> None:
        """Take completed entries into account, in the order of their arrival."""
        arrived = Arrived(entries, tree)
        for rule in self._rules.values():
            rule.see(arrived)

    def reject(self, source: str, count: int, now_ms: int) -> None:
        """Take items of a source into account that were rejected."""
        for rule in self._rules.values():
            rule.reject(source, count, now_ms)

    def tripped(
        self,
        tree: Tree,
        rounds: Sequence[Round],
        counts: Mapping[str, Counts],
        now_ms: int,
        *,
        has_moved: bool = True,
    ) -> list[Tripped]:
        """The rules that are tripped; ``counts`` are those of everything that has arrived, by unit, and ``has_moved``
        whether they may differ from those of the last look."""
        look = Look(tree, counts, now_ms, has_moved)
        for rule in self._rules.values():
            rule.keep_up(look)
        number = round_at(rounds, now_ms)
        if number is None or now_ms - next(r.opens_ms for r in rounds if r.n == number) < QUIET_MS:
            return []
        return [
            Tripped(name, subject, name in self._holding, detail)
            for name, rule in self._rules.items()
            for subject, detail in rule.tripped(look)
        ]
