"""A source sends many items that are rejected."""

from collections import deque
from collections.abc import Iterable, Mapping

from streaming.contests.rule_book import Rules
from streaming.rules.rule import WINDOW_MS, Found, Look, Rule


class Rejects(Rule):
    """Trips above ``rejects_per_minute``."""

    FIGURE = "rejects"

    def __init__(self, rules: Rules, populations: Mapping[str, int]) -> None:
        super().__init__(rules, populations)
        self._by_source: dict[str, deque[tuple[int, int]]] = {}

    def reject(self, source: str, count: int, now_ms: int) -> None:
        self._by_source.setdefault(source, deque()).append((now_ms, count))

    def keep_up(self, look: Look) -> None:
        for source, rejects in list(self._by_source.items()):
            while rejects and rejects[0][0] <= look.now_ms - WINDOW_MS:
                rejects.popleft()
            if not rejects:
                del self._by_source[source]

    def tripped(self, look: Look) -> Iterable[Found]:
        sums = {source: sum(count for _, count in rejects) for source, rejects in sorted(self._by_source.items())}
        return [(source, {"rejects": n}) for source, n in sums.items() if n > self.rules["rejects_per_minute"]]
