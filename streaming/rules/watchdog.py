"""Rules: what makes numbers look wrong, so that a person is told, or a unit held, before more of them go on air.

Each rule is about the entries that come in, never about the past or a target: over 100 % of a target is no ground. They
reach forward only, alert unless the contest says that they hold, and are silent in a round's first half hour, when
everything jumps, and outside the rounds.
"""

from collections import Counter, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import takewhile

from streaming.contests.contest import Round
from streaming.contests.rounds import round_at
from streaming.contests.rule_book import HOLDING_RULES, PERSON_RATE, POPULATION, REJECTS, SOURCE_PACE, UNIT_PACE, Rules
from streaming.contests.units import Tree
from streaming.fold.tally import PARTICIPANTS, Counts, Entry

MINUTE_MS = 60_000
QUIET_MS = 30 * MINUTE_MS
"""No rule is looked at in so much of a round's beginning."""
NOW_MINUTES = 5
"""The pace of now is that of this minute and the four before it."""
PAST_MINUTES = 60
"""The own past is the hour before that."""
PAST_MINUTES_MIN = 30
"""With less of a past, the rules of pace are silent."""
WINDOW_MS = MINUTE_MS
"""One person's entries, and a source's rejects, are counted over so long."""
FIGURES = {UNIT_PACE: "pace", SOURCE_PACE: "pace", POPULATION: "people", PERSON_RATE: "entries", REJECTS: "rejects"}
"""Which of a rule's figures is too high when it is tripped."""
WINDOW_ENTRIES_MAX = 100_000
"""More entries within WINDOW_MS than this are looked at in their latest part alone."""
_RING = NOW_MINUTES + PAST_MINUTES


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
        return self.detail[FIGURES[self.rule]]


_Found = tuple[str, str, dict[str, int]]
"""Rule, subject, figures."""


@dataclass
class _Paces:
    """Entries by minute and key, over the last _RING minutes; a minute stands in the ring at its number modulo that."""

    rings: dict[str, list[int]] = field(default_factory=dict)
    minute: int = -1
    first_minute: int = -1

    def add(self, key: str, minute: int, count: int = 1) -> None:
        ring = self.rings.get(key)
        if ring is None:
            ring = self.rings[key] = [0] * _RING
        ring[minute % _RING] += count

    def advance(self, minute: int) -> None:
        if self.minute < 0:
            self.minute = self.first_minute = minute
        for passed in range(self.minute + 1, min(minute, self.minute + _RING) + 1):
            for ring in self.rings.values():
                ring[passed % _RING] = 0
        self.minute = max(self.minute, minute)

    def now_and_past(self, key: str) -> tuple[int, int]:
        """A key's entries of now, and the mean of as long a time in its past."""
        ring = self.rings[key]
        now = sum(ring[(self.minute - ago) % _RING] for ago in range(NOW_MINUTES))
        minutes = min(PAST_MINUTES, self.minute - NOW_MINUTES - self.first_minute + 1)
        return now, (sum(ring) - now) * NOW_MINUTES // max(1, minutes)

    @property
    def has_past(self) -> bool:
        return self.minute - NOW_MINUTES - self.first_minute + 1 >= PAST_MINUTES_MIN


class Watchdog:
    """Is fed the completed entries of every tick, and every reject, and says which rules are tripped.

    ``populations`` are people by unit, where the contest folder has them.
    """

    def __init__(self, rules: Rules, populations: Mapping[str, int]) -> None:
        self.rules = rules
        self._populations = populations
        self._units = _Paces()
        self._sources = _Paces()
        self._touched_units: set[str] = set()
        self._touched_sources: set[str] = set()
        # The entries themselves: a hundred thousand tuples would be a hundred thousand more for the collector.
        self._people: deque[Entry] = deque()
        self._by_person: dict[str, int] = {}
        self._busy: dict[str, str] = {}
        self._rejects: dict[str, deque[tuple[int, int]]] = {}
        self._crowded: list[_Found] = []
        self._has_moved = False

    def see(self, entries: Sequence[Entry], tree: Tree) -> None:
        """Take completed entries into account, in the order of their arrival; many at once are a matter of a moment."""
        by_minute = Counter((entry.received_ms // MINUTE_MS, entry.unit, entry.by) for entry in entries)
        for (minute, unit, source), count in by_minute.items():
            self._units.advance(minute)
            self._sources.advance(minute)
            for code in tree.path(unit):
                self._units.add(code, minute, count)
            self._sources.add(source, minute, count)
            self._touched_units.add(unit)
            self._touched_sources.add(source)
        since_ms = entries[-1].received_ms - WINDOW_MS if entries else 0
        latest = takewhile(lambda entry: entry.received_ms > since_ms, reversed(entries))
        self._see_people([entry for entry in latest if entry.person is not None][::-1])

    def _see_people(self, entries: Sequence[Entry]) -> None:
        by_person, entries_max = self._by_person, self.rules.person_per_minute
        self._people.extend(entries)
        for entry in entries:
            person = entry.person or ""
            count = by_person[person] = by_person.get(person, 0) + 1
            if count > entries_max:
                self._busy[person] = entry.unit

    def reject(self, source: str, count: int, now_ms: int) -> None:
        """Take items of a source into account that were rejected."""
        self._rejects.setdefault(source, deque()).append((now_ms, count))

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
        self._forget(now_ms)
        self._has_moved = self._has_moved or has_moved
        units, self._touched_units = self._touched_units, set()
        sources, self._touched_sources = self._touched_sources, set()
        number = round_at(rounds, now_ms)
        if number is None or now_ms - next(r.opens_ms for r in rounds if r.n == number) < QUIET_MS:
            return []
        self._units.advance(now_ms // MINUTE_MS)
        self._sources.advance(now_ms // MINUTE_MS)
        if self._has_moved:
            self._has_moved, self._crowded = False, self._crowded_units(counts)
        found = [
            *self._fast_units(units, tree),
            *self._fast_sources(sources),
            *self._crowded,
            *self._busy_people(),
            *self._rejecting(),
        ]
        return [
            Tripped(rule, subject, rule in self.rules.hold and rule in HOLDING_RULES, detail)
            for rule, subject, detail in found
        ]

    def _forget(self, now_ms: int) -> None:
        people = self._people
        while people and (people[0].received_ms <= now_ms - WINDOW_MS or len(people) > WINDOW_ENTRIES_MAX):
            person = people.popleft().person or ""
            self._by_person[person] -= 1
            if self._by_person[person] <= self.rules.person_per_minute:
                self._busy.pop(person, None)
            if not self._by_person[person]:
                del self._by_person[person]
        for source, rejects in list(self._rejects.items()):
            while rejects and rejects[0][0] <= now_ms - WINDOW_MS:
                rejects.popleft()
            if not rejects:
                del self._rejects[source]

    def _fast_units(self, leaves: Iterable[str], tree: Tree) -> list[_Found]:
        if not self._units.has_past:
            return []
        found: dict[str, dict[str, int]] = {}
        touched = {code for leaf in leaves for code in tree.path(leaf)} - {tree.root.code}
        for code in sorted(touched, key=tree.depth, reverse=True):
            # Where the fault lies below, only what is below is named: to hold a district for one ward is too much.
            if any(child.code in found for child in tree.children(code)):
                found[code] = {}
                continue
            pace, past = self._units.now_and_past(code)
            if pace >= self.rules.unit_pace_min and pace > self.rules.unit_pace_factor * past:
                found[code] = {"pace": pace, "past": past}
        return [(UNIT_PACE, code, detail) for code, detail in found.items() if detail]

    def _fast_sources(self, sources: Iterable[str]) -> list[_Found]:
        if not self._sources.has_past:
            return []
        found = []
        for source in sorted(sources):
            pace, past = self._sources.now_and_past(source)
            if pace >= self.rules.source_pace_min and pace > self.rules.source_pace_factor * past:
                found.append((SOURCE_PACE, source, {"pace": pace, "past": past}))
        return found

    def _crowded_units(self, counts: Mapping[str, Counts]) -> list[_Found]:
        return [
            (POPULATION, code, {"people": counts[code][PARTICIPANTS], "population": population})
            for code, population in self._populations.items()
            if code in counts and counts[code][PARTICIPANTS] > population
        ]

    def _busy_people(self) -> list[_Found]:
        """By unit, as nobody is to be told who it is."""
        most: dict[str, int] = {}
        for person, unit in self._busy.items():
            most[unit] = max(most.get(unit, 0), self._by_person[person])
        return [(PERSON_RATE, unit, {"entries": count}) for unit, count in sorted(most.items())]

    def _rejecting(self) -> list[_Found]:
        sums = {source: sum(count for _, count in rejects) for source, rejects in sorted(self._rejects.items())}
        return [
            (REJECTS, source, {"rejects": count})
            for source, count in sums.items()
            if count > self.rules.rejects_per_minute
        ]
