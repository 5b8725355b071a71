"""`account`: who may sign in."""

from datetime import UTC, datetime
from pathlib import Path

import click

from server.auth.accounts import Accounts
from server.auth.roles import Role
from server.commands.options import CONFIG, CONTEST, DATA
from server.folder.files import ADMIN_FILE
from server.settings import load_settings
from streaming.contests.contest import load_contest


@click.group()
def account() -> None:
    """Add, reset, list and revoke the accounts of the control room and of points."""


@account.command()
@click.argument("login")
@click.option("--name", required=True, help="The name that evidence shows.")
@click.option("--role", required=True, type=click.Choice([role.value for role in Role]), help="What it is for.")
@click.option("--unit", help="Code of the unit; for the role point, and for no other.")
@click.option("--output", help="The output to steer, tv1; for the role director, and for no other.")
@DATA
@CONTEST
@CONFIG
def add(
    login: str,
    name: str,
    role: str,
    unit: str | None,
    output: str | None,
    data: Path | None,
    contest: Path | None,
    config: Path | None,
) -> None:
    """Make an account and print the path of its one-time link, this once, alone on standard output."""
    settings = load_settings(config, {"data": data, "contest": contest})
    tree = load_contest(settings.contest).contest.tree
    token = _open(settings.data).add(login, name, Role(role), unit, tree, output=output)
    click.echo(f"/welcome#{token}")


@account.command()
@click.argument("login")
@DATA
def reset(login: str, data: Path | None) -> None:
    """End an account's password, phone and sessions; print the path of a new one-time link, this once."""
    accounts = _of_option(data)
    click.echo(f"/welcome#{accounts.reset(accounts.number_of(login))}")


@account.command("list")
@DATA
def list_(data: Path | None) -> None:
    """List the accounts: number, login, name, role, unit or output, and state."""
    found = _of_option(data).list()
    if not found:
        click.echo("no account yet: run.py account add LOGIN --name NAME --role administrator", err=True)
    for each in found:
        state = "in force" if each.has_password else "waits for a password"
        if each.revoked_ms is not None:
            state = f"revoked {_time(each.revoked_ms)}"
        of = each.account
        click.echo(f"{of.number}\t{each.login}\t{of.name}\t{of.role.value}\t{of.unit or of.output or '-'}\t{state}")


@account.command()
@click.argument("login")
@DATA
def revoke(login: str, data: Path | None) -> None:
    """End an account, for good and within 2 s; pages that it has open are sent away."""
    accounts = _of_option(data)
    accounts.revoke(accounts.number_of(login))
    click.echo(f"revoked {login}", err=True)


def _of_option(data: Path | None) -> Accounts:
    return _open(load_settings(None, {"data": data}).data)


def _open(folder: Path) -> Accounts:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    accounts = Accounts(folder / ADMIN_FILE)
    accounts.make()
    return accounts


def _time(ms: int) -> str:
    return datetime.fromtimestamp(ms / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
