"""How fast a rehearsal goes through the evening: ninety planned minutes in nine, the hours of the plan moved to now.

``static/js/lib/expected.js`` says the same.
"""

from typing import Self

import msgspec

from streaming.program.rundown import Item, Rundown

SPEED_MAX = 10
SECOND_MS = 1_000


class Tempo(msgspec.Struct, frozen=True):
    """``speed`` times as fast as planned, and what is planned for ``plan_ms`` is at ``at_ms``."""

    speed: int
    plan_ms: int
    at_ms: int

    @classmethod
    def of(cls, speed: int, rundown: Rundown, now_ms: int) -> Self:
        """That of an evening which begins now with the first item of its plan, whenever that is planned for."""
        passed_ms, plan_ms = 0, None
        for item in (item for item in rundown.items if not item.skip):
            if plan_ms is None and item.at_ms is not None:
                plan_ms = item.at_ms - passed_ms
            passed_ms += (item.duration_s or 0) * SECOND_MS
        if plan_ms is None:
            plan_ms = now_ms if rundown.ends_ms is None else rundown.ends_ms - passed_ms
        return cls(speed, plan_ms, now_ms)

    def moment_ms(self, planned_ms: int) -> int:
        """When it is what was planned for a time."""
        return self.at_ms + (planned_ms - self.plan_ms) // self.speed

    def span_ms(self, seconds: int) -> int:
        """How long it lasts what was planned to last so long."""
        return seconds * SECOND_MS // self.speed

    def lasts_ms(self, item: Item) -> int:
        """How long an item lasts; what nobody has given a duration takes no time."""
        return self.span_ms(item.duration_s or 0)


AS_PLANNED = Tempo(1, 0, 0)
"""That of every evening but a rehearsed one."""
