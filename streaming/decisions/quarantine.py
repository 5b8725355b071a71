"""Quarantine: entries that wait to be verified, and are let in again one by one."""

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
