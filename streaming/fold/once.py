"""Once: no source and id twice in what is counted.

The ledger's index keeps repeats out. One that is older than its table, as a damaged disk or a file put together by hand
leaves it, lets them in; then whoever counts sees it and stops, for no number may go on air in which somebody counts
twice.
"""

from collections.abc import Iterable
from sys import intern

from streaming.decisions.gate import EntryKey
from streaming.errors import RESTORE, FoldError, shown
from streaming.fold.entry import Entry
from streaming.ledger.rows import Row


class Once:
    """The ids that a fold has met. It keeps ``entries`` by them anyway, so only the ids of voids, which are few, take
    room of their own."""

    def __init__(self, entries: dict[EntryKey, Entry]) -> None:
        self._entries = entries
        self._voids: dict[EntryKey, int] = {}

    def keep(self, key: EntryKey, entry: Entry) -> None:
        """Put an entry among ``entries``.

        Raises:
            FoldError: If an earlier row has its id.
        """
        if (first := self._entries.setdefault(key, entry)) is not entry:
            raise repeated(entry.seq, key, first.seq)
        if self._voids and key in self._voids:
            raise repeated(entry.seq, key, self._voids[key])

    def keep_void(self, row: Row) -> None:
        """Note the id of the row that takes an entry back.

        Raises:
            FoldError: If it has none, or an earlier row has it.
        """
        if row.id is None:
            raise FoldError(f"row {row.seq}: a participation without an id")
        key = (intern(row.by), row.id)
        if (entry := self._entries.get(key)) is not None:
            raise repeated(row.seq, key, entry.seq)
        if (first := self._voids.setdefault(key, row.seq)) != row.seq:
            raise repeated(row.seq, key, first)


def repeats(rows: Iterable[Row]) -> list[str]:
    """The participations whose source and id an earlier row has already, one line each; empty if there is none.

    By the plain rule, and by nothing that a fold keeps.
    """
    first: dict[EntryKey, int] = {}
    lines = []
    for row in rows:
        if row.type == "participation":
            key = (row.by, str(row.id))
            if first.setdefault(key, row.seq) != row.seq:
                lines.append(str(repeated(row.seq, key, first[key])))
    return lines


def repeated(seq: int, key: EntryKey, first: int) -> FoldError:
    """What to say of a row whose source and id an earlier row, ``first``, has already."""
    by, id_ = key
    return FoldError(
        f"row {seq}: id {shown(id_)} of {shown(by)} is that of row {first}, expected each id once; {RESTORE}"
    )
