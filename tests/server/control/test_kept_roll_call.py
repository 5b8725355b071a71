"""The roll call in admin.db: written together, tried again, and what cannot be read is left out."""

import os
import sqlite3
from pathlib import Path

import pytest

from server.control.kept_roll_call import SLOW_S, KeptRollCall
from server.folder.admin_file import AdminFile
from streaming.points.roll_call import NOTHING, Entry, People
from tests.worlds.clocks import Stopwatch


@pytest.fixture
def path(tmp_path: Path) -> Path:
    made = tmp_path / "admin.db"
    AdminFile(made).make()
    return made


async def test_what_is_kept_is_read_again_by_its_contest_alone(path: Path) -> None:
    kept = KeptRollCall(path, "thu")
    entries = {"b1": Entry(bridge=True, present=24), "b2": Entry(people=People(chair="Lò Thị Mỷ"))}
    kept.keep(entries)
    assert await kept.write()
    assert await kept.written()
    assert KeptRollCall(path, "thu").read() == entries
    assert KeptRollCall(path, "khac").read() == {}
    kept.keep({"b1": NOTHING})
    kept.close()
    assert KeptRollCall(path, "thu").read() == {"b2": entries["b2"]}


async def test_a_row_that_cannot_be_read_keeps_no_other_out(path: Path) -> None:
    kept = KeptRollCall(path, "thu")
    kept.keep({"b1": Entry(ready=True), "b2": Entry(ready=True)})
    await kept.write()
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE roll_call SET body = '{\"present\": \"nhiều\"}' WHERE unit = 'b1'")
    assert KeptRollCall(path, "thu").read() == {"b2": Entry(ready=True)}


async def test_a_file_that_cannot_be_written_is_told_and_tried_again(path: Path) -> None:
    watch = Stopwatch()
    kept = KeptRollCall(path, "thu", monotonic_s=watch)
    kept.keep({"b1": Entry(ready=True)})
    assert kept.fault is None
    watch.s += SLOW_S + 1
    assert kept.fault is not None
    away = path.with_suffix(".away")
    os.rename(path, away)  # noqa: PTH104 - a file of the test
    assert not await kept.write()
    assert kept.fault is not None
    assert str(path.parent) not in kept.fault
    os.rename(away, path)  # noqa: PTH104
    kept.keep({"b1": Entry(ready=False)})
    assert await kept.write()
    assert kept.fault is None
    assert KeptRollCall(path, "thu").read() == {"b1": Entry(ready=False)}
