"""The tree of errors: one line each, saying what, where and what was expected."""

VALUE_SHOWN_CHARS_MAX = 80
"""A value longer than this is cut in a message, so that the message stays one line."""


def one_line(text: str) -> str:
    """Return the text with line breaks and other control characters escaped, safe for a log line."""
    return "".join(char if char.isprintable() else repr(char)[1:-1] for char in text)


def shown(value: object) -> str:
    """Return a value as a message quotes it: escaped, cut at VALUE_SHOWN_CHARS_MAX characters."""
    # Cut before it is escaped too: whoever sends four million characters would have each of them looked at.
    text = one_line(str(value)[: VALUE_SHOWN_CHARS_MAX + 1])
    if len(text) > VALUE_SHOWN_CHARS_MAX:
        text = text[:VALUE_SHOWN_CHARS_MAX] + "…"
    return f"“{text}”"


class DiemCauError(Exception):
    """Root of all errors of our own; `str()` is one line that may be shown to an operator."""


class ContestError(DiemCauError):
    """A contest folder, or a list of units, that cannot be used as it stands.

    `row` counts from 1 as an editor does (the header of a CSV is row 1), None where there is no row;
    `column` is a CSV column or a TOML key. `more` counts further faults found in the same pass.
    """

    def __init__(
        self,
        expected: str,
        *,
        file: str = "",
        row: int | None = None,
        column: str | None = None,
        value: object = None,
        more: int = 0,
    ) -> None:
        self.file = file
        self.row = row
        self.column = column
        self.value = value
        self.expected = expected
        self.more = more
        super().__init__(self._line())

    def _line(self) -> str:
        place = [self.file] if self.file else []
        if self.row is not None:
            place.append(f"row {self.row}")
        if self.column is not None:
            place.append(f"column {self.column}")
        where = ", ".join(place) or "contest"
        found = "" if self.value is None else f"found {shown(self.value)}, "
        rest = f" (and {self.more} more)" if self.more else ""
        return f"{where}: {found}expected {one_line(self.expected)}{rest}"


class Declined(DiemCauError):  # noqa: N818 - an answer, as are those below it
    """What is asked for cannot be had as things stand, or not by this account. Nothing was changed, and nothing is
    broken."""


class NotHeld(Declined):
    """A release of ``unit`` (None: of everything), which no hold keeps back."""

    def __init__(self, unit: str | None) -> None:
        self.unit = unit
        super().__init__("unit: it is not held")


class Undecidable(Declined):
    """A decision that cannot be made as things stand; ``field`` is what of it is wrong, None if that is the whole."""

    def __init__(self, message: str, field: str | None = None) -> None:
        self.field = field
        super().__init__(message)


class LedgerError(DiemCauError):
    """The ledger could not do what was asked."""


class LedgerBusy(LedgerError):  # noqa: N818 - a state of the ledger that passes, not a fault of ours
    """The queue of the ledger's writer is full: nothing was stored; try again after `retry_after_s`."""

    def __init__(self, message: str, *, retry_after_s: float = 1.0) -> None:
        self.retry_after_s = retry_after_s
        super().__init__(message)


class LedgerUnavailable(LedgerError):  # noqa: N818 - the same
    """Disk full, locked, or closed: nothing was stored; try again after `retry_after_s`."""

    def __init__(self, message: str, *, retry_after_s: float = 5.0) -> None:
        self.retry_after_s = retry_after_s
        super().__init__(message)


class ClockWrong(DiemCauError):  # noqa: N818 - a state of our clock, which passes
    """Our clock is so far from that of our sources, by ``off_ms`` (above 0 behind it, below 0 ahead), that good entries
    look as if they lay in the future, or good signatures as if they were not made now: nothing was stored; try again
    after `retry_after_s`."""

    def __init__(self, off_ms: int, *, retry_after_s: float = 30.0) -> None:
        self.off_ms = off_ms
        self.retry_after_s = retry_after_s
        way = "behind" if off_ms > 0 else "ahead of"
        super().__init__(f"the server's clock is {abs(off_ms) / 1000:.0f} s {way} what sources tell")


class LedgerMismatch(LedgerError):  # noqa: N818 - the same family, named alike
    """The data folder belongs to something else (another contest, a lost digest key): the start stops."""


class FoldError(DiemCauError):
    """A row that the fold does not know; a guess would make a wrong number, so it is an error."""


RESTORE = (
    "restore the newest backup, for the file is damaged, and have the sources send again what they have sent since"
)
"""What to do about a row that is not as it was written."""


def unreadable_row(seq: int, type_: str, error: Exception) -> FoldError:
    """What to say of a row whose body is not what its type promises: a damaged page may still be a sound one of
    SQLite's."""
    reason = f"{error.args[0]} is missing" if isinstance(error, KeyError) else str(error)
    return FoldError(f"row {seq}: a {type_} row that cannot be read ({one_line(reason)}); {RESTORE}")
