"""`restore`: a data folder from a backup."""

import sys
from pathlib import Path

import click

from server.clock import wall_ms
from server.commands.backup import time_of
from server.ops import restore as module
from server.ops.backup import opened
from server.ops.revived import in_force, revived


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--data", required=True, type=click.Path(path_type=Path), metavar="DIR", help="A new or empty folder.")
@click.option("--old", type=click.Path(path_type=Path, exists=True), metavar="DIR", help="The folder of before.")
@click.option(
    "--end-sessions/--keep-sessions",
    "ends_sessions",
    default=None,
    help="Whether the backup's sessions and one-time links end; asked on a terminal, else they end.",
)
def restore(file: Path, data: Path, old: Path | None, *, ends_sessions: bool | None) -> None:
    """Put the backup FILE into a new or empty folder, and say what it brings back to life."""
    module.refuse_full(data)
    if ends_sessions is None:
        with opened(file) as (_, manifest):
            moment = time_of(manifest.begun_ms)
        asked = f"Sessions and one-time links of {moment} would work again, those ended since too. End them all?"
        ends_sessions = click.confirm(asked, default=True, err=True) if sys.stdin.isatty() else True
    manifest = module.restore(file, data, now_ms=wall_ms(), ends_sessions=ends_sessions)
    moment = time_of(manifest.begun_ms)
    click.echo(f"{data}: as of {moment}, {manifest.live.rows} live rows, {manifest.rehearsal.rows} of rehearsals")
    click.echo(f"In force as of {moment}: {in_force(data)[0]}")
    if ends_sessions:
        click.echo("All sessions and one-time links were ended: everybody signs in again.")
    if old is not None:
        lines = revived(data, old)
        click.echo(f"Beside {old}: {'nothing was ended, made or taken in since' if not lines else ''}".rstrip(": "))
        for line in lines:
            click.echo(f"  {line}")
    else:
        click.echo("What was ended since works again: look through `account list`, `source list` and `key list`,")
        click.echo("or name the folder of before with --old, and it is compared.")
    click.echo(f"Have every source send again what it has sent since {moment}: what is there already counts once.")
