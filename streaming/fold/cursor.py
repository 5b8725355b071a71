"""The public cut: a cursor over the ledger's rows, which counts of what it has passed what the gate admits.

Hold all and delay say how far it has come, hold a unit and quarantine which of the rows it has passed do not count.
Its position is the seq of the last row that it shows, so that the same position has the same content, always.
"""

from collections import deque
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass

from streaming.contests.contest import Contest, Round
from streaming.decisions.gate import EntryKey, Gate
from streaming.decisions.standing import Correction, Milestone
from streaming.fold.entry import NOT_PUBLIC, Entry
from streaming.fold.pace import PACE_WINDOW_MS
from streaming.fold.rotation import Rotation
from streaming.fold.tally import ALL, COMPLETED, Tally
from streaming.ledger.jumps import Jump, Jumps, read_clock
from streaming.ledger.rows import Row


@dataclass(frozen=True)
class Void:
    """A row that takes an entry back; it may come before the entry."""

    seq: int
    by: str
    voids: str


@dataclass(eq=False)
class Act:
    """A decision about the gate; ``is_told`` is whether it has raised ``act`` already."""

    is_told: bool = False


@dataclass(frozen=True)
class Awaiting:
    """A decision that a source is set aside, or waited for again."""

    source: str
    is_aside: bool


@dataclass(frozen=True)
class Untelling:
    """A decision that row ``correction`` is told no longer."""

    correction: int


Subject = Untelling | Entry | Void | Correction | Milestone | Jump | Act | Awaiting | None
"""What a row is about; None for one that changes no number by itself."""


@dataclass(frozen=True)
class Cut:
    """What the public tally shows: all rows up to ``seq`` that the gate admits.

    ``at_ms`` is when row ``seq`` was received, ``heard_ms`` the time up to which every live source that is waited for
    had been heard by then (None while none was), ``revision`` the last row that changed what an unmoved position shows
    (0: none).
    """

    seq: int
    at_ms: int
    heard_ms: int | None
    revision: int


class PublicCut:
    """How far the cut has come, and what of it counts. ``entries`` are the fold's, those still to pass included.

    ``act`` counts the decisions that have changed what is public, so that screens can tell what somebody does from what
    the numbers do. One that is kept back itself, as a correction of a held unit is, is not among them.
    """

    def __init__(self, entries: Mapping[EntryKey, Entry]) -> None:
        self.gate = Gate()
        self.tally: Tally
        self.shown_seq = 0
        self.at_ms = 0
        self.revision = 0
        self.heard_ms: dict[str, int] = {}
        self.aside: set[str] = set()
        self.untold: set[int] = set()
        self.milestone: Milestone | None = None
        self.corrections: dict[int, Correction] = {}
        self.act = 0
        self.rotation = Rotation()
        self._entries = entries
        self._contest: Contest
        self._jumps = Jumps()
        # Each with its time on the clock as it is now, by which a delay lets it through.
        self._pending: deque[tuple[Row, Subject, int]] = deque()
        self._passed_seq = 0
        self._withheld: dict[EntryKey, Entry] = {}
        self._withheld_corrections: dict[int, Correction] = {}

    @property
    def position(self) -> Cut:
        """Where it stands."""
        return Cut(self.shown_seq, self.at_ms, heard_upto(self.heard_ms, self.aside), self.revision)

    @property
    def recent(self) -> tuple[str, ...]:
        """The places that the rotation has called last, the very last first. One of whose entries none counts any more
        is left out: nothing new is to be told of it."""
        counts = self.tally.counts[ALL]
        return tuple(code for code in self.rotation.latest if counts[code][COMPLETED])

    def time_of(self, seq: int, at_ms: int) -> int:
        """When something was, as the clock is where the cut stands, of which row ``seq`` says ``at_ms``."""
        return self._jumps.time_of(seq, at_ms)

    @property
    def has_pending(self) -> bool:
        """Whether rows wait to be passed."""
        return bool(self._pending)

    @property
    def shows_all(self) -> bool:
        """Whether all that has arrived is public, and nothing keeps back what comes."""
        return self.gate.is_open and not self._pending and not self._withheld and not self._withheld_corrections

    @property
    def waits_until_ms(self) -> int | None:
        """When the delay lets the next row through, None if none waits for it."""
        if not self._pending or self.gate.stops is not None:
            return None
        return self._pending[0][2] + self.gate.delay_ms

    def lay_out(self, contest: Contest, rounds: tuple[Round, ...]) -> None:
        """Count what is public again, on another contest or other rounds."""
        self._contest = contest
        self.tally = Tally(contest, rounds, self._jumps, corrections=self.corrections.values(), now_ms=self.at_ms)
        self.rotation.begin(contest.tree)
        for entry in self._entries.values():
            if entry.in_public and self.tally.add(entry):
                self.rotation.add_again(entry)

    def wait(self, row: Row, subject: Subject) -> None:
        """Let a row stand before the cut until the gate lets it pass."""
        self._pending.append((row, subject, row.received_ms))

    def set_back(self, jump: Jump) -> None:
        """Tell when what waits was received on the clock as it is after a jump, which is to wait behind it: what is
        shown stays as it is until the cut comes there."""
        self._pending = deque((row, subject, jump.mend(at_ms)) for row, subject, at_ms in self._pending)
        self.gate.set_back(jump)

    def pass_at_once(self, row: Row, entry: Entry) -> None:
        """Take an entry through an open gate with nothing before it, as nearly all are."""
        # Every row of the ledger passes here, so nothing is looked up twice, nor called that it does not need.
        tally, rotation, at_ms = self.tally, self.rotation, row.received_ms
        self._passed_seq = self.shown_seq = row.seq
        self.at_ms = self.heard_ms[row.by] = at_ms
        tally.advance(at_ms)
        entry.admitted = rotation.calls
        if tally.add(entry):
            rotation.add(entry)
        if at_ms >= rotation.next_ms:
            rotation.step(at_ms)

    def run(self, now_ms: int) -> None:
        """Pass every row that the gate reaches when the fold's now is ``now_ms``."""
        pending = self._pending
        while pending and self.gate.reaches(pending[0][2], now_ms):
            row, subject, _ = pending.popleft()
            self._passed_seq = row.seq
            if self._take(row, subject):
                self.shown_seq, self.at_ms = row.seq, row.received_ms
                if row.type == "participation":
                    self.heard_ms[row.by] = row.received_ms
                self.tally.advance(row.received_ms)
            if not pending or pending[0][0] is not row:
                # Not between the entries that one row takes back: the next of them may be the one to be called.
                self.rotation.step(self.at_ms)

    def _take(self, row: Row, subject: Subject) -> bool:
        """Take a row's subject in; False if any of it is withheld, so that not even its position may be told."""
        match subject:
            case None:
                if row.type == "clock":
                    self.heard_ms = heard_by(row, self.heard_ms)
                return True
            case Entry():
                return self._settle(subject)
            case Void():
                entry = self._entries.get((subject.by, subject.voids))
                if entry is not None and entry.seq <= self._passed_seq and not self._settle(entry):
                    return False
                if row.type == "decision" and row.seq != self.shown_seq:
                    self.act += 1  # With the first of its entries.
                return True
            case Correction():
                if not self._settle_correction(subject):
                    return False
                self.act += 1
                return True
            case Act():
                self.tell(subject)
                return True
            case Milestone():
                self.milestone = subject
                return True
            case Untelling(correction):
                self.untold.add(correction)
                self.act += 1
                return True
            case Awaiting(source, is_aside):
                (self.aside.add if is_aside else self.aside.discard)(source)
                self.act += 1
                return True
            case Jump():
                self._jump(subject)
                return True

    def tell(self, act: Act) -> None:
        """Have screens know that somebody has decided something; once, however often it takes effect."""
        if not act.is_told:
            act.is_told = True
            self.act += 1

    def _jump(self, jump: Jump) -> None:
        edge_ms = jump.to_ms - PACE_WINDOW_MS
        near = [entry for entry in self._entries.values() if entry.received_ms > edge_ms and entry.in_public]
        self.tally.set_back(jump, near, self.corrections.values())
        self._jumps.add(jump)
        self.rotation.set_back(jump.to_ms)
        self.heard_ms = jump.mend_all(self.heard_ms)
        if self.milestone is not None:
            self.milestone = mended(self.milestone, jump)

    def _settle(self, entry: Entry) -> bool:
        """Count an entry in public or take it out, as the gate says; False if part of what is passed is withheld."""
        void_passed = 0 < entry.void_seq <= self._passed_seq
        withheld = void_withheld = False
        if self.gate.held or self.gate.quarantined or self._withheld:
            path = self._contest.tree.path(entry.unit)
            key = (entry.by, entry.id)
            withheld = self.gate.holds(path, entry.seq) or key in self.gate.quarantined
            void_withheld = void_passed and self.gate.holds(path, entry.void_seq)
            if withheld or void_withheld:
                self._withheld[key] = entry
            else:
                self._withheld.pop(key, None)
        counts = entry.seq <= self._passed_seq and not withheld and (not void_passed or void_withheld)
        if counts != entry.in_public:
            (self._admit if counts else self._take_out)(entry)
        return not (withheld or void_withheld)

    def _admit(self, entry: Entry) -> None:
        entry.admitted = self.rotation.calls
        if self.tally.add(entry):
            self.rotation.add(entry)

    def _take_out(self, entry: Entry) -> None:
        if self.tally.remove(entry):
            self.rotation.remove(entry)
        entry.admitted = NOT_PUBLIC

    def _settle_correction(self, correction: Correction) -> bool:
        path = self._contest.tree.path(correction.unit)
        if self.gate.holds(path, correction.seq):
            self._withheld_corrections[correction.seq] = correction
            return False
        self._withheld_corrections.pop(correction.seq, None)
        self.corrections[correction.seq] = correction
        self.tally.correct(correction)
        return True

    def settle_withheld(self) -> bool:
        """Let in what no hold keeps back any more; returns whether any number changed."""
        changed = self.settle_named(list(self._withheld))
        for correction in list(self._withheld_corrections.values()):
            changed = self._settle_correction(correction) or changed
        return changed

    def settle_named(self, keys: Iterable[EntryKey]) -> bool:
        """Take these entries in or out, as the gate says; returns whether any number changed."""
        changed = False
        for key in keys:
            entry = self._entries.get(key)
            if entry is not None and entry.seq <= self._passed_seq:
                was = entry.in_public
                self._settle(entry)
                changed = changed or entry.in_public != was
        return changed

    # Looking ahead.

    def kept_back(self) -> Iterator[Entry]:
        """The entries that the cut does not show as they are, each once: held, quarantined, or still to be passed."""
        seen = set(self._withheld)
        yield from self._withheld.values()
        for _, subject, _ in self._pending:
            key = None
            if isinstance(subject, Entry):
                key = (subject.by, subject.id)
            elif isinstance(subject, Void):
                key = (subject.by, subject.voids)
            if key is not None and key not in seen and key in self._entries:
                seen.add(key)
                yield self._entries[key]

    def kept_back_corrections(self) -> Iterator[Correction]:
        """The corrections that the cut does not show."""
        yield from self._withheld_corrections.values()
        for _, subject, _ in self._pending:
            if isinstance(subject, Correction):
                yield subject

    def passed_at(self, gate: Gate, now_ms: int) -> int:
        """The seq up to which the cut would come under another gate."""
        passed = self._passed_seq
        for row, _, received_ms in self._pending:
            if not gate.reaches(received_ms, now_ms):
                break
            passed = row.seq
        return passed


def heard_by(row: Row, before: Mapping[str, int]) -> dict[str, int]:
    """Up to when each live source has been heard after a clock row, and by the rows ``before`` it. Between the telling
    and the writing a source may have been heard again, or the clock been set back."""
    heard = read_clock(row).heard or {}
    return {source: max(min(at_ms, row.received_ms), before.get(source, 0)) for source, at_ms in heard.items()}


def undone_by(corrections: Mapping[int, Correction]) -> frozenset[int]:
    """The rows of corrections that others among them undo."""
    return frozenset(fix.undoes for fix in corrections.values() if fix.undoes is not None)


def heard_upto(heard_ms: Mapping[str, int], aside: Container[str]) -> int | None:
    """The time up to which every source has been heard, those ``aside`` left out; None if none was ever heard.

    Where all of them are set aside, nobody is waited for, and it is when the last of them was heard: to set one aside
    never lets the time run back.
    """
    awaited = [at_ms for source, at_ms in heard_ms.items() if source not in aside]
    return min(awaited) if awaited else max(heard_ms.values(), default=None)


def mended(milestone: Milestone, jump: Jump) -> Milestone:
    """A milestone with its time as the clock is after a jump."""
    return Milestone(milestone.value, jump.mend(milestone.at_ms))
