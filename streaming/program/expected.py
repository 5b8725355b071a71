"""When the items of a rundown are expected, as the evening goes. ``static/js/lib/expected.js`` says the same."""

import msgspec

from streaming.program.rundown import Item, Rundown
from streaming.program.running import Running


class Expected(msgspec.Struct, frozen=True):
    """When an item is expected to begin, or has begun."""

    item: str
    at: int


class Times(msgspec.Struct, frozen=True):
    """Of the whole evening: every item that is on or to come, in order, and when the last one ends.

    ``left_ms`` is how long the item on has still got, below 0 where it runs over, None where nobody has planned how
    long it lasts. ``late_ms`` is how much later than planned the next item begins whose time was planned. ``over_ms``
    is how much after the end of the broadcast all is over, below 0 where there is time to spare.
    """

    items: tuple[Expected, ...]
    ends: int
    left_ms: int | None
    late_ms: int | None
    over_ms: int | None


def expected(rundown: Rundown, running: Running, now_ms: int) -> Times:
    """What is expected at ``now_ms``.

    Of a rehearsal that goes quicker than the plan all is told in the time in which it goes: planned hours and lengths
    are those of its tempo.

    An item begins when the one before it ends; one that has run over ends now. What nobody has given a duration takes
    none. Before the first item is begun it is expected as planned, or now where its time has passed.
    """
    on, since, pace = rundown.find(running.on), running.since, running.pace
    coming = _coming(rundown, running)
    found: list[Expected] = []
    left_ms: int | None = None
    if on is not None and since is not None:
        found.append(Expected(on.id, since))
        ends = max(now_ms, since + pace.lasts_ms(on))
        left_ms = None if on.duration_s is None else since + pace.lasts_ms(on) - now_ms
    else:
        ends = now_ms
        if coming and coming[0].at_ms is not None:
            ends = max(now_ms, pace.moment_ms(coming[0].at_ms))
    late_ms: int | None = None
    for item in coming:
        found.append(Expected(item.id, ends))
        if late_ms is None and item.at_ms is not None:
            late_ms = ends - pace.moment_ms(item.at_ms)
        ends += pace.lasts_ms(item)
    over_ms = None if rundown.ends_ms is None else ends - pace.moment_ms(rundown.ends_ms)
    return Times(tuple(found), ends, left_ms, late_ms, over_ms)


def _coming(rundown: Rundown, running: Running) -> list[Item]:
    """The items to come, from the one that is taken next."""
    items = rundown.items
    start = next((at for at, item in enumerate(items) if item.id == running.next), len(items))
    return [item for item in items[start:] if not item.skip]
