"""The rotation: which place is called next as one that has new entries, so that each of them gets its turn.

Time goes by in slots of SLOT_MS of ``received_ms``, and in each slot one place is called: of those with new entries the
one that was not called for longest, of those never called the one that had an entry first. An entry is new until its
place is called after the public cut has taken it in. What is no place is called only where a contest has no places.

Slots and calls depend on the rows that the cut shows, never on a tick or a screen: the same rows have called the same.
"""

from heapq import heappop, heappush

from streaming.contests.units import Tree
from streaming.fold.entry import Entry

SLOT_MS = 4_000
"""How long the place called last stays the newest; the scene that lists them has a beat as long."""
CALLED_MAX = 8
"""Places that are told, and how many one row may call that comes after many slots without one."""


class _Turn:
    """A place's turn. ``called`` is the number of its last call and 0 before the first, ``order`` its order among those
    never called; ``new`` counts its new entries."""

    __slots__ = ("called", "code", "is_queued", "new", "order")

    def __init__(self, code: str) -> None:
        self.code = code
        self.called = 0
        self.order = 0
        self.new = 0
        self.is_queued = False


class Rotation:
    """The calls so far, ``calls`` in number, and whose turn is next. Nobody is called before ``next_ms``."""

    def __init__(self) -> None:
        self.calls = 0
        self.next_ms = 0
        self._turns: dict[str, _Turn] = {}
        self._ordered = 0
        # A heap of places, each once, the one to be called next first. One whose new entries have all been taken out
        # stays, as its order does until it is called: it is passed over when it comes up, unless it has others by then.
        self._queue: list[tuple[int, int, _Turn]] = []
        self._latest: dict[str, None] = {}

    @property
    def latest(self) -> tuple[str, ...]:
        """The places that were called last, the very last first, each once."""
        return tuple(reversed(self._latest))

    def begin(self, tree: Tree) -> None:
        """Forget who has new entries, for the units of a tree; what counts is to be added again."""
        before = self._turns
        self._turns = {leaf.code: before.get(leaf.code) or _Turn(leaf.code) for leaf in tree.taking_part}
        for turn in self._turns.values():
            turn.new, turn.is_queued = 0, False
        self._queue = []
        self._latest = {code: None for code in self._latest if code in self._turns}

    def add(self, entry: Entry) -> None:
        """Note a completed entry that counts and is new."""
        # Nearly every row of the ledger passes here, so nothing is asked that it does not need.
        if (turn := self._turns.get(entry.unit)) is None:
            return
        turn.new += 1
        if turn.is_queued:
            return
        if not turn.order:
            self._ordered += 1
            turn.order = self._ordered
        turn.is_queued = True
        heappush(self._queue, (turn.called, turn.order, turn))

    def add_again(self, entry: Entry) -> None:
        """Note a completed entry that counts, if it is still new."""
        if self._is_new(entry):
            self.add(entry)

    def remove(self, entry: Entry) -> None:
        """Forget an entry that was noted."""
        if self._is_new(entry):
            self._turns[entry.unit].new -= 1

    def _is_new(self, entry: Entry) -> bool:
        turn = self._turns.get(entry.unit)
        return turn is not None and entry.admitted >= turn.called

    def step(self, now_ms: int) -> None:
        """Call a place for each slot that has begun, as far as any has new entries."""
        if now_ms < self.next_ms:
            return
        slots = (now_ms - self.next_ms) // SLOT_MS + 1
        self.next_ms += slots * SLOT_MS
        for _ in range(min(slots, CALLED_MAX)):
            if (turn := self._next()) is None:
                return
            self._call(turn)

    def set_back(self, now_ms: int) -> None:
        """Go on from an earlier time; what was called stays called."""
        self.next_ms = min(self.next_ms, (now_ms // SLOT_MS + 1) * SLOT_MS)

    def _next(self) -> _Turn | None:
        while self._queue:
            _, _, turn = heappop(self._queue)
            turn.is_queued = False
            if turn.new:
                return turn
        return None

    def _call(self, turn: _Turn) -> None:
        self.calls += 1
        turn.called, turn.new = self.calls, 0
        self._latest.pop(turn.code, None)
        self._latest[turn.code] = None
        if len(self._latest) > CALLED_MAX:
            del self._latest[next(iter(self._latest))]
