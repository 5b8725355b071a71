"""`audit`: the numbers again, from the rows alone."""

import re
from pathlib import Path

import pytest
from msgspec.json import encode

from server.app import App
from server.auth.roles import Role
from server.commands import audit as audit_command
from streaming.audit.recount import differences
from streaming.errors import FoldError
from streaming.fold.fold import Fold
from streaming.fold.tally import ALL, COMPLETED
from streaming.ledger import reader
from streaming.ledger.rows import Draft, Row
from tests.worlds.apps import app_of, client_of, take
from tests.worlds.damage import age_index
from tests.worlds.data_folder import audit
from tests.worlds.people import account


def numbers(said: str, code: str) -> list[int]:
    """The numbers of a unit in the first table, live."""
    line = next(line for line in said.splitlines() if line.split()[:1] == [code])
    return [int(cell) for cell in line.split()[-4:]]


def test_the_numbers_are_those_of_the_rows_while_a_server_runs(tmp_path: Path) -> None:
    app = app_of(tmp_path / "data")
    with client_of(app):
        take(app.state.live, [("P1D1X1", "completed", "a"), ("P1D1X2", "completed", "a"), ("P2D1X1", "started", None)])
        said = audit(tmp_path / "data")
    assert said.exit_code == 0, said.output
    assert [numbers(said.output, code) for code in ("VN", "P1", "P2")] == [[0, 1, 2, 1], [0, 0, 2, 1], [0, 1, 0, 0]]
    assert "OK  live: the fold and the recount agree in every unit and round at seq 4" in said.output
    assert "OK  rehearsal:" in said.output


def test_an_earlier_position_has_its_own_numbers(tmp_path: Path) -> None:
    app = app_of(tmp_path / "data")
    with client_of(app):
        take(app.state.live, [("P1D1X1", "completed", None)] * 5)
    said = audit(tmp_path / "data", "--seq", "3")
    assert said.exit_code == 0
    assert numbers(said.output, "P1")[2] == 2


def test_what_the_gate_holds_back_is_told_and_not_counted(tmp_path: Path) -> None:
    app = app_of(tmp_path / "data")
    with client_of(app):
        hold = Draft("decision", "system", None, None, b'{"kind":"hold","unit":null}')
        app.state.live.ledger.append_now([hold])
        take(app.state.live, [("P1D1X1", "completed", None)] * 2)
    said = audit(tmp_path / "data")
    assert said.exit_code == 0
    assert numbers(said.output, "VN")[2] == 0
    assert "2 entries held back" in said.output


def test_a_difference_is_named_and_ends_with_1(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = app_of(tmp_path / "data")
    with client_of(app):
        take(app.state.live, [("P1D1X1", "completed", None)])

    def off_by_one(fold: Fold, rows: list[Row]) -> list[str]:
        fold.public.counts[ALL]["P1"][COMPLETED] += 1
        return differences(fold, rows)

    monkeypatch.setattr(audit_command, "differences", off_by_one)
    said = audit(tmp_path / "data")
    assert said.exit_code == 1
    assert "DIFFERS  public: all rounds, unit P1: [0, 0, 2, 0, 1] counted on the way" in said.output
    assert "OK  live" not in said.output


def test_a_row_of_an_unknown_type_is_an_error_in_one_line(tmp_path: Path) -> None:
    app = app_of(tmp_path / "data")
    app.open()
    app.state.live.ledger.append_now([Draft("guess", "system", None, None, b"{}")])
    app.close()
    said = audit(tmp_path / "data")
    assert said.exit_code == 1
    assert 'row 2: unknown type "guess"' in said.output


def test_what_decisions_say_was_on_air_is_proved_or_named(tmp_path: Path) -> None:
    app = app_of(tmp_path / "data")
    with client_of(app):
        take(app.state.live, [("P1D1X1", "completed", "u1")] * 3)
        for completed in (3, 4):
            shown = f'"shown":{{"rows":4,"seq":4,"completed":{completed},"participants":1}}'
            hold = Draft("decision", "account:1", None, None, b'{"kind":"hold","unit":null,%b}' % shown.encode())
            app.state.live.ledger.append_now([hold])
            said = audit(tmp_path / "data")
            if completed == 3:
                assert said.exit_code == 0, said.output
                assert "1 decision names the numbers that were on air" in said.output
    assert said.exit_code == 1
    assert "DIFFERS  decision in row 6: completed on air was 4, but the rows give 3" in said.output
    then = audit(tmp_path / "data", "--seq", "4")
    assert then.exit_code == 1, "the row that the second one names is looked at"
    assert numbers(then.output, "VN")[2] == 3
    assert audit(tmp_path / "data", "--seq", "3").exit_code == 0


def decided(app: App, rows: int, completed: int, **body: object) -> None:
    """Write a decision of account 1 that says what was on air."""
    shown = {"rows": rows, "seq": rows, "completed": completed, "participants": 0}
    app.state.live.ledger.append_now([Draft("decision", "account:1", None, None, encode({**body, "shown": shown}))])


def test_a_position_tells_who_decided_there_or_of_it_and_what_was_on_air(tmp_path: Path) -> None:
    app = app_of(tmp_path / "data")
    with client_of(app):
        lan = account(app, "lan", Role.OPERATOR)
        assert lan.number == 1
        take(app.state.live, [("P1D1X1", "completed", None)] * 3)
        decided(app, 3, 2, kind="hold", unit="P1D1", reason="đối soát")
        decided(app, 4, 3, kind="hold", unit=None, final=True)
        app.state.live.ledger.append_now([Draft("decision", "system", None, None, b'{"kind":"milestone","value":1}')])
    of_it = audit(tmp_path / "data", "--seq", "3").output
    assert numbers(of_it, "VN")[2] == 2
    assert re.search(r"row 5, \S+ 1 Jan 2024, Người lan \(account:1\): Held .*, “đối soát”\n", of_it)
    assert "on air then: 2 completed, 0 participants, shown up to 3, of rows 1 to 3 (--seq 3 counts them)" in of_it
    assert "1 decision names the numbers that were on air\n" in of_it
    there = audit(tmp_path / "data", "--seq", "6").output
    assert "row 6, " in there
    assert "Froze the figures as final" in there
    assert "row 5, " not in there
    assert "2 decisions name the numbers that were on air\n" in there
    assert "says nothing of what was on air" in audit(tmp_path / "data", "--seq", "7").output
    assert "2 decisions name the numbers that were on air (1 more name none)" in audit(tmp_path / "data").output


@pytest.mark.parametrize("rows", [0, 5, 6, 900])
def test_a_decision_cannot_name_rows_that_were_not_there(tmp_path: Path, rows: int) -> None:
    app = app_of(tmp_path / "data")
    with client_of(app):
        take(app.state.live, [("P1D1X1", "completed", None)] * 3)
        decided(app, rows, 3, kind="hold", unit=None)
    said = audit(tmp_path / "data")
    assert said.exit_code == 1
    assert f"decision in row 5: names the numbers of rows 1 to {rows}, expected rows before its own" in said.output


def test_every_decision_is_looked_at_however_many_there_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "DECISIONS_READ_MAX", 2)
    app = app_of(tmp_path / "data")
    with client_of(app):
        for unit in ("P1", "P2", "P1D1", "P1D2", "P2D1"):
            decided(app, app.state.live.ledger.head, 0, kind="hold", unit=unit)
    said = audit(tmp_path / "data")
    assert "5 decisions name the numbers that were on air" in said.output, said.output


def test_rows_that_a_stale_index_let_in_twice_stop_the_server_and_are_named_by_the_audit(tmp_path: Path) -> None:
    app = app_of(tmp_path / "data")
    with client_of(app):
        take(app.state.live, [("P1D1X1", "completed", "a"), ("P1D1X2", "completed", "b")])
    age_index(tmp_path / "data" / "ledger.db", 2, times=25)
    for path in (tmp_path / "data").glob("*.checkpoint"):
        path.unlink()
    with pytest.raises(FoldError, match=r"row 4: id “e1” of “web” is that of row 2, expected each id once; .*restore"):
        app_of(tmp_path / "data").open()
    said = audit(tmp_path / "data")
    assert said.exit_code == 1
    assert "DIFFERS  live: row 4: id “e1” of “web” is that of row 2" in said.output
    assert said.output.count("DIFFERS  live: row") == 20
    assert "and 5 more" in said.output
