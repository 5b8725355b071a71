"""A board: a tally's counts as rows with rates and places."""

from collections.abc import Iterable, Mapping, Sequence

from streaming import standings
from streaming.contest import Contest, Round
from streaming.frames import COLUMNS, Cells
from streaming.tally import COMPLETED, PACE, PARTICIPANTS, Counts
from streaming.units import Unit, UnitCode

RANK, RATE = COLUMNS.index("rank"), COLUMNS.index("rate")
RATE_DIGITS = 4


class Board:
    """The rows of one scope: counts with target, rate and place among siblings."""

    def __init__(self, contest: Contest) -> None:
        self.contest = contest
        self.rows: dict[str, Cells] = {}
        self.values: dict[str, standings.Value] = {}
        self._ranks: dict[str, int | None] = {}
        self._siblings: dict[str, tuple[str, ...]] = {unit.code: self._ranked_with(unit) for unit in contest.tree}
        self._targets = {unit.code: contest.tree.target(unit.code) for unit in contest.tree}

    def take(self, counts: Mapping[str, Counts], dirty: Iterable[str]) -> dict[str, Cells]:
        """Recompute the rows of the units named and of siblings whose place changed; returns those that differ now."""
        tree = self.contest.tree
        touched = set(dirty)
        for group in self._sibling_groups(touched):
            values = {code: self._value(code, counts[code]) for code in group}
            self.values |= values
            for code, rank in standings.places(values).items():
                if self._ranks.get(code, -1) != rank:
                    self._ranks[code] = rank
                    touched.add(code)
        changed: dict[str, Cells] = {}
        for unit in tree if len(touched) == len(tree) else map(tree.__getitem__, map(UnitCode, touched)):
            row = self._row(unit.code, counts[unit.code])
            if self.rows.get(unit.code) != row:
                self.rows[unit.code] = changed[unit.code] = row
        return changed

    def restore(self, rows: Mapping[str, Cells]) -> None:
        """Stand at these rows, as an earlier run left them."""
        self.rows = dict(rows)
        self.values = {code: self._value(code, [int(cell or 0) for cell in row[:PACE]]) for code, row in rows.items()}

    def _sibling_groups(self, codes: Iterable[str]) -> set[tuple[str, ...]]:
        return {self.siblings(code) for code in codes}

    def siblings(self, code: str) -> tuple[str, ...]:
        """The units that a unit is ranked with, itself included, in official order."""
        return self._siblings[code]

    def _ranked_with(self, unit: Unit) -> tuple[str, ...]:
        if unit.parent is None:
            return (unit.code,)
        tree = self.contest.tree
        group = tree.siblings(unit.code) if self.contest.ranking.apart else tree.children(unit.parent)
        return tuple(sibling.code for sibling in group)

    def _value(self, code: str, counts: Counts) -> standings.Value:
        """What a unit is ranked by."""
        by = self.contest.ranking.by
        return self._rate(code, counts) if by == "rate" else counts[PARTICIPANTS if by == "participants" else COMPLETED]

    def _rate(self, code: str, counts: Counts) -> float | None:
        target = self._targets[UnitCode(code)]
        if not target:
            return None
        return counts[PARTICIPANTS if self.contest.target_by == "participants" else COMPLETED] / target

    def _row(self, code: str, counts: Counts) -> Cells:
        rate = self._rate(code, counts)
        shown_rate = None if rate is None else round(rate, RATE_DIGITS)
        return (*counts[:PACE], self._targets[UnitCode(code)], shown_rate, self._ranks[code], counts[PACE])


def round_state(rounds: Sequence[Round], number: int | None) -> dict[str, int] | None:
    """A round as topics tell it, None if there is no such round."""
    found = next((round_ for round_ in rounds if round_.n == number), None)
    if found is None:
        return None
    return {"n": found.n, "opens_ms": found.opens_ms, "closes_ms": found.closes_ms}
