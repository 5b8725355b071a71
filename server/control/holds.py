"""Holds that act now and are written later."""

import asyncio
from collections.abc import Callable

import structlog

from streaming.decisions.decision import Decided
from streaming.errors import LedgerBusy
from streaming.ledger.ledger import FIRST_WAITING_MAX
from streaming.ledger.rows import Appended

UNWRITTEN_MAX = FIRST_WAITING_MAX
"""Holds that wait in memory to be written; what one more asks for is so already, for nothing moves meanwhile."""

log = structlog.get_logger(__name__)


class Holds:
    """The holds of one store that are not on disk yet, in the order in which they were taken.

    The topics stand still exactly while there is one: ``stand_still`` is called for each that begins, ``go_on`` for
    each that is on disk, after ``land`` has put it among the decisions in flight. So whoever asks finds a hold here, in
    flight or in the fold, and never in none of them, and nothing moves before the fold may have it.

    One that the ledger refuses to write for good stays, and the topics with it: where nothing is written any more,
    nothing may be let through either. The process ends soon.
    """

    def __init__(
        self, stand_still: Callable[[], None], go_on: Callable[[], None], land: Callable[[Decided, Appended], object]
    ) -> None:
        self._stand_still = stand_still
        self._go_on = go_on
        self._land = land
        self._waiting: dict[asyncio.Future[Appended], Decided] = {}

    @property
    def unwritten(self) -> tuple[Decided, ...]:
        """Those that are not on disk yet, UNWRITTEN_MAX at most."""
        return tuple(self._waiting.values())

    def begin(self, made: Decided, write: Callable[[], asyncio.Future[Appended]]) -> asyncio.Future[Appended]:
        """Let a hold act from now on, and have it written; the future tells its row.

        Raises:
            LedgerBusy: If UNWRITTEN_MAX wait already; then it does not act by itself, but nothing moves anyway.
            LedgerUnavailable: If the ledger takes none any more; then it does not act.
        """
        if len(self._waiting) >= UNWRITTEN_MAX:
            raise LedgerBusy(f"{UNWRITTEN_MAX} decisions wait to be written: nothing moves on screen until they are")
        written = write()
        self._waiting[written] = made
        self._stand_still()
        written.add_done_callback(self._end)
        return written

    def _end(self, written: asyncio.Future[Appended]) -> None:
        if written.cancelled() or written.exception() is not None:
            made = self._waiting[written]
            log.critical("decision not written", kind=made.kind, unit=made.unit, by=made.by)
            return
        self._land(self._waiting.pop(written), written.result())
        self._go_on()
