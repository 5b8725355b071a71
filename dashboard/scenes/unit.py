"""A unit's page: its own numbers, its place among siblings, what lies below it, its part of the map."""

from typing import Any

from dashboard.map import HexMap
from dashboard.page import common, data_block
from dashboard.scenes import chart
from dashboard.scenes.board import Board, columns
from dashboard.scenes.names import meta, named
from dashboard.words import Words, texts
from streaming.board import ranked_together
from streaming.contest import ContestFolder
from streaming.frames import Frame
from streaming.units import Unit, UnitCode

CELL_CHARS = 7
"""A table with longer numbers than this is set in smaller figures."""


def page(
    frame: Frame, folder: ContestFolder, code: str, lang: str, *, now_ms: int | None = None, point: Frame | None = None
) -> dict[str, Any]:
    """The values of units/unit.html for a snapshot of `unit/{code}`; `point` is one of `point/{code}` where the page is
    for the unit's own connection point, which may be told that its numbers are being looked at.

    Raises:
        KeyError: If the contest has no such unit.
    """
    return _Page(frame, folder, code, lang, now_ms if now_ms is not None else frame.at, point).values()


def siblings(folder: ContestFolder, code: str) -> tuple[Unit, ...]:
    """The units that a unit is ranked with, itself included."""
    tree = folder.contest.tree
    unit = tree[code]
    if unit.parent is None or folder.contest.ranking.apart:
        return tree.siblings(code)
    return tree.children(unit.parent)


class _Page:
    def __init__(
        self, frame: Frame, folder: ContestFolder, code: str, lang: str, now_ms: int, point: Frame | None
    ) -> None:
        self.frame = frame
        self.point = point
        self.folder = folder
        self.contest = folder.contest
        self.tree = folder.contest.tree
        self.unit = self.tree[code]
        self.words = Words(lang, folder.contest.timezone)
        self.now_ms = now_ms
        self.board = Board(frame, folder.contest)
        self.siblings = siblings(folder, code)
        self.children = self.tree.children(code)
        self.by = self.contest.ranking.by
        together = ranked_together(self.children, apart=self.contest.ranking.apart)
        self.groups = [[unit.code for unit in group] for group in together]
        self.columns = columns(self.by, has_rate=self.tree.target(code) is not None)

    def values(self) -> dict[str, Any]:
        words, code = self.words, self.unit.code
        shown = common(self.contest, words, rehearsal=self.frame.rehearsal)
        hexes = chart.map_of(self.folder, code, words.lang)
        rows, near = self._rows(), self._near()
        return shown | {
            "name": words.full_name(self.unit),
            "above": [self._link(self.tree[up]) for up in reversed(self.tree.path(code)[1:])],
            "code": code,
            "heard": words.as_of(self.frame.state.get("frozen"), self.frame.heard, self.now_ms),
            "corrected": words.corrected(self.frame.state.get("corrected")),
            "place": self._place(),
            "gaps": [{"key": key, "text": self._gap(key)} for key in ("ahead", "behind")],
            "figures": self._figures(),
            "columns": [words.say(f"col_{column}") for column in self.columns],
            "rows": rows,
            "near": near,
            "is_wide": max((len(cell) for row in (*rows, *near) for cell in row["cells"]), default=0) > CELL_CHARS,
            "note": words.say("place_note", by=words.say(f"by_{self.by}")),
            "map": self._map(hexes),
            "legend": chart.legend(self.contest, words),
            "legend_head": words.say("legend_mean" if self._means(hexes) else "legend"),
            "is_point": self.point is not None,
            "review": self.point is not None and bool(self.point.state.get("review")),
            "point_frame": data_block(self.point) if self.point is not None else "",
            "first_frame": data_block(self.frame),
            "contest_data": data_block(self._data(hexes)),
        }

    def _link(self, unit: Unit) -> dict[str, Any]:
        return {"code": unit.code, "name": self.words.full_name(unit)}

    def _number(self, code: str, column: str) -> str:
        value = self.board.cell(code, column)
        return self.words.percent(value) if column == "rate" else self.words.number(value)

    def _place(self) -> str:
        if self.unit.parent is None:
            return ""
        rank = self.board.cell(self.unit.code, "rank")
        if rank is None or not self.board.has_entries(self.unit.code, self.by):
            return self.words.say("place_none")
        kinds = self.words.kinds(self.siblings)
        of = self.words.number(len(self.siblings))
        return self.words.say("place", rank=self.words.number(rank), of=of, kinds=kinds)

    def _gap(self, key: str) -> str:
        """How far the sibling just ahead or behind is; "" without one."""
        other: str | None = (self.frame.state.get("near") or {}).get(key)
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
        groups = self.groups
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
            "name": named(self.tree[code], self.words),
            "cells": [self._number(code, column) for column in self.columns],
        }

    def _near(self) -> list[dict[str, Any]]:
        """For a unit with nothing below it: itself between the siblings just ahead and just behind."""
        if self.children:
            return []
        near = self.frame.state.get("near") or {}
        codes = [near.get("ahead"), self.unit.code, near.get("behind")]
        known = [UnitCode(code) for code in codes if code is not None and code in self.tree]
        return [self._row(code, at, self._rank(code)) for at, code in enumerate(known)]

    def _rank(self, code: str) -> str:
        shown = self.board.cell(code, "rank") if self.board.has_entries(code, self.by) else None
        return self.words.number(shown)

    def _means(self, hexes: HexMap | None) -> bool:
        """Whether hexagons show the mean of a child, as the topic does not tell of each of them."""
        return hexes is not None and any(not self.tree.is_leaf(child.code) for child in self.children)

    def _areas(self, hexes: HexMap) -> dict[str, tuple[str, int]]:
        """For each hexagon the child that it belongs to, and how many hexagons that has."""
        children = {child.code for child in self.children}
        owner = {
            cell.code: next((up for up in self.tree.path(cell.code) if up in children), None) for cell in hexes.cells
        }
        sizes: dict[str, int] = {}
        for child in owner.values():
            if child is not None:
                sizes[child] = sizes.get(child, 0) + 1
        return {code: (child, sizes[child]) for code, child in owner.items() if child is not None}

    def _map(self, hexes: HexMap | None) -> dict[str, Any] | None:
        if hexes is None:
            return None
        areas = self._areas(hexes)

        def mean(code: str) -> float | None:
            if code not in areas:
                return None
            child, size = areas[code]
            return self.board.count(child, "completed") / size

        return chart.drawn(
            hexes,
            self.contest,
            mean,
            here=None if self.children else self.unit.code,
            title=lambda code: self.words.full_name(self.tree[code]),
        )

    def _data(self, hexes: HexMap | None) -> dict[str, Any]:
        """What the script needs beside the frame."""
        near = {unit.code: meta(unit, self.tree, self.words) for unit in (*self.siblings, *self.children)}
        return {
            "lang": self.words.lang,
            "timezone": self.contest.timezone,
            "texts": texts(self.words.lang),
            "topic": self.frame.topic,
            "root": self.unit.code,
            "unit": self.unit.code,
            "is_root": self.unit.parent is None,
            "by": self.by,
            "groups": self.groups,
            "columns": self.columns,
            "siblings": len(self.siblings),
            "kinds": self.words.kinds(self.siblings),
            "steps": self.contest.steps,
            "areas": self._areas(hexes) if hexes is not None else {},
            "units": near,
        }
