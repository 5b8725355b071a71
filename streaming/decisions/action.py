"""What an operator asks for: the action that a page sends, and what it is checked against beside the row's own check.

An action stands in the file of the decision that it becomes, and the table of kinds names it there.
"""

from collections.abc import Mapping, Sequence
from typing import Annotated, Protocol

import msgspec

from streaming.contests.contest import Contest, Round
from streaming.decisions.decision import Decision
from streaming.decisions.gate import EntryKey, Gate
from streaming.decisions.standing import Aside, Correction

ENTRIES_MAX = 1_000
"""Entries that one action may name."""
REASON_CHARS_MAX = 300

Reason = Annotated[str, msgspec.Meta(max_length=REASON_CHARS_MAX)]
Given = Annotated[str, msgspec.Meta(min_length=1, max_length=REASON_CHARS_MAX, pattern=r"\S")]
"""A reason that must be given."""
Code = Annotated[str, msgspec.Meta(max_length=64)]
KeyGiven = tuple[Annotated[str, msgspec.Meta(max_length=200)], Annotated[str, msgspec.Meta(max_length=400)]]
Entries = Annotated[list[KeyGiven], msgspec.Meta(min_length=1, max_length=ENTRIES_MAX)]
Seq = Annotated[int, msgspec.Meta(ge=0, le=2**53)]
Instant = Annotated[int, msgspec.Meta(ge=0, le=2**53)]


class Voidable(Protocol):
    """An entry; ``void_seq`` is the row that took it back, 0 if none did."""

    @property
    def void_seq(self) -> int:
        """The row."""


class Tallied(Protocol):
    """Counts by round and unit, in the order of CORRECTED_COLUMNS."""

    @property
    def counts(self) -> Mapping[int, Mapping[str, Sequence[int]]]:
        """The counts."""


class AsItStands(Protocol):
    """What an action is checked against: the fold of all that is written. ``aside`` are the sources that are not waited
    for, ``untold`` the corrections of which screens say nothing any more."""

    contest: Contest
    aside: dict[str, Aside]
    corrections: dict[int, Correction]
    untold: set[int]

    @property
    def undone(self) -> frozenset[int]:
        """The rows of corrections that others undo."""

    @property
    def rounds(self) -> Sequence[Round]:
        """Its rounds as decisions have moved them."""

    @property
    def now_ms(self) -> int:
        """The time of the last row."""

    @property
    def gate(self) -> Gate:
        """The gate as the public cut meets it."""

    @property
    def gate_to_be(self) -> Gate:
        """The gate with what takes effect at the release of everything."""

    @property
    def entries(self) -> Mapping[EntryKey, Voidable]:
        """Every entry by source and id."""

    @property
    def whole(self) -> Tallied:
        """The counts of all that has arrived."""

    @property
    def public(self) -> Tallied:
        """The counts of what the gate admits."""


class Action(msgspec.Struct, frozen=True, kw_only=True, tag_field="do", forbid_unknown_fields=True):
    """One action. Its fields but ``seen`` are those of the decision that it becomes, with the bounds of what a page may
    send."""

    @property
    def looked_at(self) -> int | None:
        """The last decision that its operator had seen; None for what acts whatever else was decided."""
        seen: int | None = getattr(self, "seen", None)
        return seen

    def decision(self, rounds: Sequence[Round]) -> Decision:
        """The decision that it becomes, with what its operator has left as it is in the ``rounds`` in force."""
        raise NotImplementedError

    def check(self, fold: AsItStands) -> None:
        """See whether it does what its operator means; whether the row could be counted, the decision's own check has
        seen before.

        Raises:
            Declined: If not.
        """
