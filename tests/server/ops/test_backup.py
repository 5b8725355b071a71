"""`backup` and `restore`: everything of a data folder in one file, and back again."""

import shutil
import sqlite3
import stat
import subprocess
import sys
import tarfile
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import Result

from server.auth.roles import Role
from server.ops import backup
from server.ops.backup import MEMBERS, BackupError, Manifest, back_up, examine
from streaming.ledger.reader import Reader
from tests.worlds.apps import app_of, client_of, take
from tests.worlds.damage import age_index
from tests.worlds.data_folder import audit, fill, old, opens, run_in
from tests.worlds.people import account, sign_in
from tests.worlds.process import ROOT, STOP_S

AT = "2024-01-01T00:30:00Z"
FILE_BYTES_MAX = 8_192
"""Of a process whose disk takes no more."""


def backed_up(data: Path, file: Path) -> Path:
    said = run_in(data, "backup", str(file))
    assert said.exit_code == 0, said.output
    return file


def restored(file: Path, data: Path, *options: str) -> Result:
    return run_in(data, "restore", str(file), *options)


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("make", [fill, old], ids=["marked", "of before the marks"])
def test_a_folder_comes_back_whole_with_a_new_count_of_restores(tmp_path: Path, make: Callable[[Path], Path]) -> None:
    data = make(tmp_path / "data")
    file = backed_up(data, tmp_path / "backup.tar")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert names_in(tmp_path) == ["backup.tar", "data"]
    again = tmp_path / "again"
    said = restored(file, again)
    assert said.exit_code == 0, said.output
    assert set(names_in(again)) == {*MEMBERS, "serve.lock"}
    assert [stat.S_IMODE((again / name).stat().st_mode) for name in MEMBERS] == [0o600] * 4
    assert stat.S_IMODE(again.stat().st_mode) == 0o700
    for name in ("ledger.db", "rehearsal.db"):
        assert list(Reader(again / name).read()) == list(Reader(data / name).read())
    assert (again / "person.key").read_bytes() == (data / "person.key").read_bytes()
    before, after = app_of(data), app_of(again)
    for one, other in zip(before.open().stores, after.open().stores, strict=True):
        assert (one.ledger.id, one.ledger.restores + 1) == (other.ledger.id, other.ledger.restores)
    before.close()
    after.close()
    assert audit(again).exit_code == 0


def test_a_backup_under_load_has_all_that_was_acknowledged_before_it_began(tmp_path: Path) -> None:
    app = app_of(tmp_path / "data")
    acknowledged: list[str] = []
    ends, has_begun = threading.Event(), threading.Event()
    with client_of(app) as client:
        bearer = {"Authorization": f"Bearer {app.state.sources.add('web')}"}

        def send() -> None:
            number = 0
            while not ends.is_set():
                items = [
                    {"id": f"{number}-{n}", "kind": "completed", "unit": "P1D1X1", "at": AT, "person": f"{n}"}
                    for n in range(50)
                ]
                assert client.post("/api/v1/participations", json=items, headers=bearer).json()["accepted"] == 50
                acknowledged.extend(str(item["id"]) for item in items)
                number += 1
                if number == 3:
                    has_begun.set()

        sender = threading.Thread(target=send)
        sender.start()
        has_begun.wait(30)
        before = list(acknowledged)
        file = backed_up(tmp_path / "data", tmp_path / "backup.tar")
        ends.set()
        sender.join()
    assert before
    assert restored(file, tmp_path / "again").exit_code == 0
    found = {row.id for row in Reader(tmp_path / "again" / "ledger.db").read()}
    assert set(before) <= found
    assert audit(tmp_path / "again").exit_code == 0


def test_a_backup_never_takes_the_place_of_a_file(tmp_path: Path) -> None:
    data = fill(tmp_path / "data")
    (tmp_path / "backup.tar").write_text("dear to somebody")
    said = run_in(data, "backup", str(tmp_path / "backup.tar"))
    assert said.exit_code == 1
    assert "it is there already, expected the name of a new file; nothing was changed" in said.output
    assert (tmp_path / "backup.tar").read_text() == "dear to somebody"
    assert names_in(tmp_path) == ["backup.tar", "data"]


def test_nor_of_one_that_comes_while_it_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data, file = fill(tmp_path / "data"), tmp_path / "backup.tar"

    def examine_slowly(folder: Path, begun_ms: int) -> Manifest:
        file.write_text("dear to somebody")
        return examine(folder, begun_ms)

    monkeypatch.setattr(backup, "examine", examine_slowly)
    with pytest.raises(BackupError, match="it is there already"):
        back_up(data, file, 1)
    assert file.read_text() == "dear to somebody"
    assert names_in(tmp_path) == ["backup.tar", "data"]


def cut_row(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("DELETE FROM rows WHERE seq = 2")


def change_row(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("UPDATE rows SET body = replace(body, 'P1D1X1', 'P1D1X2') WHERE seq = 3")


def spoil_page(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[2 * 4096 : 2 * 4096 + 64] = b"\xff" * 64
    path.write_bytes(content)


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (cut_row, "but the last is row"),
        (change_row, "a row up to 4 is not as it was written"),
        (lambda path: age_index(path, 2), "it is damaged"),
        (spoil_page, "ledger.db: "),
    ],
    ids=["row gone", "row changed", "index older than its table", "page damaged"],
)
def test_what_is_damaged_is_not_backed_up_as_if_it_were_whole(
    tmp_path: Path, damage: Callable[[Path], None], told: str
) -> None:
    data = fill(tmp_path / "data")
    damage(data / "ledger.db")
    said = run_in(data, "backup", str(tmp_path / "backup.tar"))
    assert said.exit_code == 1, said.output
    assert told in said.output
    assert names_in(tmp_path) == ["data"]


@pytest.mark.parametrize(
    ("name", "sql", "code", "told"),
    [
        ("ledger.db", "DELETE FROM meta WHERE key = 'restores'", 1, "the files are not as a server made them"),
        ("rehearsal.db", "UPDATE meta SET value = 'x' WHERE key = 'restores'", 78, "its count of restores is “x”"),
        ("admin.db", "DROP TABLE accounts", 1, "the files are not as a server made them"),
    ],
)
def test_files_that_lack_what_ours_have_are_refused_in_one_line(
    tmp_path: Path, name: str, sql: str, code: int, told: str
) -> None:
    data = fill(tmp_path / "data")
    with closing(sqlite3.connect(data / name)) as db, db:
        db.execute(sql)
    said = run_in(data, "backup", str(tmp_path / "backup.tar"))
    assert said.exit_code == code, said.output
    assert said.output.startswith("run.py: ")
    assert told in said.output
    assert len(said.output.splitlines()) == 1
    assert names_in(tmp_path) == ["data"]


def test_a_folder_of_files_that_do_not_belong_together_is_not_backed_up(tmp_path: Path) -> None:
    data, other = fill(tmp_path / "data"), fill(tmp_path / "other")
    shutil.copy(other / "person.key", data / "person.key")
    assert run_in(data, "backup", str(tmp_path / "backup.tar")).exit_code == 78
    said = run_in(tmp_path / "none", "backup", str(tmp_path / "backup.tar"))
    assert said.exit_code == 1
    assert "expected a data folder that a server has made" in said.output
    assert not (tmp_path / "backup.tar").exists()


def test_a_backup_that_was_damaged_later_puts_nothing(tmp_path: Path) -> None:
    data = fill(tmp_path / "data")
    whole = backed_up(data, tmp_path / "backup.tar").read_bytes()
    with tarfile.open(tmp_path / "backup.tar") as tar:
        starts = {member.name: member.offset_data for member in tar.getmembers()}
    at = starts["person.key"]
    other_digit = b"1" if whole[at : at + 1] == b"0" else b"0"
    for name, content in {
        "cut": whole[: starts["admin.db"] + 100],
        "changed": whole[:at] + other_digit + whole[at + 1 :],
        "none": b"no backup at all" * 100,
        "empty": b"",
        "short": whole[:400],
    }.items():
        bad = tmp_path / f"{name}.tar"
        bad.write_bytes(content)
        said = restored(bad, tmp_path / f"into {name}")
        assert said.exit_code == 1, (name, said.output)
        assert len(said.output.strip().splitlines()) == 1, said.output
        assert not (tmp_path / f"into {name}").exists() or names_in(tmp_path / f"into {name}") == ["serve.lock"]


def test_only_a_new_or_empty_folder_is_filled(tmp_path: Path) -> None:
    data = fill(tmp_path / "data")
    file = backed_up(data, tmp_path / "backup.tar")
    before = names_in(data)
    said = restored(file, data)
    assert said.exit_code == 1
    assert "expected a new or empty folder; move the old one away" in said.output
    assert names_in(data) == before
    (tmp_path / "empty").mkdir()
    assert restored(file, tmp_path / "empty").exit_code == 0
    opens(tmp_path / "empty")


def test_what_a_backup_brings_back_to_life_is_told(tmp_path: Path) -> None:
    data = tmp_path / "data"
    app = app_of(data)
    with client_of(app) as client:
        account(app, "lan", Role.ADMINISTRATOR)
        binh = account(app, "binh", Role.OPERATOR)
        assert sign_in(client, "binh") == 303
        app.auth.accounts.reset(account(app, "dung", Role.VIEWER).number)
        app.state.sources.add("web")
        app.keys.add("tv")
        take(app.state.live, [("P1D1X1", "completed", "a")])
        file = backed_up(data, tmp_path / "backup.tar")
        same = restored(file, tmp_path / "same", "--old", str(data), "--keep-sessions")
        assert "nothing was ended, made or taken in since" in same.output, same.output
        app.auth.accounts.revoke(binh.number)
        app.auth.accounts.reset(app.auth.accounts.number_of("lan"))
        app.auth.accounts.reset(app.auth.accounts.number_of("dung"))
        account(app, "chi", Role.VIEWER)
        app.state.sources.rotate("web")
        app.keys.revoke("tv")
        app.keys.add("led")
        take(app.state.live, [("P1D1X1", "completed", "b")])
    said = restored(file, tmp_path / "again", "--old", str(data), "--keep-sessions")
    assert said.exit_code == 0, said.output
    for line in (
        "account binh: was revoked since, is in force again: run.py account revoke binh",
        "account lan: has an earlier password or phone again: run.py account reset lan",
        "account chi: was made since, is not there",
        "session of binh, from testclient: was ended since",
        "1 one-time links: were used or ended since",
        "live secret of source web: was ended since, works again: run.py source rotate web",
        "live secret of source web: was made since, is not there",
        "key tv: was revoked since, works again: run.py key revoke tv",
        "key led: was made since, is not there",
        "ledger.db: rows 3 to 3 of the old one are not there",
    ):
        assert line in said.output, said.output


@pytest.mark.parametrize(("options", "alive"), [([], 0), (["--end-sessions"], 0), (["--keep-sessions"], 1)])
def test_sessions_and_links_of_a_backup_end_unless_they_are_to_be_kept(
    tmp_path: Path, options: list[str], alive: int
) -> None:
    assert run_in(fill(tmp_path / "data"), "account", "reset", "lan").exit_code == 0
    file = backed_up(tmp_path / "data", tmp_path / "backup.tar")
    said = restored(file, tmp_path / "again", *options)
    assert said.exit_code == 0, said.output
    with closing(sqlite3.connect(tmp_path / "again" / "admin.db")) as db:
        assert db.execute("SELECT count(*) FROM sessions WHERE revoked_ms IS NULL").fetchone() == (alive,)
        assert db.execute("SELECT count(*) FROM links").fetchone() == (alive,)
    assert ("everybody signs in again" in said.output) == (alive == 0)


def test_a_backup_is_made_beside_a_place_that_takes_no_file(tmp_path: Path) -> None:
    data = fill(tmp_path / "data")
    said = run_in(data, "backup", str(tmp_path / "no" / "such" / "folder.tar"))
    assert said.exit_code == 1
    assert "expected a place that may be written" in said.output


def test_a_disk_that_does_not_take_the_backup_is_blamed_and_not_the_folder(tmp_path: Path) -> None:
    data = fill(tmp_path / "data")
    file = tmp_path / "elsewhere" / "backup.tar"
    file.parent.mkdir()
    limited = (
        f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({FILE_BYTES_MAX}, {FILE_BYTES_MAX}));"
        "from server.cli import cli; cli(prog_name='run.py')"
    )
    said = subprocess.run(
        [sys.executable, "-c", limited, "backup", str(file), "--data", str(data)],
        cwd=ROOT, capture_output=True, text=True, timeout=STOP_S, check=False,
    )  # fmt: skip
    assert (said.returncode, said.stdout) == (1, "")
    assert said.stderr.startswith(f"run.py: {file}: ")
    assert said.stderr.endswith("; free some space\n")
    assert str(data) not in said.stderr
    assert names_in(file.parent) == []


def test_a_restore_that_is_cut_off_leaves_nothing_that_starts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = fill(tmp_path / "data")
    manifest = back_up(data, tmp_path / "backup.tar", 1)
    assert manifest.live.rows == 5
    again = tmp_path / "again"
    rename = Path.rename

    def cut(self: Path, target: Path) -> Path:
        if self.name == "ledger.db":
            raise OSError(28, "No space left on device")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", cut)
    said = restored(tmp_path / "backup.tar", again)
    assert said.exit_code == 1
    assert "No space left on device" in said.output
    assert names_in(again) == ["serve.lock"]
