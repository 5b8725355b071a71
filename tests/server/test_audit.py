"""`audit`: the numbers again, from the rows alone."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from server.cli import cli
from server.commands import audit as audit_command
from streaming.audit import differences
from streaming.fold import Fold
from streaming.rows import Draft, Row
from streaming.tally import ALL, COMPLETED
from tests.server.apps import app_of, client_of, take


def audit(data: Path, *arguments: str) -> Result:
    return CliRunner().invoke(cli, ["audit", "--data", str(data), *arguments])


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
                assert "1 decisions name the numbers that were on air" in said.output
    assert said.exit_code == 1
    assert "DIFFERS  decision in row 6: completed on air was 4, but the rows give 3" in said.output
    then = audit(tmp_path / "data", "--seq", "4")
    assert then.exit_code == 0
    assert numbers(then.output, "VN")[2] == 3
