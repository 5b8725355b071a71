"""`source`: who may send participations."""

from pathlib import Path

import click

from server.auth.sources import HEARTBEAT_S, HEARTBEAT_S_MAX, HEARTBEAT_S_MIN, Sources
from server.settings import load_settings

DATA = click.option(
    "--data", type=click.Path(path_type=Path, file_okay=False, readable=False), default=None, help="Data folder."
)
TEST = click.option("--test", is_flag=True, help="The test secret, which writes to the rehearsal store.")


def _open(data: Path | None) -> Sources:
    folder = load_settings(None, {"data": data}).data
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return Sources(folder / "admin.db")


@click.group()
def source() -> None:
    """Add, list, name, rotate and revoke the sources of participations."""


@source.command()
@click.argument("name")
@TEST
@click.option(
    "--heartbeat",
    type=click.IntRange(HEARTBEAT_S_MIN, HEARTBEAT_S_MAX),
    help=f"Seconds of silence after which it alarms; {HEARTBEAT_S} for a new source.",
)
@click.option("--title", help="What people call it in the control room.")
@DATA
def add(name: str, *, test: bool, heartbeat: int | None, title: str | None, data: Path | None) -> None:
    """Make a source's secret and print it, this once, alone on standard output."""
    click.echo(_open(data).add(name, test=test, heartbeat_s=heartbeat, title=title))


@source.command()
@click.argument("name")
@click.argument("title")
@DATA
def title(name: str, title: str, data: Path | None) -> None:
    """Call a source something else in the control room; "" for its name alone."""
    _open(data).call(name, title)


@source.command("list")
@DATA
def list_(data: Path | None) -> None:
    """List the sources, without their secrets."""
    found = _open(data).list()
    if not found:
        click.echo("no source yet: run.py source add NAME", err=True)
    for each in found:
        kinds = [kind for kind, has in (("live", each.live), ("test", each.test)) if has]
        click.echo(
            f"{each.name}\t{' + '.join(kinds) or 'revoked'}\theartbeat {each.heartbeat_s} s\t{each.title}".rstrip()
        )


@source.command()
@click.argument("name")
@TEST
@DATA
def rotate(name: str, *, test: bool, data: Path | None) -> None:
    """Replace a source's secret; the old one stops within 2 s."""
    click.echo(_open(data).rotate(name, test=test))


@source.command()
@click.argument("name")
@DATA
def revoke(name: str, data: Path | None) -> None:
    """End a source's secrets, live and test, within 2 s; what it sent stays counted."""
    _open(data).revoke(name)
    click.echo(f"revoked {name}", err=True)
