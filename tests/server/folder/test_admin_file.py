"""admin.db of a running server that is removed, emptied, damaged or replaced: that is heard of, and nothing stops."""

import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from server.auth.accounts import Accounts
from server.control.alarms import ALARM_CLEAR_MS
from server.control.kept_outputs import KeptOutputs
from server.control.shown_log import ShownLog
from server.errors import AdminUnavailable
from server.folder.admin_file import FAULT_S, REFRESH_S
from tests.worlds.apps import app_of, client_of
from tests.worlds.watch_room import rooms

WRITTEN_S = 20
LATER_S = 1e9
"""By the test's clock, which goes on from here: later than any by which the file was read before."""


def remove(path: Path, _other: Path) -> None:
    path.unlink()


def empty(path: Path, _other: Path) -> None:
    path.write_bytes(b"")


def spoil(path: Path, _other: Path) -> None:
    path.write_bytes(b"this is no database, but long enough to be looked at" * 100)


def replace(path: Path, other: Path) -> None:
    shutil.copy(other, path)


harms = pytest.mark.parametrize(
    ("harm", "says"),
    [
        (remove, "admin.db: No such file or directory; put back"),
        (empty, "admin.db: it is empty, new, or of another data folder; put back"),
        (spoil, "admin.db: file is not a database; put back"),
        (replace, "admin.db: it is empty, new, or of another data folder; put back"),
    ],
    ids=lambda each: getattr(each, "__name__", ""),
)


def until_written(*all_kept: KeptOutputs | ShownLog) -> None:
    """Wait for what is on air: a commit that is under way would write its pages into the file that the test puts."""
    ends_s = time.monotonic() + WRITTEN_S
    while any(kept._waiting for kept in all_kept) and time.monotonic() < ends_s:
        time.sleep(0.01)


@pytest.fixture
def other(tmp_path: Path) -> Path:
    """The admin.db of another data folder."""
    app = app_of(tmp_path / "other")
    app.open()
    app.close()
    return tmp_path / "other" / "admin.db"


@harms
async def test_the_control_room_is_alarmed_within_seconds(
    tmp_path: Path, other: Path, harm: Callable[[Path, Path], None], says: str
) -> None:
    async with rooms(tmp_path / "data") as open_room:
        room = open_room()
        sources, path = room.app.state.sources, tmp_path / "data" / "admin.db"
        sources._file._monotonic_s = lambda: LATER_S + room.stopwatch.s
        await room.pass_ms(1_000)
        shutil.copy(path, tmp_path / "kept")
        harm(path, other)
        await room.pass_ms(int(REFRESH_S * 1000))
        assert await room.alarms() == [], "an editor puts a file in another's place in less"
        await room.pass_ms(int(FAULT_S * 1000))
        assert await room.alarms() == [("admin", "admin.db", "alert")]
        (alarm,) = (await room.look())["alarms"]
        assert alarm["detail"]["reason"].startswith(says)
        assert sources.find(room.secret) is not None, "what was known holds"
        shutil.copy(tmp_path / "kept", path)
        await room.pass_ms(int(REFRESH_S * 1000))
        assert sources.fault is None
        await room.pass_ms(ALARM_CLEAR_MS)
        assert "admin" not in {rule for rule, _, _ in await room.alarms()}


@harms
def test_readyz_tells_and_stays_200(tmp_path: Path, other: Path, harm: Callable[[Path, Path], None], says: str) -> None:
    app = app_of(tmp_path / "data")
    now_s = LATER_S
    with client_of(app) as client:
        app.state.sources._file._monotonic_s = lambda: now_s
        assert client.get("/readyz").json()["warnings"] == []
        until_written(app.state.kept_outputs, app.state.shown_log)
        harm(tmp_path / "data" / "admin.db", other)
        for now_s in (LATER_S + FAULT_S, LATER_S + 2 * FAULT_S):  # noqa: B007 - the clock reads it
            answer = client.get("/readyz")
        assert answer.status_code == 200
        # What is on air may wait to be written to the same file, and that is told beside it.
        warnings = answer.json()["warnings"]
        assert any(warning.startswith(says) for warning in warnings), warnings
        assert str(tmp_path) not in "".join(warnings)
        assert client.get("/live/board").status_code == 200


def test_readyz_tells_of_a_ledger_that_takes_nothing(tmp_path: Path) -> None:
    app = app_of(tmp_path / "data")
    with client_of(app) as client:
        app.state.live.ledger._writer.refusal = "the disk is full"
        answer = client.get("/readyz")
        assert answer.status_code == 200
        assert answer.json()["warnings"] == ["ledger.db: nothing is stored now: the disk is full"]


@pytest.mark.parametrize("harm", [empty, spoil], ids=["empty", "spoil"])
def test_who_signs_in_is_told_to_come_again(tmp_path: Path, harm: Callable[[Path, Path], None]) -> None:
    app = app_of(tmp_path / "data")
    app.open()
    app.close()
    harm(tmp_path / "data" / "admin.db", tmp_path)
    with pytest.raises(AdminUnavailable, match=r"admin\.db: "):
        Accounts(tmp_path / "data" / "admin.db").credentials("lan")


def test_guesses_do_not_read_a_file_that_cannot_be_read_more_often(tmp_path: Path) -> None:
    app = app_of(tmp_path / "data")
    app.open()
    try:
        sources, reads = app.state.sources, 0
        sources._file._monotonic_s = lambda: LATER_S
        empty(tmp_path / "data" / "admin.db", tmp_path)
        connect = sources._file._reader.connect

        def counted() -> object:
            nonlocal reads
            reads += 1
            return connect()

        sources._file._reader.connect = counted  # type: ignore[method-assign, assignment]
        for _ in range(20):
            assert sources.find("whsec_guess") is None
        assert reads <= 2
    finally:
        app.close()
