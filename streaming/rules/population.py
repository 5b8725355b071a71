"""More people take part than live in the unit."""

from collections.abc import Iterable, Mapping

from streaming.contests.rule_book import Rules
from streaming.fold.tally import PARTICIPANTS
from streaming.rules.rule import Found, Look, Rule


class Population(Rule):
    """Trips as soon as a unit has more participants than people."""

    FIGURE = "people"

    def __init__(self, rules: Rules, populations: Mapping[str, int]) -> None:
        super().__init__(rules, populations)
        self._found: list[Found] = []
        self._has_moved = False

    def keep_up(self, look: Look) -> None:
        self._has_moved = self._has_moved or look.has_moved

    def tripped(self, look: Look) -> Iterable[Found]:
        if self._has_moved:
            self._has_moved = False
            self._found = [
                (code, {"people": look.counts[code][PARTICIPANTS], "population": population})
                for code, population in self.populations.items()
                if code in look.counts and look.counts[code][PARTICIPANTS] > population
            ]
        return self._found
