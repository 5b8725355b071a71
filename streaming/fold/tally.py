"""The fold of participations up the tree: how many, per unit and scope.

A scope is the whole contest (``ALL``) or one round (its number). Every participation counts in its unit and every
unit above, in ``ALL`` and in the round open at its ``at``; outside the rounds it counts in no figure.

A correction changes what a leaf shows in a round, and with it every sum above; the entries stay as they came. What is
shown never falls below 0, in ``ALL`` neither: there a count stays the sum of the rounds, as it is without corrections.
People of several rounds do not add up, so theirs is corrected on its own. The breakdown counts what was sent.
"""

from bisect import insort
from collections import deque
from collections.abc import Collection, Iterable, Sequence

import msgspec

from streaming.contests.contest import Contest, Round
from streaming.contests.rounds import round_at
from streaming.contests.units import Tree, UnitCode
from streaming.decisions.standing import CORRECTED_COLUMNS, Correction
from streaming.fold.versions import Bookmark, Versions
from streaming.ledger.jumps import Jump, Jumps

ALL = 0
BREAKDOWN = -1
"""The table of channels and groups of ALL; its rows are "channel/website", "group/doan-vien" …"""

PACE_WINDOW_MS = 300_000
MINUTE_MS = 60_000

REGISTERED, STARTED, COMPLETED, PARTICIPANTS, PACE = range(5)
KINDS = {"registered": REGISTERED, "started": STARTED, "completed": COMPLETED}

Counts = list[int]
"""registered, started, completed, participants, pace."""


class Entry(msgspec.Struct, eq=False, gc=False):
    """One participation as the fold keeps it; ``void_seq`` is the row that took it back, 0 if none did.

    A struct, as a ledger has a million of them, and out of the collector's sight, as it holds but texts and numbers.
    """

    seq: int
    by: str
    id: str
    unit: UnitCode
    kind: str
    at_ms: int
    received_ms: int
    person: str | None
    channel: str | None
    group: str | None
    void_seq: int = 0
    in_public: bool = False


class Tally:
    """Counts of the entries added and not taken out again; which ones, the caller decides. ``jumps`` are those that the
    rows counted so far have brought, for times are told as the clock is now.

    Whoever reads more than once keeps a ``bookmark``, and asks for what has ``changed`` since.
    """

    def __init__(
        self,
        contest: Contest,
        rounds: Sequence[Round],
        jumps: Jumps | None = None,
        *,
        entries: Iterable[Entry] = (),
        corrections: Iterable[Correction] = (),
        now_ms: int = 0,
    ) -> None:
        self._jumps = Jumps() if jumps is None else jumps
        self.contest = contest
        self.tree: Tree = contest.tree
        self.rounds = tuple(rounds)
        self.now_ms = now_ms
        # Rows after it tell the time as it is: nearly all, and they are not to be asked of the jumps.
        self._jumped_seq = 0 if self._jumps.last is None else self._jumps.last.seq
        self._counts: dict[int, dict[str, Counts]] = {
            scope: {unit.code: [0, 0, 0, 0, 0] for unit in self.tree} for scope in (ALL, *(r.n for r in self.rounds))
        }
        # What entries alone give a leaf; the same list as in the counts but where a correction stands.
        self._given: dict[int, dict[str, Counts]] = {
            scope: {leaf.code: table[leaf.code] for leaf in self.tree.leaves} for scope, table in self._counts.items()
        }
        self._deltas: dict[str, dict[int, Counts]] = {}
        # By channel and group together; each is rolled up into two rows of the breakdown.
        self._parts: dict[tuple[str, str], Counts] = {}
        self._channels: dict[str | None, str] = {named.code: f"channel/{named.code}" for named in contest.channels}
        self._groups: dict[str | None, str] = {named.code: f"group/{named.code}" for named in contest.groups}
        self._part_rows = (*self._channels.values(), "channel/", *self._groups.values(), "group/")
        self._counts[BREAKDOWN] = {row: [0, 0, 0, 0, 0] for row in self._part_rows}
        self._laid_out = object()
        self._version = 0
        self._versions = {scope: Versions() for scope in self._counts}
        self._past_version = 0
        self._stale: dict[int, set[str]] = {scope: set() for scope in self._counts if scope != BREAKDOWN}
        self._parts_are_stale = False
        # Per scope and person their counted entries by seq; the person counts where the first of them is. Most people
        # have one, which stands here without a list.
        self._people: dict[int, dict[str, Entry | list[Entry]]] = {scope: {} for scope in self._stale}
        self.minutes: dict[int, int] = {}
        self._past_is_stale = False
        self._window: deque[Entry] = deque()
        self._window_sorted = True
        self._in_window: set[int] = set()
        # Completed entries that lie in no round, and that name no person.
        self.outside = {"before": 0, "between": 0, "after": 0}
        self.nameless = 0
        for entry in entries:
            self.add(entry)
        for correction in corrections:
            self.correct(correction)

    @property
    def counts(self) -> dict[int, dict[str, Counts]]:
        """The counts by scope and unit, every unit above a leaf the sum of its children."""
        if self._parts_are_stale or self._past_is_stale or any(self._stale.values()):
            self._version += 1
            for scope, stale in self._stale.items():
                if stale:
                    self._roll_up(scope, stale)
            if self._parts_are_stale:
                self._roll_parts_up()
            if self._past_is_stale:
                self._past_is_stale, self._past_version = False, self._version
        return self._counts

    @property
    def bookmark(self) -> Bookmark:
        """Where somebody stands who has read everything now."""
        self.counts  # noqa: B018 - what is stale belongs to the version that the sums make
        return Bookmark(self._laid_out, self._version)

    def changed(self, scope: int, since: Bookmark | None) -> Collection[str]:
        """The rows of a scope that have moved since a reader's bookmark; all of them if that is none of this tally."""
        table = self.counts[scope]
        if since is None or since.tally is not self._laid_out:
            return table.keys()
        return self._versions[scope].since(since.version)

    def past_changed(self, since: Bookmark | None) -> bool:
        """Whether a minute that was over already has changed since a reader's bookmark."""
        self.counts  # noqa: B018 - as for ``bookmark``
        return since is None or since.tally is not self._laid_out or self._past_version > since.version

    def _roll_up(self, scope: int, stale: set[str]) -> None:
        # Entries touch only their leaf; the sums above it are made when somebody looks, once for many entries.
        table, tree = self._counts[scope], self.tree
        for leaf in stale & self._deltas.keys():
            table[leaf] = self._corrected(scope, leaf)
        above = {code for leaf in stale for code in tree.path(leaf)[1:]}
        for code in sorted(above, key=tree.depth, reverse=True):
            columns = zip(*(table[child.code] for child in tree.children(code)), strict=True)
            table[code] = [sum(column) for column in columns]
        self._versions[scope].stamp(stale | above, self._version)
        stale.clear()

    def _roll_parts_up(self) -> None:
        rows = {row: [0, 0, 0, 0, 0] for row in self._part_rows}
        for parts, counts in self._parts.items():
            for row in parts:
                rows[row] = [ours + more for ours, more in zip(rows[row], counts, strict=True)]
        table = self._counts[BREAKDOWN]
        moved = [row for row, counts in rows.items() if table[row] != counts]
        self._versions[BREAKDOWN].stamp(moved, self._version)
        self._counts[BREAKDOWN] = rows
        self._parts_are_stale = False

    def _part(self, entry: Entry) -> Counts:
        key = (self._channels.get(entry.channel, "channel/"), self._groups.get(entry.group, "group/"))
        counts = self._parts.get(key)
        if counts is None:
            counts = self._parts[key] = [0, 0, 0, 0, 0]
        self._parts_are_stale = True
        return counts

    def _rows(self, number: int, entry: Entry) -> tuple[Counts, Counts, Counts]:
        """What an entry counts in: its leaf in ALL and in a round, its channel and group; marks them as changed."""
        unit, stale = entry.unit, self._stale
        stale[ALL].add(unit)
        stale[number].add(unit)
        return self._given[ALL][unit], self._given[number][unit], self._part(entry)

    def _count(self, number: int, entry: Entry, column: int, by: int) -> None:
        for counts in self._rows(number, entry):
            counts[column] += by

    def add(self, entry: Entry) -> None:
        """Count an entry in its unit and every unit above."""
        number = round_at(self.rounds, entry.at_ms)
        if number is None:
            self._count_outside(entry, 1)
            return
        # Every row of the ledger passes here, so what an entry counts in is looked up once.
        rows = self._rows(number, entry)
        column = KINDS[entry.kind]
        for counts in rows:
            counts[column] += 1
        if column != COMPLETED:
            return
        if (person := entry.person) is not None:
            whole, of_round, part = rows
            # Most people are new, and count where their entry does.
            if self._people[ALL].setdefault(person, entry) is entry:
                whole[PARTICIPANTS] += 1
                part[PARTICIPANTS] += 1
            else:
                self._person_again(ALL, entry, person)
            if self._people[number].setdefault(person, entry) is entry:
                of_round[PARTICIPANTS] += 1
            else:
                self._person_again(number, entry, person)
        else:
            self.nameless += 1
        received_ms = entry.received_ms if entry.seq > self._jumped_seq else self._received_ms(entry)
        self._minute(received_ms, 1)
        if received_ms > self.now_ms - PACE_WINDOW_MS:
            if self._window and self._window[-1].seq > entry.seq:
                self._window_sorted = False
            self._window.append(entry)
            self._in_window.add(entry.seq)
            for counts in rows:
                counts[PACE] += 1

    def remove(self, entry: Entry) -> None:
        """Take an entry out again: the inverse of ``add``, under the same rounds."""
        number = round_at(self.rounds, entry.at_ms)
        if number is None:
            self._count_outside(entry, -1)
            return
        column = KINDS[entry.kind]
        self._count(number, entry, column, -1)
        if column != COMPLETED:
            return
        if entry.person is not None:
            for scope in (ALL, number):
                self._person_removed(scope, entry, entry.person)
        else:
            self.nameless -= 1
        self._minute(self._received_ms(entry), -1)
        if entry.seq in self._in_window:
            self._leave_window(entry, number)

    def _count_outside(self, entry: Entry, by: int) -> None:
        if entry.kind != "completed":
            return
        if not self.rounds or entry.at_ms < self.rounds[0].opens_ms:
            self.outside["before"] += by
        else:
            self.outside["after" if entry.at_ms >= self.rounds[-1].closes_ms else "between"] += by

    def correct(self, correction: Correction, times: int = 1) -> None:
        """Count a correction (``times`` -1: no more); one of a round that there is no more changes nothing."""
        if correction.round not in self._given:
            return
        leaf, column = correction.unit, CORRECTED_COLUMNS.index(correction.column)
        deltas = self._deltas.setdefault(leaf, {})
        deltas.setdefault(correction.round, [0, 0, 0, 0])[column] += correction.delta * times
        for scope in (ALL, correction.round):
            self._stale[scope].add(leaf)
        if column == COMPLETED:
            self._minute(self._jumps.time_of(correction.seq, correction.at_ms), correction.delta * times)

    def _corrected(self, scope: int, leaf: str) -> Counts:
        """What a leaf shows in a scope."""
        shown = list(self._given[scope][leaf])
        by_round = self._deltas[leaf]
        for column in range(len(CORRECTED_COLUMNS)):
            if scope == ALL and column == PARTICIPANTS:
                delta = sum(of_round[column] for of_round in by_round.values())
                shown[column] = max(0, shown[column] + delta)
                continue
            for number, of_round in by_round.items():
                if scope in {ALL, number}:
                    shown[column] += max(of_round[column], -self._given[number][leaf][column])
        return shown

    def _received_ms(self, entry: Entry) -> int:
        return self._jumps.time_of(entry.seq, entry.received_ms)

    def _leave_window(self, entry: Entry, number: int) -> None:
        self._in_window.discard(entry.seq)
        self._count(number, entry, PACE, -1)

    def advance(self, now_ms: int) -> None:
        """Move the fold's now: entries received at or before now − 300 s leave the pace."""
        if now_ms <= self.now_ms:
            return
        self.now_ms = now_ms
        self._sort_window()
        edge = self.now_ms - PACE_WINDOW_MS
        while self._window:
            entry = self._window[0]
            if (entry.received_ms if entry.seq > self._jumped_seq else self._received_ms(entry)) > edge:
                break
            self._window.popleft()
            number = round_at(self.rounds, entry.at_ms)
            if entry.seq in self._in_window and number is not None:
                self._leave_window(entry, number)

    def set_back(self, jump: Jump, near: Iterable[Entry], corrections: Iterable[Correction]) -> None:
        """Move the fold's now back, and tell times as the clock is then; the jump is among ``jumps`` only afterwards.

        ``near`` are the counted entries that told a time later than PACE_WINDOW_MS before the one that is gone back to:
        no other can change its minute, or come into the window again. ``corrections`` are all those that are counted.
        """
        self.now_ms, self._jumped_seq = jump.to_ms, jump.seq
        self._past_is_stale = True
        for entry in self._window:
            number = round_at(self.rounds, entry.at_ms)
            if entry.seq in self._in_window and number is not None:
                self._leave_window(entry, number)
        self._window.clear()
        for entry in near:
            number = round_at(self.rounds, entry.at_ms)
            if entry.kind != "completed" or number is None:
                continue
            told_ms = self._received_ms(entry)
            received_ms = jump.mend(told_ms)
            if told_ms != received_ms:
                self._minute(told_ms, -1)
                self._minute(received_ms, 1)
            if received_ms > jump.to_ms - PACE_WINDOW_MS:
                self._window.append(entry)
                self._in_window.add(entry.seq)
                self._count(number, entry, PACE, 1)
        # By seq they are not by time any more: what the clock told before it ran ahead may be later than what it told
        # then.
        self._window_sorted = False
        for correction in corrections:
            if correction.round in self._given and correction.column == "completed":
                told_ms = self._jumps.time_of(correction.seq, correction.at_ms)
                self._minute(told_ms, -correction.delta)
                self._minute(jump.mend(told_ms), correction.delta)

    def recent(self, limit: int) -> list[str]:
        """The units of the latest entries within the pace window, latest first, each once."""
        self._sort_window()
        units: dict[str, None] = {}
        for entry in reversed(self._window):
            if entry.seq in self._in_window:
                units[entry.unit] = None
                if len(units) == limit:
                    break
        return list(units)

    def _sort_window(self) -> None:
        # A release brings older entries in behind younger ones. An entry taken out and let in again may stand here
        # twice, so the set says who still counts.
        if not self._window_sorted:
            entries = {entry.seq: entry for entry in self._window}.values()
            self._window = deque(sorted(entries, key=lambda entry: (self._received_ms(entry), entry.seq)))
            self._window_sorted = True

    def _minute(self, received_ms: int, by: int) -> None:
        minute = received_ms // MINUTE_MS
        self.minutes[minute] = self.minutes.get(minute, 0) + by
        if not self.minutes[minute]:
            del self.minutes[minute]
        if minute < self.now_ms // MINUTE_MS:
            self._past_is_stale = True

    def _person_again(self, scope: int, entry: Entry, person: str) -> None:
        """Note a further entry of somebody who has one; the first by seq is the one that counts."""
        people = self._people[scope]
        known = people[person]
        theirs = known if isinstance(known, list) else [known]
        first = theirs[0]
        insort(theirs, entry, key=_seq)
        people[person] = theirs
        if theirs[0] is entry:
            self._count_person(scope, entry, 1)
            self._count_person(scope, first, -1)

    def _person_removed(self, scope: int, entry: Entry, person: str) -> None:
        people = self._people[scope]
        known = people[person]
        if known is entry:
            del people[person]
            self._count_person(scope, entry, -1)
            return
        assert isinstance(known, list)  # noqa: S101 - one of several, or it would be the one
        was_first = known[0] is entry
        known.remove(entry)
        if was_first:
            self._count_person(scope, entry, -1)
            self._count_person(scope, known[0], 1)
        if len(known) == 1:
            people[person] = known[0]

    def _count_person(self, scope: int, entry: Entry, by: int) -> None:
        self._given[scope][entry.unit][PARTICIPANTS] += by
        self._stale[scope].add(entry.unit)
        if scope == ALL:
            self._part(entry)[PARTICIPANTS] += by


def _seq(entry: Entry) -> int:
    return entry.seq
