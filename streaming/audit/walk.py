"""The audit's walk over the rows: the gate's state and the cut's place after each, and what they say of the entries.

By the plain rule, and by nothing that the running code keeps.
"""

from dataclasses import dataclass

import msgspec

from streaming.contests.contest import Contest, Round
from streaming.contests.units import UnitCode
from streaming.decisions.contest import ContestLoaded
from streaming.decisions.corrections import Corrected
from streaming.decisions.decision import Decision, GateDecision
from streaming.decisions.delay import Delayed
from streaming.decisions.holds import Held, Released
from streaming.decisions.kinds import read_decision
from streaming.decisions.quarantine import Cleared, Quarantined
from streaming.decisions.rounds import RoundMoved
from streaming.decisions.schedules import Scheduled
from streaming.decisions.sources import SourceAwaited, SourceSetAside
from streaming.decisions.voids import Voided
from streaming.decisions.withdrawals import NumbersRestored, NumbersWithdrawn, SteppedBack
from streaming.ledger.jumps import Jump, jump_of, read_clock
from streaming.ledger.rows import Row
from streaming.participation import Participation, decode_body

Key = tuple[str, str]
"""Source and id."""

COLUMNS = ("registered", "started", "completed", "participants")


@dataclass(frozen=True)
class Item:
    """A participation but a void."""

    seq: int
    key: Key
    received_ms: int
    body: Participation


@dataclass(frozen=True)
class Fix:
    """A correction; ``column`` is its place in COLUMNS."""

    seq: int
    unit: str
    round: int
    column: int
    delta: int


@dataclass
class _Timed:
    """A schedule, and how far it has come: it "waits", "delays", or is "ended"."""

    round: int
    before_close_ms: int
    delay_ms: int | None
    state: str = "waits"


class Walk:
    """The gate's state and the cut's place, row after row; the items and voids met on the way."""

    def __init__(self) -> None:
        self.contest: Contest | None = None
        self.rounds: dict[int, Round] = {}
        self.public_rounds: dict[int, Round] = {}
        self.items: dict[Key, Item] = {}
        self.voids: dict[Key, int] = {}
        self.holds: dict[str, int] = {}
        self.quarantined: set[Key] = set()
        self.delay_ms = 0
        self.is_frozen = False
        self.is_withdrawn = False
        self.back_to: int | None = None
        self.waiting: list[tuple[int, Decision]] = []
        self.fixes: list[Fix] = []
        self.schedules: dict[int, _Timed] = {}
        self.decisions: dict[int, Decision] = {}
        self.passed = 0
        self.shown_ms = 0
        self.rows: list[Row] = []
        self.jumps: list[Jump] = []
        self.heard: dict[str, int] = {}
        self.aside: set[str] = set()

    @property
    def stands(self) -> bool:
        """Whether the cut stands where it is."""
        return self.is_frozen or self.is_withdrawn

    def step(self, row: Row) -> None:
        """Take the next row."""
        self._keep_schedules(row.received_ms)
        if (jump := jump_of(row, self.rows[-1].received_ms if self.rows else 0)) is not None:
            self._jump(jump)
        self.rows.append(row)
        if row.type == "participation":
            body = decode_body(row.body)
            if body.kind == "voided":
                self.voids.setdefault((row.by, str(body.voids)), row.seq)
            else:
                key = (row.by, str(row.id))
                self.items[key] = Item(row.seq, key, row.received_ms, body)
        elif row.type == "decision":
            self.decisions[row.seq] = read_decision(row)
            self._decide(row, self.decisions[row.seq])
        self._reach()

    def _decide(self, row: Row, decision: Decision) -> None:
        """What is no decision of the gate has its effect at once; of a kind that is not named here, none on numbers."""
        match decision:
            case ContestLoaded():
                self.adopt(decision.read(row))
            case Voided():
                for key in decision.entries:
                    self.voids.setdefault(key, row.seq)
            case Corrected():
                column = COLUMNS.index(decision.column)
                self.fixes.append(Fix(row.seq, decision.unit, decision.round, column, decision.delta))
            case Scheduled():
                self._schedule(decision, row.received_ms)
            case GateDecision():
                self._decide_gate(row.seq, decision)

    def _decide_gate(self, seq: int, decision: GateDecision) -> None:
        match decision:
            case RoundMoved(n=n):
                moved = {"opens_ms": decision.opens_ms, "closes_ms": decision.closes_ms}
                self.rounds[n] = msgspec.structs.replace(self.rounds[n], **moved)
            case Released(unit=None):
                self.is_frozen = self.is_withdrawn = False
                self.back_to = None
                self._set_waiting()
                if decision.every:
                    self.holds.clear()
                return
            case NumbersRestored():
                self.is_withdrawn, self.back_to = False, None
                self._set_waiting()
                return
            case Held(unit=None):
                self._reach()
                self.is_frozen = True
                return
            case NumbersWithdrawn():
                self._reach()
                self.is_withdrawn = True
                return
            case SteppedBack():
                self.back_to = decision.to if self.is_withdrawn else None
                return
        if self.stands:
            self.waiting.append((seq, decision))
            return
        if isinstance(decision, Delayed):
            self._reach()
        self._set(seq, decision)

    def _set_waiting(self) -> None:
        if self.stands:
            return
        waiting, self.waiting = self.waiting, []
        for earlier, later in waiting:
            self._set(earlier, later)

    def _schedule(self, decision: Scheduled, now_ms: int) -> None:
        old = self.schedules.pop(decision.round, None)
        if old is not None and old.state == "delays":
            self.delay_ms = 0
        if decision.before_close_ms is not None:
            self.schedules[decision.round] = _Timed(decision.round, decision.before_close_ms, decision.late_ms)
            self._keep_schedules(now_ms)

    def _keep_schedules(self, now_ms: int) -> None:
        for schedule in self.schedules.values():
            round_ = self.rounds.get(schedule.round)
            if round_ is None:
                continue
            begins_ms = round_.closes_ms - schedule.before_close_ms
            if schedule.state == "waits" and begins_ms <= now_ms:
                self._reach(max(begins_ms, self.rows[-1].received_ms))
                if schedule.delay_ms is None:
                    self.is_frozen = True
                    schedule.state = "ended"
                else:
                    self.delay_ms = schedule.delay_ms
                    schedule.state = "delays"
            if schedule.state == "delays" and round_.closes_ms <= now_ms:
                self.delay_ms = 0
                schedule.state = "ended"

    def _jump(self, jump: Jump) -> None:
        """A clock that ran ahead has been set back: what a schedule did by it is still to come."""
        self.jumps.append(jump)
        for schedule in self.schedules.values():
            round_ = self.rounds.get(schedule.round)
            if round_ is None:
                continue
            if round_.closes_ms - schedule.before_close_ms > jump.to_ms:
                if schedule.state == "delays":
                    self.delay_ms = 0
                schedule.state = "waits"
            elif schedule.state == "ended" and schedule.delay_ms and round_.closes_ms > jump.to_ms:
                self.delay_ms = schedule.delay_ms
                schedule.state = "delays"

    def time_of(self, seq: int, received_ms: int, upto: int) -> int:
        """When a row was received, on the clock as it was after row ``upto``."""
        for jump in self.jumps:
            if seq < jump.seq <= upto and received_ms > jump.to_ms:
                received_ms = min(jump.to_ms, received_ms - (jump.from_ms - jump.to_ms))
        return received_ms

    def adopt(self, contest: Contest) -> None:
        """Count by this contest from here on."""
        before = self.contest.rounds if self.contest else ()
        self.rounds = {r.n: self.rounds[r.n] if r in before else r for r in contest.rounds}
        self.public_rounds = dict(self.rounds)
        self.contest = contest

    def _set(self, seq: int, decision: Decision) -> None:
        match decision:
            case Held(unit=str(unit)):
                self.holds.setdefault(unit, seq)
            case Released(unit=str(unit)):
                self.holds.pop(unit, None)
            case Quarantined():
                self.quarantined |= set(decision.entries)
            case Cleared():
                self.quarantined -= set(decision.entries)
            case Delayed():
                self.delay_ms = decision.delay_ms
            case RoundMoved():
                self.public_rounds = dict(self.rounds)

    def _reach(self, now_ms: int | None = None) -> None:
        now_ms = self.rows[-1].received_ms if now_ms is None else now_ms
        while not self.stands and self.passed < len(self.rows):
            row = self.rows[self.passed]
            received_ms = self.time_of(row.seq, row.received_ms, self.rows[-1].seq)
            if self.delay_ms and received_ms > now_ms - self.delay_ms:
                break
            self.passed += 1
            if self._is_shown(row):
                self.shown_ms = row.received_ms
                self._hear(row)

    def _hear(self, row: Row) -> None:
        """See up to when a row that is shown tells that sources were heard, and which of them are waited for."""
        if row.type == "participation":
            self.heard[row.by] = row.received_ms
        elif row.type == "decision":
            match self.decisions[row.seq]:
                case SourceSetAside(source=source):
                    self.aside.add(source)
                case SourceAwaited(source=source):
                    self.aside.discard(source)
        elif (told := read_clock(row).heard) is not None:
            self.heard = {name: max(min(at, row.received_ms), self.heard.get(name, 0)) for name, at in told.items()}
        else:
            (jump,) = (jump for jump in self.jumps if jump.seq == row.seq)
            ran_ahead_ms = jump.from_ms - jump.to_ms
            for name, at in self.heard.items():
                if at > jump.to_ms:
                    self.heard[name] = min(jump.to_ms, at - ran_ahead_ms)

    @property
    def heard_ms(self) -> int | None:
        """The as-of time: the earliest of the sources that are waited for, of none the latest of all."""
        awaited = [at for name, at in self.heard.items() if name not in self.aside]
        return min(awaited) if awaited else max(self.heard.values(), default=None)

    def _is_shown(self, row: Row) -> bool:
        if row.type == "decision":
            match self.decisions[row.seq]:
                case Corrected(unit=unit):
                    return not self._is_held(unit, row.seq)
                case Voided(entries=keys):
                    return not keys or any(self._shows(self.items.get(key)) for key in keys)
            return True
        if row.type != "participation":
            return True
        body = decode_body(row.body)
        return self._shows(self.items.get((row.by, str(body.voids if body.kind == "voided" else row.id))))

    def _shows(self, item: Item | None) -> bool:
        return item is None or item.seq > self.passed or not (self._is_withheld(item) or self._void_is_withheld(item))

    def _is_held(self, unit: str | None, seq: int) -> bool:
        assert self.contest is not None  # noqa: S101 - the first row sets it
        path = self.contest.tree.path(UnitCode(str(unit)))
        return any(code in self.holds and seq > self.holds[code] for code in path)

    def _is_withheld(self, item: Item) -> bool:
        return self._is_held(item.body.unit, item.seq) or item.key in self.quarantined

    def _void_is_withheld(self, item: Item) -> bool:
        void_seq = self.voids.get(item.key)
        return void_seq is not None and void_seq <= self.passed and self._is_held(item.body.unit, void_seq)

    def admits(self, item: Item) -> bool:
        """Whether the public cut counts an item."""
        if item.seq > self.passed or self._is_withheld(item):
            return False
        void_seq = self.voids.get(item.key)
        return void_seq is None or void_seq > self.passed or self._void_is_withheld(item)

    def admitted_fixes(self) -> list[Fix]:
        """The corrections that the public cut counts."""
        return [fix for fix in self.fixes if fix.seq <= self.passed and not self._is_held(fix.unit, fix.seq)]
