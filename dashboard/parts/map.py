"""The map: a step of colour for each hexagon."""

from collections.abc import Sequence

import msgspec

from dashboard.edition import Edition
from dashboard.parts.board import step
from dashboard.parts.part import Cut, Part


class MapSpec(msgspec.Struct, frozen=True):
    """The map of a unit, coloured by a column: ``codes`` in the order of its hexagons, ``steps`` their lower bounds."""

    of: str
    by: str
    steps: tuple[int, ...]
    codes: tuple[str, ...]


class MapView(msgspec.Struct, frozen=True):
    """The step of each of the spec's codes, 0 below the first."""

    steps: tuple[int, ...]


def ask(edition: Edition, of: str, by: str, steps: Sequence[int]) -> MapSpec:
    """What ``map(of=root, by="completed", steps=settings.steps)`` asks for."""
    picture = edition.picture(of, titled=False)
    return MapSpec(of, by, tuple(steps), tuple(picture.codes) if picture is not None else ())


def view(spec: MapSpec, cut: Cut) -> MapView:
    """What is seen at a cut."""
    return MapView(tuple(step(count, spec.steps) for count in cut.board.counts(spec.codes, spec.by)))


MAP = Part("map", ask, view)
