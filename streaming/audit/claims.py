"""Claims: what decisions say was on air as they were made, compared with what the rows up to then give."""

from collections.abc import Iterable
from dataclasses import dataclass

import msgspec

from streaming.decisions.contest import ContestLoaded
from streaming.decisions.decision import Decision, Shown
from streaming.decisions.kinds import read_decision
from streaming.fold.earlier import Rows, on_air
from streaming.fold.fold import Fold
from streaming.fold.tally import ALL, COMPLETED, PARTICIPANTS
from streaming.ledger.rows import Row


@dataclass(frozen=True)
class Claim:
    """A decision, and what it says was on air; ``shown`` is None where it says nothing that can be read."""

    row: Row
    decision: Decision
    shown: Shown | None


def claim_of(row: Row) -> Claim:
    """What a decision's row says was on air.

    Raises:
        FoldError: If it is no decision.
    """
    decision = read_decision(row)
    return Claim(row, decision, decision.on_air)


class Claims:
    """Compares the claims of decisions with a fold that passes the rows that they name.

    ``count`` are those that were compared, ``silent`` the decisions that say nothing: those that load the contest do
    not count among them, as they were made before anything was on air.
    """

    def __init__(self, claims: Iterable[Claim]) -> None:
        self.count = 0
        self.silent = 0
        self.faults: list[str] = []
        self._claims: dict[int, list[Claim]] = {}
        for claim in claims:
            if claim.shown is None:
                self.silent += not isinstance(claim.decision, ContestLoaded)
            elif 0 < claim.shown.rows < claim.row.seq:
                self._claims.setdefault(claim.shown.rows, []).append(claim)
            else:
                self.faults.append(
                    f"decision in row {claim.row.seq}: names the numbers of rows 1 to {claim.shown.rows}, "
                    "expected rows before its own"
                )

    def look(self, fold: Fold, rows: Rows) -> None:
        """Compare the claims made of a fold of so many ``rows``."""
        for claim in self._claims.get(fold.seq, ()):
            self.count += 1
            self.faults += faults_of(claim, on_air(fold, rows))


def faults_of(claim: Claim, fold: Fold) -> list[str]:
    """Where a claim and what was on air with the rows that it names differ, one line each; empty if nowhere."""
    counts = fold.public.counts[ALL][fold.contest.tree.root.code]
    found = {"seq": fold.cut.seq, "completed": counts[COMPLETED], "participants": counts[PARTICIPANTS]}
    said = msgspec.structs.asdict(claim.shown) if claim.shown else {}
    return [
        f"decision in row {claim.row.seq}: {name} on air was {said.get(name)}, but the rows give {value}"
        for name, value in found.items()
        if said.get(name) != value
    ]
