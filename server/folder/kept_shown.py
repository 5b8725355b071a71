"""What outputs showed, kept in admin.db: a backup has it."""

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec
from sqlalchemy import Column, Integer, String, Table, func, select
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError

from server.errors import AdminUnavailable
from server.folder.admin_file import AdminFile, metadata
from streaming.program.shown import Shown

ROWS_MAX = 10_000
"""Rows of one output that are kept beside its marks, some 4 MB; the oldest go first. An evening has some hundred."""
MARKS_MAX = 2_000
"""Marks of one output that are kept: whoever marks pushes out nothing that was shown."""
LOOKED_EVERY = 200
"""Rows of one output after which it is looked again whether there are too many."""

shown_table = Table(
    "shown",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("output", String, nullable=False, index=True),
    Column("body", String, nullable=False),
)

MARK = '"what":"mark"'
"""What the body of a mark has in it, and no other: within a text the quotation marks are escaped."""

Numbered = tuple[int, Shown]
"""A row by its number."""


class KeptShown:
    """The rows in a data folder's admin.db. Every call blocks."""

    def __init__(self, path: Path) -> None:
        self._file = AdminFile(path)
        self._since: dict[str, int] = {}
        """Rows of each output that were written since it was looked whether there are too many."""

    @property
    def name(self) -> str:
        """What the file is called."""
        return self._file.path.name

    def read(self, output: str | None = None) -> list[Numbered]:
        """The rows of one output, or of all, in their order.

        Raises:
            AdminUnavailable: If the file cannot be read now.
        """
        asked = select(shown_table.c.id, shown_table.c.body).order_by(shown_table.c.id)
        if output is not None:
            asked = asked.where(shown_table.c.output == output)
        with self._file.look() as connection:
            found = connection.execute(asked).all()
        return [(row.id, _decoder.decode(row.body)) for row in found]

    def last_id(self) -> int:
        """The number of the last row, 0 where there is none.

        Raises:
            AdminUnavailable: If the file cannot be read now.
        """
        with self._file.look() as connection:
            return connection.execute(select(func.max(shown_table.c.id))).scalar() or 0

    def append(self, rows: Iterable[Numbered]) -> str | None:
        """Write rows, and let the oldest go; returns why that failed, None if it did not. One that is there stays."""
        rows = tuple(rows)
        if not rows:
            return None
        values = [{"id": id_, "output": row.output, "body": msgspec.json.encode(row).decode()} for id_, row in rows]
        since = Counter(row.output for _, row in rows)
        for output in since:
            since[output] += self._since.get(output, LOOKED_EVERY)
        due = [output for output, count in since.items() if count > LOOKED_EVERY]
        try:
            with self._file.begin() as connection:
                connection.execute(insert(shown_table).on_conflict_do_nothing(), values)
                for output in due:
                    _let_go(connection, output)
        except (AdminUnavailable, DBAPIError) as error:
            return str(error).replace(str(self._file.path), self.name)
        self._since |= since | dict.fromkeys(due, 0)
        return None


def _let_go(connection: Connection, output: str) -> None:
    """Let the oldest rows of an output go."""
    table = shown_table.c
    is_mark = table.body.contains(MARK, autoescape=True)
    for of_kind, most in ((is_mark, MARKS_MAX), (~is_mark, ROWS_MAX)):
        mine = (table.output == output) & of_kind
        too_old = select(table.id).where(mine).order_by(table.id.desc()).offset(most).limit(1).scalar_subquery()
        connection.execute(shown_table.delete().where(mine & (table.id <= too_old)))


def of_output(rows: Sequence[Numbered], output: str) -> list[Numbered]:
    """The rows of an output."""
    return [row for row in rows if row[1].output == output]


_decoder = msgspec.json.Decoder(Shown)
