"""Lines of a TopoJSON or GeoJSON file: positions, and the arcs that neighbours share."""

from collections.abc import Mapping

POINTS_MAX = 400_000
"""Points of all lines of a file: a country's communes as official files draw them, some 100 bytes each once read."""
ARCS_MAX = 200_000
NUMBER_MAX = 1e12
"""A number in a position: beyond any plane's metres, and far from where sums overflow."""

Point = tuple[float, float]
"""Longitude, latitude in degrees."""


class BrokenLine(Exception):  # noqa: N818 - says what is wrong; who catches it names the feature
    """A line that cannot be drawn: what was expected of it, what was found, and where in the file."""

    def __init__(self, expected: str, value: object = None, where: str = "") -> None:
        super().__init__(expected)
        self.expected = expected
        self.value = value
        self.where = where


def degrees(x: float, y: float) -> Point:
    """Return the point, checked to be on the globe.

    Raises:
        BrokenLine: If it is not; said apart for the two slips that people make.
    """
    if abs(x) <= 180 and abs(y) <= 90:
        return float(x), float(y)
    if abs(x) <= 90 and abs(y) <= 180:
        raise BrokenLine("longitude first, then latitude (these look swapped)", [x, y])
    raise BrokenLine("degrees of longitude and latitude (WGS 84), not a plane's metres", [x, y])


def position(value: object) -> tuple[float, float]:
    """Return the two numbers of a position; a height is dropped.

    Raises:
        BrokenLine: If it holds no two numbers.
    """
    if isinstance(value, list) and 2 <= len(value) <= 4:
        x, y = value[:2]
        # Compared, not converted: an int may have hundreds of digits.
        if type(x) in {int, float} and type(y) in {int, float} and abs(x) < NUMBER_MAX and abs(y) < NUMBER_MAX:
            return x, y
    raise BrokenLine("a position of two numbers", value)


def positions(value: object) -> tuple[Point, ...]:
    """Return the points of a line of GeoJSON.

    Raises:
        BrokenLine: If it is none.
    """
    if not isinstance(value, list) or not value:
        raise BrokenLine("a list of positions", value)
    if len(value) > POINTS_MAX:
        raise BrokenLine(f"at most {POINTS_MAX} points", f"{len(value)} points")
    return tuple(degrees(*position(each)) for each in value)


class Arcs:
    """The arcs of a topology, each a line that two neighbours share or one has alone.

    Raises:
        BrokenLine: If they cannot be read.
    """

    def __init__(self, top: Mapping[str, object]) -> None:
        arcs, transform = top.get("arcs"), top.get("transform")
        if not isinstance(arcs, list) or not all(isinstance(arc, list) for arc in arcs):
            raise BrokenLine("a list of arcs", where="arcs")
        points = sum(len(arc) for arc in arcs)
        if len(arcs) > ARCS_MAX or points > POINTS_MAX:
            found = f"{len(arcs)} arcs, {points} points"
            raise BrokenLine(f"at most {ARCS_MAX} arcs and {POINTS_MAX} points", found, "arcs")
        scale, origin = (1.0, 1.0), (0.0, 0.0)
        if transform is not None:
            held = transform if isinstance(transform, dict) else {}
            try:
                scale, origin = position(held.get("scale")), position(held.get("translate"))
            except BrokenLine as error:
                raise BrokenLine("scale and translate of two numbers each", error.value, "transform") from error
        self._arcs: list[tuple[Point, ...]] = []
        for nth, arc in enumerate(arcs):
            try:
                self._arcs.append(self._line(arc, scale, origin, is_difference=transform is not None))
            except BrokenLine as error:
                raise BrokenLine(error.expected, error.value, f"arcs[{nth}]") from error

    @staticmethod
    def _line(
        arc: list[object], scale: tuple[float, float], origin: tuple[float, float], *, is_difference: bool
    ) -> tuple[Point, ...]:
        x = y = 0.0
        line: list[Point] = []
        for each in arc:
            dx, dy = position(each)
            x, y = (x + dx, y + dy) if is_difference else (dx, dy)
            line.append(degrees(x * scale[0] + origin[0], y * scale[1] + origin[1]))
        if len(line) < 2:
            raise BrokenLine("an arc of at least two positions", arc)
        return tuple(line)

    def ring(self, indexes: object) -> tuple[Point, ...]:
        """Return the points of a ring: its arcs one after the other, those with ~ indexes the other way round.

        Raises:
            BrokenLine: If there is no such arc, or one does not begin where the one before ends.
        """
        if not isinstance(indexes, list) or not indexes:
            raise BrokenLine("a list of arcs", indexes)
        points: list[Point] = []
        for index in indexes:
            if type(index) is not int or not -len(self._arcs) <= index < len(self._arcs):
                raise BrokenLine(f"an arc's index from {-len(self._arcs)} to {len(self._arcs) - 1}", index)
            arc = self._arcs[index] if index >= 0 else self._arcs[~index][::-1]
            if points and points[-1] != arc[0]:
                raise BrokenLine(f"arc {index} to begin where the one before it ends", list(arc[0]))
            points += arc[1:] if points else arc
            if len(points) > POINTS_MAX:
                raise BrokenLine(f"at most {POINTS_MAX} points in a ring")
        return tuple(points)
