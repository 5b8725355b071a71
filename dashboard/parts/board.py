"""What the screens read out of a board's frame. ``static/js/live/board.js`` follows the same rules; both are held to
``tests/golden/board.json``.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from streaming.contests.contest import Contest
from streaming.contests.units import Unit, UnitCode
from streaming.topics.board import ranked_together
from streaming.topics.frames import COLUMNS, Cells, Frame
from streaming.topics.standings import Ranking

Number = int | float | None

STARTED_LEADS_BELOW = 10
"""While fewer than one in this many of those who started have finished, everybody is inside the quiz, and a scene
should lead with "Lượt vào thi"."""

TOP_ROWS = 5

_AT = {name: index for index, name in enumerate(COLUMNS)}


@dataclass(frozen=True)
class Line:
    """A unit's line in a ranking: `rank` is None where nothing has been counted for it."""

    code: UnitCode
    rank: int | None
    value: Number


class BoardView:
    """A frame with a board's columns, read by name."""

    def __init__(self, frame: Frame, contest: Contest) -> None:
        self.frame = frame
        self.contest = contest

    def cell(self, code: str, column: str) -> Number:
        """A unit's number; None where the frame has no such unit."""
        row: Cells | None = self.frame.rows.get(code)
        return None if row is None else row[_AT[column]]

    def count(self, code: str, column: str) -> int:
        """A unit's count, 0 where the frame has no such unit."""
        return int(self.cell(code, column) or 0)

    def counts(self, codes: Iterable[str], column: str) -> list[int]:
        """The counts of many units."""
        rows, at = self.frame.rows, _AT[column]
        return [int(row[at] or 0) if (row := rows.get(code)) is not None else 0 for code in codes]

    @property
    def root(self) -> UnitCode:
        """The unit that holds all others."""
        return self.contest.tree.root.code

    def taking_part(self, leaves: Iterable[str]) -> int:
        """In how many of these somebody has started or finished: it never falls when another number leads."""
        columns = self.counts(leaves := tuple(leaves), "started"), self.counts(leaves, "completed")
        return sum(started > 0 or completed > 0 for started, completed in zip(*columns, strict=True))

    def lines(self, codes: Sequence[UnitCode], by: str) -> list[Line]:
        """The units from the first place down; ties in official order, units without a value last.

        By the contest's own column the places are the frame's; by started, which the frame does not rank, they are
        counted here.
        """
        ranks: Mapping[str, int | None]
        if by == self.contest.ranking.by:
            ranks = {code: self._rank(code) for code in codes}
        else:
            values: dict[str, int | None] = {
                code: None if self.cell(code, by) is None else self.count(code, by) for code in codes
            }
            ranks = Ranking(values).places
        order = sorted(codes, key=lambda code: (ranks[code] is None, ranks[code] or 0))
        return [Line(code, ranks[code] if self.has_entries(code, by) else None, self.cell(code, by)) for code in order]

    def has_entries(self, code: str, by: str) -> bool:
        """Whether anything has been counted for a unit in a ranking by ``by``. Asked of the counts: a rate is rounded,
        and 1 of 100,000 looks like none."""
        return self.count(code, "started" if by == "started" else "completed") > 0

    def _rank(self, code: str) -> int | None:
        rank = self.cell(code, "rank")
        return None if rank is None else int(rank)

    def rest(self, listed: Iterable[str], column: str, whole: str) -> int:
        """What the listed units leave of the whole, so that the lines add up."""
        return self.count(whole, column) - sum(self.count(code, column) for code in listed)


def started_leads(started: int, completed: int) -> bool:
    """Whether "Lượt vào thi" should lead."""
    return started > 0 and completed * STARTED_LEADS_BELOW < started


def columns(by: str, *, has_rate: bool) -> tuple[str, ...]:
    """The columns of a table, the one that ranks first; % of the target only where there are targets."""
    others = ("completed", "participants", *(("rate",) if has_rate else ()))
    return (by, *(column for column in others if column != by))


def ranked(contest: Contest, of: UnitCode | None = None) -> tuple[Unit, ...]:
    """The units right below one (None: the root) that are ranked together, places before all others; none below a
    leaf."""
    children = contest.tree.children(contest.tree.root.code if of is None else of)
    groups = ranked_together(children, apart=contest.ranking.apart)
    return groups[0] if groups else ()
