"""A board: a tally's counts as rows with rates and places."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from streaming.contests.contest import Contest, Round
from streaming.contests.units import Unit, UnitCode
from streaming.fold.tally import COMPLETED, PACE, Counts
from streaming.topics.frames import COLUMNS, Cells
from streaming.topics.standings import COUNTED, Ranking, Value, value
from streaming.topics.state import RoundShown

RANK, RATE = COLUMNS.index("rank"), COLUMNS.index("rate")
RATE_DIGITS = 4
"""Of the rate that a row shows; nothing is ranked by it."""


@dataclass(eq=False)
class _Siblings:
    """Units that are ranked together, in official order, and how they stand if that has been worked out."""

    codes: tuple[str, ...]
    ranking: Ranking | None = None


class Board:
    """The rows of one scope: counts with target, rate and place among siblings."""

    def __init__(self, contest: Contest) -> None:
        self.contest = contest
        self.rows: dict[str, Cells] = {}
        self._ranks: dict[str, int | None] = {}
        self._targets = {unit.code: contest.tree.target(unit.code) for unit in contest.tree}
        self._below: dict[str, tuple[_Siblings, ...]] = {}
        self._siblings: dict[str, _Siblings] = {contest.tree.root.code: _Siblings((contest.tree.root.code,))}
        for unit in contest.tree:
            groups = ranked_together(contest.tree.children(unit.code), apart=contest.ranking.apart)
            self._below[unit.code] = tuple(_Siblings(tuple(each.code for each in group)) for group in groups)
            self._siblings |= {code: siblings for siblings in self._below[unit.code] for code in siblings.codes}

    def take(self, counts: Mapping[str, Counts], moved: Iterable[str]) -> dict[str, Cells]:
        """Recompute the rows of the units named and of siblings whose place changed; returns those that differ now."""
        tree = self.contest.tree
        touched = set(moved)
        for siblings in {self._siblings[code] for code in touched}:
            siblings.ranking = Ranking({code: self._value(code, counts[code]) for code in siblings.codes})
            for code, rank in siblings.ranking.places.items():
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

    def follow(self, rows: Mapping[str, Cells]) -> None:
        """Take in rows that a board of the same contest has worked out; those that it has itself cost nothing."""
        for code, row in rows.items():
            if self.rows.get(code) is not row:
                self.rows[code] = row
                self._siblings[code].ranking = None

    def ranking(self, code: str) -> Ranking:
        """How a unit and its siblings stand by the contest's own rule."""
        return self._ranking(self._siblings[code])

    def share(self, code: str) -> int | None:
        """What part of the completed entries of the unit above are a unit's own, in thousandths; None for the root, and
        where it has none."""
        parent = self.contest.tree[code].parent
        own = _completed(self.rows[code])
        if parent is None or own <= 0:
            return None
        of = _completed(self.rows[parent])
        return (2000 * own + of) // (2 * of)

    def rankings(self, parent: str, by: str) -> tuple[Ranking, ...]:
        """How the children of a unit stand by a column: places, then those ranked apart from them."""
        if by == self.contest.ranking.by:
            return tuple(self._ranking(siblings) for siblings in self._below[parent])
        return tuple(
            Ranking({code: self._value(code, self.rows[code], by) for code in siblings.codes})
            for siblings in self._below[parent]
        )

    def _ranking(self, siblings: _Siblings) -> Ranking:
        if siblings.ranking is None:
            siblings.ranking = Ranking({code: self._value(code, self.rows[code]) for code in siblings.codes})
        return siblings.ranking

    def _value(self, code: str, counts: Sequence[int | float | None], by: str | None = None) -> Value:
        """What a unit is ranked by."""
        return value(by or self.contest.ranking.by, counts, self._targets[UnitCode(code)], self.contest.target_by)

    def _row(self, code: str, counts: Counts) -> Cells:
        target = self._targets[UnitCode(code)]
        rate = round(counts[COUNTED[self.contest.target_by]] / target, RATE_DIGITS) if target else None
        return (*counts[:PACE], target, rate, self._ranks[code], counts[PACE])


def _completed(cells: Cells) -> int:
    return int(cells[COMPLETED] or 0)


def ranked_together(units: Sequence[Unit], *, apart: bool) -> tuple[tuple[Unit, ...], ...]:
    """Siblings in the groups in which they are ranked: all as one, or places and what is none of them apart."""
    groups = [[unit for unit in units if unit.place], [unit for unit in units if not unit.place]] if apart else [units]
    return tuple(tuple(group) for group in groups if group)


def round_shown(rounds: Sequence[Round], number: int | None) -> RoundShown | None:
    """A round as topics tell it, None if there is no such round."""
    found = next((round_ for round_ in rounds if round_.n == number), None)
    return None if found is None else RoundShown(found.n, found.opens_ms, found.closes_ms)
