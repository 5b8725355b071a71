"""A unit's page: its own numbers, its place among siblings, what lies below it, its part of the map."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import msgspec

from dashboard.edition import Edition, UnitMeta
from dashboard.map.drawing import UNKNOWN
from dashboard.map.labels import Pause
from dashboard.page import PageData, common, data_block
from dashboard.parts.board import BoardView, columns, step
from streaming.contests.contest import RankBy
from streaming.contests.units import Tree, Unit, UnitCode
from streaming.topics.board import ranked_together
from streaming.topics.frames import Frame
from streaming.topics.state import Near, PointState, UnitState

CELL_CHARS = 7
"""A table with longer numbers than this is set in smaller figures."""


class UnitData(PageData, frozen=True, kw_only=True):
    """What the script of a unit's page reads of the contest: ``groups`` is what lies below, the units ranked together,
    then those ranked apart; ``siblings`` how many units it is ranked with and ``kinds`` what they are; ``areas`` the
    child of each hexagon, and how many hexagons that has; ``units`` siblings and children."""

    topic: str
    root: str
    unit: str
    is_root: bool
    by: RankBy
    groups: tuple[tuple[str, ...], ...]
    columns: tuple[str, ...]
    siblings: int
    kinds: str
    steps: tuple[int, ...]
    areas: dict[str, tuple[str, int]] | msgspec.Raw
    units: dict[str, UnitMeta] | msgspec.Raw


def page(
    frame: Frame, edition: Edition, code: str, *, now_ms: int | None = None, point: Frame | None = None
) -> dict[str, Any]:
    """The values of units/unit.html for a snapshot of `unit/{code}`; `point` is one of `point/{code}` where the page is
    for the unit's own connection point, which may be told that its numbers are being looked at.

    Raises:
        KeyError: If the contest has no such unit.
    """
    return _Page(frame, edition, code, now_ms if now_ms is not None else frame.at, point).values()


def is_prepared(edition: Edition, code: str) -> bool:
    """Whether what `prepare` works out is there."""
    return edition.has_map(code)


def prepare(edition: Edition, code: str, pause: Pause) -> None:
    """Work out a unit's map, and with it what else its page shows of the contest."""
    edition.picture(code, pause, titled=True)
    for child in edition.tree.children(code):
        edition.metas((child,))
        pause()
    edition.of_unit(code, _Fixed)


class _Together:
    """Units that stand in one ranking."""

    def __init__(self, units: Sequence[Unit], edition: Edition) -> None:
        self.count = len(units)
        self.kinds = edition.words.kinds(units)
        self.metas = msgspec.json.encode(edition.metas(units))


class _Fixed:
    """What a unit's page shows of the contest, in one language."""

    def __init__(self, edition: Edition, code: str) -> None:
        tree, words, by = edition.tree, edition.words, edition.contest.ranking.by
        self.unit = unit = tree[code]
        self.children = tree.children(code)
        self.name = words.full_name(unit)
        self.above = [{"code": up, "name": words.full_name(tree[up])} for up in reversed(tree.path(code)[1:])]
        self.siblings = _siblings(edition, unit)
        self.groups = tuple(
            tuple(child.code for child in group)
            for group in ranked_together(self.children, apart=edition.contest.ranking.apart)
        )
        self.columns = columns(by, has_rate=tree.target(code) is not None)
        self.heads = [words.say(f"col_{column}") for column in self.columns]
        self.note = words.say("place_note", by=words.say(f"by_{by}"))
        self.picture = edition.picture(code, titled=True)
        # Hexagons show the mean of a child where the topic does not tell of each of them.
        self.shows_means = self.picture is not None and any(not tree.is_leaf(child.code) for child in self.children)
        self.areas = self._areas(tree) if self.picture is not None else {}
        self.data = UnitData(
            lang=words.lang,
            timezone=edition.contest.timezone,
            texts=edition.texts,
            topic=f"unit/{code}",
            root=unit.code,
            unit=unit.code,
            is_root=unit.parent is None,
            by=by,
            groups=self.groups,
            columns=self.columns,
            siblings=self.siblings.count,
            kinds=self.siblings.kinds,
            steps=edition.contest.steps,
            areas=msgspec.Raw(msgspec.json.encode(self.areas)),
            units=self._metas(edition),
        )

    def _areas(self, tree: Tree) -> dict[str, tuple[UnitCode, int]]:
        """For each hexagon the child that it belongs to, and how many hexagons that has."""
        children = {child.code for child in self.children}
        if not children or self.picture is None:
            return {}
        owner = {code: next((up for up in tree.path(code) if up in children), None) for code in self.picture.codes}
        sizes = Counter(child for child in owner.values() if child is not None)
        return {code: (child, sizes[child]) for code, child in owner.items() if child is not None}

    def _metas(self, edition: Edition) -> msgspec.Raw:
        """The names of siblings and children, for the script."""
        if not self.children:
            return msgspec.Raw(self.siblings.metas)
        children = msgspec.json.encode(edition.metas(self.children))
        return msgspec.Raw(b"%b,%b" % (self.siblings.metas[:-1], children[1:]))


def _siblings(edition: Edition, unit: Unit) -> _Together:
    """The units that a unit is ranked with, itself included."""
    if unit.parent is None:
        return _Together((unit,), edition)
    tree, parent, apart = edition.tree, unit.parent, edition.contest.ranking.apart
    return edition.keep(
        ("siblings", parent, unit.place or not apart),
        lambda: _Together(tree.siblings(unit.code) if apart else tree.children(parent), edition),
    )


class _Page:
    def __init__(self, frame: Frame, edition: Edition, code: str, now_ms: int, point: Frame | None) -> None:
        self.frame = frame
        self.state = UnitState.of(frame)
        self.near = self.state.near or Near()
        self.point = point
        self.edition = edition
        self.contest = edition.contest
        self.tree = edition.tree
        self.words = edition.words
        self.fixed = fixed = edition.of_unit(code, _Fixed)
        self.unit = fixed.unit
        self.now_ms = now_ms
        self.board = BoardView(frame, edition.contest)
        self.by = self.contest.ranking.by
        self.columns = fixed.columns

    def values(self) -> dict[str, Any]:
        words, code = self.words, self.unit.code
        shown = common(self.edition.folder, words, made=self.edition.made, rehearsal=self.frame.rehearsal)
        fixed = self.fixed
        rows, near = self._rows(), self._near()
        return shown | {
            "name": fixed.name,
            "above": fixed.above,
            "code": code,
            "heard": words.as_of(self.state.frozen, self.frame.heard, self.now_ms),
            "corrected": words.corrected(self.state.corrected),
            "place": self._place(),
            "gaps": [
                {"key": key, "text": self._gap(key, other)}
                for key, other in (("ahead", self.near.ahead), ("behind", self.near.behind))
            ],
            "figures": self._figures(),
            "columns": fixed.heads,
            "rows": rows,
            "near": near,
            "is_wide": max((len(cell) for row in (*rows, *near) for cell in row["cells"]), default=0) > CELL_CHARS,
            "note": fixed.note,
            "map": self._map(),
            "legend": self.edition.legend_of(self.contest.steps),
            "legend_head": words.say("legend_mean" if fixed.shows_means else "legend"),
            "is_point": self.point is not None,
            "review": self.point is not None and bool(PointState.of(self.point).review),
            "point_frame": data_block(self.point) if self.point is not None else "",
            "first_frame": data_block(self.frame),
            "contest_data": data_block(self._data()),
        }

    def _number(self, code: str, column: str) -> str:
        value = self.board.cell(code, column)
        return self.words.percent(value) if column == "rate" else self.words.number(value)

    def _place(self) -> str:
        if self.unit.parent is None:
            return ""
        rank = self.board.cell(self.unit.code, "rank")
        if rank is None or not self.board.has_entries(self.unit.code, self.by):
            return self.words.say("place_none")
        siblings = self.fixed.siblings
        of = self.words.number(siblings.count)
        return self.words.say("place", rank=self.words.number(rank), of=of, kinds=siblings.kinds)

    def _gap(self, key: str, other: str | None) -> str:
        """How far the sibling just ahead or behind is; "" without one."""
        if other is None or other not in self.tree:
            return ""
        own, theirs = self.board.cell(self.unit.code, self.by), self.board.cell(other, self.by)
        if own is None or theirs is None or not self.board.has_entries(self.unit.code, self.by):
            return ""
        name = self.words.full_name(self.tree[other])
        gap = abs(own - theirs)
        if self.by == "rate":
            return self.words.say(f"gap_{key}_rate", name=name, n=self.words.points(gap))
        form = f"gap_{key}" if self.by == "completed" else f"gap_{key}_participants"
        return self.words.count(form, round(gap), name=name)

    def _figures(self) -> list[dict[str, str]]:
        words, board, code = self.words, self.board, self.unit.code
        labels = {
            "completed": words.say("col_completed"),
            "participants": words.say("participants"),
            "started": words.say("started"),
        }
        figures = [{"name": name, "label": label, "value": self._number(code, name)} for name, label in labels.items()]
        rate = board.cell(code, "rate")
        if rate is not None:
            figures.append({"name": "rate", "label": words.say("col_rate"), "value": words.percent(rate)})
        return figures

    def _rows(self) -> list[dict[str, Any]]:
        groups = self.fixed.groups
        lines = [(line, group is groups[0]) for group in groups for line in self.board.lines(group, self.by)]
        return [
            # Units ranked apart come last and show no place: two first places in one table would mislead.
            self._row(line.code, at, self.words.number(line.rank) if is_first else "")
            for at, (line, is_first) in enumerate(lines)
        ]

    def _row(self, code: UnitCode, at: int, rank: str) -> dict[str, Any]:
        return {
            "code": code,
            "at": at,
            "rank": rank,
            "leads": rank == "1",
            "name": self.edition.named(self.tree[code]),
            "cells": [self._number(code, column) for column in self.columns],
        }

    def _near(self) -> list[dict[str, Any]]:
        """For a unit with nothing below it: itself between the siblings just ahead and just behind."""
        if self.fixed.children:
            return []
        codes = [self.near.ahead, self.unit.code, self.near.behind]
        known = [UnitCode(code) for code in codes if code is not None and code in self.tree]
        return [self._row(code, at, self._rank(code)) for at, code in enumerate(known)]

    def _rank(self, code: str) -> str:
        shown = self.board.cell(code, "rank") if self.board.has_entries(code, self.by) else None
        return self.words.number(shown)

    def _map(self) -> dict[str, Any] | None:
        fixed, steps = self.fixed, self.contest.steps
        if fixed.picture is None:
            return None
        colours = {
            child: step(self.board.count(child, "completed") / size, steps) for child, size in set(fixed.areas.values())
        }
        return fixed.picture.drawn(
            [colours[fixed.areas[code][0]] if code in fixed.areas else UNKNOWN for code in fixed.picture.codes],
            here=None if fixed.children else self.unit.code,
        )

    def _data(self) -> UnitData:
        """What the script needs beside the frame."""
        return msgspec.structs.replace(self.fixed.data, topic=self.frame.topic)
