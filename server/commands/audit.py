"""`audit`: count the ledger again, and compare with what the running code makes of it."""

import sys
from pathlib import Path

import click

from server.commands.options import CONFIG, DATA
from server.settings import load_settings
from server.store import FILES
from streaming.audit import Proof, differences, recount
from streaming.chain import first_broken
from streaming.errors import DiemCauError
from streaming.fold import Fold
from streaming.reader import Reader
from streaming.rows import Row
from streaming.tally import ALL

COLUMNS = ("registered", "started", "completed", "participants")
NAME_CHARS = 36


@click.command()
@DATA
@click.option("--seq", type=click.IntRange(1), help="Position to count up to; left out, the last row.")
@CONFIG
def audit(data: Path | None, seq: int | None, config: Path | None) -> None:
    """Count both ledgers again from their first row; ends with 1 if a number differs. A server may be running."""
    folder = load_settings(config, {"data": data}).data
    if not any((folder / file).exists() for file in FILES.values()):
        raise DiemCauError(f"{folder}: no ledger here, expected the data folder of a server")
    lines = [line for is_rehearsal in FILES for line in audit_store(folder, is_rehearsal=is_rehearsal, seq=seq)]
    sys.exit(1 if lines else 0)


def audit_store(folder: Path, *, is_rehearsal: bool, seq: int | None) -> list[str]:
    """Print one store's numbers as the rows give them; returns where the running code's fold has others.

    Raises:
        FoldError: If a row is of an unknown type or not what its type promises.
        LedgerUnavailable: If the file cannot be read.
    """
    name = "rehearsal" if is_rehearsal else "live"
    path = folder / FILES[is_rehearsal]
    reader = Reader(path)
    rows = list(reader.read(upto=seq)) if path.exists() else []
    if not rows:
        click.echo(f"{name}: no rows")
        return []
    fold, proof = Fold(), Proof(rows)
    for row in rows:
        fold.apply(row)
        proof.look(fold)
    print_numbers(name, fold, rows)
    lines = differences(fold, rows) + proof.faults
    if (broken := first_broken(rows, reader.links())) is not None:
        lines.append(f"chain: a row up to {broken} is not as it was written")
    for line in lines:
        click.echo(f"DIFFERS  {line}")
    if not lines:
        click.echo(
            f"OK  {name}: the fold and the recount agree in every unit and round at seq {fold.seq}, "
            f"the chain of hashes holds, and {proof.count} decisions name the numbers that were on air\n"
        )
    return lines


def print_numbers(name: str, fold: Fold, rows: list[Row]) -> None:
    """The root and its children, of what the gate admits, counted from the rows."""
    tree = fold.contest.tree
    public = recount(rows, public=True)[ALL]
    received = recount(rows, public=False)[ALL][tree.root.code][2]
    held = received - public[tree.root.code][2]
    click.echo(f"{name}: {fold.contest.id}, rows 1 to {fold.seq}, shown up to {fold.cut.seq}, {held} entries held back")
    click.echo(f"  {'code':<8}{'unit':<{NAME_CHARS}}" + "".join(f"{column:>14}" for column in COLUMNS))
    places = ", ".join(f"{count} {where}" for where, count in fold.whole.outside.items())
    click.echo(f"  entries outside the rounds, in no figure: {places} them")
    for unit in (tree.root, *tree.children(tree.root.code)):
        numbers = "".join(f"{number:>14}" for number in public[unit.code][: len(COLUMNS)])
        click.echo(f"  {unit.code:<8}{unit.full_name[: NAME_CHARS - 1]:<{NAME_CHARS}}{numbers}")
