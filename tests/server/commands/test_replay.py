"""`rehearse --replay`: the evening of then comes again, whatever the line does, and the ledger stays as it is."""

import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx2
import pytest
from click.testing import CliRunner, Result

from server.app import App
from server.cli import cli
from server.commands import delivery, replay
from server.commands.delivery import Delivery, Reject, Report
from server.commands.replay import Account, Sender, rows_of
from streaming.ledger.reader import Reader
from streaming.ledger.rows import Draft
from streaming.participation import Kind, Participation, content_digest, encode_body
from streaming.sources.replay import Due, Replay
from tests.worlds.apps import FOUR_LEVELS, NOW_MS, app_of, client_of, take
from tests.worlds.data_folder import run_in
from tests.worlds.line import Line
from tests.worlds.ports import free_port
from tests.worlds.process import Serving, run, served

LEAVES = ("P1D1X1", "P1D1X2", "P2D1X1")
NOWHERE = f"http://127.0.0.1:{free_port()}"


def fill(app: App) -> None:
    """Some people in some wards, two of them twice, one taken back by the source and one by an operator; one entry of
    before the opening."""
    live = app.state.live
    people: list[tuple[str, Kind, str | None]] = [(LEAVES[n % 3], "completed", f"{n % 10:032x}") for n in range(12)]
    take(live, [*people, ("P1D1X1", "started", None), ("P1D1X1", "completed", None)])
    items = [
        ("v", Participation(kind="voided", at=NOW_MS, voids="e1")),
        ("early", Participation(kind="completed", at=0, unit="P1D1X1")),
    ]
    drafts = [Draft("participation", "web", id_, content_digest(item), encode_body(item)) for id_, item in items]
    struck = Draft("decision", "system", None, None, b'{"kind":"void","entries":[["web","e3"]]}')
    live.ledger.append_now([*drafts, struck])
    live.pump.replay()


@pytest.fixture(scope="module")
def past(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of a ceremony that is over."""
    data = tmp_path_factory.mktemp("past") / "data"
    app = app_of(data)
    with client_of(app):
        fill(app)
    return data


@pytest.fixture(scope="module")
def serving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """A server of the same units, whose one round is open."""
    folder = tmp_path_factory.mktemp("now")
    contest = folder / "contest"
    shutil.copytree(FOUR_LEVELS, contest)
    toml = (contest / "contest.toml").read_text("utf-8").replace("2024-01-02T00:00:00Z", "2099-01-01T00:00:00Z")
    (contest / "contest.toml").write_text(toml, "utf-8")
    with served(folder / "data", contest) as serving:
        yield serving


def numbers(said: str) -> dict[str, list[str]]:
    """registered, started, completed and participants of each unit that `audit` prints, of one store."""
    found = [line.split() for line in said.splitlines() if line.startswith("  ")]
    return {cells[0]: cells[-4:] for cells in found if len(cells) > 5 and cells[-1].isdigit()}


def audited(data: Path, store: str) -> dict[str, list[str]]:
    said = run("audit", "--data", data)
    assert said.returncode == 0, said.stdout
    return numbers(next(part for part in re.split(r"(?m)^OK .*$", said.stdout) if f"{store}:" in part))


def told(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli, ["rehearse", "--url", NOWHERE, "--secret", "x", *map(str, arguments)])


def test_a_replay_gives_every_unit_the_numbers_of_then_and_another_gives_them_again(
    serving: Serving, past: Path, tmp_path: Path
) -> None:
    secret = serving.secret("td", test=True)
    before = (past / "ledger.db").read_bytes()
    asked = ("rehearse", "--url", serving.url, "--secret", secret, "--speed", "10")
    done = run(*asked, "--replay", past / "ledger.db")
    assert done.returncode == 0, done.stderr
    assert re.fullmatch(
        r"row (\d+) of \1: sent 16, accepted 16, duplicates 0, rejected 0, slowest acknowledgement \d+ ms\n"
        r"  1 not sent: outside the rounds of its own contest, where no figure counts it\n",
        done.stdout,
    )
    then = audited(past, "live")
    assert then["VN"] == ["0", "1", "11", "9"]
    assert audited(serving.data, "rehearsal") == then
    backup = tmp_path / "backup.tar"
    assert run_in(past, "backup", str(backup)).exit_code == 0
    done = run(*asked, "--replay", backup)
    assert done.returncode == 0, done.stderr
    assert audited(serving.data, "rehearsal")["VN"] == ["0", "2", "22", "18"]
    assert audited(serving.data, "live")["VN"] == ["0", "0", "0", "0"]
    assert (past / "ledger.db").read_bytes() == before
    assert not [path for path in past.iterdir() if path.name.endswith(("-wal", "-shm"))]


def test_a_live_secret_is_refused_in_one_line(serving: Serving, past: Path) -> None:
    secret = serving.secret("web")
    done = run("rehearse", "--url", serving.url, "--replay", past / "ledger.db", DIEMCAU_SECRET=secret)
    assert done.returncode == 1
    said = done.stderr.strip().splitlines()[-1]
    assert said == f"run.py: {serving.url}: 403 this is a live secret: it writes to the live store"


def test_a_ledger_without_participations_is_nothing_to_replay(serving: Serving, past: Path) -> None:
    secret = serving.secret("none", test=True)
    done = run("rehearse", "--url", serving.url, "--secret", secret, "--replay", past / "rehearsal.db")
    assert done.returncode == 1
    assert done.stderr.strip().splitlines()[-1].endswith("rehearsal.db: nothing in it could be sent")


async def sent(app: App, line: Line, ledger: Path, leaves: tuple[str, ...] = LEAVES, **options: int) -> Account:
    """Replay a ledger over a line to an app."""
    reader = Reader(ledger)
    last = reader.last()
    assert last is not None
    made = Replay([*reader.every_decision()][::-1], leaves, start_ms=NOW_MS, speed=10)
    account = Account(head=last.seq, left=made.left)
    secret = app.state.sources.add("td", test=True)
    async with httpx2.AsyncClient(base_url="http://test", transport=line) as http:
        to = Delivery(http, secret, account)
        await Sender(to, account, made.items(rows_of(reader, last.seq)), options.get("count")).run()
    return account


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    app = app_of(tmp_path / "now")
    app.open()
    yield app
    app.close()


async def test_a_line_that_breaks_loses_nothing_and_the_order_stays(
    app: App, past: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "RETRY_S", (0.001, 0.002))
    monkeypatch.setattr(replay, "BATCH_ITEMS_MAX", 3)
    line = Line(app, {0: "cut after", 1: "busy", 3: "cut before"})
    account = await sent(app, line, past / "ledger.db")
    assert account.balances
    assert (account.sent, account.accepted, account.duplicates, account.again) == (16, 13, 3, 3)
    made = Replay([*Reader(past / "ledger.db").every_decision()][::-1], LEAVES, start_ms=NOW_MS, speed=10)
    ids = [due.item["id"] for due in made.items(Reader(past / "ledger.db").read())]
    stored = [row.id for row in app.state.rehearsal.ledger.read() if row.type == "participation"]
    assert stored == ids


async def test_what_the_receiving_contest_does_not_know_is_named_and_ends_nothing(app: App, past: Path) -> None:
    account = await sent(app, Line(app), past / "ledger.db", leaves=LEAVES[:2])
    assert account.balances
    assert "  4 in units that are no leaves of this contest: “P2D1X1” 4" in account.told()


async def test_it_ends_after_so_many_items(app: App, past: Path) -> None:
    account = await sent(app, Line(app), past / "ledger.db", count=5)
    assert (account.sent, account.accepted) == (5, 5)


def test_a_ledger_that_a_server_writes_is_read_up_to_where_it_was(tmp_path: Path) -> None:
    app = app_of(tmp_path / "data")
    with client_of(app):
        take(app.state.live, [("P1D1X1", "completed", None)] * 3)
        rows = rows_of(
            Reader(tmp_path / "data" / "ledger.db"), replay.check_ledger(tmp_path / "data" / "ledger.db", tmp_path)
        )
        first = next(rows)
        take(app.state.live, [("P1D1X1", "completed", None)] * 3)
        assert [first.seq, *(row.seq for row in rows)] == [1, 2, 3, 4]


def of_another_program(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE rows (seq INTEGER)")


def of_a_later_version(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("UPDATE alembic_version SET version_num = '9999'")


def with_a_row_changed(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("UPDATE rows SET body = replace(CAST(body AS TEXT), 'P1D1X1', 'P1D1X2') WHERE seq = 2")


def damaged(path: Path) -> None:
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(size // 2)
        file.write(b"\xff" * (size // 4))


def an_archive(path: Path) -> None:
    shutil.make_archive(str(path.with_name("a")), "tar", path.parent)
    path.with_name("a.tar").rename(path)


@pytest.mark.parametrize(
    ("harm", "code", "said"),
    [
        (lambda path: path.write_text("id,unit\n"), 1, "file is not a database; expected a file of this program"),
        (lambda path: path.write_bytes(b""), 1, "it is no ledger, expected ledger.db or rehearsal.db of a data folder"),
        (of_another_program, 1, "it is no ledger, expected ledger.db or rehearsal.db of a data folder"),
        (of_a_later_version, 78, "a later version of this program has written it (schema 9999)"),
        (with_a_row_changed, 1, "is not as it was written"),
        (damaged, 1, "the file is damaged"),
        (an_archive, 1, "expected a file that `backup` has made"),
        (lambda path: path.unlink(), 2, "does not exist"),
    ],
    ids=["text", "empty", "another", "later", "changed", "damaged", "archive", "missing"],
)
def test_a_file_that_is_no_sound_ledger_is_refused_in_one_line(
    past: Path, tmp_path: Path, harm: object, code: int, said: str
) -> None:
    file = tmp_path / "ledger.db"
    shutil.copyfile(past / "ledger.db", file)
    assert callable(harm)
    harm(file)
    done = told("--replay", file)
    assert done.exit_code == code, done.output
    assert said in done.output.splitlines()[-1]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--speed", "2"], "expected --replay LEDGER beside them"),
        (["--from", "2022-09-08T09:24:00+07:00"], "expected --replay LEDGER beside them"),
        (["--replay", "LEDGER", "--rate", "5"], "--rate and --seed are of made-up participations"),
        (["--replay", "LEDGER", "--speed", "0.5"], "0.5 is not in the range"),
        (["--replay", "LEDGER", "--from", "09:24"], "expected one as 2022-09-08T09:24:00+07:00"),
    ],
)
def test_options_that_do_not_go_together_are_wrong_usage(past: Path, options: list[str], said: str) -> None:
    done = told(*[str(past / "ledger.db") if option == "LEDGER" else option for option in options])
    assert done.exit_code == 2
    assert said in done.output


def test_an_account_names_what_was_refused_and_does_not_balance_then() -> None:
    account = Account(sent=2, accepted=1, rejected=1, head=9, row=9)
    assert account.balances
    account.why["bad_time"] = "“at” is wrong"
    assert not account.balances
    assert account.told() == ["  rejected, bad_time: “at” is wrong"]


def test_a_unit_that_the_server_has_lost_meanwhile_is_named_as_one_that_it_never_had() -> None:
    account = Account(sent=2)
    batch = [Due(0.0, 2, {"unit": "A1"}), Due(0.0, 3, {"unit": "A2"})]
    account.take_sent(batch, Report(1, 0, [Reject(1, "unknown_unit")], outside_rounds=1))
    assert account.balances
    assert account.told() == [
        "  1 in units that are no leaves of this contest: “A2” 1",
        "  1 in no figure of this contest: no round was open there",
    ]
