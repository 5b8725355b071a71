"""Pace: when the completed entries of a tally arrived, by minute, and which of them the last five minutes have."""

from collections import deque
from collections.abc import Iterable, Sequence

from streaming.fold.entry import Entry
from streaming.ledger.jumps import Jump, Jumps

PACE_WINDOW_MS = 300_000
MINUTE_MS = 60_000


class Pace:
    """Minutes with their counts, and a window of the entries received in (now − PACE_WINDOW_MS, now].

    Times are told as the clock is now: ``jumps`` are those of the rows counted so far. ``is_stale`` is whether a minute
    that was over by then has changed since the last roll-up, ``past_version`` when one was found changed last.
    """

    def __init__(self, jumps: Jumps, now_ms: int) -> None:
        self.now_ms = now_ms
        self._minute = now_ms // MINUTE_MS
        self.minutes: dict[int, int] = {}
        self.is_stale = False
        self.past_version = 0
        self._jumps = jumps
        # Rows after it tell the time as it is: nearly all, and they are not to be asked of the jumps.
        self._jumped_seq = 0 if jumps.last is None else jumps.last.seq
        self._window: deque[Entry] = deque()
        self._is_sorted = True
        self._in_window: set[int] = set()

    def add(self, entry: Entry) -> bool:
        """Note the arrival of an entry; returns whether it is in the window."""
        # Every row of the ledger passes here, so nothing is called that it does not need.
        seq, received_ms = entry.seq, entry.received_ms
        if seq <= self._jumped_seq:
            received_ms = self._received_ms(entry)
        minute = received_ms // MINUTE_MS
        count = self.minutes.get(minute, -1)
        if count > 0 and minute >= self._minute:
            self.minutes[minute] = count + 1
        else:
            self.count(received_ms, 1)
        if received_ms <= self.now_ms - PACE_WINDOW_MS:
            return False
        window = self._window
        if window and window[-1].seq > seq:
            self._is_sorted = False
        window.append(entry)
        self._in_window.add(seq)
        return True

    def remove(self, entry: Entry) -> bool:
        """Forget an entry; returns whether it was in the window."""
        self.count(self._received_ms(entry), -1)
        return self._leave(entry)

    def count(self, at_ms: int, by: int) -> None:
        """Change the count of a minute."""
        minute = at_ms // MINUTE_MS
        self.minutes[minute] = self.minutes.get(minute, 0) + by
        if not self.minutes[minute]:
            del self.minutes[minute]
        if minute < self._minute:
            self.is_stale = True

    def roll_up(self, version: int) -> None:
        """Say that minutes which were over have changed at this version."""
        self.is_stale, self.past_version = False, version

    def time_of(self, seq: int, at_ms: int) -> int:
        """When something was, as the clock is now, of which row ``seq`` says ``at_ms``."""
        return self._jumps.time_of(seq, at_ms)

    def advance(self, now_ms: int) -> Sequence[Entry]:
        """Move now on; returns the entries that leave the window."""
        self.now_ms, self._minute = now_ms, now_ms // MINUTE_MS
        if not self._is_sorted:
            self._sort()
        edge_ms, window = now_ms - PACE_WINDOW_MS, self._window
        left: list[Entry] = []
        while window:
            entry = window[0]
            if (entry.received_ms if entry.seq > self._jumped_seq else self._received_ms(entry)) > edge_ms:
                break
            window.popleft()
            if entry.seq in self._in_window:
                self._in_window.discard(entry.seq)
                left.append(entry)
        return left

    def set_back(self, jump: Jump, near: Iterable[Entry]) -> tuple[list[Entry], list[Entry]]:
        """Move now back; returns the entries that leave the window, and those that come into it. ``near`` are those
        whose minute can change, or that can come in; the jump is among ``jumps`` only afterwards."""
        self.now_ms, self._minute = jump.to_ms, jump.to_ms // MINUTE_MS
        self._jumped_seq, self.is_stale = jump.seq, True
        left = [entry for entry in self._window if self._leave(entry)]
        self._window.clear()
        for entry in near:
            received_ms = self.mend(jump, entry.seq, entry.received_ms, 1)
            if received_ms > jump.to_ms - PACE_WINDOW_MS:
                self._window.append(entry)
                self._in_window.add(entry.seq)
        # By seq they are not by time any more: what the clock told before it ran ahead may be later than what it told
        # then.
        self._is_sorted = False
        return left, list(self._window)

    def mend(self, jump: Jump, seq: int, at_ms: int, count: int) -> int:
        """Count what row ``seq`` has brought in the minute that a jump makes of its own; returns its time then."""
        told_ms = self.time_of(seq, at_ms)
        mended_ms = jump.mend(told_ms)
        if told_ms != mended_ms:
            self.count(told_ms, -count)
            self.count(mended_ms, count)
        return mended_ms

    def _leave(self, entry: Entry) -> bool:
        if entry.seq not in self._in_window:
            return False
        self._in_window.discard(entry.seq)
        return True

    def _sort(self) -> None:
        # A release brings older entries in behind younger ones. An entry taken out and let in again may stand here
        # twice, so the set says who still counts.
        entries = {entry.seq: entry for entry in self._window}.values()
        self._window = deque(sorted(entries, key=lambda entry: (self._received_ms(entry), entry.seq)))
        self._is_sorted = True

    def _received_ms(self, entry: Entry) -> int:
        return self._jumps.time_of(entry.seq, entry.received_ms)
