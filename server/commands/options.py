"""Options that several commands share. One that is left out leaves the setting of its name as it is."""

from pathlib import Path

import click

HOST = click.option("--host", help="Address to listen on.")
PORT = click.option("--port", type=click.IntRange(0, 65535), help="Port to listen on; 0 lets the system choose.")
DATA = click.option("--data", type=click.Path(path_type=Path, readable=False), metavar="DIR", help="Data folder.")
CONTEST = click.option("--contest", type=click.Path(path_type=Path), metavar="DIR", help="Contest folder.")
CONFIG = click.option("--config", type=click.Path(path_type=Path), metavar="FILE", help="Settings as TOML.")
