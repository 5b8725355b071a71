"""Taking wrong numbers off the air (Gỡ số): the picture of outputs and the numbers of their store, together.

The picture stands in admin.db and the numbers in the ledger. Both act in memory and at once, and either file may fail:
what one of them lacks after a kill, the other tells.
"""

import asyncio
from collections.abc import Mapping
from contextlib import suppress

import structlog

from server.control.asked import LetGoAsked, RestoreAsked, WithdrawAsked
from server.control.desk import Desk
from server.control.outputs import Outputs
from streaming.decisions.gate import Hold
from streaming.decisions.kinds import read_decision
from streaming.decisions.withdrawals import NumbersWithdrawn
from streaming.effect import MomentEffect
from streaming.errors import Declined, FoldError, LedgerError
from streaming.ledger.ledger import Ledger
from streaming.program.output import Hand, Output
from streaming.program.state import Store, Withdrawn
from streaming.pump import Pump

LOOK_S = 0.2
"""How often it is looked whether a ledger has been replayed."""

log = structlog.get_logger(__name__)


class Withdrawals:
    """What takes numbers off the air, and puts them back. ``desks`` decide about the numbers of each store."""

    def __init__(self, outputs: Outputs, desks: Mapping[Store, Desk], pumps: Mapping[Store, Pump]) -> None:
        self._outputs = outputs
        self._desks = desks
        self._pumps = pumps
        self._unsure = set(pumps)

    async def run(self) -> None:
        """Bring the picture and the numbers together after a start; ends when both are known."""
        self.hold_again()
        while self._unsure:
            self.look()
            await asyncio.sleep(LOOK_S)
        await asyncio.Future()

    async def withdraw(self, output: str, hand: Hand, asked: WithdrawAsked) -> Output:
        """Take wrong numbers off the air, and keep back all that comes, if the hand is bound to no output. If a moment
        is named, show then what was public at that time.

        Raises:
            UnknownOutput, Locked, OtherOutput: If it is not theirs.
            WrongSteering: If the moment is none that was; nothing is done.
            Declined, LedgerUnavailable, LedgerBusy: If the numbers could not be kept back, or do not step back now; the
                picture is off the air.
        """
        self._outputs.check(output, hand, asked)
        found = self._outputs.steer(output, hand, WithdrawAsked())
        withdrawn = found.withdrawn
        if withdrawn is None or not withdrawn.holds:
            return found
        desk = self._desks[found.store]
        desk.withdraw(hand.by, withdrawn.output, withdrawn.at)
        self._outputs.numbers.turn()
        if asked.to_ms is None:
            return found
        await desk.step_back(hand.by, withdrawn.output, asked.to_ms)
        return self._outputs.steer(output, hand, asked)

    async def effect(self, output: str, to_ms: int) -> MomentEffect:
        """What it would bring to step back to what was public at a time.

        Raises:
            UnknownOutput: If there is no such output.
            Declined, LedgerBusy, LedgerUnavailable: If that cannot be told, or not now.
        """
        return await self._desks[self._outputs.of(output).store].effect_of_moment(to_ms)

    async def restore(self, output: str, hand: Hand, asked: RestoreAsked) -> Output:
        """Undo it: let numbers through, then put the pictures back.

        Raises:
            UnknownOutput, Locked, OtherOutput: If it is not theirs.
            NotNow: If nothing is to be undone.
            Declined, LedgerUnavailable, LedgerBusy: If the ledger cannot have it; then nothing changes.
        """
        found = self._outputs.check(output, hand, asked)
        if found.withdrawn is not None and found.withdrawn.holds:
            await self._desks[found.store].restore(hand.by, found.withdrawn.output)
        return self._outputs.steer(output, hand, asked)

    def released(self, store: Store, by: str) -> None:
        """Hear that the numbers of a store run again by a decision of the gate's: none of them is off the air."""
        told = [each.name for each in self._outputs.all if each.withdrawn is not None and each.withdrawn.holds]
        name = next((name for name in told if self._outputs.of(name).store == store), None)
        if name is not None:
            self._outputs.steer(name, Hand(by), LetGoAsked())

    def look(self) -> None:
        """Once a store's rows are known, take the pictures off the air that its ledger says are."""
        for store in [*self._unsure]:
            if self._pumps[store].is_behind:
                continue
            self._unsure.remove(store)
            held = self._pumps[store].fold.gate.withdrawn
            told = any(each.withdrawn and each.withdrawn.holds and each.store == store for each in self._outputs.all)
            if held is not None and not told:
                self._take_off_again(held, store)

    def hold_again(self) -> None:
        """Keep numbers back whose hold a kill has kept off the disk. Nothing has come since: rows of holds go first."""
        for each in self._outputs.all:
            withdrawn, ledger = each.withdrawn, self._pumps[each.store].ledger
            if withdrawn is None or not withdrawn.holds or is_written(ledger, withdrawn):
                continue
            log.warning("hold not in the ledger, made again", output=withdrawn.output, by=withdrawn.by)
            with suppress(LedgerError):
                self._desks[each.store].withdraw(withdrawn.by, withdrawn.output, withdrawn.at)

    def _take_off_again(self, held: Hold, store: Store) -> None:
        """Take pictures off the air of which a kill has kept that off the disk."""
        names = [each.name for each in self._outputs.all if each.store == store]
        name = held.output if held.output in names else next(iter(names), None)
        if name is not None:
            log.warning("picture not taken off the air, done again", output=name, by=held.by)
            with suppress(Declined):
                self._outputs.steer(name, Hand(held.by), WithdrawAsked())


def is_written(ledger: Ledger, withdrawn: Withdrawn) -> bool:
    """Whether the ledger has what keeps the numbers of a picture back that is off the air; one that cannot be read now
    has it not, for a second row changes nothing."""
    with suppress(LedgerError):
        for row in ledger.decisions():
            with suppress(FoldError):
                decision = read_decision(row)
                if isinstance(decision, NumbersWithdrawn):
                    return (decision.output, decision.taken_ms) == (withdrawn.output, withdrawn.at)
    return False
