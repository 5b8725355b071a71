"""`check`: the doctor."""

import sys
from pathlib import Path

import click

from dashboard import static
from server.clock import wall_ms
from server.commands.options import CONFIG, CONTEST, DATA, HOST, PORT
from server.ops.doctor import checks, has_failed
from server.settings import load_settings


@click.command()
@DATA
@CONTEST
@HOST
@PORT
@CONFIG
def check(data: Path | None, contest: Path | None, host: str | None, port: int | None, config: Path | None) -> None:
    """Look at everything that would spoil a ceremony: one line each, with the fix; nothing is changed."""
    settings = load_settings(config, {"data": data, "contest": contest, "host": host, "port": port})
    fonts = static.static_dir() / "fonts"
    found = checks(settings.data, settings.contest, fonts, settings.host, settings.port, wall_ms())
    for each in found:
        click.echo(each)
    sys.exit(1 if has_failed(found) else 0)
