"""The map as a page draws it: paths with their colour, legend, names."""

from collections.abc import Iterable, Sequence
from typing import Any

from markupsafe import Markup, escape

from dashboard.edition import Edition
from dashboard.map.hexmap import HexMap
from dashboard.map.labels import Pause, no_pause

UNKNOWN = "none"
"""The colour of a hexagon of which the frame says nothing."""


class Picture:
    """A map as a template shows it, all but its colours: a page adds those, and a map of thousands is text already.

    With ``titled`` a pointer at a hexagon is told its unit's name.
    """

    def __init__(self, hexes: HexMap, edition: Edition, pause: Pause, *, titled: bool) -> None:
        self.codes: list[str] = [cell.code for cell in hexes.cells]
        self._at = {code: at for at, code in enumerate(self.codes)}
        self._ends: list[str] = []
        for cell in hexes.cells:
            title = _title(edition, cell.code) if titled else ""
            self._ends.append(f'" data-code="{escape(cell.code)}" d="{cell.path}">{title}</path>')
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


def _title(edition: Edition, code: str) -> str:
    return f"<title>{escape(edition.words.full_name(edition.tree[code]))}</title>"


def _markup(parts: Iterable[str]) -> Markup:
    return Markup("".join(parts))  # noqa: S704 - made above of numbers and of texts that are escaped


def picture(edition: Edition, code: str, pause: Pause = no_pause, *, titled: bool) -> Picture | None:
    """The picture that a unit's page shows; None for a unit without any hexagon."""
    hexes = edition.map(code, pause)
    if hexes is None:
        return None
    return edition.keep(("picture", hexes.top, titled), lambda: Picture(hexes, edition, pause, titled=titled))


def legend(edition: Edition) -> list[dict[str, Any]]:
    """The steps of the map's colours with their words, zero first."""
    words, lows = edition.words, edition.contest.steps
    highs = (*lows[1:], None)
    first = [{"step": 0, "text": words.step(0, lows[0])}]
    return first + [
        {"step": index, "text": words.step(low, high)}
        for index, (low, high) in enumerate(zip(lows, highs, strict=True), start=1)
    ]
