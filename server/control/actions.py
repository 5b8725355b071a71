"""What an operator may ask for: the bodies of POST /api/v1/control/decisions, and the decisions that they become."""

from typing import Annotated, Any

import msgspec

from streaming.decisions.decisions import CorrectedColumn

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
    def kind(self) -> str:
        """The kind of decision that it becomes."""
        return str(self.__struct_config__.tag)

    @property
    def looked_at(self) -> int | None:
        """The last decision that its operator had seen; None for what acts whatever else was decided."""
        seen: int | None = getattr(self, "seen", None)
        return seen

    def decision(self) -> dict[str, Any]:
        """The body of its row."""
        fields = msgspec.structs.asdict(self)
        fields.pop("seen", None)
        return {"kind": self.kind} | {name: value for name, value in fields.items() if value != ""}


class Hold(Action, frozen=True, kw_only=True, tag="hold"):
    """Tạm giữ. ``tell`` lets the unit's own connection point know."""

    unit: Code | None
    reason: Reason = ""
    tell: bool = False


class Final(Action, frozen=True, kw_only=True, tag="final"):
    """Chốt số."""

    reason: Reason = ""

    def decision(self) -> dict[str, Any]:
        """The body of its row: a hold of everything."""
        return {"kind": "hold", "unit": None, "final": True} | ({"reason": self.reason} if self.reason else {})


class Release(Action, frozen=True, kw_only=True, tag="release"):
    """Cho lên hình."""

    unit: Code | None
    seen: Seq
    reason: Reason = ""


class Quarantine(Action, frozen=True, kw_only=True, tag="quarantine"):
    """Chờ xác minh."""

    entries: Entries
    seen: Seq
    reason: Reason = ""


class Clear(Action, frozen=True, kw_only=True, tag="clear"):
    """Tính."""

    entries: Entries
    seen: Seq
    reason: Reason = ""


class Void(Action, frozen=True, kw_only=True, tag="void"):
    """Loại bỏ."""

    entries: Entries
    seen: Seq
    reason: Given


class Correct(Action, frozen=True, kw_only=True, tag="correct"):
    """Đính chính."""

    unit: Code
    round: int
    column: CorrectedColumn
    delta: Annotated[int, msgspec.Meta(ge=-DELTA_MAX, le=DELTA_MAX)]
    reason: Given
    labelled: bool
    seen: Seq

    def decision(self) -> dict[str, Any]:
        """The body of its row."""
        return super().decision() | {"kind": "correction"}


class Delay(Action, frozen=True, kw_only=True, tag="delay"):
    """Lên hình chậm lại."""

    delay_ms: Annotated[int, msgspec.Meta(ge=0)]
    seen: Seq
    reason: Reason = ""


class Schedule(Action, frozen=True, kw_only=True, tag="schedule"):
    """Lịch tạm giữ; ``before_close_ms`` None takes the round's away."""

    round: int
    before_close_ms: int | None
    delay_ms: int | None
    seen: Seq
    reason: Reason = ""


class MoveRound(Action, frozen=True, kw_only=True, tag="round"):
    """Dời giờ mở, giờ đóng. None leaves an edge where it is; the row has both, as the desk completes it."""

    n: int
    opens_ms: Instant | None = None
    closes_ms: Instant | None = None
    seen: Seq
    reason: Reason = ""


class Seen(Action, frozen=True, kw_only=True, tag="seen"):
    """Đã xem: an alarm, which is no decision and leaves no row."""

    alarm: Annotated[str, msgspec.Meta(max_length=200)]


AnyAction = Hold | Final | Release | Quarantine | Clear | Void | Correct | Delay | Schedule | MoveRound | Seen
ACTIONS: tuple[type[Action], ...] = (
    Hold, Final, Release, Quarantine, Clear, Void, Correct, Delay, Schedule, MoveRound, Seen,
)  # fmt: skip

decoder: msgspec.json.Decoder[AnyAction] = msgspec.json.Decoder(AnyAction)
