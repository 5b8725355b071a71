"""Feeds: the numbers as flat records, for stations whose graphics take no web page (vMix, Viz, Singular, H2R).

A title of such a host shows column C of row N. So every feed has the same columns, whatever there is to say, and as
many rows as were asked for: a row beyond the data is there, and empty. Each number stands twice, as a number and as
the screens write it.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import msgspec

from dashboard.edition import Edition
from dashboard.words.words import Words
from streaming.contests.contest import RankBy
from streaming.contests.units import Unit
from streaming.fold.tally import ALL
from streaming.topics.board import Board
from streaming.topics.frames import COLUMNS, Cells
from streaming.topics.numbers import NumberTopics
from streaming.topics.state import BoardState

ROWS_MAX = 500
"""Rows of one feed; a province has at most some thirty districts, and a district some thirty wards."""

_AT = {name: index for index, name in enumerate(COLUMNS)}


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """A unit's row in a feed; its fields are the columns of every feed, in this order. A text that there is not is "",
    a number None. ``rate`` is a fraction of the target and always written with a point, for hosts take the type of a
    column from its first row. What is so or not is 1 or 0."""

    place: int | None = None
    place_text: str = ""
    code: str = ""
    name: str = ""
    full_name: str = ""
    short_name: str = ""
    above_name: str = ""
    completed: int | None = None
    completed_text: str = ""
    started: int | None = None
    started_text: str = ""
    participants: int | None = None
    participants_text: str = ""
    registered: int | None = None
    registered_text: str = ""
    target: int | None = None
    target_text: str = ""
    rate: float | None = None
    rate_text: str = ""
    rate_line: str = ""
    pace: int | None = None
    pace_text: str = ""
    taking_part: int | None = None
    taking_part_of: int | None = None
    taking_part_text: str = ""
    round_text: str = ""
    heard_text: str = ""
    corrected_text: str = ""
    rehearsal: int | None = None
    rehearsal_text: str = ""
    final: int | None = None
    withdrawn: int | None = None
    at: int | None = None
    seq: int | None = None


FIELDS: tuple[str, ...] = Record.__struct_fields__
EMPTY = Record()


@dataclass(frozen=True)
class Feed:
    """One cut of the numbers, as a feed in one language reads it.

    ``scope`` is ALL or a round. ``now_ms`` is the time that the picture shows. ``withdrawn`` says that wrong numbers
    are off the air, ``is_bare`` that this feed has none meanwhile: then units are named and nothing is counted.
    """

    numbers: NumberTopics
    state: BoardState
    at_ms: int
    heard_ms: int | None
    seq: int
    edition: Edition
    scope: int
    now_ms: int
    withdrawn: bool = False
    is_bare: bool = False

    @property
    def board(self) -> Board:
        """The rows of the scope."""
        return self.numbers.board(self.scope)

    @property
    def words(self) -> Words:
        """How the feed speaks."""
        return self.edition.words

    def total(self) -> list[Record]:
        """The whole contest: one record."""
        root = self.edition.tree.root
        return [self._record(root, None)]

    def unit(self, code: str, by: RankBy) -> list[Record]:
        """One unit, with its place among its siblings: one record."""
        unit = self.edition.tree[code]
        places = {} if unit.parent is None else dict(self._ranked(unit.parent, by))
        return [self._record(unit, places.get(code))]

    def standings(self, parent: str, by: RankBy, rows: int) -> list[Record]:
        """The units right below one from the first place down, those ranked apart last and without a place; ``rows``
        records, whatever there is."""
        tree = self.edition.tree
        ranked = list(self._ranked(parent, by))[:rows]
        records = [self._record(tree[code], place) for code, place in ranked]
        return records + [EMPTY] * (rows - len(records))

    def _ranked(self, parent: str, by: RankBy) -> Iterator[tuple[str, int | None]]:
        """The units right below one in order, each with its place; None for those that are ranked apart, for two first
        places in one list would mislead, and where nothing has been counted."""
        for number, ranking in enumerate(self.board.rankings(parent, by)):
            for code in ranking.order:
                has_place = number == 0 and bool(self.board.rows[code][_AT["completed"]])
                yield code, ranking.places[code] if has_place else None

    def _record(self, unit: Unit, place: int | None) -> Record:
        said = Record(
            code=unit.code,
            name=(unit.name_en or unit.name) if self.words.lang == "en" else unit.name,
            full_name=self.words.full_name(unit),
            short_name=self.words.short_name(unit),
            above_name="" if unit.parent is None else self.words.full_name(self.edition.tree[unit.parent]),
            round_text=self._round(),
            rehearsal=int(self.numbers.rehearsal),
            rehearsal_text=self.words.say("rehearsal") if self.numbers.rehearsal else "",
            withdrawn=int(self.withdrawn),
            final=int(self.state.frozen is not None),
            at=self.at_ms,
            seq=self.seq,
        )
        if self.is_bare:
            return said
        ranks = unit.parent is not None
        return msgspec.structs.replace(
            said,
            place=place,
            place_text=self.words.number(place) if ranks else "",
            heard_text=self.words.as_of(self.state.frozen, self.heard_ms, self.now_ms),
            corrected_text=self.words.corrected(self.state.corrected),
            **self._counts(self.board.rows[unit.code]),
            **self._taking_part(unit.code),
        )

    def _counts(self, cells: Cells) -> dict[str, int | float | str | None]:
        found: dict[str, int | float | str | None] = {}
        for column in ("completed", "started", "participants", "registered", "target", "pace"):
            count = cells[_AT[column]]
            found[column] = count
            found[f"{column}_text"] = "" if count is None else self.words.number(count)
        pace, rate = cells[_AT["pace"]], cells[_AT["rate"]]
        # As on screens: with its sign, and only while something comes in.
        found["pace_text"] = f"+{self.words.number(pace)}" if pace else ""
        if rate is not None:
            percent = self.words.percent(rate)
            found |= {"rate": float(rate), "rate_text": percent, "rate_line": self.words.say("target", percent=percent)}
        return found

    def _taking_part(self, code: str) -> dict[str, int | str]:
        """Told of all rounds together alone, as on screens."""
        counts = self.numbers.taking_part(code) if self.scope == ALL else None
        if counts is None:
            return {}
        text = "/".join(map(self.words.number, counts))
        return {"taking_part": counts[0], "taking_part_of": counts[1], "taking_part_text": text}

    def _round(self) -> str:
        names = {round_.n: round_ for round_ in self.edition.contest.rounds}
        return "" if self.scope == ALL else self.words.name(names[self.scope])
