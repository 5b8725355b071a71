"""A source sends far more entries than in its own past."""

from collections.abc import Iterable, Mapping

from streaming.contests.rule_book import Rules
from streaming.rules.paces import Paces
from streaming.rules.rule import MINUTE_MS, Arrived, Found, Look, Rule


class SourcePace(Rule):
    """Trips above ``source_pace_factor`` times the own past, from ``source_pace_min`` entries in five minutes on."""

    FIGURE = "pace"

    def __init__(self, rules: Rules, populations: Mapping[str, int]) -> None:
        super().__init__(rules, populations)
        self._paces = Paces()
        self._touched: set[str] = set()
        self._asked: set[str] = set()

    def see(self, arrived: Arrived) -> None:
        for (minute, _, source), count in arrived.by_minute.items():
            self._paces.advance(minute)
            self._paces.add(source, minute, count)
            self._touched.add(source)

    def keep_up(self, look: Look) -> None:
        self._asked, self._touched = self._touched, set()

    def tripped(self, look: Look) -> Iterable[Found]:
        self._paces.advance(look.now_ms // MINUTE_MS)
        if not self._paces.has_past:
            return
        for source in sorted(self._asked):
            pace, past = self._paces.now_and_past(source)
            if pace >= self.rules["source_pace_min"] and pace > self.rules["source_pace_factor"] * past:
                yield source, {"pace": pace, "past": past}
