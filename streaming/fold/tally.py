"""The fold of participations up the tree: how many, per unit and scope.

A scope is the whole contest (``ALL``) or one round (its number). Every participation counts in its unit and every
unit above, in ``ALL`` and in the round open at its ``at``; outside the rounds it counts in no figure.

A correction changes what a leaf shows in a round, and with it every sum above; the entries stay as they came. What is
shown never falls below 0, in ``ALL`` neither: there a count stays the sum of the rounds, as it is without corrections.
People of several rounds do not add up, so theirs is corrected on its own. The breakdown counts what was sent.
"""

from collections.abc import Iterable, Mapping, Sequence

from streaming.contests.contest import Contest, Round
from streaming.contests.rounds import round_at
from streaming.contests.units import Tree
from streaming.decisions.standing import CORRECTED_COLUMNS, Correction
from streaming.fold.breakdown import Breakdown
from streaming.fold.entry import Entry
from streaming.fold.pace import Pace
from streaming.fold.people import People
from streaming.fold.versions import Bookmark, Versions
from streaming.ledger.jumps import Jump, Jumps

ALL = 0

REGISTERED, STARTED, COMPLETED, PARTICIPANTS, PACE = range(5)
KINDS = {"registered": REGISTERED, "started": STARTED, "completed": COMPLETED}

Counts = list[int]
"""registered, started, completed, participants, pace."""


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
        self.contest = contest
        self.tree: Tree = contest.tree
        self.rounds = tuple(rounds)
        self._counts: dict[int, dict[str, Counts]] = {
            scope: {unit.code: [0, 0, 0, 0, 0] for unit in self.tree} for scope in (ALL, *(r.n for r in self.rounds))
        }
        # What entries alone give a leaf; the same list as in the counts but where a correction stands.
        self._given: dict[int, dict[str, Counts]] = {
            scope: {leaf.code: table[leaf.code] for leaf in self.tree.leaves} for scope, table in self._counts.items()
        }
        self._deltas: dict[str, dict[int, Counts]] = {}
        self._laid_out = object()
        self._version = 0
        self._versions = {scope: Versions(table) for scope, table in self._counts.items()}
        self._stale: dict[int, set[str]] = {scope: set() for scope in self._counts}
        self._breakdown = Breakdown(contest, len(KINDS) + 2)
        self._people = {scope: People() for scope in self._counts}
        self._pace = Pace(Jumps() if jumps is None else jumps, now_ms)
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
        if self._is_stale:
            self._version += 1
            for scope, stale in self._stale.items():
                if stale:
                    self._roll_up(scope, stale)
            if self._breakdown.is_stale:
                self._breakdown.roll_up(self._version)
            if self._pace.is_stale:
                self._pace.roll_up(self._version)
        return self._counts

    @property
    def _is_stale(self) -> bool:
        return self._breakdown.is_stale or self._pace.is_stale or any(self._stale.values())

    @property
    def breakdown(self) -> dict[str, Counts]:
        """The counts of each channel and group, see ``Breakdown``."""
        self.counts  # noqa: B018 - sums up
        return self._breakdown.rows

    @property
    def bookmark(self) -> Bookmark:
        """Where somebody stands who has read everything now."""
        self.counts  # noqa: B018 - what is stale belongs to the version that the sums make
        return Bookmark(self._laid_out, self._version)

    def changed(self, scope: int, since: Bookmark | None) -> list[str]:
        """The rows of a scope that have moved since a reader's bookmark; all of them if that is none of this tally."""
        known = self._known(since)
        return self._versions[scope].since(known)

    def breakdown_changed(self, since: Bookmark | None) -> list[str]:
        """The rows of the breakdown that have moved since a reader's bookmark, as ``changed``."""
        known = self._known(since)
        return self._breakdown.versions.since(known)

    def past_changed(self, since: Bookmark | None) -> bool:
        """Whether a minute that was over already has changed since a reader's bookmark."""
        known = self._known(since)
        return self._pace.past_version > known

    def _known(self, since: Bookmark | None) -> int:
        """The version up to which a reader knows the rows as they are summed up now, -1 for none."""
        self.counts  # noqa: B018 - as for ``bookmark``
        return -1 if since is None or since.tally is not self._laid_out else since.version

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

    def _rows(self, number: int, entry: Entry) -> tuple[Counts, Counts, Counts]:
        """What an entry counts in: its leaf in ALL and in a round, its channel and group; marks them as changed."""
        unit, stale = entry.unit, self._stale
        stale[ALL].add(unit)
        stale[number].add(unit)
        return self._given[ALL][unit], self._given[number][unit], self._breakdown.part(entry)

    def _count(self, number: int, entry: Entry, column: int, by: int) -> None:
        for counts in self._rows(number, entry):
            counts[column] += by

    def add(self, entry: Entry) -> bool:
        """Count an entry in its unit and every unit above; returns whether it is a completed one of a round."""
        number = round_at(self.rounds, entry.at_ms)
        if number is None:
            self._count_outside(entry, 1)
            return False
        # Every row of the ledger passes here, so what an entry counts in is looked up once.
        whole, of_round, part = self._rows(number, entry)
        column = KINDS[entry.kind]
        whole[column] += 1
        of_round[column] += 1
        part[column] += 1
        if column != COMPLETED:
            return False
        if (person := entry.person) is not None:
            # Most people are new, and count where their entry does.
            if self._people[ALL].meet(person, entry) is entry:
                whole[PARTICIPANTS] += 1
                part[PARTICIPANTS] += 1
            else:
                self._person_again(ALL, entry, person)
            if self._people[number].meet(person, entry) is entry:
                of_round[PARTICIPANTS] += 1
            else:
                self._person_again(number, entry, person)
        else:
            self.nameless += 1
        if self._pace.add(entry):
            whole[PACE] += 1
            of_round[PACE] += 1
            part[PACE] += 1
        return True

    def remove(self, entry: Entry) -> bool:
        """Take an entry out again: the inverse of ``add``, under the same rounds; returns as that."""
        number = round_at(self.rounds, entry.at_ms)
        if number is None:
            self._count_outside(entry, -1)
            return False
        column = KINDS[entry.kind]
        self._count(number, entry, column, -1)
        if column != COMPLETED:
            return False
        if entry.person is not None:
            for scope in (ALL, number):
                self._person_removed(scope, entry, entry.person)
        else:
            self.nameless -= 1
        if self._pace.remove(entry):
            self._count(number, entry, PACE, -1)
        return True

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
            self._pace.count(self._pace.time_of(correction.seq, correction.at_ms), correction.delta * times)

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

    def advance(self, now_ms: int) -> None:
        """Move the fold's now: entries received at or before now − 300 s leave the pace."""
        if now_ms > self._pace.now_ms:
            for entry in self._pace.advance(now_ms):
                self._count_pace(entry, -1)

    def set_back(self, jump: Jump, near: Iterable[Entry], corrections: Iterable[Correction]) -> None:
        """Move the fold's now back, and tell times as the clock is then; the jump is among ``jumps`` only afterwards.

        ``near`` are the counted entries that told a time later than PACE_WINDOW_MS before the one that is gone back to:
        no other can change its minute, or come into the window again. ``corrections`` are all those that are counted.
        """
        completed = (entry for entry in near if KINDS[entry.kind] == COMPLETED)
        left, come = self._pace.set_back(
            jump, [entry for entry in completed if round_at(self.rounds, entry.at_ms) is not None]
        )
        for entry in left:
            self._count_pace(entry, -1)
        for entry in come:
            self._count_pace(entry, 1)
        for correction in corrections:
            if correction.round in self._given and correction.column == "completed":
                self._pace.mend(jump, correction.seq, correction.at_ms, correction.delta)

    def _count_pace(self, entry: Entry, by: int) -> None:
        number = round_at(self.rounds, entry.at_ms)
        if number is not None:
            self._count(number, entry, PACE, by)

    @property
    def now_ms(self) -> int:
        """The fold's now."""
        return self._pace.now_ms

    @property
    def minutes(self) -> Mapping[int, int]:
        """Completed entries by the minute of their arrival."""
        return self._pace.minutes

    # People.

    def _person_again(self, scope: int, entry: Entry, person: str) -> None:
        if (before := self._people[scope].add(entry, person)) is not None:
            self._count_person(scope, entry, 1)
            self._count_person(scope, before, -1)

    def _person_removed(self, scope: int, entry: Entry, person: str) -> None:
        counted, then = self._people[scope].remove(entry, person)
        if counted:
            self._count_person(scope, entry, -1)
        if then is not None:
            self._count_person(scope, then, 1)

    def _count_person(self, scope: int, entry: Entry, by: int) -> None:
        self._given[scope][entry.unit][PARTICIPANTS] += by
        self._stale[scope].add(entry.unit)
        if scope == ALL:
            self._breakdown.part(entry)[PARTICIPANTS] += by
