"""The map as a page draws it: paths with their colour, legend, names."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from markupsafe import Markup, escape

from dashboard.map.hexmap import HexMap
from dashboard.map.labels import Pause
from dashboard.words.words import Words

UNKNOWN = "none"
"""The colour of a hexagon for which the frame has no row."""


class Picture:
    """A map as text for a template, without its colours, which each page adds.

    ``title`` gives the tooltip of a unit's hexagon by its code; None for a map without tooltips.
    """

    def __init__(self, hexes: HexMap, title: Callable[[str], str] | None, pause: Pause) -> None:
        self.codes: list[str] = [cell.code for cell in hexes.cells]
        self._at = {code: at for at, code in enumerate(self.codes)}
        self._ends: list[str] = []
        for cell in hexes.cells:
            told = "" if title is None else f"<title>{escape(title(cell.code))}</title>"
            self._ends.append(f'" data-code="{escape(cell.code)}" d="{cell.path}">{told}</path>')
            pause()
        self._fixed = {
            "view_box": hexes.view_box_text,
            "borders": _markup(f'<path d="{border.path}"/>' for border in hexes.borders),
            "outline": hexes.outline,
            "labels": _markup(
                f'<text x="{round(label.x, 1)}" y="{round(label.y, 1)}" dy=".36em">{escape(label.text)}</text>'
                for label in hexes.labels
            ),
            "label_size": round(hexes.label_size, 1),
        }

    def drawn(self, colours: Sequence[int | str], here: str | None = None) -> dict[str, Any]:
        """The map for a template, with the colour of each of `codes`; `here` is the hexagon that the page is about."""
        cells = [f'<path class="s{colour}{end}' for colour, end in zip(colours, self._ends, strict=True)]
        if here in self._at:
            at = self._at[here]
            cells[at] = f'<path class="s{colours[at]} here{self._ends[at]}'
        return self._fixed | {"cells": _markup(cells)}


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
