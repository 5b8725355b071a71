"""Files of a data folder that do not belong together are refused; past 350 lines, for each way has its case."""

import errno
import os
import shutil
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from server.auth.roles import Role
from server.cli import cli
from server.folder.admin_file import AdminFile
from server.folder.belonging import make_ledger
from server.folder.marks import look
from server.ops.doctor import check_files, check_rows, existing
from streaming.ledger.rows import Draft
from tests.worlds.apps import FOUR_LEVELS, app_of, client_of, take
from tests.worlds.data_folder import contents, fill, old, opens, refused, run_in
from tests.worlds.people import account
from tests.worlds.process import run

WAIT_S = 20.0


def remove(name: str) -> Callable[[Path, Path], None]:
    def unlink(data: Path, _other: Path) -> None:
        (data / name).unlink()

    return unlink


def empty(name: str) -> Callable[[Path, Path], None]:
    def cut(data: Path, _other: Path) -> None:
        (data / name).write_bytes(b"")

    return cut


def swap(data: Path, _other: Path) -> None:
    (data / "ledger.db").rename(data / "x")
    (data / "rehearsal.db").rename(data / "ledger.db")
    (data / "x").rename(data / "rehearsal.db")


def of_another(*names: str) -> Callable[[Path, Path], None]:
    def take_over(data: Path, other: Path) -> None:
        for name in names:
            shutil.copy(other / name, data / name)

    return take_over


def hard_link(name: str) -> Callable[[Path, Path], None]:
    def link(data: Path, other: Path) -> None:
        (data / name).unlink()
        os.link(other / name, data / name)

    return link


def symbolic_link(name: str) -> Callable[[Path, Path], None]:
    def link(data: Path, other: Path) -> None:
        (data / name).unlink()
        (data / name).symlink_to(other / name)

    return link


def folder(name: str) -> Callable[[Path, Path], None]:
    def make(data: Path, _other: Path) -> None:
        (data / name).unlink()
        (data / name).mkdir()

    return make


def pipe(name: str) -> Callable[[Path, Path], None]:
    def make(data: Path, _other: Path) -> None:
        (data / name).unlink()
        os.mkfifo(data / name)

    return make


def later(name: str) -> Callable[[Path, Path], None]:
    def write(data: Path, _other: Path) -> None:
        with closing(sqlite3.connect(data / name)) as db, db:
            db.execute("UPDATE alembic_version SET version_num = '9999'")

    return write


def beside(name: str, make: Callable[[Path], None]) -> Callable[[Path, Path], None]:
    """Something that is no file of its own stands at a name; nothing, where it is a link that leads nowhere."""

    def put(data: Path, _other: Path) -> None:
        (data / name).unlink(missing_ok=True)
        make(data / name)

    return put


def nowhere(path: Path) -> None:
    path.symlink_to("/nowhere/at/all")


def no_number(data: Path, _other: Path) -> None:
    with closing(sqlite3.connect(data / "rehearsal.db")) as db, db:
        db.execute("UPDATE meta SET value = 'x' WHERE key = 'restores'")


KINDS = {
    "ledger.db gone": (remove("ledger.db"), ["ledger.db: it is missing", "run.py lost ledger.db"]),
    "ledger.db empty": (empty("ledger.db"), ["ledger.db: it is empty", "restore a backup"]),
    "rehearsal.db gone": (remove("rehearsal.db"), ["rehearsal.db: it is missing", "run.py lost rehearsal.db"]),
    "admin.db gone": (remove("admin.db"), ["admin.db: it is missing", "run.py lost admin.db"]),
    "admin.db empty": (empty("admin.db"), ["admin.db: it is missing or empty"]),
    "person.key gone": (remove("person.key"), ["person.key", "missing", "run.py lost person.key"]),
    "person.key empty": (empty("person.key"), ["person.key: found 0 bytes", "run.py lost person.key"]),
    "ledgers exchanged": (swap, ["ledger"]),
    "ledger.db a folder": (folder("ledger.db"), ["ledger.db: it is a folder, expected a file"]),
    "admin.db a folder": (folder("admin.db"), ["admin.db: it is a folder, expected a file"]),
    "rehearsal.db a pipe": (pipe("rehearsal.db"), ["rehearsal.db: it is a pipe or a device, expected a file"]),
    "person.key a pipe": (pipe("person.key"), ["person.key: it is no file", "run.py lost person.key"]),
    "ledger.db of a later version": (later("ledger.db"), ["ledger.db: a later version", "schema 9999"]),
    "admin.db of a later version": (later("admin.db"), ["admin.db: a later version", "schema 9999"]),
    "ledger.db a link": (hard_link("ledger.db"), ["ledger.db: it is a link", "cp ledger.db copy"]),
    "admin.db a link": (symbolic_link("admin.db"), ["admin.db: it is a link"]),
    "ledger.db-wal a link": (beside("ledger.db-wal", nowhere), ["ledger.db-wal: it is a link"]),
    "rehearsal.db-shm a folder": (beside("rehearsal.db-shm", Path.mkdir), ["rehearsal.db-shm: it is a folder"]),
    "admin.db-journal a folder": (beside("admin.db-journal", Path.mkdir), ["admin.db-journal: it is a folder"]),
    "serve.lock a folder": (beside("serve.lock", Path.mkdir), ["serve.lock: it is a folder"]),
    "serve.lock a link": (beside("serve.lock", nowhere), ["serve.lock: it is a link"]),
    "serve.lock a pipe": (beside("serve.lock", os.mkfifo), ["serve.lock: it is a pipe"]),
    "restores no number": (no_number, ["rehearsal.db: its count of restores is “x”, expected a number"]),
}


@pytest.mark.parametrize("make", [fill, old], ids=["marked", "of before the marks"])
@pytest.mark.parametrize(("spoil", "parts"), KINDS.values(), ids=KINDS)
def test_what_does_not_belong_together_is_refused_with_what_to_do(
    tmp_path: Path, make: Callable[[Path], Path], spoil: Callable[[Path, Path], None], parts: list[str]
) -> None:
    data, other = make(tmp_path / "data"), make(tmp_path / "other")
    spoil(data, other)
    refused(data, *parts)
    found = check_files(data)
    assert found.verdict == "fail"
    assert parts[0] in f"{found.found}; {found.fix}", "the doctor tells the same"


def test_a_checkpoint_of_another_ledger_is_refused_and_the_doctor_tells_the_same(tmp_path: Path) -> None:
    data, other = fill(tmp_path / "data"), fill(tmp_path / "other")
    of_another("ledger.checkpoint")(data, other)
    refused(data, "ledger.checkpoint: it was written beside another ledger")
    assert "ledger.checkpoint: it was written beside another ledger" in check_files(data).found


def test_the_doctor_goes_on_where_a_folder_is_closed_to_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def closed(path: Path) -> bool:
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    data = fill(tmp_path / "data")
    monkeypatch.setattr(Path, "exists", closed)
    assert check_files(data).found == f"{data}: Permission denied"
    assert [check.verdict for check in check_rows(data, 0)] == ["ok"]
    assert existing(Path("/")) == Path("/")


def left_open(data: Path) -> Path:
    """A folder as a kill leaves it: rows that were acknowledged stand in the logs alone."""
    app = app_of(data.with_name("killed"))
    app.open()
    for store in app.state.stores:
        take(store, [("P1D1X1", "completed", person) for person in ("a", "b", "c")])
    shutil.copytree(data.with_name("killed"), data)
    app.close()
    return data


@pytest.mark.parametrize("name", ["ledger.db", "rehearsal.db"])
@pytest.mark.parametrize("beside", [["-wal"], ["-wal", "-shm"]], ids=" ".join)
def test_a_ledger_whose_log_was_left_behind_does_not_begin_at_0(tmp_path: Path, name: str, beside: list[str]) -> None:
    data = left_open(tmp_path / "data")
    for suffix in beside:
        (data / f"{name}{suffix}").rename(tmp_path / f"kept{suffix}")
    refused(data, f"{name}-wal", "put", "restore a backup into a new folder")
    for command in ("check", "backup", "audit"):
        options = [str(tmp_path / "made"), "--data", str(data)] if command == "backup" else ["--data", str(data)]
        said = CliRunner().invoke(cli, [command, *options])
        if command != "audit" or beside == ["-wal"]:
            assert said.exit_code != 0
            assert f"{name}-wal" in said.output
        assert not (data / f"{name}-wal").exists(), "a new one would hide what has happened"
    for suffix in beside:
        (tmp_path / f"kept{suffix}").rename(data / f"{name}{suffix}")
    app = app_of(data)
    app.open()
    assert [store.ledger.head for store in app.state.stores] == [4, 4]
    app.close()


@pytest.mark.parametrize("names", [["ledger.db", "ledger.checkpoint"], ["rehearsal.db"], ["admin.db"], ["person.key"]])
def test_a_file_of_another_folder_is_refused_by_its_name(tmp_path: Path, names: list[str]) -> None:
    data, other = fill(tmp_path / "data"), fill(tmp_path / "other")
    of_another(*names)(data, other)
    refused(data, names[0], "put", "run.py lost")


def test_exchanged_ledgers_are_told_to_change_back(tmp_path: Path) -> None:
    data = fill(tmp_path / "data")
    swap(data, data)
    refused(data, "ledger.db: it holds the rehearsal store", "give each its name back")
    swap(data, data)
    opens(data)


def test_a_new_admin_file_is_not_that_of_ledgers_with_decisions(tmp_path: Path) -> None:
    for make in (fill, old):
        data = make(tmp_path / make.__name__)
        (data / "admin.db").unlink()
        for command in (["source", "add", "x"], ["key", "list"], ["account", "list"]):
            said = run_in(data, *command)
            assert said.exit_code == 78, said.output
            assert "admin.db: it is missing" in said.output
        assert not (data / "admin.db").exists()
        AdminFile(tmp_path / f"{make.__name__}.db").make()
        shutil.copy(tmp_path / f"{make.__name__}.db", data / "admin.db")
        refused(data, "admin.db", {fill: "not that of these ledgers but a new one", old: "up to number 0"}[make])
    # Nor that of ledgers which know their folder, though nobody has decided anything yet.
    opens(tmp_path / "fresh")
    shutil.copy(tmp_path / "old.db", tmp_path / "fresh" / "admin.db")
    refused(tmp_path / "fresh", "admin.db", "not that of these ledgers but a new one")


def test_an_older_copy_of_the_admin_file_never_gives_a_number_again(tmp_path: Path) -> None:
    data = tmp_path / "data"
    app = app_of(data)
    app.open()
    account(app, "lan", Role.ADMINISTRATOR)
    shutil.copy(data / "admin.db", tmp_path / "older.db")
    binh = account(app, "binh", Role.OPERATOR)
    hold = b'{"kind":"hold","unit":null}'
    app.state.rehearsal.ledger.append_now([Draft("decision", f"account:{binh.number}", None, None, hold)])
    app.close()
    shutil.copy(tmp_path / "older.db", data / "admin.db")
    app = app_of(data)
    app.open()
    assert account(app, "chi", Role.OPERATOR).number == binh.number + 1
    app.close()


STEPS = ["admin.db", "ledger.db", "rehearsal.db"]


@pytest.mark.parametrize("files", [STEPS[:count] for count in range(4)], ids=len)
def test_a_new_folder_whose_making_was_cut_off_is_made_to_its_end(tmp_path: Path, files: list[str]) -> None:
    """Of each step of the making what a kill leaves: the files before it whole, the next empty or not there."""
    from server.folder.admin_file import AdminFile

    for next_is_empty in (False, True):
        data = tmp_path / f"data {next_is_empty}"
        data.mkdir()
        for name in files:
            AdminFile(data / name).make() if name == "admin.db" else make_ledger(data / name)
        following = [*STEPS, "person.new"][len(files)]
        if next_is_empty:
            (data / following).touch()
        opens(data)
        opens(data)


@pytest.mark.parametrize("unmarked", [["rehearsal.db"], ["ledger.db", "rehearsal.db"]])
def test_marks_whose_writing_was_cut_off_are_written_to_their_end(tmp_path: Path, unmarked: list[str]) -> None:
    data = fill(tmp_path / "data")
    for name in unmarked:
        with closing(sqlite3.connect(data / name)) as db, db:
            db.execute("DELETE FROM meta WHERE key NOT IN ('id', 'restores')")
    opens(data)
    found = look(data).ledgers
    assert [ledger.store for ledger in found] == ["live", "rehearsal"]
    assert None not in {found[0].person_check, found[1].person_check}
    other = fill(tmp_path / "other")
    shutil.copy(other / "rehearsal.db", data / "rehearsal.db")
    refused(data, "rehearsal.db")


def test_a_folder_that_has_its_marks_is_not_written_by_a_start(tmp_path: Path) -> None:
    data = fill(tmp_path / "data")
    before, admin = contents(data), rows_of_admin(data)
    opens(data)
    after = contents(data)
    for name in ("ledger.db", "rehearsal.db", "person.key"):
        assert before[name] == after[name], name
    assert rows_of_admin(data) == admin
    assert any("meta" in row for row in admin)


def rows_of_admin(data: Path) -> list[str]:
    """What stands in admin.db beside the outputs, whose versions go on from each start."""
    with closing(sqlite3.connect(data / "admin.db")) as db:
        return [row for row in db.iterdump() if not row.startswith('INSERT INTO "outputs"')]


def test_sources_accounts_and_keys_may_be_made_before_the_first_start(tmp_path: Path) -> None:
    data = tmp_path / "data"
    assert run_in(data, "source", "add", "web").exit_code == 0
    assert run_in(data, "key", "add", "tv").exit_code == 0
    opens(data)


def test_another_valid_key_would_count_everybody_again_and_is_refused(tmp_path: Path) -> None:
    data = old(tmp_path / "data")
    opens(data)  # which gives an old ledger its check
    (data / "person.key").write_text("0" * 64 + "\n")
    refused(data, "person.key: it is not the key of ledger.db", "everybody would count again")


def test_a_server_whose_ledger_is_removed_answers_503_ends_and_is_refused_its_next_start(tmp_path: Path) -> None:
    dead: list[str] = []
    app = app_of(tmp_path / "data", on_dead=dead.append)
    with client_of(app) as client:
        secret = app.state.sources.add("web")
        item = {"id": "x", "kind": "completed", "unit": "P1D1X1", "at": "2024-01-01T00:30:00Z"}
        bearer = {"Authorization": f"Bearer {secret}"}
        assert client.post("/api/v1/participations", json=item, headers=bearer).status_code == 200
        (tmp_path / "data" / "ledger.db").unlink()
        answer = client.post("/api/v1/participations", json=item | {"id": "y"}, headers=bearer)
        assert answer.status_code == 503
        assert "Retry-After" in answer.headers
        until_s = time.monotonic() + WAIT_S
        while not dead:
            assert time.monotonic() < until_s, "the ledger is gone, and the server goes on"
            client.get("/healthz")
    assert dead == ["live ledger"]
    refused(tmp_path / "data", "ledger.db: it is missing")


def test_the_command_line_says_it_in_one_line_and_ends_with_78(tmp_path: Path) -> None:
    data = fill(tmp_path / "data")
    (data / "ledger.db").unlink()
    done = run("serve", "--data", data, "--contest", FOUR_LEVELS, "--port", "0")
    assert done.returncode == 78
    assert done.stderr.strip().splitlines()[-1].startswith(f"run.py: {data}/ledger.db: it is missing, but rehearsal.db")
