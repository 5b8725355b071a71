"""Voids: entries that operators take back for good, of any source."""

from collections.abc import Sequence

from streaming.contests.contest import Round
from streaming.decisions.action import Action, AsItStands, Entries, Given, Seq
from streaming.decisions.decision import Counting, Decision
from streaming.decisions.gate import EntryKey
from streaming.decisions.sentence import Quantity, Sentence
from streaming.errors import Undecidable, shown
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


class Void(Action, frozen=True, kw_only=True, tag="void"):
    """Loại bỏ."""

    entries: Entries
    seen: Seq
    reason: Given

    def decision(self, rounds: Sequence[Round]) -> Voided:
        """The decision that it becomes."""
        return Voided(entries=self.entries, reason=self.reason)

    def check(self, fold: AsItStands) -> None:
        """See whether each of the entries counts."""
        for source, id_ in self.entries:
            entry = fold.entries.get((source, id_))
            if entry is None or entry.void_seq:
                raise Undecidable(f"entries: no entry {shown(id_)} of {shown(source)} counts", "entries")
