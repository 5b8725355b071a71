"""Holds, and their release: of everything, or of one unit and what lies below it."""

from collections.abc import Sequence

import msgspec

from streaming.contests.contest import Round
from streaming.decisions import gate as gates
from streaming.decisions.action import Action, AsItStands, Code, Reason, Seq
from streaming.decisions.decision import Counting, Decided, GateDecision, InForce
from streaming.decisions.gate import Gate
from streaming.decisions.sentence import OfUnit, Sentence
from streaming.errors import FoldError, NotHeld
from streaming.ledger.rows import Row


class _OfUnit(GateDecision, frozen=True):
    """Of a unit; None: of everything."""

    unit: str | None

    def check(self, seq: int, force: InForce) -> None:
        """See whether there is such a unit."""
        if self.unit is not None and self.unit not in force.contest.tree:
            raise FoldError(f'row {seq}: {self.kind} of an unknown unit "{self.unit}"')

    def sentence(self) -> Sentence:
        """What was decided, and of which unit."""
        return Sentence(f"did_{self.kind}", {"unit": OfUnit(self.unit)})

    def decided(self, seq: int, by: str, at_ms: int) -> Decided:
        """What others must know of it before they decide."""
        return Decided(seq, self.kind, self.unit, by, at_ms)


class Held(_OfUnit, frozen=True, tag="hold"):
    """No row is admitted from here on.

    ``final`` makes the numbers of everything final for now (chốt số). A ``rule`` that asked for it says by which
    figures, ``detail``. ``tell`` lets the unit's own connection point know; None where nobody was asked.
    """

    final: bool = False
    rule: str | None = None
    detail: dict[str, int] = msgspec.field(default_factory=dict)
    reason: str = ""
    tell: bool | None = None

    @property
    def holds_all(self) -> bool:
        """Whether it is of everything."""
        return self.unit is None

    @property
    def takes_nothing_back(self) -> bool:
        """Under a delay, what has waited long enough is still shown by a hold of everything."""
        return self.unit is None

    def set(self, row: Row, gate: Gate) -> None:
        """Begin the hold."""
        hold = gates.Hold(
            since=row.seq,
            at_ms=row.received_ms,
            by=row.by,
            reason=self.reason,
            rule=self.rule,
            tells_point=bool(self.tell),
            is_final=self.final,
        )
        gate.hold(self.unit, hold)

    def sentence(self) -> Sentence:
        """What was decided, and of which unit."""
        return Sentence("did_final") if self.final else super().sentence()

    def decided(self, seq: int, by: str, at_ms: int) -> Decided:
        """What others must know of it before they decide."""
        return Decided(seq, self.kind, self.unit, by, at_ms, self.final)


class Hold(Action, frozen=True, kw_only=True, tag="hold"):
    """Tạm giữ. ``tell`` lets the unit's own connection point know."""

    unit: Code | None
    reason: Reason = ""
    tell: bool = False

    def decision(self, rounds: Sequence[Round]) -> Held:
        """The decision that it becomes."""
        return Held(unit=self.unit, reason=self.reason, tell=self.tell)


class Final(Action, frozen=True, kw_only=True, tag="final"):
    """Chốt số."""

    reason: Reason = ""

    def decision(self, rounds: Sequence[Round]) -> Held:
        """The decision that it becomes: a hold of everything."""
        return Held(unit=None, final=True, reason=self.reason)


class Released(_OfUnit, frozen=True, tag="release"):
    """The hold of everything, or of exactly this unit, ends; with ``every`` that of everything and of every unit."""

    reason: str = ""
    every: bool = False

    def check(self, seq: int, force: InForce) -> None:
        """See whether there is such a unit, and that all are not released by the name of one."""
        super().check(seq, force)
        if self.every and self.unit is not None:
            raise FoldError(f"row {seq}: a release of every unit names one, {self.unit}")

    @property
    def releases_all(self) -> bool:
        """Whether it is of everything."""
        return self.unit is None

    @property
    def releases_units(self) -> bool:
        """Whether it is of every unit too."""
        return self.every

    def set(self, row: Row, gate: Gate) -> None:
        """End the hold."""
        gate.release(self.unit, every=self.every)

    def sentence(self) -> Sentence:
        """What was decided, and of which unit."""
        return Sentence("did_release_every") if self.every else super().sentence()

    def settle(self, counting: Counting) -> bool:
        """Let in what no hold keeps back any more."""
        return counting.settle_withheld()


class Release(Action, frozen=True, kw_only=True, tag="release"):
    """Cho số chạy tiếp; with ``every``, which goes with no unit, Bỏ giữ tất cả."""

    unit: Code | None
    seen: Seq
    reason: Reason = ""
    every: bool = False

    def decision(self, rounds: Sequence[Round]) -> Released:
        """The decision that it becomes."""
        return Released(unit=self.unit, reason=self.reason, every=self.every)

    def check(self, fold: AsItStands) -> None:
        """See whether there is anything to be released."""
        held = fold.gate.stops if self.unit is None else fold.gate_to_be.held.get(self.unit)
        if held is None and not (self.every and fold.gate_to_be.held):
            raise NotHeld(self.unit)
