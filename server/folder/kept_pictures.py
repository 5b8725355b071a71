"""The pictures that operators have uploaded, kept in admin.db by the digest of their bytes: a backup has them, and none
is ever there without its row."""

from pathlib import Path

from sqlalchemy import Column, Integer, LargeBinary, String, Table, select
from sqlalchemy.dialects.sqlite import insert

from dashboard.pictures.gallery import Picture
from server.folder.admin_file import AdminFile, metadata

pictures_table = Table(
    "pictures",
    metadata,
    Column("digest", String, primary_key=True),
    Column("ext", String, nullable=False),
    Column("name", String, nullable=False),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("bytes", Integer, nullable=False),
    Column("added", Integer, nullable=False),
    Column("by", String, nullable=False),
    Column("body", LargeBinary, nullable=False),
)
_SAID = [column for column in pictures_table.c if column.name != "body"]


class KeptPictures:
    """The pictures in a data folder's admin.db. Every call blocks.

    Raises:
        AdminUnavailable: From each call, if the file cannot be read or written now.
    """

    def __init__(self, path: Path) -> None:
        self._file = AdminFile(path)

    def read(self) -> list[Picture]:
        """What is known of each."""
        with self._file.look() as connection:
            return [Picture(**row._mapping) for row in connection.execute(select(*_SAID)).all()]  # noqa: SLF001 - its name

    def body(self, digest: str) -> bytes | None:
        """The bytes of one; None if it is gone."""
        with self._file.look() as connection:
            found: bytes | None = connection.execute(
                select(pictures_table.c.body).where(pictures_table.c.digest == digest)
            ).scalar()
            return found

    def put(self, picture: Picture, body: bytes) -> None:
        """Keep one, or call one that is there by another name."""
        values = {name: getattr(picture, name) for name in picture.__struct_fields__}
        row = insert(pictures_table).values(**values, body=body)
        with self._file.begin() as connection:
            connection.execute(row.on_conflict_do_update(index_elements=["digest"], set_={"name": picture.name}))

    def rename(self, digest: str, name: str) -> None:
        """Call one by another name."""
        with self._file.begin() as connection:
            connection.execute(pictures_table.update().where(pictures_table.c.digest == digest).values(name=name))

    def remove(self, digest: str) -> None:
        """Take one away."""
        with self._file.begin() as connection:
            connection.execute(pictures_table.delete().where(pictures_table.c.digest == digest))
