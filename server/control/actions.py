"""What a page of the control room may send: the bodies of POST /api/v1/control/decisions."""

from typing import Annotated, Any, Union

import msgspec

from streaming.decisions.action import Action
from streaming.decisions.kinds import ACTIONS

ACTION_BYTES_MAX = 128 * 1024


class Seen(msgspec.Struct, frozen=True, kw_only=True, tag_field="do", tag="seen", forbid_unknown_fields=True):
    """Đã xem: an alarm, which is no decision and leaves no row."""

    alarm: Annotated[str, msgspec.Meta(max_length=200)]


class KeepPlan(msgspec.Struct, frozen=True, kw_only=True, tag_field="do", tag="plan", forbid_unknown_fields=True):
    """Mở theo kế hoạch: a round opens as planned though the evening is late. It leaves no row, for nothing changes."""

    n: int


ANY_ACTION: Any = Union[(*ACTIONS, Seen, KeepPlan)]
"""The type of a body: one of the actions in the table of kinds, or one that decides nothing."""

decoder: msgspec.json.Decoder[Action | Seen | KeepPlan] = msgspec.json.Decoder(ANY_ACTION)
