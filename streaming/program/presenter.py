"""What a presenter is told: what to say now and next, how the evening stands, and the room's line.

Nothing else of what stands behind the picture: no notes of the operator, no preview, no hands, no alarms.
"""

import msgspec

from streaming.program.output import Output
from streaming.program.points import PointsHeard, RollCalled
from streaming.program.tempo import Tempo
from streaming.topics.state import State


class Spoken(msgspec.Struct, frozen=True):
    """An item as a presenter knows it. ``say`` is told of the item on and of the next one, "" of those after. ``unit``
    is the point that is on the line then, and ``waits`` whether it is not connected yet."""

    id: str
    title: str
    say: str
    at_ms: int | None
    duration_s: int | None
    unit: str | None = None
    waits: bool = False


class RoomLine(msgspec.Struct, frozen=True):
    """What the room tells the presenter, and since when."""

    at: int
    text: str


class PresenterState(State, frozen=True, kw_only=True):
    """Of ``presenter/{output}``: the ``items`` on and to come, in order. The first is on if ``on`` names it, ``since``
    when it was begun; ``next`` is the one that is taken next. ``ends_ms`` is when the ceremony goes off the air.
    ``tempo`` is how fast a rehearsal goes, None where it goes as planned. ``withdrawn`` is whether wrong numbers are
    off the air (Gỡ số): then none is to be read out. ``points`` is the roll call, None until anybody is called.

    From these a page reckons by itself who is over time, also while the line is down.
    """

    items: tuple[Spoken, ...] | None = None
    on: str | None = None
    since: int | None = None
    next: str | None = None
    ends_ms: int | None = None
    tempo: Tempo | None = None
    host: RoomLine | None = None
    withdrawn: bool | None = None
    points: PointsHeard | None = None


def presenter_of(output: Output, roll: RollCalled | None = None) -> PresenterState:
    """What the presenter of an output is told."""
    roll = roll or RollCalled()
    heard = roll.heard
    waiting = {point.code for point in roll.points if not point.is_connected}
    rundown, running = output.rundown, output.running
    on, host = rundown.find(running.on), output.host
    start = next((at for at, item in enumerate(rundown.items) if item.id == running.next), len(rundown.items))
    coming = [item for item in rundown.items[start:] if not item.skip]
    spoken = {running.on, running.next}
    items = tuple(
        Spoken(
            item.id,
            item.title,
            item.say if item.id in spoken else "",
            item.at_ms,
            item.duration_s,
            item.unit,
            item.unit in waiting and heard is not None,
        )
        for item in (*((on,) if on is not None else ()), *coming)
    )
    return PresenterState(
        items=items or None,
        on=None if on is None else on.id,
        since=None if on is None else running.since,
        next=running.next,
        ends_ms=rundown.ends_ms,
        tempo=running.tempo,
        host=None if host is None else RoomLine(host.at, host.text),
        withdrawn=True if output.withdrawn is not None else None,
        points=heard,
    )
