"""A disk that is full, files that are damaged or another's: one line from every command, and `check` tells the same."""

import errno
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from click.testing import CliRunner

from server.cli import cli
from server.folder import admin_file, soundness
from server.ops import doctor
from tests.worlds.data_folder import run_in
from tests.worlds.power_room import Room, starting
from tests.worlds.process import STOP_S, Serving, run

COMMANDS = [
    ["source", "add", "x"],
    ["source", "list"],
    ["key", "add", "tv"],
    ["account", "add", "lan", "--name", "Lan", "--role", "operator"],
    ["account", "list"],
    ["serve", "--port", "0"],
]


ROWS_PAGE = 13
"""The first byte of a page of SQLite's that holds rows."""


def garbage(path: Path) -> None:
    path.write_bytes(b"this is no database, but long enough to be looked at" * 100)


def torn(path: Path) -> None:
    """A page of rows in the middle is not as it was written; one of the index no start would read."""
    data = bytearray(path.read_bytes())
    middle = next(at for at in range(len(data) // 8192 * 4096, len(data), 4096) if data[at] == ROWS_PAGE)
    data[middle : middle + 4096] = bytes(4096)
    path.write_bytes(data)


@pytest.fixture
def room(tmp_path: Path, library: Path) -> Iterator[Room]:
    with starting(tmp_path / "data", library) as room:
        yield room


@pytest.fixture(scope="module")
def used(tmp_path_factory: pytest.TempPathFactory, library: Path) -> Path:
    """A data folder with some thousand rows, and a checkpoint beside them."""
    room = Room(tmp_path_factory.mktemp("used") / "data", library)
    room.serving.start()
    for _ in range(3):
        assert room.send() == 200
    assert room.serving.stop() == 0
    assert (room.serving.data / "ledger.checkpoint").exists()
    return room.serving.data


@pytest.mark.parametrize(
    ("file", "damage", "says"),
    [
        ("ledger.db", garbage, "ledger.db: file is not a database; expected a file of this program"),
        ("admin.db", garbage, "admin.db: file is not a database; expected a file of this program"),
        ("ledger.db", torn, "ledger.db: database disk image is malformed; the file is damaged: stop, put it aside"),
    ],
)
def test_check_tells_what_serve_would(
    used: Path, tmp_path: Path, file: str, damage: Callable[[Path], None], says: str
) -> None:
    data = tmp_path / "data"
    data.mkdir()
    for each in used.iterdir():
        (data / each.name).write_bytes(each.read_bytes())
    damage(data / file)
    served = run("serve", "--data", data, "--port", "0")
    assert served.returncode == 1
    assert served.stderr.splitlines()[-1].startswith("run.py: ")
    assert says in served.stderr.splitlines()[-1]
    checked = run_in(data, "check", "--port", "0")
    assert checked.exit_code == 1
    (line,) = [line for line in checked.stdout.splitlines() if "Data files" in line]
    assert line.startswith("fail")
    assert str(data / file) in line
    assert says.rpartition("; ")[2] in line


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_tells_of_a_damaged_file_in_one_line(tmp_path: Path, command: list[str]) -> None:
    garbage(tmp_path / "admin.db")
    done = run_in(tmp_path, *command)
    assert (done.exit_code, type(done.exception)) == (1, SystemExit)
    assert done.stderr.splitlines()[-1].startswith(f"run.py: {tmp_path / 'admin.db'}: file is not a database; expected")
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize("order", ["write admin.db-journal ENOSPC", "write admin.db EDQUOT", "sync admin.db EIO"])
@pytest.mark.parametrize("command", COMMANDS[0::2][:2], ids=" ".join)
def test_what_could_not_be_written_is_told_in_one_line_and_not_done(
    tmp_path: Path, library: Path, command: list[str], order: str
) -> None:
    room = Room(tmp_path / "data", library)
    room.disk.order(order)
    done = run(*command, "--data", room.serving.data, **room.disk.environment)
    assert (done.returncode, done.stdout) == (1, "")
    assert len(done.stderr.splitlines()) == 1
    assert f"run.py: {room.serving.data / 'admin.db'}: " in done.stderr
    assert ("look at the disk" if "EIO" in order else "free some space") in done.stderr
    room.disk.order()
    assert run_in(room.serving.data, "source", "list").stdout == "web\tlive\theartbeat 60 s\n"


@pytest.mark.parametrize("number", [errno.EACCES, errno.EROFS, errno.ENOSPC])
def test_a_folder_of_another_or_without_room_is_told_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def refuse(path: Path, *_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number), str(path))

    for name in ("mkdir", "touch"):
        with monkeypatch.context() as patched:
            patched.setattr(Path, name, refuse)
            done = CliRunner().invoke(cli, ["source", "add", "x", "--data", str(tmp_path / "data")])
            assert done.exit_code == 1
            assert done.stderr.startswith(f"run.py: {tmp_path / 'data'}")
            assert os.strerror(number) in done.stderr
            assert len(done.stderr.splitlines()) == 1
        (tmp_path / "data").mkdir(exist_ok=True)


@pytest.mark.parametrize("error", ["ENOSPC", "EDQUOT"])
def test_a_full_disk_is_answered_503_and_gone_on_from_without_a_start(room: Room, error: str) -> None:
    assert room.send(10) == 200
    shown = room.serving.get("/live/board")["rows"]
    room.disk.order(f"write ledger.db-wal {error}")
    entry: dict[str, Any] = {"id": "x", "kind": "completed", "unit": "00688", "at": "2022-09-09T10:00:00+07:00"}
    refused = httpx2.post(
        f"{room.serving.url}/api/v1/participations",
        json=entry,
        headers={"authorization": f"Bearer {room.secret}"},
        timeout=STOP_S,
    )
    assert refused.status_code == 503
    assert refused.headers["content-type"] == "application/problem+json"
    assert 1 <= int(refused.headers["retry-after"]) <= 5
    assert refused.json()["code"] == "not_stored"
    assert room.serving.get("/live/board")["rows"].keys() == shown.keys()
    room.disk.order()
    assert room.send(10) == 200
    room.cut()


def test_a_server_starts_without_room_for_the_first_link(tmp_path: Path, library: Path) -> None:
    serving = Serving(tmp_path / "data")
    serving.start()
    assert serving.stop() == 0
    room = Room(serving.data, library)
    room.disk.order("write admin.db-journal ENOSPC")
    room.serving.start()
    try:
        assert room.process.stdout is not None
        assert "no link can be made" in room.process.stdout.readline()
        assert room.serving.get("/healthz")["status"] == "ok"
    finally:
        room.serving.kill()


def test_a_file_that_another_program_holds_is_told_by_check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(soundness, "LOCK_TIMEOUT_S", 0.0)
    file = admin_file.AdminFile(tmp_path / "admin.db")
    file.make()
    assert doctor.check_files(tmp_path).verdict == "ok"
    with file.begin():
        found = doctor.check_files(tmp_path)
    assert (found.verdict, found.fix) == ("fail", "end the other program that has it open")


@pytest.mark.parametrize("command", [["check"], ["audit"], ["source", "list"]], ids=" ".join)
def test_a_folder_that_may_not_be_read_is_no_wrong_option(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: list[str]
) -> None:
    monkeypatch.setattr(os, "access", lambda _path, _mode: False)
    (tmp_path / "data").mkdir()
    done = CliRunner().invoke(cli, [*command, "--data", str(tmp_path / "data")])
    assert "Usage" not in done.output
    assert done.exit_code in {0, 1}
