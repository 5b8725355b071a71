"""`audit`: count the ledger again, and compare with what the running code makes of it."""

import sys
from collections.abc import Mapping
from pathlib import Path

import click

from dashboard.pages.evidence import told
from dashboard.words.words import Words
from server.auth.accounts import Accounts
from server.commands.options import CONFIG, DATA
from server.folder.files import ADMIN_FILE, FILES
from server.settings import load_settings
from streaming.audit.claims import Claim, Claims, claim_of
from streaming.audit.recount import differences, recount
from streaming.errors import DiemCauError
from streaming.fold.earlier import RowsInHand, on_air
from streaming.fold.fold import Fold
from streaming.fold.once import repeats
from streaming.fold.tally import ALL
from streaming.ledger.chain import first_broken
from streaming.ledger.reader import Reader
from streaming.ledger.rows import Row

COLUMNS = ("registered", "started", "completed", "participants")
NAME_CHARS = 36
REPEATS_TOLD_MAX = 20


@click.command()
@DATA
@click.option("--seq", type=click.IntRange(1), help="Position to count up to; left out, the last row.")
@CONFIG
def audit(data: Path | None, seq: int | None, config: Path | None) -> None:
    """Count both ledgers again from their first row; ends with 1 if a number differs. A server may be running.

    With --seq also prints the decisions that name the numbers of that position, or that stand there.
    """
    folder = load_settings(config, {"data": data}).data
    if not any((folder / file).exists() for file in FILES.values()):
        raise DiemCauError(f"{folder}: no ledger here, expected the data folder of a server")
    names = Accounts(folder / ADMIN_FILE).names()
    lines = [line for is_rehearsal in FILES for line in audit_store(folder, names, is_rehearsal=is_rehearsal, seq=seq)]
    sys.exit(1 if lines else 0)


def audit_store(folder: Path, names: Mapping[int, str], *, is_rehearsal: bool, seq: int | None) -> list[str]:
    """Print one store's numbers as the rows give them; returns where the running code's fold has others.

    ``names`` are those of accounts by number.

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
    if again := repeats(rows):
        for line in again[:REPEATS_TOLD_MAX]:
            click.echo(f"DIFFERS  {name}: {line}")
        if (more := len(again) - REPEATS_TOLD_MAX) > 0:
            click.echo(f"DIFFERS  {name}: and {more} more rows of an id that was taken")
        return again
    claims = [claim_of(row) for row in reader.every_decision()]
    fold, compared = Fold(), Claims(claim for claim in claims if claim.row.seq <= rows[-1].seq or _names(claim, seq))
    in_hand = RowsInHand(rows)
    for row in rows:
        fold.apply(row)
        compared.look(fold, in_hand)
    print_numbers(name, fold, rows)
    for claim in reversed(claims):
        if seq is not None and (claim.row.seq == seq or _names(claim, seq)):
            print_claim(claim, fold, names)
    lines = differences(fold, rows) + compared.faults
    if (broken := first_broken(rows, reader.links())) is not None:
        lines.append(f"chain: a row up to {broken} is not as it was written")
    for line in lines:
        click.echo(f"DIFFERS  {line}")
    if not lines:
        named = f"{compared.count} {'decision names' if compared.count == 1 else 'decisions name'}"
        silent = f" ({compared.silent} more name none)" if compared.silent else ""
        click.echo(
            f"OK  {name}: the fold and the recount agree in every unit and round at seq {fold.seq}, "
            f"the chain of hashes holds, and {named} the numbers that were on air{silent}\n"
        )
    return lines


def _names(claim: Claim, seq: int | None) -> bool:
    return claim.shown is not None and claim.shown.rows == seq


def print_numbers(name: str, fold: Fold, rows: list[Row]) -> None:
    """The root and its children, of what the gate admits, counted from the rows."""
    tree = fold.contest.tree
    public = recount(rows, public=True)[ALL]
    received = recount(rows, public=False)[ALL][tree.root.code][2]
    held = received - public[tree.root.code][2]
    shown = on_air(fold, RowsInHand(rows)).cut.seq
    click.echo(f"{name}: {fold.contest.id}, rows 1 to {fold.seq}, shown up to {shown}, {held} entries held back")
    click.echo(f"  {'code':<8}{'unit':<{NAME_CHARS}}" + "".join(f"{column:>14}" for column in COLUMNS))
    places = ", ".join(f"{count} {where}" for where, count in fold.whole.outside.items())
    click.echo(f"  entries outside the rounds, in no figure: {places} them")
    for unit in (tree.root, *tree.children(tree.root.code)):
        numbers = "".join(f"{number:>14}" for number in public[unit.code][: len(COLUMNS)])
        click.echo(f"  {unit.code:<8}{unit.full_name[: NAME_CHARS - 1]:<{NAME_CHARS}}{numbers}")


def print_claim(claim: Claim, fold: Fold, names: Mapping[int, str]) -> None:
    """Who decided what, when and why, and what it says was on air; whether that is so, the last line says."""
    row, shown = claim.row, claim.shown
    contest = fold.contest
    it = told(row, claim.decision, contest, names, Words("en", contest.timezone))
    by = it.by if it.by == row.by else f"{it.by} ({row.by})"
    click.echo(f"  row {row.seq}, {it.at}, {by}: {it.what}{f', “{it.reason}”' if it.reason else ''}")
    if shown is None:
        click.echo("    says nothing of what was on air")
    else:
        click.echo(
            f"    on air then: {shown.completed} completed, {shown.participants} participants, "
            f"shown up to {shown.seq}, of rows 1 to {shown.rows} (--seq {shown.rows} counts them)"
        )
