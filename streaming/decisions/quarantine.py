"""Quarantine: entries that wait to be verified, and are let in again one by one."""

from collections.abc import Sequence

from streaming.contests.contest import Round
from streaming.decisions.action import Action, Entries, Reason, Seq
from streaming.decisions.decision import Counting, GateDecision
from streaming.decisions.gate import EntryKey, Gate
from streaming.decisions.sentence import Quantity, Sentence
from streaming.ledger.rows import Row


class _OfEntries(GateDecision, frozen=True):
    entries: list[EntryKey]
    reason: str = ""

    @property
    def entries_named(self) -> tuple[EntryKey, ...]:
        """The entries that it is about."""
        return tuple(self.entries)

    def settle(self, counting: Counting) -> bool:
        """Take them in or out."""
        return counting.settle_named(self.entries)

    def sentence(self) -> Sentence:
        """How many entries it is about."""
        return Sentence(f"did_{self.kind}", {"n": Quantity(len(self.entries))})


class Quarantined(_OfEntries, frozen=True, tag="quarantine"):
    """These entries are kept out, those still to come included."""

    def set(self, row: Row, gate: Gate) -> None:
        """Keep them out."""
        gate.quarantine(self.entries)


class Cleared(_OfEntries, frozen=True, tag="clear"):
    """These entries are let in again."""

    def set(self, row: Row, gate: Gate) -> None:
        """Let them in."""
        gate.clear(self.entries)


class Quarantine(Action, frozen=True, kw_only=True, tag="quarantine"):
    """Chờ xác minh."""

    entries: Entries
    seen: Seq
    reason: Reason = ""

    def decision(self, rounds: Sequence[Round]) -> Quarantined:
        """The decision that it becomes."""
        return Quarantined(entries=self.entries, reason=self.reason)


class Clear(Action, frozen=True, kw_only=True, tag="clear"):
    """Tính."""

    entries: Entries
    seen: Seq
    reason: Reason = ""

    def decision(self, rounds: Sequence[Round]) -> Cleared:
        """The decision that it becomes."""
        return Cleared(entries=self.entries, reason=self.reason)
