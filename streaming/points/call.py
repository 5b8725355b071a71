"""What a point is told of its turn: by the evening's rundown, or by an operator's hand until the item changes.

``js/points`` shows it; nobody but the point and the control room is told.
"""

from collections.abc import Mapping
from typing import Literal, get_args

import msgspec

from streaming.program.expected import expected
from streaming.program.rundown import Item, Rundown
from streaming.program.running import Running

CallState = Literal["none", "get_ready", "soon", "on_air"]
STATES: tuple[CallState, ...] = get_args(CallState)
"""In the order of their numbers on the wire."""
GET_READY_MS = 120_000
"""A point hears this long before its item to get ready."""
SOON_MS = 30_000
"""The point of the next item hears this long before it that it is soon on air; where nobody has planned how long the
item on lasts, from its beginning on."""

LATE_MS_MAX = 2 * 3_600_000
"""A plan whose first item is later than this and has not begun is one of another day."""


class Call(msgspec.Struct, frozen=True):
    """What a point is told: ``text`` is the operator's, ``due`` when its item is expected, ms since the epoch, while it
    gets ready. ``key`` names this call and no other: a phone that hears another one vibrates."""

    state: CallState
    key: str
    text: str = ""
    due: int | None = None
    by_hand: bool = False


class HandCall(msgspec.Struct, frozen=True):
    """A call by an operator's hand, made ``at`` while the item ``on`` was on: another item ends it."""

    state: CallState
    text: str
    by: str
    at: int
    on: str | None = None

    @property
    def call(self) -> Call:
        """What the point is told by it."""
        return Call(self.state, f"hand/{self.state}/{self.at}", self.text, by_hand=True)


def calls_of(rundown: Rundown, running: Running, now_ms: int) -> Mapping[str, Call]:
    """What the points hear by the rundown, by their unit: that of the item on is on air, that of the next one soon, and
    whose item is at most GET_READY_MS away gets ready. A unit of several items hears of the one that comes first.

    Before the first item is on, nobody hears anything of an evening that is not planned, or was planned for long ago.
    """
    items = {item.id: item for item in rundown.items}
    if not any(item.unit for item in items.values()):
        return {}
    times = expected(rundown, running, now_ms).items
    if not times or not (running.on in items or _is_due(items[times[0].item], running, now_ms)):
        return {}
    found: dict[str, Call] = {}
    for each in times:
        item = items[each.item]
        if item.unit is None or item.unit in found:
            continue
        away_ms = each.at - now_ms
        if item.id == running.on:
            found[item.unit] = Call("on_air", f"on_air/{item.id}/{running.since}")
        elif item.id == running.next and away_ms <= SOON_MS:
            found[item.unit] = Call("soon", f"soon/{item.id}")
        elif away_ms <= GET_READY_MS:
            found[item.unit] = Call("get_ready", f"get_ready/{item.id}", due=each.at)
    return found


def _is_due(first: Item, running: Running, now_ms: int) -> bool:
    return first.at_ms is not None and now_ms - running.pace.moment_ms(first.at_ms) <= LATE_MS_MAX
