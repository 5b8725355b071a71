"""A TOML file read key by key: every value typed and bounded, every fault with the line it stands on."""

import re
import tomllib
from collections.abc import Collection, Sequence
from datetime import datetime
from pathlib import Path
from typing import NoReturn, TypeVar

from streaming.contests.text import clean, did_you_mean, fault_in, read_text
from streaming.errors import ContestError

TEXT_CHARS_MAX = 200
"""A title, a name, an address: more does not fit on any screen."""
LIST_ITEMS_MAX = 100

T = TypeVar("T")

_AT_LINE = re.compile(r"\(at line (\d+), column \d+\)")


class Table:
    """One table of a TOML file, that knows its path in the file for the errors it raises."""

    def __init__(self, values: dict[str, object], file: str, text: str, path: str = "", nth: int = 0) -> None:
        self._values = values
        self._file = file
        self._text = text
        self._path = path
        self._nth = nth

    def only(self, known: Collection[str]) -> None:
        """Refuse any key that is not known: a mistyped key would otherwise be dropped without a word."""
        for key in self._values:
            if key not in known:
                expected = f"one of the keys {', '.join(known)}{did_you_mean(key, known)}"
                self.fail(key, expected, value=key)

    def text(self, key: str, default: str | None = None, *, pattern: str | None = None) -> str:
        """Return a string in NFC; without a default it must be there and not be empty."""
        value = self._values.get(key, default)
        if not isinstance(value, str):
            self.fail(key, "a string")
        if value == "" and default == "":
            return ""
        return self._clean(key, value, pattern)

    def texts(self, key: str) -> tuple[str, ...]:
        """Return an array of strings in NFC, empty where the key is not there."""
        return tuple(self._clean(key, value) for value in self._array(key, str, "an array of strings"))

    def choice(self, key: str, choices: Sequence[str], default: str) -> str:
        """Return one of the choices."""
        value = self._values.get(key, default)
        if not isinstance(value, str) or value not in choices:
            self.fail(key, f"one of {', '.join(choices)}{did_you_mean(str(value), choices)}")
        return value

    def flag(self, key: str, *, default: bool) -> bool:
        """Return true or false."""
        value = self._values.get(key, default)
        if not isinstance(value, bool):
            self.fail(key, "true or false")
        return value

    def number(self, key: str, default: int) -> int:
        """Return a whole number."""
        value = self._values.get(key, default)
        if not isinstance(value, int) or isinstance(value, bool):
            self.fail(key, "a whole number")
        return value

    def numbers(self, key: str, default: tuple[int, ...]) -> tuple[int, ...]:
        """Return an array of whole numbers."""
        return tuple(self._array(key, int, "an array of whole numbers", default))

    def time_ms(self, key: str) -> int:
        """Return an instant in milliseconds since the epoch; a time without offset is refused."""
        value = self._values.get(key)
        if isinstance(value, str):
            try:
                value = datetime.fromisoformat(value)
            except ValueError:
                value = None
        if not isinstance(value, datetime) or value.tzinfo is None:
            self.fail(key, "a time with its offset, such as 2022-09-08T09:30:00+07:00")
        return round(value.timestamp() * 1000)

    def table(self, key: str) -> "Table":
        """Return a table below this one, empty where the key is not there."""
        value = self._values.get(key, {})
        if not isinstance(value, dict):
            self.fail(key, f"a table [{key}]")
        return Table(value, self._file, self._text, key)

    def tables(self, key: str) -> tuple["Table", ...]:
        """Return an array of tables, `[[key]]`, empty where the key is not there."""
        values = self._array(key, dict, f"tables [[{key}]]")
        return tuple(Table(value, self._file, self._text, key, nth) for nth, value in enumerate(values))

    def fail(self, key: str, expected: str, *, value: object = None) -> NoReturn:
        """Raise the error that names file, line, key and value."""
        name = f"{self._path}[{self._nth + 1}].{key}" if self._path else key
        raise ContestError(
            expected,
            file=self._file,
            row=self._row(key),
            column=name,
            value=self._values.get(key) if value is None else value,
        )

    def _clean(self, key: str, value: str, pattern: str | None = None) -> str:
        fault = fault_in(value, TEXT_CHARS_MAX)
        if fault is not None:
            self.fail(key, fault, value=value)
        if pattern is not None and not re.fullmatch(pattern, value):
            self.fail(key, f"a value of the form {pattern}", value=value)
        return clean(value)

    def _array(self, key: str, of: type[T], expected: str, default: Sequence[T] = ()) -> list[T]:
        values = self._values.get(key, list(default))
        if not isinstance(values, list):
            self.fail(key, expected)
        items: list[T] = []
        for value in values:
            if not isinstance(value, of) or isinstance(value, bool):
                self.fail(key, expected)
            items.append(value)
        if len(items) > LIST_ITEMS_MAX:
            self.fail(key, f"at most {LIST_ITEMS_MAX} of them", value=f"{len(items)} items")
        return items

    def _row(self, key: str) -> int | None:
        """Return the line of the key, counted from 1, else that of its table's head, else None."""
        head = re.compile(rf"\s*\[\[?\s*{re.escape(self._path)}\s*\]\]?")
        assigned = re.compile(rf"\s*(\[\[?\s*)?[\"']?{re.escape(key)}[\"']?\s*[=\]]")
        seen, inside, found = -1, not self._path, None
        for row, line in enumerate(self._text.splitlines(), start=1):
            if self._path and line.lstrip().startswith("["):
                seen += bool(head.match(line))
                inside = seen == self._nth and bool(head.match(line))
                found = row if inside else found
            elif inside and assigned.match(line):
                return row
        return found


def read_toml(path: Path) -> Table:
    """Return the top table of a TOML file.

    Raises:
        ContestError: If it cannot be read or is no TOML; the row is where the reader stumbled.
    """
    return parse_toml(read_text(path), path.name)


def parse_toml(text: str, file: str) -> Table:
    """Return the top table of a text in TOML; ``file`` is how its faults call it.

    Raises:
        ContestError: If it is no TOML; the row is where the reader stumbled.
    """
    try:
        return Table(tomllib.loads(text), file, text)
    except tomllib.TOMLDecodeError as error:
        at = _AT_LINE.search(str(error))
        raise ContestError(f"valid TOML ({error})", file=file, row=int(at.group(1)) if at else None) from error
    except (RecursionError, ValueError) as error:  # Nested without end; a number of 5,000 digits.
        raise ContestError(f"valid TOML ({error})", file=file) from error
