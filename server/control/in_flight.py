"""Decisions in flight: from the operator's hand to the disk, and from the disk into the fold."""

import asyncio
from collections.abc import Callable
from functools import partial

import msgspec
import structlog

from server.errors import Stale, StillWriting
from streaming.decisions.decision import Decided
from streaming.errors import LedgerError
from streaming.ledger.rows import Appended

log = structlog.get_logger(__name__)

Write = Callable[[], asyncio.Future[Appended]]
"""Hands rows to the ledger; raises a LedgerError if it does not even take them."""


class Unwritten(msgspec.Struct, frozen=True):
    """A decision that is not on disk yet: what is decided, of which unit, by whom, when; ``kind`` is "final" for a hold
    that makes the numbers final. A hold acts already, another will once the disk has taken it."""

    kind: str
    unit: str | None
    by: str
    at: int
    source: str | None = None

    @classmethod
    def of(cls, made: Decided) -> "Unwritten":
        """A decision, as operators are told of it."""
        return cls("final" if made.final else made.kind, made.unit, made.by, made.at, made.source)


class InFlight:
    """The decisions of one store that are made and that the fold does not know yet. ``folded_seq`` tells the last row
    that it does.

    One at a time is on its way to the disk, from ``begin`` until it must ``arrive`` or ``drop``. While it is:

    - nobody else begins, so of two that look at the same numbers one is refused, and none is checked against a fold
      that lacks the other;
    - what is asked for ``in_turn`` waits, and is written after it in the order of asking, whatever has become of it.
      A release on its way never undoes a hold that was taken later, for the hold's row stands behind it;
    - it may be late: the disk has it in hand, and nobody can say whether the row will stand. It stays on its way until
      that is known, and so do those behind it.

    A written one counts as in flight until the fold has its row. Between the two the fold still tells what stood before
    it: by the fold alone, a unit that is just released would pass for held.

    Nothing here waits, and all of it is called in the event loop: nothing comes between a question and its answer.
    """

    def __init__(self, folded_seq: Callable[[], int]) -> None:
        self._folded_seq = folded_seq
        self._on_its_way: Decided | None = None
        self._is_late = False
        self._behind: list[Callable[[], None]] = []
        self._written: list[Decided] = []

    @property
    def late(self) -> Decided | None:
        """The one on its way, if its operator has been told that it is still being written."""
        return self._on_its_way if self._is_late else None

    @property
    def decisions(self) -> list[Decided]:
        """All of them: those that are written, then the one on its way."""
        written = [each for each in self._written if each.seq > self._folded_seq()]
        return written if self._on_its_way is None else [*written, self._on_its_way]

    def begin(self, made: Decided) -> None:
        """Send a decision on its way.

        Raises:
            StillWriting: If another one of the same operator is on its way.
            Stale: If one of somebody else is.
        """
        if (other := self._on_its_way) is not None:
            raise StillWriting(other) if other.by == made.by else Stale(other)
        self._on_its_way = made

    def be_late(self) -> None:
        """Let the one on its way be late: its operator waits no longer."""
        self._is_late = True

    def arrive(self, written: Appended) -> int:
        """The one on its way is on disk; returns its row. What waits behind it is written now."""
        assert self._on_its_way is not None  # noqa: S101 - only what has begun arrives
        seq = self.land(self._on_its_way, written)
        self._go_on()
        return seq

    def drop(self) -> None:
        """The one on its way never will be on disk. What waits behind it is written now."""
        self._go_on()

    def _go_on(self) -> None:
        self._on_its_way, self._is_late = None, False
        behind, self._behind = self._behind, []
        for write in behind:
            write()

    def in_turn(self, write: Write) -> asyncio.Future[Appended]:
        """Write at once where nothing is on its way, else once that has ended; the future tells what has become of it.

        Raises:
            LedgerError: If it is written at once, and the ledger does not take it.
        """
        if self._on_its_way is None:
            return write()
        written: asyncio.Future[Appended] = asyncio.get_running_loop().create_future()
        self._behind.append(partial(_write_now, write, written))
        return written

    def land(self, made: Decided, written: Appended) -> int:
        """Note that a decision is on disk; returns its row."""
        seq = written.seqs[0]
        assert seq is not None  # noqa: S101 - a decision has no id, so it is never a repeat
        kept = [each for each in self._written if each.seq > self._folded_seq()]
        self._written = [*kept, msgspec.structs.replace(made, seq=seq)]
        log.info("decided", kind=made.kind, unit=made.unit, by=made.by, seq=seq)
        return seq


def _write_now(write: Write, told: asyncio.Future[Appended]) -> None:
    try:
        write().add_done_callback(partial(_pass_on, told))
    except LedgerError as error:
        told.set_exception(error)


def _pass_on(told: asyncio.Future[Appended], written: asyncio.Future[Appended]) -> None:
    if written.cancelled():
        told.cancel()
    elif (error := written.exception()) is not None:
        told.set_exception(error)
    else:
        told.set_result(written.result())
