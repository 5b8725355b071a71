"""Sources and their secrets."""

from pathlib import Path
from typing import Any, Literal

import pytest
from click.testing import CliRunner
from sqlalchemy import event, inspect
from sqlalchemy.engine import Connection, Engine

from server import app  # noqa: F401 - the app brings the tables of every noun
from server.auth import keys
from server.auth import sources as module
from server.auth.sources import Grant, SourceError, Sources
from server.commands.source import source
from server.folder.admin_file import AGAIN_S, REFRESH_S
from server.migrations import migrate
from streaming.ledger import tables
from streaming.ledger.sqlite import make_engine
from tests.worlds.clocks import Stopwatch
from tests.worlds.schemas import real_migrations


@pytest.fixture
def clock() -> Stopwatch:
    return Stopwatch()


@pytest.fixture
def sources(tmp_path: Path, clock: Stopwatch) -> Sources:
    return Sources(tmp_path / "admin.db", monotonic_s=clock)


def test_live_and_test_secrets_say_which_they_are_and_lead_to_their_store(sources: Sources) -> None:
    live, test = sources.add("web"), sources.add("web", test=True)
    assert live.startswith("whsec_live")
    assert test.startswith("whsec_test")
    assert sources.find(live) == Grant("web", rehearsal=False, scope="web")
    assert sources.find(test) == Grant("web", rehearsal=True, scope="web")


@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_live", "\ud800", "x" * 10_000])
def test_a_wrong_secret_leads_nowhere(sources: Sources, secret: str) -> None:
    sources.add("web")
    assert sources.find(secret) is None


def test_a_running_server_sees_what_the_command_line_changed_within_a_second(
    sources: Sources, clock: Stopwatch, tmp_path: Path
) -> None:
    secret = sources.add("web")
    assert sources.find(secret)
    beside = Sources(tmp_path / "admin.db")
    new = beside.rotate("web")
    clock.s += REFRESH_S
    assert sources.find(secret) is None
    assert sources.find(new)
    beside.revoke("web")
    clock.s += REFRESH_S
    assert sources.find(new) is None
    assert sources.active(rehearsal=False) == frozenset()


def test_a_secret_that_was_just_made_is_known_at_once(sources: Sources, clock: Stopwatch, tmp_path: Path) -> None:
    sources.add("web")
    assert sources.active(rehearsal=False) == {"web"}
    beside = Sources(tmp_path / "admin.db")
    secret = beside.add("mobile")
    assert sources.find(secret)
    beside.add("paper")
    assert "paper" not in {trial.grant.source for trial in sources.trials()}
    assert {trial.grant.source for trial in sources.trials(for_unknown=True)} == {"web", "mobile", "paper"}


def test_guesses_do_not_read_the_file_again_and_again(
    sources: Sources, clock: Stopwatch, monkeypatch: pytest.MonkeyPatch
) -> None:
    sources.add("web")
    reads: list[float] = []
    read = module._read

    def counted(connection: Connection) -> Any:
        reads.append(clock.s)
        return read(connection)

    monkeypatch.setattr(module, "_read", counted)
    for _ in range(100):
        assert sources.find("whsec_liveguess") is None
    assert len(reads) == 1
    clock.s += AGAIN_S
    assert sources.find("whsec_liveguess") is None
    assert len(reads) == 2


def test_a_revoked_source_can_be_let_in_again_with_a_new_secret_only(sources: Sources, clock: Stopwatch) -> None:
    old = sources.add("web")
    sources.revoke("web")
    new = sources.add("web")
    clock.s += REFRESH_S
    assert sources.find(old) is None
    assert sources.find(new)


def test_people_call_a_source_by_its_title(sources: Sources, clock: Stopwatch, tmp_path: Path) -> None:
    sources.add("web", title=" Trang thi trắc nghiệm ")
    sources.add("web", test=True)
    assert sources.titles() == {"web": "Trang thi trắc nghiệm"}
    Sources(tmp_path / "admin.db").call("web", "")
    clock.s += REFRESH_S
    assert sources.titles() == {}
    assert [each.title for each in sources.list()] == [""]
    for name, title, said in (("no", "x", "there is none"), ("web", "a\nb", "one line"), ("web", "x" * 61, "one line")):
        with pytest.raises(SourceError, match=said):
            sources.call(name, title)


@pytest.mark.parametrize("name", ["", "Web", "-a", "a" * 41, "a b", "a/../b", "ă"])
def test_a_name_is_short_and_plain(sources: Sources, name: str) -> None:
    with pytest.raises(SourceError, match="expected 1 to 40 lower-case letters"):
        sources.add(name)


def test_what_cannot_be_done_says_so(sources: Sources) -> None:
    sources.add("web")
    with pytest.raises(SourceError, match="has a live secret already: rotate or revoke it"):
        sources.add("web")
    with pytest.raises(SourceError, match="has no test secret to rotate"):
        sources.rotate("web", test=True)
    with pytest.raises(SourceError, match='there is no source "bao"'):
        sources.revoke("bao")


def test_the_secrets_in_force_are_tried_with_a_signature_those_of_a_source_that_is_named_alone(
    sources: Sources, clock: Stopwatch
) -> None:
    sources.add("bao")
    sources.add("web")
    sources.add("web", test=True)
    assert {trial.grant for trial in sources.trials()} == {
        Grant("bao", rehearsal=False, scope="bao"),
        *(Grant("web", rehearsal=each, scope="web") for each in (False, True)),
    }
    assert [trial.grant.rehearsal for trial in sources.trials("web")] == [False, True]
    assert sources.trials("nobody") == []
    before = {trial.digest for trial in sources.trials("web")}
    sources.rotate("web")
    clock.s += REFRESH_S
    assert len({trial.digest for trial in sources.trials("web")} & before) == 1
    sources.revoke("web")
    clock.s += REFRESH_S
    assert sources.trials("web") == []


def test_the_command_prints_a_secret_once_alone_and_never_lists_it(tmp_path: Path) -> None:
    data = ["--data", str(tmp_path / "new")]
    made = CliRunner().invoke(source, ["add", "web", *data])
    secret = made.stdout.strip()
    assert made.exit_code == 0
    assert secret.startswith("whsec_live")
    assert "\n" not in secret
    CliRunner().invoke(source, ["add", "web", "--test", *data])
    listed = CliRunner().invoke(source, ["list", *data])
    assert listed.stdout == "web\tlive + test\theartbeat 60 s\n"
    rotated = CliRunner().invoke(source, ["rotate", "web", *data])
    assert rotated.stdout.strip() not in ("", secret)
    assert CliRunner().invoke(source, ["revoke", "web", *data]).exit_code == 0
    assert CliRunner().invoke(source, ["list", *data]).stdout == "web\trevoked\theartbeat 60 s\n"


def test_a_source_has_the_heartbeat_that_it_was_last_given(sources: Sources) -> None:
    sources.add("web", heartbeat_s=300)
    sources.add("paper")
    assert sources.heartbeats(rehearsal=False) == {"web": 300, "paper": 60}
    sources.add("web", test=True)
    assert {each.name: each.heartbeat_s for each in sources.list()} == {"web": 300, "paper": 60}
    sources.add("paper", test=True, heartbeat_s=10)
    assert {each.name: each.heartbeat_s for each in sources.list()} == {"web": 300, "paper": 10}


def test_a_heartbeat_out_of_bounds_is_wrong_usage(tmp_path: Path) -> None:
    for seconds in ("1", "86401", "x"):
        made = CliRunner().invoke(source, ["add", "web", "--heartbeat", seconds, "--data", str(tmp_path)])
        assert made.exit_code == 2


def test_the_file_is_for_its_owner_alone(sources: Sources) -> None:
    assert sources.path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("schema", "metadata"),
    [("ledger", tables.metadata), ("admin", keys.keys_table.metadata)],
    ids=["ledger", "admin"],
)
def test_the_migrations_lead_to_the_schema_that_the_code_expects(tmp_path: Path, schema: str, metadata: object) -> None:
    migrate(tmp_path / "migrated.db", schema)  # type: ignore[arg-type]
    expected = make_engine(tmp_path / "expected.db", "rwc", lock_timeout_s=1)
    metadata.create_all(expected)  # type: ignore[attr-defined]
    migrated = make_engine(tmp_path / "migrated.db", "ro", lock_timeout_s=1)
    assert shape(migrated) == shape(expected)
    for engine in (expected, migrated):
        engine.dispose()


def shape(engine: object) -> dict[str, object]:
    found = inspect(engine)
    return {
        table: (
            [(c["name"], str(c["type"]), c["nullable"]) for c in found.get_columns(table)],
            found.get_pk_constraint(table)["constrained_columns"],
            [u["column_names"] for u in found.get_unique_constraints(table)],
        )
        for table in found.get_table_names()
        if table != "alembic_version"
    }


@pytest.mark.parametrize("schema", ["ledger", "admin"])
def test_a_migration_that_is_cut_off_leaves_nothing_half(tmp_path: Path, schema: Literal["ledger", "admin"]) -> None:
    path = tmp_path / "file.db"

    def cut_off(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.lstrip().startswith("INSERT INTO alembic_version"):
            raise KeyboardInterrupt

    event.listen(Engine, "before_cursor_execute", cut_off)
    try:
        with real_migrations(), pytest.raises(KeyboardInterrupt):
            migrate(path, schema)
    finally:
        event.remove(Engine, "before_cursor_execute", cut_off)
    engine = make_engine(path, "ro", lock_timeout_s=1)
    assert inspect(engine).get_table_names() == []
    engine.dispose()
    migrate(path, schema)


def test_a_source_that_is_added_while_the_file_is_read_is_whole_or_not_there(sources: Sources, tmp_path: Path) -> None:
    others = Sources(tmp_path / "admin.db")
    asked: list[str] = []

    def add_meanwhile(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if "FROM meta" in statement:
            return  # Which folder the file is of.
        asked.append(statement)
        if len(asked) == 2:
            others.add("web")

    event.listen(sources._file._reader, "before_cursor_execute", add_meanwhile)
    assert (sources.heartbeats(rehearsal=False), len(asked)) == ({}, 2)
