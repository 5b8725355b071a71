"""Voids: entries that operators take back for good, of any source."""

from streaming.decisions.decision import Counting, Decision
from streaming.decisions.gate import EntryKey
from streaming.decisions.sentence import Quantity, Sentence
from streaming.ledger.rows import Row


class Voided(Decision, frozen=True, tag="void"):
    """These entries count no more, those still to come included."""

    entries: list[EntryKey]
    reason: str = ""

    @property
    def entries_named(self) -> tuple[EntryKey, ...]:
        """The entries that it is about."""
        return tuple(self.entries)

    def apply(self, row: Row, counting: Counting) -> None:
        """Take them back once the cut has passed the row."""
        for key in self.entries:
            counting.void(row, key)
        if not self.entries:
            counting.wait(row)

    def sentence(self) -> Sentence:
        """How many entries it is about."""
        return Sentence("did_void", {"n": Quantity(len(self.entries))})
