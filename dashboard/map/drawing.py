"""The map as a page draws it: paths with their colour, names and numbers in them."""

from collections.abc import Callable, Iterable, Sequence
from itertools import zip_longest
from typing import Any

from markupsafe import Markup, escape

from dashboard.map.labels import Pause
from dashboard.map.layout import Inscription, Layout, decimal
from streaming.contests.units import UnitCode

GLOW = (62, 50, 39)
"""Rings of light round the place that lights up, from the outside in; with EDGE round its hexagon."""
EDGE = "M0-29L25.1-14.5L25.1 14.5L0 29L-25.1 14.5L-25.1-14.5Z"
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
            # A hexagon is marked in its middle; where land is marked, its outline does not tell.
            at = f' data-at="{decimal(cell.x)} {decimal(cell.y)}"' if layout.ground == "boundaries" else ""
            self._ends.append(f'" data-code="{escape(cell.code)}"{at} d="{cell.path}">{told}</path>')
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
        colours: Sequence[int | str | None],
        *,
        counts: Sequence[str] = (),
        places: Sequence[str] = (),
        here: str | None = None,
    ) -> dict[str, Any]:
        """The map for a template: the colour of each of `codes`, the counts and places that stand in its cells, and
        round which unit's cell a line shall run because the page is about it."""
        colours = [UNKNOWN if colour is None else colour for colour in colours]
        inscribed = zip_longest(self._inscribed, colours, counts, places, fillvalue="") if self._inscribed else ()
        return self._fixed | {
            "cells": _markup(f'<path class="s{colour}{end}' for colour, end in zip(colours, self._ends, strict=True)),
            "names": _markup(
                text.format(colour, escape(count), escape(place)) for text, colour, count, place in inscribed
            ),
            "here": self._paths.get(UnitCode(here)) if here is not None else None,
        }

    def lit(self, codes: Sequence[str]) -> Markup:
        """The cells that light up, the latest first, each drawn once more above the others."""
        paths = [
            f'<path data-code="{escape(code)}" d="{self._paths[UnitCode(code)]}" class="l{at}"/>'
            for at, code in enumerate(codes)
        ]
        middle = [(cell.x, cell.y) for cell in self.layout.cells if cell.code in codes[:1]]
        return _markup([*paths, *(_shining(x, y) for x, y in middle)])


def _shining(x: float, y: float) -> str:
    """The light round the middle of a hexagon."""
    rings = "".join(f'<circle r="{radius}"/>' for radius in GLOW)
    return f'<g class="spot" transform="translate({decimal(x)} {decimal(y)})">{rings}<path d="{EDGE}"/></g>'


def _inscribed(inscription: Inscription) -> str:
    """What stands in a cell, to be filled with its colour, its count and its place."""
    x = decimal(inscription.x)
    lines = "".join(
        f'<text class="name" x="{x}" y="{decimal(line.y)}" font-size="{inscription.size:g}">'
        f"{_braced(escape(line.text))}</text>"
        for line in inscription.lines
    )
    count = f'<text class="count" x="{x}" y="{decimal(inscription.count_y)}">{{1}}</text>' if lines else ""
    at = f'x="{x}" y="{decimal(inscription.place_y)}" font-size="{inscription.place_size:g}"'
    place = f'<text class="place" {at}>{{2}}</text>'
    return f'<g class="t{{0}}" data-code="{_braced(escape(inscription.code))}">{lines}{count}{place}</g>'


def _braced(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")


def _markup(parts: Iterable[str]) -> Markup:
    return Markup("".join(parts))  # noqa: S704 - made above of numbers and of texts that are escaped
