"""The alarms of connection points whose page is lost: a line for each of a few, one for many at once. Each says that it
is the page and not the line on which a point is seen, and ends when the page is there again."""

from collections.abc import Mapping

from server.control.alarms import NO_CODE, Alarms
from server.control.watch_state import AlarmDetail

POINT_LOST = "point_lost"
LINES_MAX = 3
"""Of more points that are lost at a time one line tells: a list of them would hide every other alarm."""
NAMED_MAX = 3
"""As many of those are named in that line, the longest lost first."""
TOGETHER = f"{NO_CODE}points"


def sound_lost(alarms: Alarms, lost: Mapping[str, int], now_ms: int) -> None:
    """Sound, keep up or end the alarms; ``lost`` says since when, ms since the epoch, each point is that is lost."""
    if len(lost) > LINES_MAX:
        first = sorted(lost, key=lambda code: (lost[code], code))
        detail: AlarmDetail = {"count": len(lost), "since": lost[first[0]], "units": " ".join(first[:NAMED_MAX])}
        alarms.sound(POINT_LOST, TOGETHER, now_ms, detail=detail)
        alarms.keep(POINT_LOST, {TOGETHER})
        return
    for code, since_ms in lost.items():
        alarms.sound(POINT_LOST, code, now_ms, detail={"since": since_ms, "unit": code})
    alarms.keep(POINT_LOST, lost)
