"""The map as a page draws it: paths with their colour, legend, names."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from dashboard.labels import width_em
from dashboard.map import HexMap, auto_grid, grid_map, label_text, submap
from dashboard.scenes.board import step
from dashboard.words import Words
from streaming.contest import Contest, ContestFolder
from streaming.units import Tree, Unit

MAPS_KEPT = 64
LABEL_EM_MAX = 14
"""A name wider than this is left out: the map would have to shrink for it."""


@dataclass(frozen=True)
class _Asked:
    """Which map is wanted; equal for the same contest, so that a map is laid out once."""

    digest: str
    code: str
    lang: str
    folder: ContestFolder

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Asked) and self._key == other._key

    def __hash__(self) -> int:
        return hash(self._key)

    @property
    def _key(self) -> tuple[str, str, str]:
        return self.digest, self.code, self.lang


def map_of(folder: ContestFolder, code: str, lang: str) -> HexMap | None:
    """The map of what lies below a unit; None for a unit without any hexagon."""
    return _map(_Asked(folder.contest.digest, code, lang, folder))


@lru_cache(MAPS_KEPT)
def _map(asked: _Asked) -> HexMap | None:
    tree = asked.folder.contest.tree
    if not any(unit.place for unit in tree.leaves):
        return None
    grid = asked.folder.grid or auto_grid(tree)
    whole = grid_map(grid, tree, _label(asked.lang))
    return whole if asked.code == tree.root.code else submap(whole, asked.code, _label(asked.lang))


def _label(lang: str) -> Callable[[Unit, Tree], str]:
    def text(unit: Unit, tree: Tree) -> str:
        name = unit.name_en if lang == "en" and unit.name_en else label_text(unit, tree)
        return name if width_em(name) <= LABEL_EM_MAX else ""

    return text


def legend(contest: Contest, words: Words) -> list[dict[str, Any]]:
    """The steps of the map's colours with their words, zero first."""
    lows = contest.steps
    highs = (*lows[1:], None)
    first = [{"step": 0, "text": words.step(0, lows[0])}]
    return first + [
        {"step": index, "text": words.step(low, high)}
        for index, (low, high) in enumerate(zip(lows, highs, strict=True), start=1)
    ]


def drawn(
    hexes: HexMap,
    contest: Contest,
    counts: Callable[[str], int | float | None],
    *,
    here: str | None = None,
    title: Callable[[str], str] = lambda _: "",
) -> dict[str, Any]:
    """The map for a template; `counts` is None for a hexagon of which the frame says nothing.

    `here` is the hexagon that the page is about, `title` what a pointer at a hexagon is told.
    """
    values = {cell.code: counts(cell.code) for cell in hexes.cells}
    return {
        "view_box": hexes.view_box_text,
        "cells": [
            {
                "code": cell.code,
                "path": cell.path,
                "step": colour(values[cell.code], contest),
                "here": cell.code == here,
                "title": title(cell.code),
            }
            for cell in hexes.cells
        ],
        "borders": [{"code": border.code, "path": border.path} for border in hexes.borders],
        "outline": hexes.outline,
        "labels": [
            {"code": label.code, "text": label.text, "x": round(label.x, 1), "y": round(label.y, 1)}
            for label in hexes.labels
        ],
        "label_size": round(hexes.label_size, 1),
    }


def colour(count: int | float | None, contest: Contest) -> int | str:
    """The step of a count, "none" for an unknown one."""
    return "none" if count is None else step(count, contest.steps)
