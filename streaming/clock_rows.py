"""Clock rows: how time and heartbeats come into the ledger where nothing else arrives, and who has been heard."""

from collections.abc import Callable, Collection, Mapping

import msgspec
import structlog

from streaming.errors import LedgerBusy, LedgerUnavailable
from streaming.fold.fold import Fold
from streaming.fold.tally import ALL, PACE
from streaming.ledger.jumps import JUMP_MS_MIN, Jump
from streaming.ledger.ledger import Ledger
from streaming.ledger.rows import SYSTEM, Draft

CLOCK_ROW_MS = 10_000
"""A clock row is written this often while any pace is not 0 or a source has been heard since the last row."""
DELAY_CLOCK_ROW_MS = 1_000
"""The finest step in which a delay lets rows through when nothing else arrives."""
CLOCK_RETRY_S = 1.0

log = structlog.get_logger(__name__)


class ClockRows:
    """Writes one ledger's clock rows as its fold asks for them. ``now_ms`` is the contest clock, ``moved_ms`` by how
    much it has been set since the start; a row tells of ``live_sources`` alone."""

    def __init__(
        self,
        ledger: Ledger,
        fold: Fold,
        *,
        now_ms: Callable[[], int],
        live_sources: Callable[[], Collection[str]],
        monotonic_s: Callable[[], float],
        moved_ms: Callable[[], int],
    ) -> None:
        self._ledger = ledger
        self._fold = fold
        self._now_ms = now_ms
        self._live_sources = live_sources
        self._monotonic_s = monotonic_s
        self._moved_ms = moved_ms
        self._followed_ms = moved_ms()
        self._again_s = float("-inf")
        self._heard_ms: dict[str, int] = {}
        self._heard_since_row = False

    # Who has been heard.

    def heard(self, source: str) -> None:
        """Note that a source has spoken (an empty batch included); the next row takes it to the screens."""
        self._follow_clock()
        self._heard_ms[source] = self._now_ms()
        self._heard_since_row = True

    def heard_ms(self, folded: Mapping[str, int]) -> Mapping[str, int]:
        """When each source was last heard, by what rows say (``folded``) and by what none says yet."""
        self._follow_clock()
        return {
            source: max(folded.get(source, 0), self._heard_ms.get(source, 0))
            for source in folded.keys() | self._heard_ms.keys()
        }

    def set_back(self, jump: Jump) -> None:
        """Tell what was heard by a clock that ran ahead as it is after a jump."""
        self._heard_ms = jump.mend_all(self._heard_ms)

    def _follow_clock(self) -> None:
        """Tell what was heard by a clock that ran ahead as it is now. Of a heartbeat no row may tell yet, so none would
        set it back, and its source would pass for heard until the clock comes there again."""
        now_ms = self._now_ms()
        by_ms = self._moved_ms() - self._followed_ms
        self._followed_ms += by_ms
        if by_ms < 0:
            self.set_back(Jump(self._fold.seq, now_ms - by_ms, now_ms))

    # The rows.

    def due_ms(self) -> int | None:
        """When the next row is due on the contest clock, None while nothing asks for one."""
        fold = self._fold
        if not fold.is_open:
            return None
        if self._runs_ahead(now_ms := self._now_ms()):
            # A clock that has been set back is to be known at once: until then times are told by one that ran ahead.
            return now_ms
        due: list[int] = [edge for edge in fold.edges_ms if edge > fold.now_ms]
        root = fold.contest.tree.root.code
        moves = fold.whole.counts[ALL][root][PACE] or fold.public.counts[ALL][root][PACE]
        if moves or self._heard_since_row:
            due.append(fold.now_ms + CLOCK_ROW_MS)
        if (waits_until_ms := fold.waits_until_ms) is not None:
            due.append(max(waits_until_ms, fold.now_ms + DELAY_CLOCK_ROW_MS))
        return min(due) if due else None

    def wait_s(self, max_s: float) -> float:
        """For how long nothing asks for a row, ``max_s`` at most."""
        if (due_ms := self.due_ms()) is None:
            return max_s
        wait_s = max((due_ms - self._now_ms()) / 1000, self._again_s - self._monotonic_s())
        return min(max(0, wait_s), max_s)

    async def write(self) -> None:
        """Write a row if one is due."""
        due_ms = self.due_ms()
        now_ms = self._now_ms()
        if due_ms is None or now_ms < due_ms or self._monotonic_s() < self._again_s:
            return
        self._again_s = self._monotonic_s() + CLOCK_RETRY_S
        if self._runs_ahead(now_ms):
            await self._append([])  # A commit of nothing: the writer sets time back.
            return
        live = self._live_sources()
        self._heard_ms = dict(self.heard_ms(self._fold.heard_ms))
        heard = {source: at_ms for source, at_ms in sorted(self._heard_ms.items()) if source in live}
        self._heard_since_row = False
        if not await self._append([Draft("clock", SYSTEM, None, None, msgspec.json.encode({"heard": heard}))]):
            # The screens keep the last as-of time, which is the truth; the next turn tries again.
            self._heard_since_row = True

    def _runs_ahead(self, now_ms: int) -> bool:
        """Whether the fold's now is later than the clock: it has been set back since the last row."""
        return self._fold.now_ms - now_ms > JUMP_MS_MIN

    async def _append(self, drafts: list[Draft]) -> bool:
        try:
            await self._ledger.append(drafts)
        except (LedgerBusy, LedgerUnavailable) as error:
            log.warning("clock row not written", reason=str(error))
            return False
        return True
