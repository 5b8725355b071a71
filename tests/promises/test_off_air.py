"""Wrong numbers go off the air whatever the disks do: at once, and over kill −9 as far as anything could be written."""

import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx2
import pytest

from streaming.ledger.reader import Reader
from streaming.program.steering import PRESS_AGAIN_MS
from tests.worlds.power_room import Room
from tests.worlds.process import STOP_S
from tests.worlds.serving import WAIT_S
from tests.worlds.steering import Operator, shown, until_written

FULL = ("write ledger.db-wal ENOSPC", "write admin.db-journal ENOSPC")


class Hall:
    """A server on a disk that may be full, and its operator."""

    def __init__(self, room: Room) -> None:
        self.room = room
        self.serving = room.serving
        self.operator = Operator(room.serving)

    def post(self, name: str, **asked: Any) -> Any:
        time.sleep(PRESS_AGAIN_MS / 1000)
        body = asked | {"seen": self.operator.seen}
        url = f"{self.serving.url}/api/v1/outputs/hall/{name}"
        return httpx2.post(url, json=body, headers=self.operator.headers, timeout=STOP_S)

    @property
    def scene(self) -> str:
        name: str = shown(self.serving)["state"]["scene"]["name"]
        return name

    @property
    def total(self) -> Any:
        return self.serving.get("/live/board")["rows"]["02"][2]

    def kinds(self) -> list[str]:
        """What was decided, the first one first."""
        rows = [*Reader(self.serving.data / "ledger.db").every_decision()]
        return [row.body.partition(b'"kind":"')[2].partition(b'"')[0].decode() for row in reversed(rows)][1:]

    def until_decided(self, kind: str) -> None:
        until_s = time.monotonic() + WAIT_S
        while kind not in self.kinds():
            assert time.monotonic() < until_s, f"no {kind} has been written"
            time.sleep(0.01)

    def restart(self) -> None:
        self.serving.kill()
        self.room.disk.order()
        self.serving.start()


@pytest.fixture
def hall(tmp_path: Path, library: Path) -> Iterator[Hall]:
    room = Room(tmp_path / "data", library)
    room.serving.data.mkdir(exist_ok=True)
    hall = Hall(room)
    room.serving.start()
    try:
        hall.operator.sign_in()
        until_written(room.serving.data, hall.operator.take("live"))
        assert room.send(10) == 200
        yield hall
    finally:
        room.serving.kill()


def test_on_a_full_disk_all_of_it_acts_at_once_is_told_and_written_when_there_is_room(hall: Hall) -> None:
    before = hall.total
    hall.room.disk.order(*FULL)
    assert hall.post("withdraw").status_code == 200
    assert hall.scene == "backdrop"
    assert hall.room.send(10) == 503
    assert hall.post("take", scene="live").status_code == 200
    assert hall.scene == "live", "takes act as before"
    assert hall.post("panic").status_code == 200
    assert shown(hall.serving)["state"]["output"]["frozen"] is True
    until_s = time.monotonic() + WAIT_S
    while not (told := "; ".join(hall.serving.get("/readyz")["warnings"])) or "admin.db" not in told:
        assert time.monotonic() < until_s, told
        time.sleep(0.05)
    assert hall.post("withdraw").status_code == 200
    assert (hall.scene, shown(hall.serving)["state"]["output"]["frozen"]) == ("backdrop", False)
    restored = hall.post("restore")
    assert (restored.status_code, restored.json()["code"]) == (503, "ledger_unavailable")
    assert hall.scene == "backdrop"
    hall.room.disk.order()
    hall.until_decided("withdraw")
    until_written(hall.serving.data, hall.operator.seen)
    assert hall.room.send(10) == 200
    hall.restart()
    assert (hall.scene, hall.total) == ("backdrop", before)
    assert hall.post("restore").status_code == 200
    assert hall.scene == "live"
    until_s = time.monotonic() + WAIT_S
    while hall.total != before + 10:
        assert time.monotonic() < until_s
        time.sleep(0.05)
    assert hall.kinds() == ["withdraw", "restore"]


def test_what_was_not_written_before_a_kill_is_as_it_was_before(hall: Hall) -> None:
    hall.room.disk.order(*FULL)
    assert hall.post("withdraw").status_code == 200
    assert hall.scene == "backdrop"
    hall.restart()
    assert hall.scene == "live"
    assert hall.room.send(10) == 200
    assert hall.kinds() == []


def test_a_disk_that_loses_what_it_was_given_ends_the_server_and_the_next_holds_again(hall: Hall) -> None:
    before, version = hall.total, hall.operator.seen
    hall.room.disk.order("sync ledger.db-wal EIO")
    with suppress(httpx2.HTTPError):
        hall.post("withdraw")
    assert hall.room.process.wait(STOP_S) != 0
    hall.restart()
    until_written(hall.serving.data, version + 1)
    hall.until_decided("withdraw")
    assert hall.scene == "backdrop"
    assert hall.room.send(10) == 200
    assert hall.total == before


def test_while_a_disk_hangs_all_of_it_acts_and_after_a_kill_picture_and_numbers_tell_the_same(hall: Hall) -> None:
    hall.room.disk.order("sync admin.db hang", "sync admin.db-journal hang", "sync ledger.db-wal hang")
    assert hall.post("withdraw").status_code == 200
    assert hall.scene == "backdrop"
    assert hall.post("take", scene="live").status_code == 200
    assert hall.post("withdraw").status_code == 200
    assert hall.scene == "backdrop"
    hall.restart()
    is_held = hall.kinds() == ["withdraw"]
    until_s = time.monotonic() + WAIT_S
    while hall.scene != ("backdrop" if is_held else "live"):
        assert time.monotonic() < until_s
        time.sleep(0.05)
