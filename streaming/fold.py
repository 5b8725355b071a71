"""The fold of the ledger's rows: a function of the rows, and of nothing else.

Two tallies come out: ``whole`` counts what has arrived, ``public`` what the gate admits. The public one is a cursor
over the same rows: hold all and delay say how far it has come, hold a unit and quarantine which of the rows it has
passed do not count. Its position, ``cut.seq``, is the seq of the last row that it shows, so that the same position
has the same content, always.
"""

import hashlib
from collections import deque
from dataclasses import dataclass
from itertools import pairwise
from sys import intern
from typing import Any

import msgspec

from streaming.contest import Contest, Round, decode_contest
from streaming.decisions import CUT_DECISIONS, entry_keys, of_all, read_decision
from streaming.errors import FoldError
from streaming.gate import EntryKey, Gate
from streaming.participation import Participation, decode_body
from streaming.rows import Row
from streaming.tally import KINDS, Entry, Tally
from streaming.units import UnitCode

FOLD_VERSION = 1
"""Raised when the same rows would give other numbers than before, or other columns."""


@dataclass(frozen=True)
class Cut:
    """What the public tally shows: all rows up to ``seq`` that the gate admits.

    ``at_ms`` is when row ``seq`` was received, ``heard_ms`` the time up to which every live source had been heard by
    then (None while none was), ``revision`` the last decision that changed what an unmoved position shows (0: none).
    """

    seq: int
    at_ms: int
    heard_ms: int | None
    revision: int


@dataclass(slots=True)
class _Void:
    """A row that takes an entry back; it may come before the entry."""

    seq: int
    by: str
    voids: str


_Pending = tuple[Row, Entry | _Void | None]


class Fold:
    """Applies rows one by one; a ledger's first row is its ``contest`` decision."""

    def __init__(self) -> None:
        self.seq = 0
        self.now_ms = 0
        self.rounds: tuple[Round, ...] = ()
        self.heard_ms: dict[str, int] = {}
        self.gate = Gate()
        self._entries: dict[EntryKey, Entry] = {}
        self._voids: dict[EntryKey, int] = {}
        self._moved: dict[int, Round] = {}
        # The public side.
        self._pending: deque[_Pending] = deque()
        self._deferred: list[tuple[int, dict[str, Any]]] = []
        self._public_heard_ms: dict[str, int] = {}
        self._passed_seq = 0
        self._withheld: dict[EntryKey, Entry] = {}
        self._at_ms = 0
        self._shown_seq = 0
        self._revision = 0
        self.contest: Contest
        self.public: Tally
        # While the gate keeps nothing back, the whole is what is public, and is not counted twice.
        self._whole: Tally | None = None

    @property
    def whole(self) -> Tally:
        """The tally of all that has arrived."""
        return self._whole or self.public

    @property
    def cut(self) -> Cut:
        """The position and times of the public tally."""
        heard = min(self._public_heard_ms.values(), default=None)
        return Cut(self._shown_seq, self._at_ms, heard, self._revision)

    @property
    def is_open(self) -> bool:
        """Whether the first row, which says what the contest is, has been applied."""
        return self.seq > 0

    @property
    def is_waiting(self) -> bool:
        """Whether rows wait behind a delay that time will end."""
        return bool(self._pending) and self.gate.held_all_since is None

    @property
    def waits_until_ms(self) -> int | None:
        """When the delay lets the next row through, None if none waits for it."""
        return self._pending[0][0].received_ms + self.gate.delay_ms if self.is_waiting else None

    @property
    def entries(self) -> dict[EntryKey, Entry]:
        """Every participation but voids, by source and id."""
        return self._entries

    @property
    def units_with_rows(self) -> frozenset[UnitCode]:
        """The units that a stored participation names."""
        return frozenset(entry.unit for entry in self._entries.values())

    def epoch(self, ledger_id: str, restores: int) -> str:
        """Names one history of positions: a position means nothing under another epoch.

        Example: a screen is at seq 900 when the data folder is put back from a backup that ends at 800. The ledger
        soon has another row 900; the restore count makes the screen take a snapshot instead of thinking it current.
        """
        parts = (ledger_id, restores, self.contest.digest, FOLD_VERSION, self._revision)
        return hashlib.blake2b(msgspec.json.encode(parts), digest_size=8).hexdigest()

    def apply(self, row: Row) -> None:
        """Apply the next row.

        Raises:
            FoldError: If the row is of an unknown type, out of order, or not what its type promises.
        """
        if row.seq != self.seq + 1:
            raise FoldError(f"row {row.seq}: expected row {self.seq + 1}")
        if row.received_ms < self.now_ms:
            raise FoldError(f"row {row.seq}: received_ms {row.received_ms} runs back behind {self.now_ms}")
        if self.seq == 0 and not (row.type == "decision" and read_decision(row)["kind"] == "contest"):
            raise FoldError("row 1: expected the decision that says what the contest is")
        self.seq, self.now_ms = row.seq, row.received_ms
        match row.type:
            case "participation":
                if self._whole is None and not self._pending and self._pass(row):
                    return
                self._participation(row)
            case "clock":
                heard = msgspec.json.decode(row.body, type=dict[str, dict[str, int]])["heard"]
                self.heard_ms = dict(heard)
                self._pending.append((row, None))
            case "decision":
                self._decide(row)
            case _:
                raise FoldError(f'row {row.seq}: unknown type "{row.type}", expected participation, decision or clock')
        if self._whole is not None:
            self._whole.advance(self.now_ms)
        self._run_cut()
        if self._whole is not None and self.gate.is_open and not self._pending and not self._withheld:
            self._whole = None

    def _pass(self, row: Row) -> bool:
        """Take an entry through an open gate at once, as nearly all are; False for what has to take the long way."""
        item = decode_body(row.body)
        if item.kind == "voided" or (row.by, row.id) in self._voids:
            return False
        entry = self._entry(row, item)
        self.heard_ms[row.by] = self._public_heard_ms[row.by] = row.received_ms
        self._entries[(entry.by, entry.id)] = entry
        self._passed_seq = self._shown_seq = row.seq
        self._at_ms = row.received_ms
        self.public.advance(row.received_ms)
        self.public.add(entry)
        entry.in_public = True
        return True

    def _participation(self, row: Row) -> None:
        item = decode_body(row.body)
        self.heard_ms[row.by] = row.received_ms
        if item.kind == "voided":
            if item.voids is None:
                raise FoldError(f'row {row.seq}: a void without "voids"')
            key = (row.by, item.voids)
            # A void may arrive before what it voids, so it waits here by id; a second one changes nothing.
            self._voids.setdefault(key, row.seq)
            if (entry := self._entries.get(key)) is not None and entry.void_seq == 0:
                entry.void_seq = row.seq
                if self._whole is not None:
                    self._whole.remove(entry)
            self._pending.append((row, _Void(row.seq, row.by, item.voids)))
            return
        entry = self._entry(row, item)
        key = (entry.by, entry.id)
        entry.void_seq = self._voids.get(key, 0)
        self._entries[key] = entry
        if self._whole is not None and entry.void_seq == 0:
            self._whole.add(entry)
        self._pending.append((row, entry))

    def _entry(self, row: Row, item: Participation) -> Entry:
        if row.id is None:
            raise FoldError(f"row {row.seq}: a participation without an id")
        if item.unit is None or item.kind not in KINDS:
            raise FoldError(f'row {row.seq}: kind "{item.kind}" without a unit')
        if item.unit not in self.contest.tree:
            raise FoldError(f'row {row.seq}: no unit has code "{item.unit}"')
        # Of a million rows each would bring texts of its own for what a few hundred say.
        return Entry(
            row.seq, intern(row.by), row.id, UnitCode(intern(item.unit)), item.kind, item.at, row.received_ms,
            item.person, item.channel and intern(item.channel), item.group and intern(item.group),
        )  # fmt: skip

    def _decide(self, row: Row) -> None:
        decision = read_decision(row)
        self._pending.append((row, None))
        if decision["kind"] == "contest":
            self._adopt(decode_contest(msgspec.json.encode(decision["contest"])), row.seq)
            return
        if decision["kind"] not in CUT_DECISIONS:
            raise FoldError(f'row {row.seq}: unknown decision "{decision["kind"]}"')
        if self._whole is None and decision["kind"] != "round":
            # The gate may part the two from here on.
            self._lay_out_whole()
        if decision["kind"] == "round":
            # The whole sees a moved opening at once; the public may be held.
            self._move_round(decision, row.seq)
            if self._whole is not None:
                self._lay_out_whole()
        if self.gate.held_all_since is not None and not of_all(decision, "release"):
            # A held cut is frozen whole: what is decided meanwhile takes effect with the release.
            if not of_all(decision, "hold"):
                self._deferred.append((row.seq, decision))
            return
        before = self._shown_seq
        if of_all(decision, "hold") or decision["kind"] == "delay":
            # What is on air stays there: these keep back what comes after them, they do not take back minutes.
            self._run_cut()
        changed = self._decide_public(row.seq, decision)
        if of_all(decision, "release"):
            deferred, self._deferred = self._deferred, []
            for seq, later in deferred:
                changed = self._decide_public(seq, later) or changed
        self._run_cut()
        if changed and self._shown_seq == before:
            self._revision = row.seq

    def _decide_public(self, seq: int, decision: dict[str, Any]) -> bool:
        """Set the gate; returns whether what the cut has already passed may show other numbers now."""
        match decision["kind"]:
            case "hold":
                if decision["unit"] is not None and decision["unit"] not in self.contest.tree:
                    raise FoldError(f'row {seq}: hold of an unknown unit "{decision["unit"]}"')
                self.gate.hold(decision["unit"], seq)
                return False
            case "release":
                self.gate.release(decision["unit"])
                return self._settle_withheld()
            case "quarantine":
                entries = entry_keys(decision)
                self.gate.quarantine(entries)
                return self._settle_named(entries)
            case "clear":
                entries = entry_keys(decision)
                self.gate.clear(entries)
                return self._settle_named(entries)
            case "delay":
                self.gate.delay(int(decision["delay_ms"]))
                return False
            case _:
                self._lay_out_public()
                return True

    def _adopt(self, contest: Contest, seq: int) -> None:
        """Make this the contest; rounds moved by a decision stay moved unless the contest's own dates changed."""
        if self.is_open and hasattr(self, "contest"):
            was = {round_.n: round_ for round_ in self.contest.rounds}
            self._moved = {r.n: self._moved[r.n] for r in contest.rounds if r.n in self._moved and was.get(r.n) == r}
        self.contest = contest
        self.rounds = tuple(self._moved.get(round_.n, round_) for round_ in contest.rounds)
        for entry in self._entries.values():
            if entry.unit not in contest.tree or not contest.tree.is_leaf(entry.unit):
                raise FoldError(f'row {seq}: unit "{entry.unit}" has entries but is no leaf of the new contest')
        if seq > 1:
            # Going back to an earlier contest must not bring its positions back: they stood for other numbers.
            self._revision = seq
        if self._whole is not None:
            self._lay_out_whole()
        self._lay_out_public()

    def _move_round(self, decision: dict[str, Any], seq: int) -> None:
        number = decision["n"]
        old = next((round_ for round_ in self.rounds if round_.n == number), None)
        if old is None:
            raise FoldError(f"row {seq}: there is no round {number}")
        moved = msgspec.structs.replace(old, opens_ms=decision["opens_ms"], closes_ms=decision["closes_ms"])
        rounds = tuple(moved if round_ is old else round_ for round_ in self.rounds)
        if moved.opens_ms >= moved.closes_ms or any(a.closes_ms > b.opens_ms for a, b in pairwise(rounds)):
            raise FoldError(f"row {seq}: round {number} would overlap another or close before it opens")
        self._moved[number] = moved
        self.rounds = rounds

    def _lay_out_whole(self) -> None:
        counted = [entry for entry in self._entries.values() if entry.void_seq == 0]
        self._whole = Tally(self.contest, self.rounds)
        self._whole.lay_out(self.contest, self.rounds, counted, self.now_ms)

    def _lay_out_public(self) -> None:
        counted = [entry for entry in self._entries.values() if entry.in_public]
        self.public = Tally(self.contest, self.rounds)
        self.public.lay_out(self.contest, self.rounds, counted, self._at_ms)

    # The public cut.

    def _run_cut(self) -> None:
        """Let the cut pass every row that the gate reaches."""
        pending = self._pending
        while pending and self.gate.reaches(pending[0][0].received_ms, self.now_ms):
            row, subject = pending.popleft()
            self._passed_seq = row.seq
            if subject is None:
                shown = True
                if row.type == "clock":
                    self._public_heard_ms = msgspec.json.decode(row.body, type=dict[str, dict[str, int]])["heard"]
            elif isinstance(subject, Entry):
                shown = self._settle(subject)
            else:
                entry = self._entries.get((subject.by, subject.voids))
                shown = entry is None or entry.seq > self._passed_seq or self._settle(entry)
            if shown:
                self._shown_seq, self._at_ms = row.seq, row.received_ms
                if row.type == "participation":
                    self._public_heard_ms[row.by] = row.received_ms
                self.public.advance(row.received_ms)

    def _settle(self, entry: Entry) -> bool:
        """Count an entry in public or take it out, as the gate says; False if part of what is passed is withheld."""
        void_passed = 0 < entry.void_seq <= self._passed_seq
        withheld = void_withheld = False
        if self.gate.held_since or self.gate.quarantined or self._withheld:
            path = self.contest.tree.path(entry.unit)
            key = (entry.by, entry.id)
            withheld = self.gate.holds(path, entry.seq) or key in self.gate.quarantined
            void_withheld = void_passed and self.gate.holds(path, entry.void_seq)
            if withheld or void_withheld:
                self._withheld[key] = entry
            else:
                self._withheld.pop(key, None)
        counts = entry.seq <= self._passed_seq and not withheld and (not void_passed or void_withheld)
        if counts != entry.in_public:
            (self.public.add if counts else self.public.remove)(entry)
            entry.in_public = counts
        return not (withheld or void_withheld)

    def _settle_withheld(self) -> bool:
        return self._settle_named(list(self._withheld))

    def _settle_named(self, keys: list[EntryKey]) -> bool:
        changed = False
        for key in keys:
            entry = self._entries.get(key)
            if entry is not None and entry.seq <= self._passed_seq:
                was = entry.in_public
                self._settle(entry)
                changed = changed or entry.in_public != was
        return changed
