"""`key`: which screens on other origins may read, which devices may steer an output, and which tablets present or
press on stage."""

from datetime import UTC, datetime
from pathlib import Path

import click

from server.auth.keys import Key, Keys
from server.auth.roles import STAGE_PATHS, Stage
from server.commands.options import DATA
from server.folder.files import ADMIN_FILE
from server.settings import load_settings


def _open(data: Path | None) -> Keys:
    folder = load_settings(None, {"data": data}).data
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return Keys(folder / ADMIN_FILE)


@click.group()
def key() -> None:
    """Add, list and revoke the keys of screens on other origins, of devices that steer, and of tablets on stage."""


@key.command()
@click.argument("name")
@click.option("--control", is_flag=True, help="For a device that steers an output.")
@click.option("--presenter", is_flag=True, help="For the presenter's tablet: a link that reads what is said.")
@click.option("--button", is_flag=True, help="For the button on stage: a link that launches while that is armed.")
@click.option("--output", help="The one output that it is for: hall, points, tv1 to tv16.")
@DATA
def add(name: str, control: bool, presenter: bool, button: bool, output: str | None, data: Path | None) -> None:
    """Make a key and print it, this once, alone on standard output: a screen's; with --control a device's; with
    --presenter or --button the path of a tablet's link."""
    if control + presenter + button > 1:
        raise click.UsageError("expected one of --control, --presenter, --button")
    if (control or presenter or button) and output is None:
        raise click.UsageError("expected --output OUTPUT, the one that it is for")
    if output is not None and not (control or presenter or button):
        raise click.UsageError(
            "--output: expected --control, --presenter or --button with it; a screen's key reads whatever its screen "
            "shows"
        )
    stage: Stage | None = "presenter" if presenter else "button" if button else None
    made = _open(data).add(name, output, stage=stage)
    click.echo(made if stage is None else f"{STAGE_PATHS[stage]}#{made}")


@key.command("list")
@DATA
def list_(data: Path | None) -> None:
    """List the keys' names, what each is for, when they were made and, of those revoked, when that was."""
    found = _open(data).list()
    if not found:
        click.echo("no key yet: run.py key add NAME", err=True)
    for each in found:
        state = "in force" if each.revoked_ms is None else f"revoked {_time(each.revoked_ms)}"
        click.echo(f"{each.name}\t{_purpose(each)}\tmade {_time(each.made_ms)}\t{state}")


def _purpose(each: Key) -> str:
    if each.output is None:
        return "reads"
    return f"{each.stage or 'steers'} {each.output}"


def _time(ms: int) -> str:
    return datetime.fromtimestamp(ms / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@key.command()
@click.argument("name")
@DATA
def revoke(name: str, data: Path | None) -> None:
    """End a key, for good and within 2 s; screens and tablets that came with it are sent away."""
    _open(data).revoke(name)
    click.echo(f"revoked {name}", err=True)
