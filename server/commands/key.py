"""`key`: which screens on other origins may read, and which devices may steer an output."""

from datetime import UTC, datetime
from pathlib import Path

import click

from server.auth.keys import Keys
from server.commands.options import DATA
from server.folder.files import ADMIN_FILE
from server.settings import load_settings


def _open(data: Path | None) -> Keys:
    folder = load_settings(None, {"data": data}).data
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return Keys(folder / ADMIN_FILE)


@click.group()
def key() -> None:
    """Add, list and revoke the keys of screens on other origins, and of devices that steer."""


@key.command()
@click.argument("name")
@click.option("--control", is_flag=True, help="For a device that steers an output, which --output names.")
@click.option("--output", help="The one output that the device may steer: hall, points, tv1 to tv16.")
@DATA
def add(name: str, control: bool, output: str | None, data: Path | None) -> None:
    """Make a key and print it, this once, alone on standard output: a screen's, or with --control a device's."""
    if control and output is None:
        raise click.UsageError("--control: expected --output OUTPUT with it, which the device may steer")
    if output is not None and not control:
        raise click.UsageError("--output: expected --control with it; a screen's key reads whatever its screen shows")
    click.echo(_open(data).add(name, output))


@key.command("list")
@DATA
def list_(data: Path | None) -> None:
    """List the keys' names, what each is for, when they were made and, of those revoked, when that was."""
    found = _open(data).list()
    if not found:
        click.echo("no key yet: run.py key add NAME", err=True)
    for each in found:
        purpose = "reads" if each.output is None else f"steers {each.output}"
        state = "in force" if each.revoked_ms is None else f"revoked {_time(each.revoked_ms)}"
        click.echo(f"{each.name}\t{purpose}\tmade {_time(each.made_ms)}\t{state}")


def _time(ms: int) -> str:
    return datetime.fromtimestamp(ms / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@key.command()
@click.argument("name")
@DATA
def revoke(name: str, data: Path | None) -> None:
    """End a key, for good and within 2 s; screens that came with it are sent away."""
    _open(data).revoke(name)
    click.echo(f"revoked {name}", err=True)
