"""The desk: where decisions are made, and told to have been made too late.

Whoever decides names the last decision that they had seen. If somebody else has decided since, they are refused and
told who did what: two operators must not undo each other without knowing. Hold and final numbers always act, at once,
and wait in memory while the ledger cannot be written; what lets numbers through or changes them needs the ledger.
"""

import asyncio
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

import structlog

from server.control.holds import Holds
from server.control.in_flight import InFlight, Unwritten
from server.errors import CatchingUp, Stale, UnknownUnit
from streaming.contests.units import UnitCode
from streaming.decisions.action import Action
from streaming.decisions.corrections import Correct
from streaming.decisions.decision import Decided, Decision, GateDecision, Shown
from streaming.decisions.holds import Held
from streaming.decisions.milestones import MilestoneReached
from streaming.decisions.withdrawals import NumbersWithdrawn, RestoreNumbers, StepBack
from streaming.effect import CorrectionEffect, Effect, Effects, MomentEffect, effect_of_correction, effect_of_earlier
from streaming.errors import FoldError, Undecidable, shown
from streaming.fold.tally import COMPLETED, PARTICIPANTS
from streaming.ledger.ledger import Ledger, LedgerPending
from streaming.ledger.rows import SYSTEM, Appended, Draft
from streaming.pump import Pump
from streaming.topics.state import CutShown

WRITE_WAIT_S = 1.0
"""A hold is answered after this, on disk or not: it acts already."""
DECIDE_WAIT_S = 5.0
"""A decision that is no hold is answered after this: made, refused for good, or just being written. The page waits for
8 s, and the body has to come in that time as well."""
FOLD_WAIT_S = 5.0
"""The fold knows what is written within a tick, which takes a fraction of a second."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class DecisionReceipt:
    """A decision that is made: its row, None while it is not written."""

    seq: int | None

    @property
    def is_written(self) -> bool:
        """Whether it is on disk."""
        return self.seq is not None


class Desk:
    """Decisions of one store, written in the order in which they were taken. ``now_ms`` is the contest clock,
    ``monotonic_s`` the one that tells what work costs."""

    def __init__(
        self,
        ledger: Ledger,
        pump: Pump,
        now_ms: Callable[[], int],
        *,
        monotonic_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self._ledger = ledger
        self._pump = pump
        self._now_ms = now_ms
        self._effects = Effects(monotonic_s)
        self._in_flight = InFlight(lambda: pump.fold.seq)
        self._holds = Holds(pump.stand_still, pump.go_on, self._in_flight.land)

    @property
    def unwritten(self) -> tuple[Unwritten, ...]:
        """The decisions that are not on disk yet: one that the disk has been taking for over DECIDE_WAIT_S, and holds,
        UNWRITTEN_MAX at most."""
        late = self._in_flight.late
        return tuple(Unwritten.of(each) for each in (*((late,) if late else ()), *self._holds.unwritten))

    async def decide(self, by: str, action: Action) -> DecisionReceipt:
        """Make a decision: check it, and write it; a hold acts before it is written.

        Any other that the disk is still taking after DECIDE_WAIT_S cannot be taken back, and acts once it is written.

        Raises:
            Stale: If somebody else has decided since ``action.looked_at``, or is just deciding.
            StillWriting: If an earlier decision of their own is being written.
            Undecidable, NotHeld: If it cannot be made as things stand.
            CatchingUp: While the ledger is replayed.
            LedgerUnavailable, LedgerBusy: If it could not be written within DECIDE_WAIT_S; it was and will not be made.
        """
        decision = action.decision(self._pump.rounds)
        if isinstance(decision, Held):
            return await self._decide_hold(by, decision)
        if self._pump.is_behind:
            raise CatchingUp
        return await self._write(self._decided(by, decision), action)

    async def reach(self, value: int) -> None:
        """Write that a milestone has been reached; returns when the fold knows it.

        Raises:
            LedgerUnavailable, LedgerBusy: If it could not be written.
            CatchingUp: If it is written and the fold is far behind.
        """
        if value not in self._pump.fold.milestones:
            draft = self._draft(SYSTEM, MilestoneReached(value=value))
            await self._catch_up((await self._ledger.append([draft])).seq, _now_s() + FOLD_WAIT_S)

    def effect(self, unit: str | None, *, every: bool = False) -> Effect:
        """What the release of a unit (None: of everything, with ``every`` of every unit too) would bring now, or would
        have just before.

        Raises:
            UnknownUnit: If there is no such unit.
            CatchingUp: While the ledger is replayed.
        """
        if self._pump.is_behind:
            raise CatchingUp
        if unit is not None and unit not in self._pump.contest.tree:
            raise UnknownUnit("release", unit)
        earlier = None if self._pump.fold.gate.back_to is None else self._pump.topics.board()
        return self._effects.of(self._pump.fold, unit, earlier, every=every)

    def effect_of_correction(self, action: Correct) -> CorrectionEffect:
        """What a correction would bring now.

        Raises:
            Undecidable: If it cannot be made as things stand.
            CatchingUp: While the ledger is replayed.
        """
        if self._pump.is_behind:
            raise CatchingUp
        decision = action.decision(self._pump.fold.rounds)
        self._check(action, decision)
        return effect_of_correction(self._pump.fold, decision)

    async def effect_of_moment(self, to_ms: int) -> MomentEffect:
        """What it would bring to step back to what was public at a time.

        Raises:
            Undecidable: If nothing was public then.
            CatchingUp: While the ledger is replayed.
            LedgerBusy: While another moment is being counted again.
        """
        to = await self._row_at(to_ms)
        fold = self._pump.fold
        earlier = await self._pump.rewind.try_fold(to, fold.seq)
        effect, cut = effect_of_earlier(self._pump.topics.board(), earlier, fold), earlier.cut
        return MomentEffect(effect.seen, effect.total, effect.units, CutShown(cut.seq, cut.at_ms, cut.heard_ms))

    def _check_seen(self, by: str, seen: int | None) -> None:
        if seen is not None and seen > self._ledger.head:
            # There is no such row yet: whoever names it has not looked, and would never be told to be too late.
            raise Undecidable(f"seen: found {seen}, expected a row up to {self._ledger.head}", "seen")
        if seen is not None and (last := self._pump.fold.recent.since(seen, by)) is not None:
            raise Stale(last)

    def _check(self, action: Action, decision: Decision) -> None:
        fold = self._pump.fold
        try:
            decision.check(fold.seq + 1, fold)
        except FoldError as error:
            raise Undecidable(str(error).partition(": ")[2]) from None
        action.check(fold)

    # Holds, which act at once.

    async def _decide_hold(self, by: str, decision: Held) -> DecisionReceipt:
        if (unit := decision.unit) is not None and unit not in self._pump.contest.tree:
            raise Undecidable(f"hold of an unknown unit {shown(unit)}", "unit")
        if (held := self._held_so(decision)) is not None:
            return held
        written = self._hold(by, decision)
        await asyncio.wait({written}, timeout=WRITE_WAIT_S)
        if not written.done():
            log.warning("decision waits for the ledger", kind="hold", unit=unit, by=by)
            return DecisionReceipt(None)
        return DecisionReceipt(written.result().seqs[0])

    def hold_by_rule(self, unit: str, rule: str, detail: Mapping[str, int]) -> None:
        """Hold a unit because a rule asks for it, at once; the rule's figures stand in the row.

        Raises:
            LedgerUnavailable, LedgerBusy: If it could not even wait to be written.
        """
        self._hold(SYSTEM, Held(unit=unit, rule=rule, detail=dict(detail)))

    def withdraw(self, by: str, output: str, taken_ms: int) -> None:
        """Keep everything back because wrong numbers are taken off the air, at once; it is written as holds are.

        Raises:
            LedgerUnavailable, LedgerBusy: If it could not even wait to be written.
        """
        if self.withdrawn_ms is None:
            self._hold(by, NumbersWithdrawn(output=output, taken_ms=taken_ms))

    async def step_back(self, by: str, output: str, to_ms: int) -> None:
        """While numbers are withdrawn, show what was public at a time.

        Raises:
            Undecidable, NotHeld: If nothing was public then, or no numbers are withdrawn.
            CatchingUp, StillWriting, Stale, LedgerUnavailable, LedgerBusy: As ``decide``; then nothing changes.
        """
        action = StepBack(output=output, to=await self._row_at(to_ms), to_ms=to_ms)
        # It is counted before it is decided, unless its effect was asked for: so the pump has it at the next tick, and
        # what operators see goes on meanwhile.
        await self._pump.rewind.fold(action.to, self._pump.fold.seq)
        await self._write(self._decided(by, action.decision(())), action)

    async def _row_at(self, at_ms: int) -> int:
        """The last row that was there at a time, by the clock as it is now."""
        if self._pump.is_behind:
            raise CatchingUp
        row = await asyncio.to_thread(self._ledger.row_at, at_ms, self._pump.fold.seq, self._pump.fold.jumps.time_of)
        if not row:
            raise Undecidable("to_ms: there were no numbers yet", "to_ms")
        return row

    async def restore(self, by: str, output: str) -> None:
        """Let through again what ``withdraw`` has kept back, if that has not ended.

        Raises:
            CatchingUp, StillWriting, Stale, LedgerUnavailable, LedgerBusy: As ``decide``; then it is kept back.
        """
        if self._pump.is_behind:
            raise CatchingUp
        if self.withdrawn_ms is not None:
            action = RestoreNumbers(output=output)
            await self._write(self._decided(by, action.decision(())), action)

    @property
    def withdrawn_ms(self) -> int | None:
        """Since when everything is kept back because wrong numbers are taken off the air, None if it is not; while the
        ledger is replayed, only what was decided since is known."""
        unwritten = (*self._holds.unwritten, *self._in_flight.decisions)
        if (found := next((each for each in unwritten if each.kind == "withdraw"), None)) is not None:
            return found.at
        held = None if self._pump.is_behind else self._pump.fold.gate.withdrawn
        return held.at_ms if held else None

    def is_held(self, unit: str) -> bool:
        """Whether a hold of this unit, or of one above it, stands or is being written. One of everything does not
        count: its release says nothing of the unit."""
        path = self._pump.fold.contest.tree.path(UnitCode(unit))
        if not self._pump.fold.gate_to_be.held.keys().isdisjoint(path):
            return True
        taken = (*self._holds.unwritten, *self._in_flight.decisions)
        return any(each.kind == "hold" and each.unit in path for each in taken)

    def _held_so(self, decision: Held) -> DecisionReceipt | None:
        """The hold by which is held already, in this way, what is to be held; None where that may end in a moment."""
        unit, is_final, tells = decision.unit, decision.final, bool(decision.tell)
        in_flight = self._in_flight.decisions
        if self._pump.is_behind or any(each.kind == "release" for each in in_flight):
            return None
        fold = self._pump.fold
        held = fold.gate.held_all if unit is None else fold.gate_to_be.held.get(unit)
        if held is not None and (held.is_final or not is_final) and (held.tells_point or not tells):
            return DecisionReceipt(held.since)
        if tells:
            return None
        if any((each.unit, each.final) == (unit, is_final) for each in self._holds.unwritten):
            return DecisionReceipt(None)
        written = [each for each in in_flight if (each.kind, each.unit) == ("hold", unit) and not is_final]
        return DecisionReceipt(written[0].seq) if written else None

    def _hold(self, by: str, decision: GateDecision) -> asyncio.Future[Appended]:
        # What was decided before it is written before it: a release on its way must not undo this hold.
        append = partial(self._ledger.append_first, [self._draft(by, decision)])
        return self._holds.begin(self._decided(by, decision), partial(self._in_flight.in_turn, append))

    # Decisions that the ledger must have before they act.

    async def _write(self, made: Decided, action: Action) -> DecisionReceipt:
        until_s = _now_s() + DECIDE_WAIT_S
        self._in_flight.begin(made)
        try:
            self._check_seen(made.by, action.looked_at)
            # By now somebody may have held a unit, or this very operator moved a round: it is checked against all that
            # is written, for a row that cannot be applied would stop every later fold.
            await self._catch_up(await self._ledger.barrier(max(0.0, until_s - _now_s())), until_s)
            self._check_seen(made.by, action.looked_at)
            decision = action.decision(self._pump.fold.rounds)
            self._check(action, decision)
            draft = self._draft(made.by, decision)
            appended = await self._ledger.append_within(max(0.0, until_s - _now_s()), [draft])
        except LedgerPending as pending:
            self._in_flight.be_late()
            pending.written.add_done_callback(partial(self._end_late, made))
            log.warning("decision waits for the ledger", kind=made.kind, unit=made.unit, by=made.by)
            return DecisionReceipt(None)
        except BaseException:
            # Refused, and not on disk. Cancelled it is only as the server ends, when nobody decides any more: then the
            # disk may have it in hand, and the next start counts it.
            self._in_flight.drop()
            raise
        seq = self._in_flight.arrive(appended)
        with suppress(CatchingUp):
            await self._catch_up(seq, until_s)
        return DecisionReceipt(seq)

    def _end_late(self, made: Decided, written: asyncio.Future[Appended]) -> None:
        if (error := written.exception()) is None:
            self._in_flight.arrive(written.result())
        else:
            self._in_flight.drop()
            log.warning("decision not written", kind=made.kind, unit=made.unit, by=made.by, reason=str(error))

    async def _catch_up(self, seq: int, until_s: float) -> None:
        """Wait until the fold knows row ``seq``: a tick or two."""
        try:
            async with asyncio.timeout_at(until_s):
                await self._pump.folded(seq)
        except TimeoutError:
            raise CatchingUp("rows wait to be counted") from None

    def _draft(self, by: str, decision: Decision) -> Draft:
        """Its row, with the numbers on air as it is decided and the rows that they come of: ``audit`` proves them."""
        topics = self._pump.topics
        row, seq = topics.board().rows[self._pump.contest.tree.root.code], topics.cut.seq if topics.cut else 0
        counts = int(row[COMPLETED] or 0), int(row[PARTICIPANTS] or 0)
        return decision.draft(by, Shown(self._pump.moved_seq, seq, *counts))

    def _decided(self, by: str, decision: Decision) -> Decided:
        return decision.decided(self._pump.fold.seq + 1, by, self._now_ms())


def _now_s() -> float:
    return asyncio.get_running_loop().time()
