"""The fold of the ledger's rows, in one class past 350 lines: any row may move both tallies, the gate and the cut.

It is a function of the rows, and of nothing else.

Two tallies come out: ``whole`` counts what has arrived, ``public`` what the gate admits, see ``PublicCut``.
"""

import hashlib
from collections.abc import Sequence

import msgspec

from streaming.contests.contest import Contest, Round
from streaming.contests.rounds import Calendar
from streaming.contests.units import UnitCode
from streaming.decisions.contest import ContestLoaded
from streaming.decisions.decision import Decided, GateDecision
from streaming.decisions.gate import EntryKey, Gate, Hold
from streaming.decisions.kinds import read_decision
from streaming.decisions.latest import LastDecisions
from streaming.decisions.standing import CORRECTED_TOLD_MS, Aside, Correction, Milestone
from streaming.decisions.timetable import Schedule, Schedules
from streaming.errors import FoldError
from streaming.fold.cursor import (
    Act,
    Awaiting,
    Cut,
    PublicCut,
    Untelling,
    Void,
    heard_by,
    heard_upto,
    mended,
    undone_by,
)
from streaming.fold.entry import Entry, completed_since, entry_of, read_item
from streaming.fold.once import Once
from streaming.fold.pace import PACE_WINDOW_MS
from streaming.fold.tally import Tally
from streaming.ledger.jumps import Jump, Jumps, jump_of
from streaming.ledger.rows import Row

FOLD_VERSION = 4
"""Raised when the same rows would give other numbers than before, other columns, or another state."""

_Deferred = tuple[Row, GateDecision]


class Fold:
    """Applies rows one by one; a ledger's first row is its ``contest`` decision.

    ``recent`` is what people and rules decided last. ``corrections`` and ``milestones`` are all that stand in the rows,
    public or not; ``schedules`` the gate's. ``aside`` are the sources that are not waited for,
    ``untold`` the corrections of which screens say nothing any more.
    """

    def __init__(self) -> None:
        self.seq = 0
        self.now_ms = 0
        self.heard_ms: dict[str, int] = {}
        self.aside: dict[str, Aside] = {}
        self.recent = LastDecisions()
        self.corrections: dict[int, Correction] = {}
        self.untold: set[int] = set()
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
    def undone(self) -> frozenset[int]:
        """The rows of corrections that others undo."""
        return undone_by(self.corrections)

    @property
    def heard_upto_ms(self) -> int | None:
        """The time up to which every source that is waited for has been heard, whatever is public."""
        return heard_upto(self.heard_ms, self.aside)

    @property
    def gate(self) -> Gate:
        """The gate as the public cut meets it."""
        return self._cut.gate

    @property
    def rounds(self) -> tuple[Round, ...]:
        """The rounds as decisions have moved them."""
        return self._calendar.rounds

    @property
    def calendar(self) -> Calendar:
        """The rounds, with those that decisions have moved."""
        return self._calendar

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
        """The times, past ones included, at which a round or a schedule of the gate is to begin or end, or a correction
        to be told no longer."""
        edges = [edge for round_ in self.rounds for edge in (round_.opens_ms, round_.closes_ms)]
        edges += [
            self.jumps.time_of(fix.seq, fix.at_ms) + CORRECTED_TOLD_MS
            for fix in self.corrections.values()
            if fix.is_labelled
        ]
        return edges + self.schedules.edges_ms(self.rounds)

    @property
    def entries(self) -> dict[EntryKey, Entry]:
        """Every participation but voids, by source and id."""
        return self._entries

    def completed_since(self, seq: int, since_ms: int = 0) -> list[Entry]:
        """The completed entries of after row ``seq`` that were received after ``since_ms``, in the order of their
        arrival; looks at no more of them than those."""
        return completed_since(reversed(self._entries.values()), self.jumps, seq, since_ms)

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

    @property
    def gate_to_be(self) -> Gate:
        """The gate as operators have set it: while everything is held, with what takes effect at the release."""
        return self.gate if self.gate.stops is None else self.gate_after_release(None)

    def gate_after_release(self, unit: str | None, *, every: bool = False) -> Gate:
        """The gate as the release of a unit, of everything, or of everything and every unit, would leave it."""
        gate = self.gate.copy()
        gate.release(unit)
        if unit is None:
            for row, decision in self._deferred:
                decision.set(row, gate)
        if every:
            gate.release(None, every=True)
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
        if self.seq == 0 and not (row.type == "decision" and isinstance(read_decision(row), ContestLoaded)):
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
        item = read_item(row)
        if item.kind == "voided" or (row.by, row.id) in self._voids:
            return False
        entry = entry_of(row, item, self._leaves)
        self.heard_ms[row.by] = row.received_ms
        self._once.keep((entry.by, entry.id), entry)
        self._cut.pass_at_once(row, entry)
        return True

    def _participation(self, row: Row) -> None:
        item = read_item(row)
        self.heard_ms[row.by] = row.received_ms
        if item.kind == "voided":
            if item.voids is None:
                raise FoldError(f'row {row.seq}: a void without "voids"')
            self._once.keep_void(row)
            self.void(row, (row.by, item.voids))
            return
        entry = entry_of(row, item, self._leaves)
        key = (entry.by, entry.id)
        entry.void_seq = self._voids.get(key, 0)
        self._once.keep(key, entry)
        if self._whole is not None and entry.void_seq == 0:
            self._whole.add(entry)
        self._cut.wait(row, entry)

    def void(self, row: Row, key: EntryKey) -> None:
        """Take an entry back; a void may arrive before what it voids, so it waits by id; a second changes nothing."""
        self._voids.setdefault(key, row.seq)
        if (entry := self._entries.get(key)) is not None and entry.void_seq == 0:
            entry.void_seq = row.seq
            if self._whole is not None:
                self._whole.remove(entry)
        self._cut.wait(row, Void(row.seq, *key))

    # What is decided: see Counting, which the kinds of decisions take effect on.

    def _decide(self, row: Row) -> None:
        decision = read_decision(row)
        decision.check(row.seq, self)
        self.recent.take(row, decision)
        decision.apply(row, self)

    def wait(self, row: Row) -> None:
        """Let a row that changes no number by itself pass the public cut in its turn."""
        self._cut.wait(row, None)

    def correct(self, row: Row, correction: Correction) -> None:
        """Change a count; the public one once the cut has passed the row."""
        self.corrections[row.seq] = correction
        if self._whole is not None:
            self._whole.correct(correction)
        self._cut.wait(row, correction)

    def untell(self, row: Row, correction: int) -> None:
        """Have a correction told no longer; in public once the cut has passed the row."""
        self.untold.add(correction)
        self._cut.wait(row, Untelling(correction))

    def set_aside(self, row: Row, source: str, aside: Aside | None) -> None:
        """Wait for a source no more, or again; in public once the cut has passed the row."""
        if aside is None:
            self.aside.pop(source, None)
        else:
            self.aside.setdefault(source, aside)
        self._cut.wait(row, Awaiting(source, is_aside=aside is not None))

    def reach(self, row: Row, milestone: Milestone) -> None:
        """Tell a milestone once the cut has passed the row; once for ever, so a second row of it tells nothing, nor one
        of a lower one."""
        if milestone.value <= max(self.milestones, default=0):
            self._cut.wait(row, None)
            return
        self.milestones[milestone.value] = milestone
        self._cut.wait(row, milestone)

    def set_gate(self, row: Row, decision: GateDecision) -> None:
        """Set the gate. A held cut is frozen whole: what is decided meanwhile takes effect with the release."""
        act = Act()
        self._cut.wait(row, act)
        decision.arrive(row, self)
        if self.gate.stops is not None and not decision.releases_all:
            if not decision.holds_all:
                self._deferred.append((row, decision))
                return
            said = self._said
            decision.set(row, self.gate)
            if self._said != said:
                self._cut.tell(act)
                self._cut.revision = row.seq
            return
        before, back_to = self._cut.shown_seq, self.gate.back_to
        if decision.takes_nothing_back:
            self._cut.run(self.now_ms)
        changed = self._set_public(row, decision)
        if decision.releases_all and self.gate.stops is None:
            deferred, self._deferred = self._deferred, []
            for earlier, later in deferred:
                changed = self._set_public(earlier, later) or changed
            if deferred and decision.releases_units:
                # Units that were held meanwhile are held by now.
                changed = self._set_public(row, decision) or changed
        self._cut.run(self.now_ms)
        if changed:
            self._cut.tell(act)
            if self._cut.shown_seq == before or self.gate.back_to != back_to:
                self._cut.revision = row.seq

    def _set_public(self, row: Row, decision: GateDecision) -> bool:
        """Set the gate; returns whether what the cut has already passed may show other numbers or words now."""
        said = self._said
        decision.set(row, self.gate)
        return decision.settle(self) or self._said != said

    @property
    def _said(self) -> tuple[bool, int | None]:
        """What the gate says of an unmoved cut: whether its numbers are final, and whether earlier ones are shown."""
        return self.gate.held_all is not None and self.gate.held_all.is_final, self.gate.back_to

    def part(self) -> None:
        """Count the whole apart from what is public, because the gate may part the two from here on."""
        if self._whole is None:
            self._lay_out_whole()

    def settle_withheld(self) -> bool:
        """Let in what no hold keeps back any more; returns whether any public number changed."""
        return self._cut.settle_withheld()

    def settle_named(self, keys: Sequence[EntryKey]) -> bool:
        """Take entries in or out as the gate says; returns whether any public number changed."""
        return self._cut.settle_named(keys)

    def move_round(self, row: Row, number: int, opens_ms: int, closes_ms: int) -> None:
        """Move a round. The whole sees it at once; the public may be held."""
        self._calendar.move(number, opens_ms, closes_ms, row.seq)
        if self._whole is not None:
            self._lay_out_whole()

    def lay_out_public(self) -> None:
        """Put the public entries into the rounds again."""
        self._cut.lay_out(self.contest, self.rounds)

    # Schedules of the gate.

    def set_schedule(self, row: Row, number: int, schedule: Schedule | None) -> None:
        """Set a round's schedule, or take it away."""
        if self.schedules.set(number, schedule):
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
        self.part()
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
            self._cut.tell(Act())
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
        self.aside = {
            name: msgspec.structs.replace(aside, at_ms=jump.mend(aside.at_ms)) for name, aside in self.aside.items()
        }
        self.milestones = {value: mended(milestone, jump) for value, milestone in self.milestones.items()}
        self._deferred = [
            (earlier._replace(received_ms=jump.mend(earlier.received_ms)), later) for earlier, later in self._deferred
        ]
        self._cut.set_back(jump)
        self._cut.wait(row, jump)
        if (delay_ms := self.schedules.set_back(jump.to_ms, self.rounds)) is not None:
            self.part()
            self.gate.delay(delay_ms)

    # The contest and its rounds.

    def adopt(self, row: Row, contest: Contest) -> None:
        """Make this the contest."""
        self.contest = contest
        self._calendar.adopt(contest)
        self._leaves = frozenset(leaf.code for leaf in contest.tree.leaves)
        for code in self.units_with_rows:
            if code not in self._leaves:
                raise FoldError(f'row {row.seq}: unit "{code}" has entries but is no leaf of the new contest')
        if row.seq > 1:
            # Going back to an earlier contest must not bring its positions back: they stood for other numbers.
            self._cut.revision = row.seq
        if self._whole is not None:
            self._lay_out_whole()
        self._cut.lay_out(contest, self.rounds)

    def _lay_out_whole(self) -> None:
        counted = [entry for entry in self._entries.values() if entry.void_seq == 0]
        self._whole = Tally(
            self.contest, self.rounds, self.jumps,
            entries=counted, corrections=self.corrections.values(), now_ms=self.now_ms,
        )  # fmt: skip
