"""The desk: where decisions are made, and told to have been made too late.

Whoever decides names the last decision that they had seen. If somebody else has decided since, they are refused and
told who did what: two operators must not undo each other without knowing. Hold and final numbers always act, at once,
and wait in memory while the ledger cannot be written; what lets numbers through or changes them needs the ledger.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import msgspec
import structlog

from server import actions
from server.errors import Problem
from streaming.board import Board
from streaming.control import after_release, gate_to_be
from streaming.decisions import CORRECTED_COLUMNS, Decided
from streaming.errors import DiemCauError, FoldError, shown
from streaming.frames import COLUMNS
from streaming.ledger import Ledger
from streaming.pump import SYSTEM, Pump
from streaming.rows import Appended, Draft
from streaming.tally import ALL, COMPLETED, PARTICIPANTS

WRITE_WAIT_S = 1.0
"""A hold is answered after this, on disk or not: it acts already."""
RECENT_MAX = 50
"""Decisions that are remembered to tell who decided since; whoever saw none of them is told to look again."""
CATCHING_UP_RETRY_S = 5
RANK = COLUMNS.index("rank")

log = structlog.get_logger(__name__)


class Stale(DiemCauError):  # noqa: N818 - a state of the desk, which the next look ends
    """Somebody else has decided since the operator looked; ``last`` is what they decided."""

    def __init__(self, last: Decided) -> None:
        self.last = last
        super().__init__(f"{last.by} decided since: {last.kind} of {last.unit or 'everything'}")


class Unwritten(msgspec.Struct, frozen=True):
    """A decision that acts and is not on disk yet: what is decided, of which unit, by whom, when."""

    kind: str
    unit: str | None
    by: str
    at: int


@dataclass(frozen=True)
class Made:
    """A decision that acts: its row, None while it is not written."""

    seq: int | None

    @property
    def is_written(self) -> bool:
        """Whether it is on disk."""
        return self.seq is not None


class UnitEffect(msgspec.Struct, frozen=True):
    """What a release changes for one unit: numbers and place, now and then."""

    code: str
    completed: tuple[int, int]
    participants: tuple[int, int]
    rank: tuple[int | None, int | None]


class Effect(msgspec.Struct, frozen=True):
    """What a release would bring; ``seen`` is the last decision that this takes into account."""

    seen: int
    total: dict[str, tuple[int, int]]
    units: list[UnitEffect]


class Desk:
    """Decisions of one store."""

    def __init__(self, ledger: Ledger, pump: Pump, now_ms: Callable[[], int]) -> None:
        self._ledger = ledger
        self._pump = pump
        self._now_ms = now_ms
        self._recent: deque[Decided] = deque(maxlen=RECENT_MAX)
        self._in_flight: Decided | None = None
        self._unwritten: dict[int, Unwritten] = {}
        self._nth = 0

    @property
    def unwritten(self) -> tuple[Unwritten, ...]:
        """The decisions that are not on disk yet."""
        return tuple(self._unwritten.values())

    async def decide(self, by: str, action: actions.Action) -> Made:
        """Make a decision: check it, and write it; a hold acts before it is written.

        Raises:
            Stale: If somebody else has decided since ``action.looked_at``.
            Problem: 409 or 422, if it cannot be made as things stand; 503 while the ledger is replayed.
            LedgerUnavailable, LedgerBusy: If it could not be written, and so was not made.
        """
        if self._pump.is_behind:
            raise Problem(503, "catching_up", "the ledger is being replayed", retry_after_s=CATCHING_UP_RETRY_S)
        self._check_seen(by, action.looked_at)
        decision = action.decision()
        self._check(action, decision)
        if decision["kind"] == "hold":
            return self._is_held(decision) or await self._hold(by, decision)
        made = self._decided(by, decision)
        self._in_flight = made
        try:
            appended = await self._ledger.append([self._draft(by, decision)])
        finally:
            self._in_flight = None
        return self._note(made, appended)

    async def hold_by_rule(self, unit: str, rule: str, detail: Mapping[str, Any]) -> None:
        """Hold a unit because a rule asks for it; the rule's figures stand in the row."""
        decision = {"kind": "hold", "unit": unit, "rule": rule, "detail": dict(detail)}
        if not self._pump.is_behind and self._is_held(decision) is None:
            await self._hold(SYSTEM, decision)

    async def reach(self, value: int) -> None:
        """Write that a milestone has been reached.

        Raises:
            LedgerUnavailable, LedgerBusy: If it could not be written.
        """
        if value not in self._pump.fold.milestones:
            await self._ledger.append([self._draft(SYSTEM, {"kind": "milestone", "value": value})])

    def effect(self, unit: str | None) -> Effect:
        """What the release of a unit (None: of everything) would bring now.

        Raises:
            Problem: 404 for a unit that does not exist; 503 while the ledger is replayed.
        """
        pump = self._pump
        if pump.is_behind:
            raise Problem(503, "catching_up", "the ledger is being replayed", retry_after_s=CATCHING_UP_RETRY_S)
        fold = pump.fold
        if unit is not None and unit not in fold.contest.tree:
            raise Problem(404, "unknown_unit", "release: there is no such unit", field="release", value=unit[:80])
        then = Board(fold.contest)
        then.take(after_release(fold, unit), [each.code for each in fold.contest.tree])
        now = Board(fold.contest)
        now.take(fold.public.counts[ALL], [each.code for each in fold.contest.tree])
        units = []
        for code, row in now.rows.items():
            other = then.rows[code]
            if row[: PARTICIPANTS + 1] != other[: PARTICIPANTS + 1] or row[RANK] != other[RANK]:
                columns = [(row[column], other[column]) for column in (COMPLETED, PARTICIPANTS, RANK)]
                found = {"code": code} | dict(zip(("completed", "participants", "rank"), columns, strict=True))
                units.append(msgspec.convert(found, UnitEffect))
        root = fold.contest.tree.root.code
        total = {
            name: (int(now.rows[root][column] or 0), int(then.rows[root][column] or 0))
            for name, column in (("completed", COMPLETED), ("participants", PARTICIPANTS))
        }
        return Effect(self._last_seq(), total, units)

    # Whether it can be made.

    def _last_seq(self) -> int:
        decided = self._pump.fold.decided
        return max([decided.seq if decided else 0, *(each.seq for each in self._recent)])

    def _check_seen(self, by: str, seen: int | None) -> None:
        if seen is None:
            return
        if self._in_flight is not None:
            raise Stale(self._in_flight)
        decided = self._pump.fold.decided
        since = [each for each in (*self._recent, *([decided] if decided else [])) if each.seq > seen]
        if others := [each for each in since if each.by != by]:
            raise Stale(max(others, key=lambda each: each.seq))

    def _is_held(self, decision: Mapping[str, Any]) -> Made | None:
        """The hold by which is held already, in this way, what is to be held."""
        unit, is_final = decision["unit"], bool(decision.get("final"))
        fold = self._pump.fold
        held = fold.gate.held_all if unit is None else gate_to_be(fold).held.get(unit)
        if held is not None and (held.is_final or not is_final):
            return Made(held.since)
        kind = "final" if is_final else "hold"
        if any((each.kind, each.unit) == (kind, unit) for each in self._unwritten.values()):
            return Made(None)
        if not is_final:
            # One that is written and not folded yet.
            for each in self._recent:
                if each.seq > fold.seq and (each.kind, each.unit) == ("hold", unit):
                    return Made(each.seq)
        return None

    def _check(self, action: actions.Action, decision: dict[str, Any]) -> None:
        fold = self._pump.fold
        try:
            fold.check(fold.seq + 1, decision)
        except FoldError as error:
            raise _wrong(str(error).partition(": ")[2]) from None
        match action:
            case actions.Release():
                held = fold.gate.held_all if action.unit is None else gate_to_be(fold).held.get(action.unit)
                if held is None:
                    raise Problem(409, "not_held", "unit: it is not held", field="unit", value=action.unit)
            case actions.Void():
                for source, id_ in action.entries:
                    entry = fold.entries.get((source, id_))
                    if entry is None or entry.void_seq:
                        raise _wrong(f"entries: no entry {shown(id_)} of {shown(source)} counts", "entries")
            case actions.Correct():
                self._check_correction(action)

    def _check_correction(self, action: actions.Correct) -> None:
        fold = self._pump.fold
        if not action.delta:
            raise _wrong("delta: found 0, expected a change", "delta")
        column = CORRECTED_COLUMNS.index(action.column)
        counts = [tally.counts[action.round][action.unit][column] for tally in (fold.whole, fold.public)]
        if min(counts) + action.delta < 0:
            raise _wrong(
                f"delta: found {action.delta}, expected {-min(counts)} or more: no count falls below 0", "delta"
            )

    # Writing it.

    def _shown(self) -> dict[str, int]:
        """The numbers on air as it is decided, and the rows that they come of: what ``audit`` can prove."""
        board, cut = self._pump.topics.board(), self._pump.topics.cut
        row = board.rows[self._pump.contest.tree.root.code]
        completed, participants = int(row[COMPLETED] or 0), int(row[PARTICIPANTS] or 0)
        seq = cut.seq if cut else 0
        return {"rows": self._pump.moved_seq, "seq": seq, "completed": completed, "participants": participants}

    def _draft(self, by: str, decision: Mapping[str, Any]) -> Draft:
        return Draft("decision", by, None, None, msgspec.json.encode({**decision, "shown": self._shown()}))

    def _decided(self, by: str, decision: Mapping[str, Any]) -> Decided:
        return Decided(self._pump.fold.seq, decision["kind"], decision.get("unit"), by, self._now_ms())

    def _note(self, made: Decided, appended: Appended) -> Made:
        seq = appended.seqs[0]
        assert seq is not None  # noqa: S101 - a decision has no id, so it is never a repeat
        self._recent.append(msgspec.structs.replace(made, seq=seq))
        log.info("decided", kind=made.kind, unit=made.unit, by=made.by, seq=seq)
        return Made(seq)

    async def _hold(self, by: str, decision: Mapping[str, Any]) -> Made:
        made = self._decided(by, decision)
        written = self._ledger.append_first([self._draft(by, decision)])
        self._nth += 1
        self._unwritten[self._nth] = Unwritten(
            "final" if decision.get("final") else "hold", made.unit, made.by, made.at
        )
        self._pump.stand_still()
        written.add_done_callback(partial(self._written, self._nth, made))
        await asyncio.wait({written}, timeout=WRITE_WAIT_S)
        if not written.done():
            log.warning("decision waits for the ledger", kind=made.kind, unit=made.unit, by=made.by)
            return Made(None)
        return Made(written.result().seqs[0])

    def _written(self, nth: int, made: Decided, written: asyncio.Future[Appended]) -> None:
        if written.cancelled() or written.exception() is not None:
            # Nothing is written any more, so nothing may be let through either; the process ends soon.
            log.critical("decision not written", kind=made.kind, unit=made.unit, by=made.by)
            return
        del self._unwritten[nth]
        self._note(made, written.result())
        self._pump.go_on()


def _wrong(detail: str, field: str | None = None) -> Problem:
    return Problem(422, "wrong_value", detail, field=field)
