"""A unit has far more entries than in its own past."""

from collections.abc import Iterable, Mapping

from streaming.contests.rule_book import Rules
from streaming.rules.paces import Paces
from streaming.rules.rule import MINUTE_MS, Arrived, Found, Look, Rule


class UnitPace(Rule):
    """Trips above ``unit_pace_factor`` times the own past, from ``unit_pace_min`` entries in five minutes on."""

    FIGURE = "pace"

    def __init__(self, rules: Rules, populations: Mapping[str, int]) -> None:
        super().__init__(rules, populations)
        self._paces = Paces()
        self._touched: set[str] = set()
        self._asked: set[str] = set()

    def see(self, arrived: Arrived) -> None:
        for (minute, unit, _), count in arrived.by_minute.items():
            self._paces.advance(minute)
            for code in arrived.tree.path(unit):
                self._paces.add(code, minute, count)
            self._touched.add(unit)

    def keep_up(self, look: Look) -> None:
        self._asked, self._touched = self._touched, set()

    def tripped(self, look: Look) -> Iterable[Found]:
        self._paces.advance(look.now_ms // MINUTE_MS)
        if not self._paces.has_past:
            return []
        tree = look.tree
        found: dict[str, dict[str, int]] = {}
        touched = {code for leaf in self._asked for code in tree.path(leaf)} - {tree.root.code}
        for code in sorted(touched, key=tree.depth, reverse=True):
            # Where the fault lies below, only what is below is named: to hold a district for one ward is too much.
            if any(child.code in found for child in tree.children(code)):
                found[code] = {}
                continue
            pace, past = self._paces.now_and_past(code)
            if pace >= self.rules["unit_pace_min"] and pace > self.rules["unit_pace_factor"] * past:
                found[code] = {"pace": pace, "past": past}
        return [(code, detail) for code, detail in found.items() if detail]
