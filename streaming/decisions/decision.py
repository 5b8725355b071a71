"""What a row of a decision holds, what every kind of it can say of itself, and on what it takes effect."""

from collections.abc import Sequence
from typing import ClassVar, Protocol

import msgspec

from streaming.contests.contest import Contest
from streaming.contests.rounds import Calendar
from streaming.decisions.gate import EntryKey, Gate
from streaming.decisions.sentence import Sentence
from streaming.decisions.standing import Aside, Correction, Milestone
from streaming.decisions.timetable import Schedule
from streaming.errors import FoldError, unreadable_row
from streaming.ledger.rows import Draft, Row


class Shown(msgspec.Struct, frozen=True):
    """The numbers of the contest's root in all rounds that were on air: up to row ``seq``, made of the first ``rows``
    rows."""

    rows: int
    seq: int
    completed: int
    participants: int


class Decided(msgspec.Struct, frozen=True):
    """Who decided what, and when; of what an operator must know before deciding again. ``final`` is of a hold that made
    the numbers final, ``source`` the source that it is about."""

    seq: int
    kind: str
    unit: str | None
    by: str
    at: int
    final: bool = False
    source: str | None = None


class InForce(Protocol):
    """What a decision is checked against."""

    @property
    def contest(self) -> Contest:
        """The contest."""

    @property
    def calendar(self) -> Calendar:
        """Its rounds as decisions have moved them."""


class Counting(InForce, Protocol):
    """What a decision takes effect on: the fold of the rows. ``row`` is everywhere the decision's own."""

    def wait(self, row: Row) -> None:
        """Let a row that changes no number by itself pass the public cut in its turn."""

    def adopt(self, row: Row, contest: Contest) -> None:
        """Count by this contest from here on."""

    def void(self, row: Row, key: EntryKey) -> None:
        """Take an entry back, once the cut has passed the row."""

    def correct(self, row: Row, correction: Correction) -> None:
        """Change a count in a round, once the cut has passed the row."""

    def untell(self, row: Row, correction: int) -> None:
        """Have screens say no longer that row ``correction`` was one, once the cut has passed this one."""

    def set_aside(self, row: Row, source: str, aside: Aside | None) -> None:
        """Have the as-of time not wait for a source, or (None) wait for it again, once the cut has passed the row."""

    def reach(self, row: Row, milestone: Milestone) -> None:
        """Let the public total have passed a milestone, once the cut has passed the row."""

    def set_schedule(self, row: Row, number: int, schedule: Schedule | None) -> None:
        """Set a round's schedule, or take it away."""

    def set_gate(self, row: Row, decision: "GateDecision") -> None:
        """Set the gate; while everything is held, with the release."""

    def move_round(self, row: Row, number: int, opens_ms: int, closes_ms: int) -> None:
        """Put the entries into the rounds again, as far as operators see them."""

    def part(self) -> None:
        """Count what has arrived apart from what is public."""

    def settle_withheld(self) -> bool:
        """Let in what no hold keeps back any more; returns whether any public number changed."""

    def settle_named(self, keys: Sequence[EntryKey]) -> bool:
        """Take entries in or out as the gate says; returns whether any public number changed."""

    def lay_out_public(self) -> None:
        """Put the public entries into the rounds again."""


class Decision(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", omit_defaults=True):
    """A decision. A kind is a struct of the row's fields, in their order there; ``KINDS`` names it.

    A field that old rows may lack has a default. What the row has beside them is left alone.
    """

    is_remembered: ClassVar[bool] = True
    """Whether others must have seen it before they decide."""

    shown: msgspec.Raw = msgspec.Raw()

    @property
    def kind(self) -> str:
        """What the row calls it."""
        return str(self.__struct_config__.tag)

    @property
    def reason(self) -> str:
        """Why it was made; a kind that asks for it has it as a field."""
        return ""

    @property
    def entries_named(self) -> tuple[EntryKey, ...] | None:
        """The entries that it is about; None for a kind that names none."""
        return None

    @property
    def on_air(self) -> Shown | None:
        """The numbers that were on air as it was made; None where the row does not say, or not so that it can be
        read."""
        try:
            return msgspec.json.decode(self.shown, type=Shown)
        except (msgspec.DecodeError, UnicodeDecodeError):
            return None

    @classmethod
    def unreadable(cls, row: Row, error: Exception) -> FoldError:
        """What to say of a row of this kind that is not what the kind promises."""
        return unreadable_row(row.seq, row.type, error)

    def check(self, seq: int, force: InForce) -> None:
        """See whether it could take effect now as row ``seq``; changes nothing.

        Raises:
            FoldError: If it could not: a row that is written all the same would stop every later fold.
        """

    def apply(self, row: Row, counting: Counting) -> None:
        """Take effect."""
        counting.wait(row)

    def sentence(self) -> Sentence:
        """What was decided."""
        return Sentence(f"did_{self.kind}")

    def decided(self, seq: int, by: str, at_ms: int) -> Decided:
        """What others must know of it before they decide."""
        return Decided(seq, self.kind, None, by, at_ms)

    def draft(self, by: str, shown: Shown | None = None) -> Draft:
        """The row to be written, with the numbers that are on air."""
        said = self if shown is None else msgspec.structs.replace(self, shown=msgspec.Raw(msgspec.json.encode(shown)))
        return Draft("decision", by, None, None, msgspec.json.encode(said))


class GateDecision(Decision, frozen=True):
    """A decision that says what is public. While everything is held it takes effect with the release."""

    @property
    def holds_all(self) -> bool:
        """Whether it freezes the public cut."""
        return False

    @property
    def releases_all(self) -> bool:
        """Whether it ends such a hold."""
        return False

    @property
    def releases_units(self) -> bool:
        """Whether it ends the holds of units as well, those that were decided meanwhile included."""
        return False

    @property
    def takes_nothing_back(self) -> bool:
        """Whether what is on air stays there, for it keeps back only what comes after it."""
        return False

    def apply(self, row: Row, counting: Counting) -> None:
        """Take effect."""
        counting.set_gate(row, self)

    def arrive(self, row: Row, counting: Counting) -> None:
        """Have the effect on what operators see, which no hold keeps back."""
        counting.part()

    def set(self, row: Row, gate: Gate) -> None:
        """Set the gate."""

    def settle(self, counting: Counting) -> bool:
        """Have what the cut has already passed follow the gate; returns whether it may show other numbers now."""
        return False
