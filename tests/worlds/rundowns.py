"""A rundown of a short evening, and runs of it."""

from typing import Any

from streaming.program.rundown import Item, Rundown
from tests.worlds.outputs import NOW_MS

MINUTE_MS = 60_000


def item(id_: str, scene: str | None = None, minutes: int | None = 5, **fields: Any) -> Item:
    """An item of some minutes."""
    duration_s = None if minutes is None else minutes * 60
    return Item(id=id_, title=id_.capitalize(), scene=scene, duration_s=duration_s, **fields)


EVENING = Rundown(
    (
        item("doors", "standby", 10, at_ms=NOW_MS),
        item("speech", minutes=15, say="Kính thưa quý vị đại biểu"),
        item("launch", "launch", 2, arm=True, at_ms=NOW_MS + 30 * MINUTE_MS),
        item("spare", "trend", skip=True),
        item("numbers", "live", 5, advance_s=30),
        item("end", "standby", None),
    ),
    ends_ms=NOW_MS + 40 * MINUTE_MS,
)
