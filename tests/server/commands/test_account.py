"""The command `account`: add, reset, list and revoke."""

from pathlib import Path

from click.testing import CliRunner

from server.auth.accounts import AccountError, Accounts
from server.auth.roles import Account, Role
from server.commands.account import account as command


def test_the_command_adds_lists_resets_and_revokes(tmp_path: Path) -> None:
    data = ["--data", str(tmp_path / "new")]
    none = CliRunner().invoke(command, ["list", *data])
    assert (none.exit_code, none.stdout) == (0, "")
    made = CliRunner().invoke(command, ["add", "lan", "--name", "Lan", "--role", "point", "--unit", "024", *data])
    assert made.exit_code == 0, made.output
    accounts = Accounts(tmp_path / "new" / "admin.db")
    link = accounts.link(made.stdout.strip().removeprefix("/welcome#"))
    assert link is not None
    assert link.account == Account(1, "Lan", Role.POINT, "024")
    row = CliRunner().invoke(command, ["list", *data]).stdout
    assert row == "1\tlan\tLan\tpoint\t024\twaits for a password\n"
    again = CliRunner().invoke(command, ["reset", "lan", *data])
    assert accounts.link(made.stdout.strip().removeprefix("/welcome#")) is None
    assert accounts.link(again.stdout.strip().removeprefix("/welcome#")) is not None
    assert CliRunner().invoke(command, ["revoke", "lan", *data]).exit_code == 0
    assert "\trevoked 2" in CliRunner().invoke(command, ["list", *data]).stdout
    refused = CliRunner().invoke(command, ["reset", "lan", *data])
    assert isinstance(refused.exception, AccountError)


def test_the_command_binds_a_director_to_an_output(tmp_path: Path) -> None:
    asked = ["add", "minh", "--name", "Minh", "--role", "director", "--data", str(tmp_path)]
    assert str(CliRunner().invoke(command, asked).exception).startswith("output: expected for the role director")
    made = CliRunner().invoke(command, [*asked, "--output", "tv1"])
    assert made.exit_code == 0, made.output
    (minh,) = Accounts(tmp_path / "admin.db").list()
    assert (minh.account.output, minh.account.bound_to) == ("tv1", "tv1")
    assert "\tdirector\ttv1\t" in CliRunner().invoke(command, ["list", "--data", str(tmp_path)]).stdout


def test_the_command_knows_the_contests_units(tmp_path: Path) -> None:
    asked = ["add", "lan", "--name", "Lan", "--role", "point", "--unit", "nowhere", "--data", str(tmp_path)]
    refused = CliRunner().invoke(command, asked)
    assert str(refused.exception) == "unit “nowhere”: expected the code of a unit of the contest"
