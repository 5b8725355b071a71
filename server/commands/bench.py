"""`bench`: measure this machine. The benches stand with the tests; they need what `run.py test` installs."""

import sys

import click

ROUNDS = 5
MINUTES = 10.0
OVERLAYS = 20.0
ROWS = 1_000_000


def _no_peers(context: click.Context, _option: click.Parameter, is_asked: bool) -> None:
    if is_asked:
        click.echo(f"bench {context.info_name} has no peers: it measures this product alone", err=True)


NO_PEERS = click.option(
    "--peers", is_flag=True, expose_value=False, callback=_no_peers, help="Taken as by every bench; has no peers."
)


@click.group()
def bench() -> None:
    """Measure this machine; each prints a table and one line of JSON."""


@bench.command()
@click.option("--rounds", type=click.IntRange(1, 100), default=ROUNDS, show_default=True, help="Rounds of all ways.")
@click.option(
    "--peers", is_flag=True, help="Also other libraries and servers; what lacks is installed beside the code."
)
def fanout(rounds: int, peers: bool) -> None:
    """What one message to thousands of screens costs, beside a bare write of the same bytes."""
    from tests.bench.fanout import main  # noqa: PLC0415 - not there where only the product is installed

    sys.exit(main(rounds, peers))


@bench.command()
@click.option("--rounds", type=click.IntRange(1, 100), default=ROUNDS, show_default=True, help="Paired rounds.")
@NO_PEERS
def ingest(rounds: int) -> None:
    """What a durable participation costs."""
    from tests.bench.ingest import main  # noqa: PLC0415 - not there where only the product is installed

    sys.exit(main(rounds))


@bench.command()
@NO_PEERS
def latency() -> None:
    """How fresh thousands of screens are, beyond capacity too, beside stalled and thin ones; how soon a take is."""
    from tests.bench.latency import main  # noqa: PLC0415 - the same

    sys.exit(main())


@bench.command()
@NO_PEERS
def points() -> None:
    """How soon the roll call is right when connection points open, drop and come back, and what asking them costs."""
    from tests.bench.points import main  # noqa: PLC0415 - not there where only the product is installed

    sys.exit(main())


@bench.command()
@click.option(
    "--rows", type=click.IntRange(1_000, 10_000_000), default=ROWS, show_default=True, help="Rows of the long ledger."
)
@NO_PEERS
def restart(rows: int) -> None:
    """How screens come back after a kill and after a stop, and how soon a long ledger is on screen again."""
    from tests.bench.restart import Scale, main  # noqa: PLC0415 - the same

    sys.exit(main(Scale(rows=rows)))


@bench.command()
@click.option("--minutes", type=click.FloatRange(1, 600), help=f"To watch; else {MINUTES:g}, of overlays {OVERLAYS:g}.")
@click.option("--overlays", is_flag=True, help="Overlays instead: so long with numbers, and so long in silence.")
@NO_PEERS
def soak(minutes: float | None, overlays: bool) -> None:
    """Whether the server's memory and open files stay flat while screens come and go; with --overlays, whether theirs
    do."""
    if overlays:
        from tests.bench.overlays import main as watch  # noqa: PLC0415 - not there where only the product is installed

        sys.exit(watch(OVERLAYS if minutes is None else minutes))
    from tests.bench.soak import Scale, main  # noqa: PLC0415 - the same

    sys.exit(main(Scale(minutes=MINUTES if minutes is None else minutes)))


@bench.command()
@click.option(
    "--minutes", type=click.FloatRange(0, 600), default=MINUTES, show_default=True, help="To watch the memory."
)
@NO_PEERS
def browser(minutes: float) -> None:
    """What an update costs the big screen, and whether its memory stays flat."""
    from tests.bench.browser import main  # noqa: PLC0415 - the same

    sys.exit(main(minutes))


@bench.command()
@click.option("--minutes", type=click.FloatRange(0, 600), default=2 * MINUTES, show_default=True, help="To change.")
@click.option("--hours", type=click.FloatRange(0, 24), default=0, help="By a driven clock instead, a scene a minute.")
@NO_PEERS
def evening(minutes: float, hours: float) -> None:
    """Whether a wall stays flat while scenes change over it."""
    from tests.bench.evening import main  # noqa: PLC0415 - the same

    sys.exit(main(minutes, hours))


@bench.command()
@click.option("--rounds", type=click.IntRange(1, 100), default=3, show_default=True, help="Times that each line goes.")
@click.option(
    "--longest", type=click.FloatRange(1, 600), default=60, show_default=True, help="Seconds that a line is away."
)
@NO_PEERS
def lines(rounds: int, longest: float) -> None:
    """How soon a screen is current once a bad line is back: cut, slow, lossy, thin, in the hands of a portal."""
    from tests.bench.lines import Scale, main  # noqa: PLC0415 - the same

    sys.exit(main(Scale(away_s=(*(s for s in (1.0, 10.0) if s < longest), longest), rounds=rounds)))
