"""The prepared straps of people, kept in admin.db as one list for each contest: a backup has them."""

from pathlib import Path

import msgspec
import structlog
from sqlalchemy import Column, String, Table, select
from sqlalchemy.dialects.sqlite import insert

from dashboard.overlays.straps import StrapList
from server.folder.admin_file import AdminFile, metadata

log = structlog.get_logger(__name__)

straps_table = Table(
    "straps",
    metadata,
    Column("contest", String, primary_key=True),
    Column("body", String, nullable=False),
)


class KeptStraps:
    """The list under the contest of an id, in a data folder's admin.db. Every call blocks.

    Raises:
        AdminUnavailable: From each call, if the file cannot be read or written now.
    """

    def __init__(self, path: Path, contest: str) -> None:
        self._file = AdminFile(path)
        self._contest = contest

    def read(self) -> StrapList:
        """The list; an empty one where there is none yet, or none that can be read."""
        with self._file.look() as connection:
            asked = select(straps_table.c.body).where(straps_table.c.contest == self._contest)
            body = connection.execute(asked).scalar()
        if body is None:
            return StrapList()
        try:
            return msgspec.json.decode(body, type=StrapList)
        except msgspec.DecodeError as error:
            log.warning("straps not applied", reason=str(error))
            return StrapList()

    def put(self, straps: StrapList) -> None:
        """Keep the list in place of the one before."""
        body = msgspec.json.encode(straps).decode()
        row = insert(straps_table).values(contest=self._contest, body=body)
        with self._file.begin() as connection:
            connection.execute(row.on_conflict_do_update(index_elements=["contest"], set_={"body": body}))
