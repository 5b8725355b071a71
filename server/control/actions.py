"""What an operator may ask for: the bodies of POST /api/v1/control/decisions, and the decisions that they become."""

from collections.abc import Sequence
from typing import Annotated

import msgspec

from streaming.contests.contest import Round
from streaming.decisions.corrections import Corrected
from streaming.decisions.decision import Decision
from streaming.decisions.delay import Delayed
from streaming.decisions.holds import Held, Released
from streaming.decisions.quarantine import Cleared, Quarantined
from streaming.decisions.rounds import RoundMoved
from streaming.decisions.schedules import Scheduled
from streaming.decisions.standing import CorrectedColumn
from streaming.decisions.voids import Voided

ACTION_BYTES_MAX = 128 * 1024
ENTRIES_MAX = 1_000
"""Entries that one action may name."""
REASON_CHARS_MAX = 300
DELTA_MAX = 10**9

Reason = Annotated[str, msgspec.Meta(max_length=REASON_CHARS_MAX)]
Given = Annotated[str, msgspec.Meta(min_length=1, max_length=REASON_CHARS_MAX, pattern=r"\S")]
"""A reason that must be given."""
Code = Annotated[str, msgspec.Meta(max_length=64)]
EntryKey = tuple[Annotated[str, msgspec.Meta(max_length=200)], Annotated[str, msgspec.Meta(max_length=400)]]
Entries = Annotated[list[EntryKey], msgspec.Meta(min_length=1, max_length=ENTRIES_MAX)]
Seq = Annotated[int, msgspec.Meta(ge=0, le=2**53)]
Instant = Annotated[int, msgspec.Meta(ge=0, le=2**53)]


class Action(msgspec.Struct, frozen=True, kw_only=True, tag_field="do", forbid_unknown_fields=True):
    """One action; its fields but ``seen`` are those of the decision."""

    @property
    def looked_at(self) -> int | None:
        """The last decision that its operator had seen; None for what acts whatever else was decided."""
        seen: int | None = getattr(self, "seen", None)
        return seen

    def decision(self, rounds: Sequence[Round]) -> Decision:
        """The decision that it becomes, with what its operator has left as it is in the ``rounds`` in force."""
        raise NotImplementedError


class Hold(Action, frozen=True, kw_only=True, tag="hold"):
    """Tạm giữ. ``tell`` lets the unit's own connection point know."""

    unit: Code | None
    reason: Reason = ""
    tell: bool = False

    def decision(self, rounds: Sequence[Round]) -> Decision:
        """The decision that it becomes."""
        return Held(unit=self.unit, reason=self.reason, tell=self.tell)


class Final(Action, frozen=True, kw_only=True, tag="final"):
    """Chốt số."""

    reason: Reason = ""

    def decision(self, rounds: Sequence[Round]) -> Decision:
        """The decision that it becomes: a hold of everything."""
        return Held(unit=None, final=True, reason=self.reason)


class Release(Action, frozen=True, kw_only=True, tag="release"):
    """Cho lên hình."""

    unit: Code | None
    seen: Seq
    reason: Reason = ""

    def decision(self, rounds: Sequence[Round]) -> Decision:
        """The decision that it becomes."""
        return Released(unit=self.unit, reason=self.reason)


class Quarantine(Action, frozen=True, kw_only=True, tag="quarantine"):
    """Chờ xác minh."""

    entries: Entries
    seen: Seq
    reason: Reason = ""

    def decision(self, rounds: Sequence[Round]) -> Decision:
        """The decision that it becomes."""
        return Quarantined(entries=list(self.entries), reason=self.reason)


class Clear(Action, frozen=True, kw_only=True, tag="clear"):
    """Tính."""

    entries: Entries
    seen: Seq
    reason: Reason = ""

    def decision(self, rounds: Sequence[Round]) -> Decision:
        """The decision that it becomes."""
        return Cleared(entries=list(self.entries), reason=self.reason)


class Void(Action, frozen=True, kw_only=True, tag="void"):
    """Loại bỏ."""

    entries: Entries
    seen: Seq
    reason: Given

    def decision(self, rounds: Sequence[Round]) -> Decision:
        """The decision that it becomes."""
        return Voided(entries=list(self.entries), reason=self.reason)


class Correct(Action, frozen=True, kw_only=True, tag="correct"):
    """Đính chính."""

    unit: Code
    round: int
    column: CorrectedColumn
    delta: Annotated[int, msgspec.Meta(ge=-DELTA_MAX, le=DELTA_MAX)]
    reason: Given
    labelled: bool
    seen: Seq

    def decision(self, rounds: Sequence[Round]) -> Decision:
        """The decision that it becomes."""
        return Corrected(
            unit=self.unit,
            round=self.round,
            column=self.column,
            delta=self.delta,
            reason=self.reason,
            labelled=self.labelled,
        )


class Delay(Action, frozen=True, kw_only=True, tag="delay"):
    """Lên hình chậm lại."""

    delay_ms: Annotated[int, msgspec.Meta(ge=0)]
    seen: Seq
    reason: Reason = ""

    def decision(self, rounds: Sequence[Round]) -> Decision:
        """The decision that it becomes."""
        return Delayed(delay_ms=self.delay_ms, reason=self.reason)


class Schedule(Action, frozen=True, kw_only=True, tag="schedule"):
    """Lịch tạm giữ; ``before_close_ms`` None takes the round's away."""

    round: int
    before_close_ms: int | None
    delay_ms: int | None
    seen: Seq
    reason: Reason = ""

    def decision(self, rounds: Sequence[Round]) -> Decision:
        """The decision that it becomes."""
        return Scheduled(
            round=self.round, before_close_ms=self.before_close_ms, delay_ms=self.delay_ms, reason=self.reason
        )


class MoveRound(Action, frozen=True, kw_only=True, tag="round"):
    """Dời giờ mở, giờ đóng. None leaves an edge where it is, at its very millisecond."""

    n: int
    opens_ms: Instant | None = None
    closes_ms: Instant | None = None
    seen: Seq
    reason: Reason = ""

    def decision(self, rounds: Sequence[Round]) -> Decision:
        """The decision that it becomes; a round that does not exist is named by its check, which looks at that
        first."""
        found = next((each for each in rounds if each.n == self.n), None)
        opens_ms, closes_ms = (found.opens_ms, found.closes_ms) if found else (0, 0)
        return RoundMoved(
            n=self.n,
            opens_ms=opens_ms if self.opens_ms is None else self.opens_ms,
            closes_ms=closes_ms if self.closes_ms is None else self.closes_ms,
            reason=self.reason,
        )


class Seen(msgspec.Struct, frozen=True, kw_only=True, tag_field="do", tag="seen", forbid_unknown_fields=True):
    """Đã xem: an alarm, which is no decision and leaves no row."""

    alarm: Annotated[str, msgspec.Meta(max_length=200)]


AnyAction = Hold | Final | Release | Quarantine | Clear | Void | Correct | Delay | Schedule | MoveRound | Seen
ACTIONS: tuple[type[Action | Seen], ...] = (
    Hold, Final, Release, Quarantine, Clear, Void, Correct, Delay, Schedule, MoveRound, Seen,
)  # fmt: skip

decoder: msgspec.json.Decoder[AnyAction] = msgspec.json.Decoder(AnyAction)
