"""`backup`: everything of a data folder in one file."""

from datetime import UTC, datetime
from pathlib import Path

import click

from server.clock import wall_ms
from server.commands.options import CONFIG, DATA
from server.ops.backup import back_up
from server.settings import load_settings


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@DATA
@CONFIG
def backup(file: Path, data: Path | None, config: Path | None) -> None:
    """Write the whole data folder into FILE, while a server runs or not, and check it."""
    folder = load_settings(config, {"data": data}).data
    manifest = back_up(folder, file, wall_ms())
    click.echo(
        f"{file}: {file.stat().st_size // 1024} KiB, of {time_of(manifest.begun_ms)}: "
        f"{manifest.live.rows} live rows, {manifest.rehearsal.rows} of rehearsals, {manifest.accounts} accounts, "
        f"{manifest.sources} sources; contest {manifest.contest or 'none yet'}; checked"
    )
    click.echo("It holds the person key and the secrets of all sources: keep it where you keep passwords.")


def time_of(ms: int) -> str:
    """An instant as people who run servers read it."""
    return f"{datetime.fromtimestamp(ms / 1000, UTC):%Y-%m-%d %H:%M:%S} UTC"
