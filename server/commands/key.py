"""`key`: which screens on other origins may read."""

from datetime import UTC, datetime
from pathlib import Path

import click

from server.auth.screen_keys import Keys
from server.commands.options import DATA
from server.folder.files import ADMIN_FILE
from server.settings import load_settings


def _open(data: Path | None) -> Keys:
    folder = load_settings(None, {"data": data}).data
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return Keys(folder / ADMIN_FILE)


@click.group()
def key() -> None:
    """Add, list and revoke the keys of screens on other origins."""


@key.command()
@click.argument("name")
@DATA
def add(name: str, data: Path | None) -> None:
    """Make a screen's key and print it, this once, alone on standard output."""
    click.echo(_open(data).add(name))


@key.command("list")
@DATA
def list_(data: Path | None) -> None:
    """List the keys' names, when they were made and, of those revoked, when that was."""
    found = _open(data).list()
    if not found:
        click.echo("no screen key yet: run.py key add NAME", err=True)
    for each in found:
        state = "in force" if each.revoked_ms is None else f"revoked {_time(each.revoked_ms)}"
        click.echo(f"{each.name}\tmade {_time(each.made_ms)}\t{state}")


def _time(ms: int) -> str:
    return datetime.fromtimestamp(ms / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@key.command()
@click.argument("name")
@DATA
def revoke(name: str, data: Path | None) -> None:
    """End a key, for good and within 2 s; screens that came with it are sent away."""
    _open(data).revoke(name)
    click.echo(f"revoked {name}", err=True)
