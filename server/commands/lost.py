"""`lost`: go on without a file of the data folder that no backup has."""

from datetime import UTC, datetime
from pathlib import Path

import click

from server.clock import wall_ms
from server.commands.options import CONFIG, DATA
from server.folder.belonging import check_belonging
from server.folder.loss import LOSABLE, MEANS, go_on_without
from server.settings import load_settings
from streaming.errors import LedgerMismatch


@click.command()
@click.argument("file", type=click.Choice(LOSABLE))
@DATA
@CONFIG
def lost(file: str, data: Path | None, config: Path | None) -> None:
    """Go on without FILE, of which no backup is left; what stands there is put aside, nothing is deleted."""
    folder = load_settings(config, {"data": data}).data
    stamp = f"{datetime.fromtimestamp(wall_ms() / 1000, UTC):%Y%m%dT%H%M%SZ}"
    aside = go_on_without(folder, file, stamp)
    click.echo(f"{folder}: goes on without its {file}" + (f"; put aside: {', '.join(aside)}" if aside else ""))
    click.echo(MEANS[file])
    try:
        check_belonging(folder)
    except LedgerMismatch as error:
        click.echo(f"Still to be mended: {error}", err=True)
