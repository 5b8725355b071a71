"""`test`: run every test."""

import sys

import click


@click.command(context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def test(arguments: tuple[str, ...]) -> None:
    """Run every test, JavaScript's among them; ARGUMENTS go to pytest."""
    from tests.suite import run_suite  # noqa: PLC0415 - tests bring what only `test` has installed

    sys.exit(run_suite(arguments))
