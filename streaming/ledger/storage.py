"""What the writer asks of whoever keeps the rows, a file of SQLite's today.

The writer knows no SQL and none of its errors; what keeps the rows knows no queue.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol

from streaming.errors import LedgerError
from streaming.ledger.head import Head
from streaming.ledger.rows import Draft, Outcome, Row

RowsAfter = Callable[[Sequence[Draft]], tuple[list[Row], bytes]]
"""The rows that drafts become after the last row, and the chained hash after them."""


class Opened(NamedTuple):
    """What a ledger is when it is opened: its id, how often it was restored, and its last row."""

    id: str
    restores: int
    head: Head


class Stored(NamedTuple):
    """What became of each draft, and the rows that are new: those accepted, after a jump if there is one."""

    outcomes: list[Outcome]
    rows: list[Row]
    link: bytes


class StorageRefused(LedgerError):  # noqa: N818 - a state of the storage that passes, not a fault of ours
    """Nothing was stored, and another try is as good as the first: a full disk, a lock. `str()` is the reason."""


class StorageFailed(LedgerError):  # noqa: N818 - the same family, named alike
    """Nothing may be acknowledged any more. `str()` is the reason, ``remedy`` what to do, empty where nobody knows."""

    def __init__(self, reason: str, remedy: str = "") -> None:
        self.remedy = remedy
        super().__init__(reason)


class Storage(Protocol):
    """The rows of one ledger. Opened and closed by one thread, used by the writer's alone in between."""

    def open(self) -> Opened:
        """Open the storage or make it.

        Raises:
            StorageFailed: If it cannot be opened.
            LedgerError: If it does not sync as it must.
        """

    def store(self, drafts: Sequence[Draft], rows_after: RowsAfter, restores: int | None = None) -> Stored:
        """Store the rows of the drafts that are new, all or none; returns when they are synced. In the same
        transaction write down how often the ledger was restored, unless ``restores`` is None.

        Raises:
            StorageRefused: If it cannot be written now; nothing was stored.
            StorageFailed: If nobody knows what is on disk, or will find it again.
        """

    def tidy(self) -> None:
        """Do what is due between two transactions; called once those of the last one are told.

        Raises:
            StorageFailed: If that shows that what is on disk is not to be trusted.
        """

    def look(self) -> None:
        """See that what was stored is still where it was put; called while there is nothing to store.

        Raises:
            StorageFailed: If it is not.
        """

    def abandon(self) -> None:
        """Leave everything as it stands from now on, also in ``close``: a call has not come back from the disk."""

    def close(self) -> None:
        """Close the storage, in order unless it is not to be trusted.

        Raises:
            StorageFailed: As ``tidy``.
        """
