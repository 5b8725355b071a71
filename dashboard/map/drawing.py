"""The map as a page draws it: paths with their colour, names and numbers in them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from markupsafe import Markup, escape

from dashboard.map.inscriptions import PLACE_SIZE
from dashboard.map.labels import Pause
from dashboard.map.layout import Inscription, Layout, decimal
from dashboard.words.words import Words
from streaming.contests.units import UnitCode

UNKNOWN = "none"
"""The colour of a cell for which the frame has no row."""


class Picture:
    """A map as text for a template, without its colours and numbers, which each page adds.

    ``title`` gives the tooltip of a unit's cell by its code; None for a map without tooltips.
    """

    def __init__(self, layout: Layout, title: Callable[[str], str] | None, pause: Pause) -> None:
        self.layout = layout
        self.codes: list[str] = [cell.code for cell in layout.cells]
        self._paths = {cell.code: cell.path for cell in layout.cells}
        self._ends: list[str] = []
        for cell in layout.cells:
            told = "" if title is None else f"<title>{escape(title(cell.code))}</title>"
            self._ends.append(f'" data-code="{escape(cell.code)}" d="{cell.path}">{told}</path>')
            pause()
        self._inscribed = [_inscribed(inscription) for inscription in layout.inscriptions]
        self._fixed = {
            "view_box": layout.view_box_text,
            "ground": layout.ground,
            "around": _markup(f'<path class="a{nth}" d="{path}"/>' for nth, path in enumerate(layout.around, start=1)),
            "borders": _markup(f'<path d="{border.path}"/>' for border in layout.borders),
            "outline": layout.outline,
            "labels": _markup(
                f'<text x="{round(label.x, 1)}" y="{round(label.y, 1)}" dy=".36em">{escape(label.text)}</text>'
                for label in layout.labels
            ),
            "label_size": round(layout.label_size, 1),
        }

    def drawn(
        self,
        colours: Sequence[int | str],
        *,
        counts: Mapping[str, str] | None = None,
        places: Mapping[str, str] | None = None,
        here: str | None = None,
    ) -> dict[str, Any]:
        """The map for a template: the colour of each of `codes`, what stands in its cells, and round which unit's
        cell a line shall run because the page is about it."""
        counts, places = counts or {}, places or {}
        of = dict(zip(self.codes, colours, strict=True))
        return self._fixed | {
            "cells": _markup(f'<path class="s{colour}{end}' for colour, end in zip(colours, self._ends, strict=True)),
            "names": _markup(
                inscribed.format(of[each.code], escape(counts.get(each.code, "")), escape(places.get(each.code, "")))
                for each, inscribed in zip(self.layout.inscriptions, self._inscribed, strict=True)
            ),
            "here": self._paths.get(UnitCode(here)) if here is not None else None,
        }


def _inscribed(inscription: Inscription) -> str:
    """What stands in a cell, to be filled with its colour, its count and its place."""
    x = decimal(inscription.x)
    lines = "".join(
        f'<text class="name" x="{x}" y="{decimal(line.y)}" font-size="{inscription.size:g}">'
        f"{_braced(escape(line.text))}</text>"
        for line in inscription.lines
    )
    count = f'<text class="count" x="{x}" y="{decimal(inscription.count_y)}">{{1}}</text>' if lines else ""
    place = f'<text class="place" x="{x}" y="{decimal(inscription.place_y)}" font-size="{PLACE_SIZE:g}">{{2}}</text>'
    return f'<g class="t{{0}}" data-code="{_braced(escape(inscription.code))}">{lines}{count}{place}</g>'


def _braced(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")


def _markup(parts: Iterable[str]) -> Markup:
    return Markup("".join(parts))  # noqa: S704 - made above of numbers and of texts that are escaped


def legend(words: Words, lows: Sequence[int]) -> list[dict[str, Any]]:
    """The steps of the map's colours with their words, zero first."""
    highs = (*lows[1:], None)
    first = [{"step": 0, "text": words.step(0, lows[0])}]
    return first + [
        {"step": index, "text": words.step(low, high)}
        for index, (low, high) in enumerate(zip(lows, highs, strict=True), start=1)
    ]
