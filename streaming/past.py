"""The last moves before a start: what an output that shows numbers late was still to show when the server ended.

They are made again of the rows, while the ledger is replayed: every cut that was public is a function of the rows up to
it. Nothing of them is kept on disk.
"""

from collections.abc import Callable

from streaming.fold.fold import Fold
from streaming.ledger.rows import Row
from streaming.topics.history import History
from streaming.topics.moves import Move
from streaming.topics.topics import Topics


class Past:
    """Makes the moves of the rows that were received in the last ``late_ms``, at most one in ``tick_ms``.

    ``now_ms`` is the time of the start by the clock of rows, ``passed_ms`` by that of the history. ``after_seq`` is
    where topics stand that are not to be brought further back; ``epoch`` names the fold's epoch now.
    """

    def __init__(
        self,
        history: History,
        fold: Fold,
        *,
        rehearsal: bool,
        late_ms: int,
        now_ms: int,
        passed_ms: int,
        after_seq: int,
        tick_ms: int,
        epoch: Callable[[], str],
    ) -> None:
        self._history = history
        self._fold = fold
        self._late_ms = late_ms
        self._now_ms = now_ms
        self._passed_ms = passed_ms
        self._after_seq = after_seq
        self._tick_ms = tick_ms
        self._epoch = epoch
        self._ago_ms = late_ms + tick_ms
        self._shown_ago_ms = 0
        self._topics = Topics(rehearsal=rehearsal)
        self._topics.on_move = self._add

    def before(self, row: Row) -> None:
        """See a row that is about to be folded: what was public before it was shown until then."""
        fold, ago_ms = self._fold, self._now_ms - row.received_ms
        # What lies in the future is from before somebody has set the clock back.
        if not 0 <= ago_ms <= self._late_ms or abs(self._ago_ms - ago_ms) < self._tick_ms:
            return
        if fold.seq < self._after_seq or not fold.is_open or fold.gate.back_to is not None:
            return
        self._ago_ms, self._shown_ago_ms = ago_ms, max(ago_ms, self._now_ms - fold.now_ms)
        self._topics.move(fold, self._epoch())

    def _add(self, move: Move) -> None:
        self._history.add(move, self._passed_ms - self._shown_ago_ms)
