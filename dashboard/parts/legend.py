"""The legend of the map: the colour and the words of each step."""

from collections.abc import Sequence

import msgspec

from dashboard.edition import Edition
from dashboard.map.legend import words_of
from dashboard.parts.map import MapSpec, steps_of
from dashboard.parts.map import ask as ask_map
from dashboard.parts.part import Cut, Part


class LegendSpec(msgspec.Struct, frozen=True):
    """The legend of a map, whose spec is ``map``; ``head`` says what is counted, "" where that is said elsewhere."""

    map: MapSpec
    head: str


class LegendView(msgspec.Struct, frozen=True):
    """The steps, zero first: the colour of each and its words; none of a flat map. ``note`` says what numbers in the
    cells are."""

    steps: tuple[tuple[int, str], ...]
    note: str


def ask(
    edition: Edition,
    of: str,
    by: str,
    steps: Sequence[int] = (),
    *,
    head: str = "",
    ground: str = "",
    is_below: bool = False,
) -> LegendSpec:
    """What ``legend(of=root, by="completed", steps=settings.steps)`` asks for: the legend of the map that is asked for
    with the same words."""
    asked = ask_map(edition, of, by, steps, ground=ground, is_below=is_below)
    # Steps that are given need no units to be chosen from.
    return LegendSpec(msgspec.structs.replace(asked, codes=(), sizes={}) if steps else asked, head)


def view(spec: LegendSpec, cut: Cut) -> LegendView:
    """What is seen at a cut."""
    steps = [] if spec.map.is_flat else words_of(steps_of(spec.map, cut), cut.words)
    return LegendView(tuple(steps), cut.words.say("legend_places") if spec.map.inscribed == "places" else "")


LEGEND = Part("legend", ask, view)
