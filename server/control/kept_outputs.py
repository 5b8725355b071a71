"""The outputs, kept in admin.db: what is done to them acts in memory and is told first, and is written here after.

A write that fails is tried again, and heard of as an alarm; nothing on air waits for it. Of an output that has changed
several times the last is written, for what was before it is no more.
"""

import asyncio
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import structlog
from sqlalchemy import Column, Integer, LargeBinary, String, Table, select
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.exc import DBAPIError

from server.errors import AdminUnavailable
from server.folder.admin_file import AdminFile, metadata
from streaming.program.names import NAMES_SAID, is_name
from streaming.program.output import Output
from streaming.topics.late import DELAY_MS_MAX, Picture

WRITE_RETRY_S = 1.0
SLOW_S = 5.0
"""A write that has taken longer than this is as bad as one that failed."""

log = structlog.get_logger(__name__)

outputs_table = Table(
    "outputs",
    metadata,
    Column("name", String, primary_key=True),
    Column("contest", String, nullable=False),
    Column("version", Integer, nullable=False),
    Column("body", String, nullable=False),
    Column("picture", LargeBinary),
)


class Kept(NamedTuple):
    """An output, and what its numbers show while its picture stands still."""

    output: Output
    picture: Picture | None


class KeptOutputs:
    """The outputs under the contest of an id."""

    def __init__(self, path: Path, contest: str, *, monotonic_s: Callable[[], float] = time.monotonic) -> None:
        self._file = AdminFile(path, monotonic_s=monotonic_s)
        self._contest = contest
        self._monotonic_s = monotonic_s
        self._pictures: dict[str, Picture] = {}
        self._in_file: dict[str, Picture] = {}
        """Pictures that are written: of a whole country one is some 800 KB, and takes go on behind it."""
        self._waiting: dict[str, Kept | None] = {}
        self._waiting_since_s = 0.0
        self._has_waiting = asyncio.Event()
        self._failure: str | None = None
        # Its own: what is on air must not wait for a thread while files are read and made in all others.
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="outputs")

    def read(self) -> dict[str, Kept]:
        """What an earlier run has kept, by name, without what is of another contest or cannot be read.

        What cannot be gone on from is removed: its version may be higher than any that comes, and would keep them out.

        Raises:
            AdminUnavailable: If the file cannot be read.
        """
        found: dict[str, Kept] = {}
        with self._file.begin() as connection:
            for row in connection.execute(select(outputs_table)).all():
                try:
                    if row.contest == self._contest:
                        output = _checked(row.name, msgspec.json.decode(row.body, type=Output))
                        found[row.name] = Kept(output, self._read_picture(output, row.picture))
                        continue
                    reason = f"it is of another contest, {row.contest}"
                except (msgspec.DecodeError, ValueError) as error:
                    reason = str(error)
                connection.execute(outputs_table.delete().where(outputs_table.c.name == row.name))
                log.warning("output not applied", output=row.name, reason=reason)
        return found

    def _read_picture(self, output: Output, body: bytes | None) -> Picture | None:
        if output.still is None or body is None:
            return None
        try:
            picture = msgspec.msgpack.decode(body, type=Picture)
            self._pictures[output.name] = self._in_file[output.name] = picture
        except msgspec.DecodeError as error:
            log.warning("picture not applied", output=output.name, reason=str(error))
            return None
        return picture

    def keep(self, output: Output, picture: Picture | None = None) -> None:
        """Have an output written as it is now, with its ``picture`` if that has just been made to stand still."""
        if output.still is None:
            self._pictures.pop(output.name, None)
        elif picture is not None:
            self._pictures[output.name] = picture
        self._wait(output.name, Kept(output, self._pictures.get(output.name)))

    def forget(self, name: str) -> None:
        """Have an output that is no more taken out of the file."""
        self._pictures.pop(name, None)
        self._wait(name, None)

    def _wait(self, name: str, kept: Kept | None) -> None:
        if not self._waiting:
            self._waiting_since_s = self._monotonic_s()
        self._waiting[name] = kept
        self._has_waiting.set()

    async def run(self) -> None:
        """Write what is to be kept, until cancelled."""
        while True:
            await self._has_waiting.wait()
            if not await self.write():
                await asyncio.sleep(WRITE_RETRY_S)

    async def write(self) -> bool:
        """Write what waits, in a thread; False if it could not be written, and waits on."""
        outputs = dict(self._waiting)
        put = asyncio.get_running_loop().run_in_executor(self._thread, self._put, outputs)
        return self._settle(outputs, await put)

    def close(self) -> None:
        """Write what still waits; there is no loop any more."""
        self._thread.shutdown(wait=False)
        if self._waiting:
            self._settle(dict(self._waiting), self._put(self._waiting))

    @property
    def fault(self) -> str | None:
        """Why the outputs are not on disk, as one line without the folder; None while it is, or soon will be."""
        if not self._waiting:
            return None
        if self._failure is None and self._monotonic_s() - self._waiting_since_s > SLOW_S:
            return f"{self._file.path.name}: no commit within {SLOW_S:.0f} s"
        return self._failure

    def _put(self, outputs: Mapping[str, Kept | None]) -> str | None:
        """Write outputs; returns why that failed, None if it did not."""
        try:
            with self._file.begin() as connection:
                for name, kept in outputs.items():
                    if kept is None:
                        connection.execute(outputs_table.delete().where(outputs_table.c.name == name))
                        continue
                    output, picture = kept
                    values: dict[str, Any] = {
                        "contest": self._contest,
                        "version": output.version,
                        "body": msgspec.json.encode(output).decode(),
                    }
                    if picture is None or self._in_file.get(name) is not picture:
                        values["picture"] = None if picture is None else msgspec.msgpack.encode(picture)
                    row = insert(outputs_table).values(name=name, **values)
                    # A thread that a stopping server has left behind must not put an earlier one over a later.
                    connection.execute(
                        row.on_conflict_do_update(
                            index_elements=["name"],
                            set_=values,
                            where=outputs_table.c.version <= row.excluded.version,
                        )
                    )
        except (AdminUnavailable, DBAPIError) as error:
            return str(error).replace(str(self._file.path), self._file.path.name)
        return None

    def _settle(self, outputs: Mapping[str, Kept | None], failure: str | None) -> bool:
        if failure is not None:
            if self._failure is None:
                log.error("outputs not written", outputs=sorted(outputs), reason=failure)
            self._failure = failure
            return False
        if self._failure is not None:
            log.info("outputs written again", outputs=sorted(outputs))
        self._failure = None
        for name, kept in outputs.items():
            if kept is None or kept.picture is None:
                self._in_file.pop(name, None)
            else:
                self._in_file[name] = kept.picture
            if name in self._waiting and self._waiting[name] is kept:
                del self._waiting[name]
        if self._waiting:
            self._waiting_since_s = self._monotonic_s()
        else:
            self._has_waiting.clear()
        return True


def _checked(name: str, output: Output) -> Output:
    """An output that was read.

    Raises:
        ValueError: If it is another, shows nothing, or is none that could be made.
    """
    if output.name != name or output.store not in output.on_air:
        raise ValueError("it is not what its row says")
    if not is_name(name):
        raise ValueError(f"expected {NAMES_SAID}")
    if not 0 <= output.delay_ms <= DELAY_MS_MAX:
        raise ValueError(f"its delay is {output.delay_ms} ms, expected 0 to {DELAY_MS_MAX}")
    return output
