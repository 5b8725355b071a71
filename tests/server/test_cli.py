"""The command line: one line that says what is wrong, and an exit code."""

import socket
from pathlib import Path

import click
import pytest

from server.cli import COMMANDS, cli
from tests.worlds.process import run, served


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_there_with_a_help_text(name: str) -> None:
    command = cli.get_command(click.Context(cli), name)
    assert command is not None
    assert command.name == name
    assert command.help


def test_help_names_every_command() -> None:
    said = run("--help")
    assert said.returncode == 0
    assert all(f"\n  {name} " in said.stdout for name in COMMANDS)


@pytest.mark.parametrize(
    ("arguments", "code", "line"),
    [
        (["nope"], 2, "No such command 'nope'"),
        (["serve", "--port", "x"], 2, "Invalid value for '--port'"),
        (["serve", "--config", "nope.toml"], 78, "run.py: nope.toml: No such file or directory"),
        (["serve", "--contest", "nope"], 78, "run.py: nope: expected a contest folder with contest.toml"),
        (["serve", "--host", "203.0.113.7"], 1, "203.0.113.7: "),
        (["audit", "--data", "nope"], 1, "run.py: nope: no ledger here"),
        (["audit", "--seq", "0"], 2, "Invalid value for '--seq'"),
        (["source", "add", "Web!"], 1, 'run.py: source "Web!": expected 1 to 40'),
    ],
)
def test_what_is_wrong_is_said_in_one_line(tmp_path: Path, arguments: list[str], code: int, line: str) -> None:
    said = run(*arguments, DIEMCAU_DATA=str(tmp_path / "data"))
    assert said.returncode == code
    assert line in said.stderr
    assert "Traceback" not in said.stderr
    assert code == 2 or said.stderr.count("\n") == 1


def test_a_taken_port_is_named_with_the_fix(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as holder:
        port = holder.getsockname()[1]
        for arguments in (["serve", "--data", str(tmp_path / "data")], ["demo"]):
            said = run(*arguments, "--port", str(port))
            assert said.returncode == 1
            assert f"run.py: port {port} on 127.0.0.1: " in said.stderr
            assert "choose another with --port" in said.stderr
            assert said.stderr.count("\n") == 1
    assert not (tmp_path / "data").exists()


def test_a_second_server_on_the_same_data_is_refused_and_the_first_goes_on(tmp_path: Path) -> None:
    with served(tmp_path / "data") as first:
        said = run("serve", "--data", tmp_path / "data", "--port", "0")
        assert said.returncode == 1
        assert "in use by process" in said.stderr.splitlines()[-1]
        assert first.get("/healthz")["status"] == "ok"
        assert first.stop() == 0


def test_another_contest_on_the_same_data_is_wrong_settings(tmp_path: Path) -> None:
    with served(tmp_path / "data") as first:
        first.stop()
    said = run("serve", "--data", tmp_path / "data", "--port", "0", "--contest", "tests/contests/bon-cap")
    assert said.returncode == 78
    assert "holds contest “ha-giang-2022”, expected “bon-cap”" in said.stderr.splitlines()[-1]


def test_check_names_every_line_and_fails_on_a_taken_port(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as holder:
        port = holder.getsockname()[1]
        said = run("check", "--data", tmp_path, "--port", str(port))
    lines = said.stdout.splitlines()
    assert said.returncode == 1
    assert all(line.split()[0] in {"ok", "warn", "fail"} for line in lines)
    assert f"fail  Port: 127.0.0.1:{port} is taken; choose another with --port, or end what holds it" in lines


def test_a_command_works_on_the_data_folder_of_the_settings(tmp_path: Path) -> None:
    secret = run("source", "add", "web", DIEMCAU_DATA=str(tmp_path / "elsewhere"))
    assert secret.stdout.startswith("whsec_live")
    assert secret.stdout.count("\n") == 1
    listed = run("source", "list", "--data", tmp_path / "elsewhere")
    assert listed.stdout.split()[:2] == ["web", "live"]
    assert secret.stdout.strip() not in listed.stdout
