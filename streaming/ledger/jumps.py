"""Jumps: clock rows in which time steps back, because the machine's clock ran ahead and has been set right.

``received_ms`` follows the machine's clock and never runs back by itself. Were it held at the last row's time until a
clock that was an hour ahead comes there again, pace, trend, schedules and "Số liệu lúc" would stand in the future for
an hour. So the writer puts a row of its own before the first one that would run back: from what time, to what time.
Whatever was told by the clock that ran ahead is read by the mended clock from there on.
"""

from bisect import bisect_right
from typing import NamedTuple

import msgspec

from streaming.errors import FoldError, unreadable_row
from streaming.ledger.rows import Draft, Row

JUMP_MS_MIN = 1_000
"""A clock set back by no more than this is waited out: ``received_ms`` stands still until it comes there again. A time
service that slews stays far below: it moves a clock by half a millisecond a second."""

CLOCK_MIN_MS = 1_577_836_800_000
"""The beginning of 2020, UTC. A clock that tells an earlier time is wrong, as one with a flat battery, in 1970."""


class Jump(NamedTuple):
    """Row ``seq`` sets time back from ``from_ms`` to ``to_ms``, its own. ``from_ms`` is what the clock that ran ahead
    told at that moment; where nobody saw it being set, as at a start, the time of the row before it."""

    seq: int
    from_ms: int
    to_ms: int

    def mend(self, at_ms: int) -> int:
        """What a time told before the jump is on the clock as it is now, ``to_ms`` at most. A time after ``to_ms`` can
        only have been told by the clock that ran ahead; an earlier one stands."""
        return at_ms if at_ms <= self.to_ms else min(self.to_ms, at_ms - (self.from_ms - self.to_ms))

    def mend_all(self, told: dict[str, int]) -> dict[str, int]:
        """``mend`` for times by name."""
        return {name: self.mend(at_ms) for name, at_ms in told.items()}


class Jumps:
    """The jumps of a ledger so far, in order."""

    def __init__(self) -> None:
        self._jumps: list[Jump] = []
        self._seqs: list[int] = []
        # The earliest time to which this jump or a later one goes: what lies before it is mended by none of them.
        self._earliest_ms: list[int] = []

    def __len__(self) -> int:
        return len(self._jumps)

    @property
    def last(self) -> Jump | None:
        """The last one, None before the first."""
        return self._jumps[-1] if self._jumps else None

    def add(self, jump: Jump) -> None:
        """Take in the next one."""
        self._jumps.append(jump)
        self._seqs.append(jump.seq)
        self._earliest_ms.append(jump.to_ms)
        for index in range(len(self._jumps) - 2, -1, -1):
            if self._earliest_ms[index] <= jump.to_ms:
                break
            self._earliest_ms[index] = jump.to_ms

    def time_of(self, seq: int, told_ms: int) -> int:
        """What the time that row ``seq`` told is on the clock as it is now."""
        if not self._seqs or seq >= self._seqs[-1]:
            return told_ms
        first = bisect_right(self._seqs, seq)
        if told_ms <= self._earliest_ms[first]:
            return told_ms
        for jump in self._jumps[first:]:
            told_ms = jump.mend(told_ms)
        return told_ms


class _Times(msgspec.Struct, rename={"from_ms": "from", "to_ms": "to"}):
    from_ms: int
    to_ms: int


class ClockBody(msgspec.Struct):
    """What a clock row says: up to when each live source has been ``heard``, or a ``jump``."""

    heard: dict[str, int] | None = None
    jump: _Times | None = None


def read_clock(row: Row) -> ClockBody:
    """What a clock row says.

    Raises:
        FoldError: If it says nothing that a clock row may.
    """
    try:
        body = msgspec.json.decode(row.body, type=ClockBody)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise unreadable_row(row.seq, row.type, error) from None
    if (body.heard is None) == (body.jump is None):
        raise FoldError(f'row {row.seq}: a clock row with neither or both of "heard" and "jump"')
    return body


def jump_of(row: Row, now_ms: int) -> Jump | None:
    """The jump that a row is, None for every other; ``now_ms`` is the time of the row before it.

    Raises:
        FoldError: If it is one, but not from that time or a later one back to its own.
    """
    if row.type != "clock" or (times := read_clock(row).jump) is None:
        return None
    if times.from_ms < now_ms or times.to_ms != row.received_ms or times.to_ms >= now_ms:
        raise FoldError(
            f"row {row.seq}: a jump from {times.from_ms} to {times.to_ms}, expected one from {now_ms} or later back to "
            f"{row.received_ms}"
        )
    return Jump(row.seq, times.from_ms, times.to_ms)


def jump_draft(from_ms: int, to_ms: int) -> Draft:
    """The row that sets time back."""
    return Draft("clock", "system", None, None, msgspec.json.encode({"jump": {"from": from_ms, "to": to_ms}}))
