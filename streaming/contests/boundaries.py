"""The true boundaries of a contest: the land of each place of the lowest level, in degrees."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import NoReturn

from streaming.contests.text import did_you_mean, read_text
from streaming.contests.topojson import POINTS_MAX, Arcs, BrokenLine, Point, positions
from streaming.contests.units import Tree, UnitCode
from streaming.errors import ContestError

FEATURES_MAX = 25_000
"""Features of a file: a country's units with those above them, and some to spare."""
RINGS_MAX = 2_000
"""Rings of one feature; the most broken coast of Viet Nam has some hundreds of islands."""
AREA_MIN = 1e-9
"""Land within a ring, in square degrees: some ten square metres."""

Ring = tuple[Point, ...]
"""A closed line of at least three points (longitude, latitude); the first is not repeated at the end."""
Polygon = tuple[Ring, ...]
"""The outer ring, then its holes."""


@dataclass(frozen=True)
class Boundaries:
    """The land of each leaf that is a place."""

    land: Mapping[UnitCode, tuple[Polygon, ...]]

    @cached_property
    def digest(self) -> str:
        """SHA-256 (hex) of all lines, in whatever order the units were written."""
        lines = json.dumps(sorted(self.land.items()))
        return hashlib.sha256(lines.encode()).hexdigest()


def read_boundaries(path: Path, tree: Tree) -> Boundaries:
    """Return the boundaries of `boundaries.json`, TopoJSON or GeoJSON, checked against the units.

    Features carry the unit's code in their property `code`; those of units above are left out, as their land is that
    of their leaves. Every leaf that is a place has one: else a ward would be counted and never seen.

    Raises:
        ContestError: Naming the feature, the unit and what was expected.
    """
    file = path.name
    try:
        top = json.loads(read_text(path), parse_constant=_no_number)
    except json.JSONDecodeError as error:
        raise ContestError(f"valid JSON ({error.msg})", file=file, row=error.lineno) from error
    except (RecursionError, ValueError) as error:
        raise ContestError(f"valid JSON ({error})", file=file) from error
    kind = top.get("type") if isinstance(top, dict) else None
    if kind not in {"Topology", "FeatureCollection"}:
        expected = "TopoJSON (“Topology”) or GeoJSON (“FeatureCollection”)"
        raise ContestError(expected, file=file, column="type", value=kind)
    try:
        arcs = Arcs(top) if kind == "Topology" else None
    except BrokenLine as error:
        raise ContestError(error.expected, file=file, column=error.where, value=error.value) from error
    features = list(_topology_features(top, file) if kind == "Topology" else _features(top, file))
    if len(features) > FEATURES_MAX:
        raise ContestError(f"at most {FEATURES_MAX} features", file=file, value=f"{len(features)} features")
    land: dict[UnitCode, tuple[Polygon, ...]] = {}
    points = 0
    for feature in features:
        code = feature.unit(tree)
        if not tree.is_leaf(code):
            continue
        if code in land:
            feature.fail("one feature for each unit", code)
        land[code] = feature.polygons(arcs)
        # Each line is counted in both units that it divides.
        points += sum(len(ring) for part in land[code] for ring in part)
        if points > 2 * POINTS_MAX:
            feature.fail(f"at most {2 * POINTS_MAX} points in all rings together")
    for unit in tree.leaves:
        if unit.place and unit.code not in land:
            expected = f"a feature with the code “{unit.code}” for {unit.full_name} too"
            raise ContestError(expected, file=file, column="code")
    return Boundaries(land)


def _no_number(text: str) -> NoReturn:
    raise ValueError(f"{text} is no number")


@dataclass(frozen=True)
class _Feature:
    """A feature of the file: where it stands there, what it says of itself, its geometry."""

    file: str
    where: str
    properties: Mapping[str, object]
    geometry: object

    def fail(self, expected: str, value: object = None) -> NoReturn:
        code = self.properties.get("code")
        where = f"{self.where} “{code}”" if isinstance(code, str) else self.where
        raise ContestError(expected, file=self.file, column=where, value=value)

    def unit(self, tree: Tree) -> UnitCode:
        """The unit that it is the land of."""
        code = self.properties.get("code")
        if not isinstance(code, str):
            self.fail("a property “code” with the unit's code in quotes (leading zeros count)", code)
        if code not in tree:
            near = did_you_mean(code, [unit.code for unit in tree.leaves])
            self.fail(f"the code of a unit in units.csv{near}", code)
        if tree.is_leaf(code) and not tree[code].place:
            self.fail("a place: no other unit is on the map", code)
        return UnitCode(code)

    def polygons(self, arcs: Arcs | None) -> tuple[Polygon, ...]:
        """Its land."""
        geometry = self.geometry if isinstance(self.geometry, dict) else {}
        kind = geometry.get("type")
        if kind not in {"Polygon", "MultiPolygon"}:
            self.fail("a Polygon or a MultiPolygon", kind)
        member = "coordinates" if arcs is None else "arcs"
        parts = geometry.get(member)
        parts = [parts] if kind == "Polygon" else parts
        if not isinstance(parts, list) or not all(isinstance(part, list) and part for part in parts) or not parts:
            self.fail(f"its rings in “{member}”")
        if sum(len(part) for part in parts) > RINGS_MAX:
            self.fail(f"at most {RINGS_MAX} rings", f"{sum(len(part) for part in parts)} rings")
        try:
            return tuple(tuple(self._ring(ring, arcs) for ring in part) for part in parts)
        except BrokenLine as error:
            self.fail(error.expected, error.value)

    def _ring(self, ring: object, arcs: Arcs | None) -> Ring:
        points = arcs.ring(ring) if arcs is not None else positions(ring)
        if points[0] != points[-1]:
            self.fail("a ring that ends where it begins", points[-1])
        distinct = tuple(point for point, after in pairwise(points) if point != after)
        if not _encloses(distinct):
            self.fail("a ring that encloses some land", f"{len(set(distinct))} points")
        return distinct


def _encloses(ring: Ring) -> bool:
    """Whether there is land within, more than rounding makes of a line there and back."""
    twice = sum(one[0] * other[1] - other[0] * one[1] for one, other in pairwise((*ring, *ring[:1])))
    return abs(twice) > AREA_MIN


def _topology_features(top: Mapping[str, object], file: str) -> Iterator[_Feature]:
    """The features of all objects that carry codes; an object without any, such as an outline, is for others."""
    objects = top.get("objects")
    if not isinstance(objects, dict) or not objects:
        raise ContestError("an object for each level", file=file, column="objects")
    found = False
    for name, holder in objects.items():
        geometries = holder.get("geometries", [holder]) if isinstance(holder, dict) else None
        if not isinstance(geometries, list) or not all(isinstance(geometry, dict) for geometry in geometries):
            raise ContestError("a list of geometries", file=file, column=f"objects.{name}")
        if any("code" in _mapping(geometry.get("properties")) for geometry in geometries):
            found = True
            for nth, geometry in enumerate(geometries):
                yield _Feature(file, f"{name}[{nth}]", _mapping(geometry.get("properties")), geometry)
    if not found:
        raise ContestError("features with a property “code”", file=file, column="objects")


def _features(top: Mapping[str, object], file: str) -> Iterator[_Feature]:
    features = top.get("features")
    if not isinstance(features, list) or not features:
        raise ContestError("a list of features", file=file, column="features")
    for nth, feature in enumerate(features):
        held = _mapping(feature)
        yield _Feature(file, f"features[{nth}]", _mapping(held.get("properties")), held.get("geometry"))


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}
