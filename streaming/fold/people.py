"""People: by which of their entries each person counts, in one scope."""

from bisect import insort
from collections.abc import Callable

from streaming.fold.entry import Entry


class People:
    """The counted entries of each person. A person counts where the first of them by seq does."""

    def __init__(self) -> None:
        # In the order of seq. Most people have one, which stands here without a list.
        self._entries: dict[str, Entry | list[Entry]] = {}
        self.meet: Callable[[str, Entry], Entry | list[Entry]] = self._entries.setdefault
        """Note an entry of a person whom nobody has met; returns what is known of them, which is the entry itself, or
        what ``add`` is to add it to. Every row of the ledger passes here: a call of a function would be felt."""

    def add(self, entry: Entry, person: str) -> Entry | None:
        """Note an entry of somebody who has others; returns the one in whose place they count by it now, if it is the
        first of all."""
        theirs = self._theirs(person)
        first = theirs[0]
        insort(theirs, entry, key=_seq)
        self._entries[person] = theirs
        return first if theirs[0] is entry else None

    def remove(self, entry: Entry, person: str) -> tuple[bool, Entry | None]:
        """Forget an entry; returns whether they counted by it, and by which they count in its place."""
        theirs = self._theirs(person)
        counted = theirs[0] is entry
        theirs.remove(entry)
        if not theirs:
            del self._entries[person]
            return counted, None
        self._entries[person] = theirs if len(theirs) > 1 else theirs[0]
        return counted, theirs[0] if counted else None

    def _theirs(self, person: str) -> list[Entry]:
        known = self._entries[person]
        return known if isinstance(known, list) else [known]


def _seq(entry: Entry) -> int:
    return entry.seq
