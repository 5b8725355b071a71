"""One person has more entries within a minute than anybody can give."""

from collections import deque
from collections.abc import Iterable, Mapping
from itertools import takewhile

from streaming.contests.rule_book import Rules
from streaming.fold.entry import Entry
from streaming.rules.rule import WINDOW_MS, Arrived, Found, Look, Rule

WINDOW_ENTRIES_MAX = 100_000
"""More entries within WINDOW_MS than this are looked at in their latest part alone."""


class PersonRate(Rule):
    """Trips above ``person_per_minute`` entries; the unit is named, as nobody is to be told who it is."""

    FIGURE = "entries"

    def __init__(self, rules: Rules, populations: Mapping[str, int]) -> None:
        super().__init__(rules, populations)
        self._entries_max = rules["person_per_minute"]
        # The entries themselves: a hundred thousand tuples would be a hundred thousand more for the collector.
        self._latest: deque[Entry] = deque()
        self._by_person: dict[str, int] = {}
        self._busy: dict[str, str] = {}

    def see(self, arrived: Arrived) -> None:
        entries = arrived.entries
        since_ms = entries[-1].received_ms - WINDOW_MS if entries else 0
        latest = takewhile(lambda entry: entry.received_ms > since_ms, reversed(entries))
        self._add([entry for entry in latest if entry.person is not None][::-1])

    def _add(self, entries: list[Entry]) -> None:
        by_person, entries_max = self._by_person, self._entries_max
        self._latest.extend(entries)
        for entry in entries:
            person = entry.person or ""
            count = by_person[person] = by_person.get(person, 0) + 1
            if count > entries_max:
                self._busy[person] = entry.unit

    def keep_up(self, look: Look) -> None:
        latest = self._latest
        while latest and (latest[0].received_ms <= look.now_ms - WINDOW_MS or len(latest) > WINDOW_ENTRIES_MAX):
            person = latest.popleft().person or ""
            self._by_person[person] -= 1
            if self._by_person[person] <= self._entries_max:
                self._busy.pop(person, None)
            if not self._by_person[person]:
                del self._by_person[person]

    def tripped(self, look: Look) -> Iterable[Found]:
        most: dict[str, int] = {}
        for person, unit in self._busy.items():
            most[unit] = max(most.get(unit, 0), self._by_person[person])
        return [(unit, {"entries": count}) for unit, count in sorted(most.items())]
