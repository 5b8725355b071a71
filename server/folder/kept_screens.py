"""What screens are called, and the addresses that they are to show, kept in admin.db: a backup has them."""

from pathlib import Path

from sqlalchemy import Column, Integer, String, Table, delete, select
from sqlalchemy.dialects.sqlite import insert

from server.folder.admin_file import AdminFile, metadata
from streaming.points.listed import Kept

screens_table = Table(
    "screens",
    metadata,
    Column("id", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("show", String, nullable=False),
    Column("seen_ms", Integer, nullable=False),
)


class KeptScreens:
    """The table, in a data folder's admin.db. Every call blocks.

    Raises:
        AdminUnavailable: From each call, if the file cannot be read or written now.
    """

    def __init__(self, path: Path) -> None:
        self._file = AdminFile(path)

    def read(self) -> dict[str, Kept]:
        """All of them, by id."""
        with self._file.look() as connection:
            return {
                row.id: Kept(row.id, row.name, row.show, row.seen_ms)
                for row in connection.execute(select(screens_table))
            }

    def put(self, kept: Kept) -> None:
        """Keep one in place of what was kept of it before; one that says nothing is kept no more."""
        values = {"name": kept.name, "show": kept.show, "seen_ms": kept.seen_ms}
        with self._file.begin() as connection:
            if kept.name or kept.show:
                row = insert(screens_table).values(id=kept.id, **values)
                connection.execute(row.on_conflict_do_update(index_elements=["id"], set_=values))
            else:
                connection.execute(delete(screens_table).where(screens_table.c.id == kept.id))
