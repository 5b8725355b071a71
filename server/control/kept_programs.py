"""What is on air, kept in admin.db: it acts in memory and is told first, and is written here after.

A write that fails is tried again, and heard of as an alarm; nothing on air waits for it. Of several takes that wait the
last is written, for the ones before it are on air no more.
"""

import asyncio
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import msgspec
import structlog
from sqlalchemy import Column, Integer, String, Table, select
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.exc import DBAPIError

from server.errors import AdminUnavailable
from server.folder.admin_file import AdminFile, metadata
from streaming.topics.state import Take

WRITE_RETRY_S = 1.0
SLOW_S = 5.0
"""A write that has taken longer than this is as bad as one that failed."""

log = structlog.get_logger(__name__)

programs_table = Table(
    "programs",
    metadata,
    Column("output", String, primary_key=True),
    Column("store", String, primary_key=True),
    Column("contest", String, nullable=False),
    Column("version", Integer, nullable=False),
    Column("take", String, nullable=False),
)


class KeptPrograms:
    """The programs of one store, "live" or "rehearsal", under the contest of an id."""

    def __init__(
        self, path: Path, store: str, contest: str, *, monotonic_s: Callable[[], float] = time.monotonic
    ) -> None:
        self._file = AdminFile(path, monotonic_s=monotonic_s)
        self._store = store
        self._contest = contest
        self._monotonic_s = monotonic_s
        self._waiting: dict[str, Take] = {}
        self._waiting_since_s = 0.0
        self._has_waiting = asyncio.Event()
        self._failure: str | None = None

    def read(self, output: str) -> Take | None:
        """What an earlier run has kept of an output; None where that is nothing, another contest's, or not readable.

        What cannot be gone on from is removed: its version may be higher than any that comes, and would keep them out.

        Raises:
            AdminUnavailable: If the file cannot be read.
        """
        of_output = (programs_table.c.output == output) & (programs_table.c.store == self._store)
        with self._file.begin() as connection:
            row = connection.execute(select(programs_table).where(of_output)).first()
            if row is None:
                return None
            try:
                if row.contest == self._contest:
                    return msgspec.json.decode(row.take, type=Take)
                reason = f"it is of another contest, {row.contest}"
            except msgspec.DecodeError as error:
                reason = str(error)
            connection.execute(programs_table.delete().where(of_output))
        log.warning("program not applied", output=output, reason=reason)
        return None

    def keep(self, output: str, take: Take) -> None:
        """Have what is on air now written."""
        if not self._waiting:
            self._waiting_since_s = self._monotonic_s()
        self._waiting[output] = take
        self._has_waiting.set()

    async def run(self) -> None:
        """Write what is to be kept, until cancelled."""
        while True:
            await self._has_waiting.wait()
            if not await self.write():
                await asyncio.sleep(WRITE_RETRY_S)

    async def write(self) -> bool:
        """Write what waits, in a thread; False if it could not be written, and waits on."""
        taken = dict(self._waiting)
        return self._settle(taken, await asyncio.to_thread(self._put, taken))

    def close(self) -> None:
        """Write what still waits; there is no loop any more."""
        if self._waiting:
            self._settle(dict(self._waiting), self._put(self._waiting))

    @property
    def fault(self) -> str | None:
        """Why what is on air is not on disk, as one line without the folder; None while it is, or soon will be."""
        if not self._waiting:
            return None
        if self._failure is None and self._monotonic_s() - self._waiting_since_s > SLOW_S:
            return f"{self._file.path.name}: no commit within {SLOW_S:.0f} s"
        return self._failure

    def _put(self, taken: Mapping[str, Take]) -> str | None:
        """Write takes; returns why that failed, None if it did not."""
        try:
            with self._file.begin() as connection:
                for output, take in taken.items():
                    values = {
                        "contest": self._contest,
                        "version": take.version,
                        "take": msgspec.json.encode(take).decode(),
                    }
                    row = insert(programs_table).values(output=output, store=self._store, **values)
                    # A thread that a stopping server has left behind must not put an earlier one over a later.
                    connection.execute(
                        row.on_conflict_do_update(
                            index_elements=["output", "store"],
                            set_=values,
                            where=programs_table.c.version <= row.excluded.version,
                        )
                    )
        except (AdminUnavailable, DBAPIError) as error:
            return str(error).replace(str(self._file.path), self._file.path.name)
        return None

    def _settle(self, taken: Mapping[str, Take], failure: str | None) -> bool:
        if failure is not None:
            if self._failure is None:
                log.error("program not written", outputs=sorted(taken), reason=failure)
            self._failure = failure
            return False
        if self._failure is not None:
            log.info("program written again", outputs=sorted(taken))
        self._failure = None
        for output, take in taken.items():
            if self._waiting.get(output) is take:
                del self._waiting[output]
        if self._waiting:
            self._waiting_since_s = self._monotonic_s()
        else:
            self._has_waiting.clear()
        return True
