"""The fold of the ledger's rows: a function of the rows, and of nothing else.

Two tallies come out: ``whole`` counts what has arrived, ``public`` what the gate admits, see ``PublicCut``.
"""

import hashlib
from itertools import takewhile
from sys import intern
from typing import Any

import msgspec

from streaming.contests.contest import Contest, Round, decode_contest
from streaming.contests.rounds import Calendar
from streaming.contests.units import UnitCode
from streaming.decisions.decisions import (
    COUNTED_DECISIONS,
    Correction,
    Decided,
    LastDecisions,
    Milestone,
    Void,
    check_delay,
    correction_of,
    entry_keys,
    hold_of,
    of_all,
    read_decision,
    set_gate,
)
from streaming.decisions.gate import EntryKey, Gate, Hold
from streaming.decisions.timetable import Schedule, Schedules, check_schedule, schedule_of
from streaming.errors import ContestError, FoldError, unreadable_row
from streaming.fold.cursor import Cut, PublicCut, heard_by, mended
from streaming.fold.once import Once
from streaming.fold.tally import KINDS, PACE_WINDOW_MS, Entry, Tally
from streaming.ledger.jumps import Jump, Jumps, jump_of
from streaming.ledger.rows import Row
from streaming.participation import Participation, decode_body

FOLD_VERSION = 3
"""Raised when the same rows would give other numbers than before, or other columns."""

_Deferred = tuple[Row, dict[str, Any]]


class Fold:
    """Applies rows one by one; a ledger's first row is its ``contest`` decision.

    ``recent`` is what people and rules decided last. ``corrections`` and ``milestones`` are all that stand in the rows,
    public or not; ``schedules`` the gate's.
    """

    def __init__(self) -> None:
        self.seq = 0
        self.now_ms = 0
        self.heard_ms: dict[str, int] = {}
        self.recent = LastDecisions()
        self.corrections: dict[int, Correction] = {}
        self.milestones: dict[int, Milestone] = {}
        self.schedules = Schedules()
        self.jumps = Jumps()
        self.contest: Contest
        self._leaves: frozenset[str] = frozenset()
        self._entries: dict[EntryKey, Entry] = {}
        self._voids: dict[EntryKey, int] = {}
        self._once = Once(self._entries)
        self._calendar = Calendar()
        self._cut = PublicCut(self._entries)
        self._deferred: list[_Deferred] = []
        # While the gate keeps nothing back, the whole is what is public, and is not counted twice.
        self._whole: Tally | None = None

    @property
    def public(self) -> Tally:
        """The tally of what the gate admits."""
        return self._cut.tally

    @property
    def whole(self) -> Tally:
        """The tally of all that has arrived."""
        return self._whole or self._cut.tally

    @property
    def public_cut(self) -> PublicCut:
        """The public side."""
        return self._cut

    @property
    def cut(self) -> Cut:
        """The position and times of the public tally."""
        return self._cut.position

    @property
    def gate(self) -> Gate:
        """The gate as the public cut meets it."""
        return self._cut.gate

    @property
    def rounds(self) -> tuple[Round, ...]:
        """The rounds as decisions have moved them."""
        return self._calendar.rounds

    @property
    def decided(self) -> Decided | None:
        """The last decision of a person or a rule, None before the first."""
        return self.recent.last

    @property
    def is_open(self) -> bool:
        """Whether the first row, which says what the contest is, has been applied."""
        return self.seq > 0

    @property
    def waits_until_ms(self) -> int | None:
        """When the delay lets the next row through, None if none waits for it."""
        return self._cut.waits_until_ms

    @property
    def edges_ms(self) -> list[int]:
        """The times, past ones included, at which a round or a schedule of the gate is to begin or end."""
        edges = [edge for round_ in self.rounds for edge in (round_.opens_ms, round_.closes_ms)]
        return edges + self.schedules.edges_ms(self.rounds)

    @property
    def entries(self) -> dict[EntryKey, Entry]:
        """Every participation but voids, by source and id."""
        return self._entries

    def completed_since(self, seq: int, since_ms: int = 0) -> list[Entry]:
        """The completed entries of after row ``seq`` that were received after ``since_ms``, in the order of their
        arrival; looks at no more of them than those."""
        latest = takewhile(
            lambda entry: entry.seq > seq and self._received_ms(entry) > since_ms, reversed(self._entries.values())
        )
        found = [entry for entry in latest if entry.kind == "completed"][::-1]
        # Most were received when they say: the others are told as the clock is now.
        return [
            entry if at_ms == entry.received_ms else msgspec.structs.replace(entry, received_ms=at_ms)
            for entry, at_ms in ((entry, self._received_ms(entry)) for entry in found)
        ]

    def _received_ms(self, entry: Entry) -> int:
        return self.jumps.time_of(entry.seq, entry.received_ms)

    @property
    def units_with_rows(self) -> frozenset[UnitCode]:
        """The units that a stored participation or a correction names."""
        corrected = {UnitCode(correction.unit) for correction in self.corrections.values()}
        return frozenset(entry.unit for entry in self._entries.values()) | corrected

    def epoch(self, ledger_id: str, restores: int) -> str:
        """Names one history of positions: a position means nothing under another epoch.

        Example: a screen is at seq 900 when the data folder is put back from a backup that ends at 800. The ledger
        soon has another row 900; the restore count makes the screen take a snapshot instead of thinking it current.
        """
        parts = (ledger_id, restores, self.contest.digest, FOLD_VERSION, self._cut.revision)
        return hashlib.blake2b(msgspec.json.encode(parts), digest_size=8).hexdigest()

    def gate_after_release(self, unit: str | None) -> Gate:
        """The gate as the release of a unit, or of everything, would leave it."""
        gate = self.gate.copy()
        gate.release(unit)
        if unit is None:
            for row, decision in self._deferred:
                set_gate(gate, row, decision)
        return gate

    def apply(self, row: Row) -> None:
        """Apply the next row.

        Raises:
            FoldError: If the row is of an unknown type, out of order, or not what its type promises.
        """
        if row.seq != self.seq + 1:
            raise FoldError(f"row {row.seq}: expected row {self.seq + 1}")
        jump = jump_of(row, self.now_ms) if row.type == "clock" else None
        if row.received_ms < self.now_ms and jump is None:
            raise FoldError(f"row {row.seq}: received_ms {row.received_ms} runs back behind {self.now_ms}")
        if self.seq == 0 and not (row.type == "decision" and read_decision(row)["kind"] == "contest"):
            raise FoldError("row 1: expected the decision that says what the contest is")
        if self.schedules:
            self._keep_schedules(row.received_ms, row.seq)
        self.seq, self.now_ms = row.seq, row.received_ms
        match row.type:
            case "participation":
                if self._whole is None and not self._cut.has_pending and self._pass(row):
                    return
                self._participation(row)
            case "clock" if jump is not None:
                self._jump(row, jump)
            case "clock":
                self.heard_ms = heard_by(row, self.heard_ms)
                self._cut.wait(row, None)
            case "decision":
                self._decide(row)
            case _:
                raise FoldError(f'row {row.seq}: unknown type "{row.type}", expected participation, decision or clock')
        if self._whole is not None:
            self._whole.advance(self.now_ms)
        self._cut.run(self.now_ms)
        if self._whole is not None and self._cut.shows_all:
            self._whole = None

    # What has arrived.

    def _pass(self, row: Row) -> bool:
        """Take an entry through an open gate at once, as nearly all are; False for what has to take the long way."""
        item = _read_item(row)
        if item.kind == "voided" or (row.by, row.id) in self._voids:
            return False
        entry = self._entry(row, item)
        self.heard_ms[row.by] = row.received_ms
        self._once.keep((entry.by, entry.id), entry)
        self._cut.pass_at_once(row, entry)
        return True

    def _participation(self, row: Row) -> None:
        item = _read_item(row)
        self.heard_ms[row.by] = row.received_ms
        if item.kind == "voided":
            if item.voids is None:
                raise FoldError(f'row {row.seq}: a void without "voids"')
            self._once.keep_void(row)
            self._void(row, (row.by, item.voids))
            return
        entry = self._entry(row, item)
        key = (entry.by, entry.id)
        entry.void_seq = self._voids.get(key, 0)
        self._once.keep(key, entry)
        if self._whole is not None and entry.void_seq == 0:
            self._whole.add(entry)
        self._cut.wait(row, entry)

    def _entry(self, row: Row, item: Participation) -> Entry:
        if row.id is None:
            raise FoldError(f"row {row.seq}: a participation without an id")
        if item.unit is None or item.kind not in KINDS:
            raise FoldError(f'row {row.seq}: kind "{item.kind}" without a unit')
        if item.unit not in self._leaves:
            raise FoldError(f'row {row.seq}: no leaf unit has code "{item.unit}"')
        # Of a million rows each would bring texts of its own for what a few hundred say.
        return Entry(
            row.seq, intern(row.by), row.id, UnitCode(intern(item.unit)), item.kind, item.at, row.received_ms,
            item.person, item.channel and intern(item.channel), item.group and intern(item.group),
        )  # fmt: skip

    def _void(self, row: Row, key: EntryKey) -> None:
        """Take an entry back; a void may arrive before what it voids, so it waits by id; a second changes nothing."""
        self._voids.setdefault(key, row.seq)
        if (entry := self._entries.get(key)) is not None and entry.void_seq == 0:
            entry.void_seq = row.seq
            if self._whole is not None:
                self._whole.remove(entry)
        self._cut.wait(row, Void(row.seq, *key))

    # What is decided.

    def _decide(self, row: Row) -> None:
        decision = read_decision(row)
        kind = decision["kind"]
        self.check(row.seq, decision)
        if kind not in {"contest", "milestone"}:
            self.recent.take(row, decision)
        if kind == "contest":
            self._cut.wait(row, None)
            self._adopt(_read_contest(row, decision), row.seq)
        elif kind in COUNTED_DECISIONS:
            self._count(row, decision)
        elif kind == "schedule":
            self._cut.wait(row, None)
            self._schedule(row, decision)
        else:
            self._cut.wait(row, None)
            self._decide_gate(row, decision)

    def check(self, seq: int, decision: dict[str, Any]) -> None:
        """See whether a decision could be applied now as row ``seq``; changes nothing.

        Raises:
            FoldError: If it could not: a row that is written all the same would stop every later fold.
        """
        match decision["kind"]:
            case "contest" | "quarantine" | "clear" | "void" | "milestone":
                pass
            case "hold" | "release":
                unit = decision["unit"]
                if unit is not None and unit not in self.contest.tree:
                    raise FoldError(f'row {seq}: {decision["kind"]} of an unknown unit "{unit}"')
            case "delay":
                check_delay(seq, decision["delay_ms"])
            case "round":
                self._calendar.moved(decision, seq)
            case "schedule":
                self._calendar.round(decision["round"], seq)
                check_schedule(seq, decision)
            case "correction":
                correction_of(Row(seq, "decision", 0, "", None, None, b""), decision)
                self._calendar.round(decision["round"], seq)
                if decision["unit"] not in self._leaves:
                    raise FoldError(f'row {seq}: no leaf unit has code "{decision["unit"]}"')
            case kind:
                raise FoldError(f'row {seq}: unknown decision "{kind}"')

    def _count(self, row: Row, decision: dict[str, Any]) -> None:
        match decision["kind"]:
            case "void":
                keys = entry_keys(decision)
                for key in keys:
                    self._void(row, key)
                if not keys:
                    self._cut.wait(row, None)
            case "correction":
                correction = correction_of(row, decision)
                self.corrections[row.seq] = correction
                if self._whole is not None:
                    self._whole.correct(correction)
                self._cut.wait(row, correction)
            case _:
                value = int(decision["value"])
                milestone = None
                if value > max(self.milestones, default=0):
                    milestone = self.milestones[value] = Milestone(value, row.received_ms)
                # Told once for ever: a second row of it tells nothing, nor one of a lower one.
                self._cut.wait(row, milestone)

    def _decide_gate(self, row: Row, decision: dict[str, Any]) -> None:
        if decision["kind"] == "round":
            # The whole sees a moved opening at once; the public may be held.
            self._calendar.move(decision, row.seq)
            if self._whole is not None:
                self._lay_out_whole()
        else:
            self._part()
        if self.gate.held_all is not None and not of_all(decision, "release"):
            # A held cut is frozen whole: what is decided meanwhile takes effect with the release.
            if not of_all(decision, "hold"):
                self._deferred.append((row, decision))
            elif not self.gate.held_all.is_final and decision.get("final"):
                self.gate.hold(None, hold_of(row, decision))
                self._cut.revision = row.seq
            return
        before = self._cut.shown_seq
        if of_all(decision, "hold") or decision["kind"] == "delay":
            # What is on air stays there: these keep back what comes after them, they do not take back minutes.
            self._cut.run(self.now_ms)
        changed = self._decide_public(row, decision)
        if of_all(decision, "release"):
            deferred, self._deferred = self._deferred, []
            for earlier, later in deferred:
                changed = self._decide_public(earlier, later) or changed
        self._cut.run(self.now_ms)
        if changed and self._cut.shown_seq == before:
            self._cut.revision = row.seq

    def _part(self) -> None:
        """Count the whole apart from what is public, because the gate may part the two from here on."""
        if self._whole is None:
            self._lay_out_whole()

    def _decide_public(self, row: Row, decision: dict[str, Any]) -> bool:
        """Set the gate; returns whether what the cut has already passed may show other numbers or words now."""
        was_final = self.gate.held_all is not None and self.gate.held_all.is_final
        set_gate(self.gate, row, decision)
        match decision["kind"]:
            case "release":
                return self._cut.settle_withheld() or was_final
            case "quarantine" | "clear":
                return self._cut.settle_named(entry_keys(decision))
            case "round":
                self._cut.lay_out(self.contest, self.rounds)
                return True
            case _:
                return of_all(decision, "hold") and bool(decision.get("final"))

    # Schedules of the gate.

    def _schedule(self, row: Row, decision: dict[str, Any]) -> None:
        if self.schedules.set(decision["round"], schedule_of(row, decision)):
            self.gate.delay(0)
        self._keep_schedules(row.received_ms, row.seq)

    def _keep_schedules(self, now_ms: int, seq: int) -> None:
        """Begin and end what is due at ``now_ms``, before row ``seq`` is taken."""
        for schedule, at_ms in self.schedules.due(now_ms, self.rounds):
            if schedule.has_ended:
                self.gate.delay(0)
            else:
                self._begin(schedule, at_ms, seq)

    def _begin(self, schedule: Schedule, at_ms: int, seq: int) -> None:
        self._part()
        # What was received before its time and has waited long enough by then is still shown.
        self._cut.run(max(at_ms, self.now_ms))
        if schedule.delay_ms is not None:
            self.gate.delay(schedule.delay_ms)
        elif self.gate.held_all is None or not self.gate.held_all.is_final:
            hold = Hold(
                since=self.seq, at_ms=at_ms, by=schedule.by, reason=schedule.reason, is_final=True, is_scheduled=True
            )
            self.gate.hold(None, hold)
            # The position stands where it stood, and says now that its numbers are final.
            self._cut.revision = seq

    # A clock that was set back.

    def _jump(self, row: Row, jump: Jump) -> None:
        """Tell all times as the clock is from here on; what is public follows when the cut comes there."""
        if self._whole is not None:
            edge_ms = jump.to_ms - PACE_WINDOW_MS
            near = [e for e in self._entries.values() if e.received_ms > edge_ms and not e.void_seq]
            self._whole.set_back(jump, near, self.corrections.values())
        self.jumps.add(jump)
        self.heard_ms = jump.mend_all(self.heard_ms)
        self.milestones = {value: mended(milestone, jump) for value, milestone in self.milestones.items()}
        self._deferred = [
            (earlier._replace(received_ms=jump.mend(earlier.received_ms)), later) for earlier, later in self._deferred
        ]
        self._cut.set_back(jump)
        self._cut.wait(row, jump)
        if (delay_ms := self.schedules.set_back(jump.to_ms, self.rounds)) is not None:
            self._part()
            self.gate.delay(delay_ms)

    # The contest and its rounds.

    def _adopt(self, contest: Contest, seq: int) -> None:
        """Make this the contest."""
        self.contest = contest
        self._calendar.adopt(contest)
        self._leaves = frozenset(leaf.code for leaf in contest.tree.leaves)
        for code in self.units_with_rows:
            if code not in self._leaves:
                raise FoldError(f'row {seq}: unit "{code}" has entries but is no leaf of the new contest')
        if seq > 1:
            # Going back to an earlier contest must not bring its positions back: they stood for other numbers.
            self._cut.revision = seq
        if self._whole is not None:
            self._lay_out_whole()
        self._cut.lay_out(contest, self.rounds)

    def _lay_out_whole(self) -> None:
        counted = [entry for entry in self._entries.values() if entry.void_seq == 0]
        self._whole = Tally(
            self.contest, self.rounds, self.jumps,
            entries=counted, corrections=self.corrections.values(), now_ms=self.now_ms,
        )  # fmt: skip


def _read_contest(row: Row, decision: dict[str, Any]) -> Contest:
    try:
        contest = decode_contest(msgspec.json.encode(decision["contest"]))
        # Its units are looked at where they become a tree.
        contest.tree  # noqa: B018 - kept for whoever asks next
    except ContestError as error:
        raise unreadable_row(row.seq, row.type, error) from None
    return contest


def _read_item(row: Row) -> Participation:
    try:
        return decode_body(row.body)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise unreadable_row(row.seq, row.type, error) from None
