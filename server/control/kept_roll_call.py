"""The roll call, kept in admin.db: what is said acts in memory and is told first, and is written here after.

Whoever asked waits for that, but not for long: a file that cannot be written keeps no point from being ticked. It is
tried again, and heard of as an alarm. Points that change together are written together.
"""

import asyncio
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import msgspec
import structlog
from sqlalchemy import Column, String, Table, select
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.exc import DBAPIError

from server.errors import AdminUnavailable
from server.folder.admin_file import AdminFile, metadata
from streaming.points.roll_call import NOTHING, Entry

WRITE_RETRY_S = 1.0
WRITTEN_WITHIN_S = 2.0
"""So long it is waited for what was said to be on disk."""
SLOW_S = 5.0
"""A write that has taken longer than this is as bad as one that failed."""

log = structlog.get_logger(__name__)

roll_call_table = Table(
    "roll_call",
    metadata,
    Column("contest", String, primary_key=True),
    Column("unit", String, primary_key=True),
    Column("body", String, nullable=False),
)


class KeptRollCall:
    """What is known of the points of the contest of an id. Only ``read`` and ``close`` block."""

    def __init__(self, path: Path, contest: str, *, monotonic_s: Callable[[], float] = time.monotonic) -> None:
        self._file = AdminFile(path, monotonic_s=monotonic_s)
        self._contest = contest
        self._monotonic_s = monotonic_s
        self._waiting: dict[str, Entry] = {}
        self._waiting_since_s = 0.0
        self._has_waiting = asyncio.Event()
        self._is_written = asyncio.Event()
        self._failure: str | None = None

    def read(self) -> dict[str, Entry]:
        """What an earlier run has kept, by the code of the point, without what cannot be read.

        Raises:
            AdminUnavailable: If the file cannot be read.
        """
        found: dict[str, Entry] = {}
        with self._file.look() as connection:
            mine = select(roll_call_table).where(roll_call_table.c.contest == self._contest)
            for row in connection.execute(mine).all():
                try:
                    found[row.unit] = msgspec.json.decode(row.body, type=Entry)
                except msgspec.DecodeError as error:
                    log.warning("roll call not applied", unit=row.unit, reason=str(error))
        return found

    def keep(self, entries: Mapping[str, Entry]) -> None:
        """Have points written as they are now."""
        if not entries:
            return
        if not self._waiting:
            self._waiting_since_s = self._monotonic_s()
        self._waiting |= entries
        self._is_written.clear()
        self._has_waiting.set()

    async def written(self) -> bool:
        """Wait until nothing waits to be written; False if that takes too long."""
        if not self._waiting:
            return True
        try:
            async with asyncio.timeout(WRITTEN_WITHIN_S):
                await self._is_written.wait()
        except TimeoutError:
            return False
        return True

    async def run(self) -> None:
        """Write what is to be kept, until cancelled."""
        while True:
            await self._has_waiting.wait()
            if not await self.write():
                await asyncio.sleep(WRITE_RETRY_S)

    async def write(self) -> bool:
        """Write what waits, in a thread; False if it could not be written, and waits on."""
        entries = dict(self._waiting)
        return self._settle(entries, await asyncio.to_thread(self._put, entries))

    def close(self) -> None:
        """Write what still waits; there is no loop any more."""
        if self._waiting:
            self._settle(dict(self._waiting), self._put(self._waiting))

    @property
    def fault(self) -> str | None:
        """Why the roll call is not on disk, as one line without the folder; None while it is, or soon will be."""
        if not self._waiting:
            return None
        if self._failure is None and self._monotonic_s() - self._waiting_since_s > SLOW_S:
            return f"{self._file.path.name}: no commit within {SLOW_S:.0f} s"
        return self._failure

    def _put(self, entries: Mapping[str, Entry]) -> str | None:
        """Write points; returns why that failed, None if it did not."""
        rows = [
            {"contest": self._contest, "unit": code, "body": msgspec.json.encode(entry).decode()}
            for code, entry in entries.items()
            if entry != NOTHING
        ]
        gone = [code for code, entry in entries.items() if entry == NOTHING]
        statement = insert(roll_call_table)
        put = statement.on_conflict_do_update(
            index_elements=["contest", "unit"], set_={"body": statement.excluded.body}
        )
        try:
            with self._file.begin() as connection:
                if rows:
                    connection.execute(put, rows)
                for code in gone:
                    where = (roll_call_table.c.contest == self._contest) & (roll_call_table.c.unit == code)
                    connection.execute(roll_call_table.delete().where(where))
        except (AdminUnavailable, DBAPIError) as error:
            return str(error).replace(str(self._file.path), self._file.path.name)
        return None

    def _settle(self, entries: Mapping[str, Entry], failure: str | None) -> bool:
        if failure is not None:
            if self._failure is None:
                log.error("roll call not written", units=len(entries), reason=failure)
            self._failure = failure
            return False
        self._failure = None
        for code, entry in entries.items():
            if self._waiting.get(code) is entry:
                del self._waiting[code]
        if self._waiting:
            self._waiting_since_s = self._monotonic_s()
        else:
            self._has_waiting.clear()
            self._is_written.set()
        return True
