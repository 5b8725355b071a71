"""What outputs showed, kept in admin.db: a backup has it."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec
from sqlalchemy import Column, Integer, String, Table, func, select
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.exc import DBAPIError

from server.errors import AdminUnavailable
from server.folder.admin_file import AdminFile, metadata
from streaming.program.shown import Shown

ROWS_MAX = 50_000
"""Rows that are kept, some 20 MB; the oldest go first. An evening of three outputs has some thousand."""

shown_table = Table(
    "shown",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("output", String, nullable=False, index=True),
    Column("body", String, nullable=False),
)

Numbered = tuple[int, Shown]
"""A row by its number."""


class KeptShown:
    """The rows in a data folder's admin.db. Every call blocks."""

    def __init__(self, path: Path) -> None:
        self._file = AdminFile(path)

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
        try:
            with self._file.begin() as connection:
                connection.execute(insert(shown_table).on_conflict_do_nothing(), values)
                connection.execute(shown_table.delete().where(shown_table.c.id <= rows[-1][0] - ROWS_MAX))
        except (AdminUnavailable, DBAPIError) as error:
            return str(error).replace(str(self._file.path), self.name)
        return None


def of_output(rows: Sequence[Numbered], output: str) -> list[Numbered]:
    """The rows of an output."""
    return [row for row in rows if row[1].output == output]


_decoder = msgspec.json.Decoder(Shown)
