"""Outputs are kept after what was done acts: of many states the last, over faults, and never an older one."""

import asyncio
import sqlite3
import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec
import pytest

from server.control.kept_outputs import SLOW_S, Kept, KeptOutputs
from server.folder.files import ADMIN_FILE
from streaming.fold.cursor import Cut
from streaming.program.on_air import put
from streaming.program.output import Output
from streaming.program.state import KeptOut, Still
from streaming.topics.late import Picture
from streaming.topics.moves import Notes
from streaming.topics.topic import TopicState
from tests.worlds.apps import WAIT_S, app_of
from tests.worlds.clocks import Stopwatch
from tests.worlds.outputs import an_output

FIRST = an_output()
LOGO = KeptOut(left=1560, top=54, width=264, height=120, what="logo")
SECOND = put(FIRST, "account:1", "live", {"lead": "started", "steps": (1, 5)}, 2_000).with_(
    version=2, kept_out=(LOGO,), theme="light"
)
THIRD = put(SECOND, "account:2", "trend", {}, 3_000).with_(version=3, follows="tv1", delay_ms=8_000)
PICTURE = Picture(
    contest_digest="d1",
    epoch="e1",
    cut=Cut(7, 1_000, None, 0),
    notes=Notes(act=2),
    topics={"board": TopicState(1, {"P": (7, (1, None, 0.5))}, {"act": (7, 2)})},
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    app = app_of(tmp_path)
    app.open()
    app.close()
    with sqlite3.connect(tmp_path / ADMIN_FILE) as db:
        db.execute("DELETE FROM outputs")
    return tmp_path / ADMIN_FILE


def kept_in(path: Path, contest: str = "thu") -> KeptOutputs:
    return KeptOutputs(path, contest, monotonic_s=Stopwatch())


def read(path: Path, contest: str = "thu") -> Output | None:
    kept = kept_in(path, contest).read().get("hall")
    return kept.output if kept else None


def break_(path: Path) -> None:
    path.rename(path.with_suffix(".away"))


def mend(path: Path) -> None:
    path.with_suffix(".away").rename(path)


async def test_the_last_of_many_takes_is_written_and_read_back_as_it_was(path: Path) -> None:
    kept = kept_in(path)
    assert kept.read() == {}
    for output in (FIRST, SECOND, THIRD, SECOND):
        kept.keep(output)
    assert await kept.write()
    assert read(path) == SECOND
    assert kept.fault is None


async def test_a_take_that_comes_while_another_is_written_is_written_after_it(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, write = kept_in(path), KeptOutputs._put
    goes_on, written = threading.Event(), []

    def slow(self: KeptOutputs, outputs: Mapping[str, Kept]) -> str | None:
        goes_on.wait()
        written.append({name: kept.output for name, kept in outputs.items()})
        return write(self, outputs)

    monkeypatch.setattr(KeptOutputs, "_put", slow)
    kept.keep(FIRST)
    first = asyncio.create_task(kept.write())
    await asyncio.sleep(0)
    kept.keep(SECOND)
    kept.keep(THIRD)
    goes_on.set()
    assert await first
    assert await kept.write()
    assert written == [{"hall": FIRST}, {"hall": THIRD}]
    assert read(path) == THIRD


async def test_a_write_that_fails_is_a_fault_without_the_folder_until_it_is_made_good(path: Path) -> None:
    kept = kept_in(path)
    break_(path)
    kept.keep(SECOND)
    assert kept.fault is None
    assert not await kept.write()
    assert kept.fault is not None
    assert kept.fault.startswith("admin.db: ")
    assert str(path.parent) not in kept.fault
    mend(path)
    assert await kept.write()
    assert kept.fault is None
    assert read(path) == SECOND


async def test_a_disk_that_does_not_answer_is_a_fault_too(path: Path) -> None:
    watch = Stopwatch()
    kept = KeptOutputs(path, "thu", monotonic_s=watch)
    kept.keep(SECOND)
    watch.s = SLOW_S
    assert kept.fault is None
    watch.s += 0.1
    assert kept.fault == "admin.db: no commit within 5 s"


async def test_what_is_on_air_is_written_while_all_other_threads_are_busy(path: Path) -> None:
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(1))
    end = threading.Event()
    busy = asyncio.create_task(asyncio.to_thread(end.wait))
    await asyncio.sleep(0)
    kept = kept_in(path)
    kept.keep(FIRST)
    try:
        assert await asyncio.wait_for(kept.write(), WAIT_S)
    finally:
        end.set()
        await busy
        kept.close()


async def test_an_older_take_never_comes_over_a_later_one(path: Path) -> None:
    late, early = kept_in(path), kept_in(path)
    late.keep(THIRD)
    early.keep(SECOND)
    assert await late.write()
    assert await early.write()
    assert read(path) == THIRD


def test_what_waits_is_written_at_the_end(path: Path) -> None:
    kept = kept_in(path)
    kept.keep(THIRD)
    kept.close()
    assert read(path) == THIRD


async def test_every_output_is_read_and_none_of_another_contest(path: Path) -> None:
    kept, other = kept_in(path), an_output("tv1", follows="hall")
    for output in (SECOND, other):
        kept.keep(output)
    assert await kept.write()
    assert kept_in(path).read() == {"hall": Kept(SECOND, None), "tv1": Kept(other, None)}
    assert kept_in(path, contest="khac").read() == {}
    assert kept_in(path).read() == {}, "what cannot be gone on from is removed"


@pytest.mark.parametrize(
    "text", ["", "{}", '{"name": "hall"}', "[1", '{"name": "tv1", "on_air": {}}', '{"name": "hall", "on_air": {}}']
)
async def test_what_cannot_be_read_is_none(path: Path, text: str) -> None:
    kept = kept_in(path)
    kept.keep(SECOND)
    assert await kept.write()
    with sqlite3.connect(path) as db:
        db.execute("UPDATE outputs SET body = ?", (text,))
    assert read(path) is None


async def test_what_cannot_be_gone_on_from_keeps_nothing_out(path: Path) -> None:
    kept = kept_in(path)
    kept.keep(THIRD)
    assert await kept.write()
    after = kept_in(path, contest="khac")
    assert after.read() == {}
    after.keep(FIRST)
    assert await after.write()
    assert read(path, contest="khac") == FIRST


async def test_a_picture_is_kept_as_long_as_it_stands_still(path: Path) -> None:
    still = SECOND.with_(still=Still("account:1", 5_000, SECOND.scene), version=3)
    kept = kept_in(path)
    kept.keep(still, PICTURE)
    assert await kept.write()
    again = kept_in(path)
    assert again.read() == {"hall": Kept(still, PICTURE)}
    again.keep(still.with_(delay_ms=8_000, version=4))
    assert await again.write()
    later = kept_in(path)
    assert later.read()["hall"].picture == PICTURE, "it is written with whatever else is done"
    later.keep(still.with_(still=None, version=5))
    assert await later.write()
    assert kept_in(path).read()["hall"].picture is None


async def test_a_picture_that_cannot_be_read_keeps_no_output_away(path: Path) -> None:
    still = SECOND.with_(still=Still("account:1", 5_000, SECOND.scene), version=3)
    kept = kept_in(path)
    kept.keep(still, PICTURE)
    assert await kept.write()
    with sqlite3.connect(path) as db:
        db.execute("UPDATE outputs SET picture = x'00ff'")
    assert kept_in(path).read() == {"hall": Kept(still, None)}


async def test_a_picture_is_written_once_however_much_is_done_behind_it(path: Path) -> None:
    async def is_written(kept: KeptOutputs, output: Output) -> bool:
        """Whether its picture is written with an output."""
        with sqlite3.connect(path) as db:
            db.execute("UPDATE outputs SET picture = x'00'")
        kept.keep(output)
        assert await kept.write()
        with sqlite3.connect(path) as db:
            found: bytes = db.execute("SELECT picture FROM outputs WHERE name = 'hall'").fetchone()[0]
        return found != b"\x00"

    still = SECOND.with_(still=Still("account:1", 5_000, SECOND.scene), version=3)
    kept, other = kept_in(path), msgspec.structs.replace(PICTURE, epoch="e2")
    kept.keep(still, PICTURE)
    assert await kept.write()
    later = kept_in(path)
    assert later.read()["hall"].picture == PICTURE
    assert not await is_written(kept, still.with_(version=4))
    assert not await is_written(later, still.with_(version=4))
    kept.keep(still.with_(still=None, version=5))
    kept.keep(still.with_(version=6), other)
    assert await kept.write()
    assert kept_in(path).read()["hall"].picture == other
