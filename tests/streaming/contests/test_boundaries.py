"""boundaries.json: every leaf that is a place has its land, and whatever else is there is named."""

import json
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streaming.contests.boundaries import read_boundaries
from streaming.contests.topojson import POINTS_MAX
from streaming.contests.units import Tree, Unit, UnitCode
from streaming.errors import ContestError

# Two squares beside each other, "b" with a hole and an island; arc 1 is the side that they share.
TOPOLOGY: dict[str, Any] = {
    "type": "Topology",
    "transform": {"scale": [0.1, 0.1], "translate": [105, 22]},
    "arcs": [
        [[0, 0], [0, 2], [2, 0]],
        [[2, 2], [0, -2]],
        [[2, 0], [-2, 0]],
        [[2, 2], [2, 0], [0, -2], [-2, 0]],
        [[3, 1], [0.5, 0], [0, 0.5], [-0.5, -0.5]],
        [[6, 1], [1, 0], [0, 1], [-1, -1]],
    ],
    "objects": {
        "communes": {
            "type": "GeometryCollection",
            "geometries": [
                {"type": "Polygon", "arcs": [[0, 1, 2]], "properties": {"code": "a"}},
                {"type": "MultiPolygon", "arcs": [[[3, -2], [4]], [[5]]], "properties": {"code": "b"}},
            ],
        },
        "province": {
            "type": "GeometryCollection",
            "geometries": [{"type": "Polygon", "arcs": [[0, 3, 2]], "properties": {"code": "02"}}],
        },
        "outline": {"type": "GeometryCollection", "geometries": [{"type": "Polygon", "arcs": [[0, 3, 2]]}]},
    },
}
COLLECTION: dict[str, Any] = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "properties": {"code": code},
            "geometry": {"type": "Polygon", "coordinates": [[[x, 22], [x, 22.2], [x + 0.2, 22.2], [x, 22]]]},
        }
        for code, x in (("a", 105.0), ("b", 105.2))
    ],
}


UNITS = Tree(
    [
        Unit(UnitCode("02"), None, "tỉnh", "Hà Giang", "Tỉnh Hà Giang"),
        Unit(UnitCode("a"), UnitCode("02"), "xã", "Nấm Dẩn", "Xã Nấm Dẩn"),
        Unit(UnitCode("b"), UnitCode("02"), "xã", "Pờ Ly Ngài", "Xã Pờ Ly Ngài"),
        Unit(UnitCode("NT"), UnitCode("02"), "khác", "Ngoài tỉnh", "Ngoài tỉnh", place=False),
    ]
)


def written(path: Path, value: object) -> Path:
    file = path / "boundaries.json"
    file.write_text(value if isinstance(value, str) else json.dumps(value), "utf-8")
    return file


def test_a_topology_gives_the_land_of_each_leaf(tmp_path: Path) -> None:
    found = read_boundaries(written(tmp_path, TOPOLOGY), UNITS)
    assert found.land.keys() == {"a", "b"}
    ((ring,),) = found.land[UNITS["a"].code]
    assert [tuple(round(number, 6) for number in point) for point in ring] == [
        (105.0, 22.0),
        (105.0, 22.2),
        (105.2, 22.2),
        (105.2, 22.0),
    ]
    around, hole = found.land[UNITS["b"].code][0]
    assert (len(around), len(hole)) == (4, 3)
    # What neighbours share is equal to the last bit, or the map could not tell that they touch.
    assert len(set(ring) & set(around)) == 2


def test_a_feature_collection_is_read_alike(tmp_path: Path) -> None:
    found = read_boundaries(written(tmp_path, COLLECTION), UNITS)
    assert [len(land[0][0]) for land in found.land.values()] == [3, 3]


def test_the_digest_says_where_lines_run_and_not_in_which_order(tmp_path: Path) -> None:
    one = read_boundaries(written(tmp_path, COLLECTION), UNITS)
    turned = COLLECTION | {"features": COLLECTION["features"][::-1]}
    assert read_boundaries(written(tmp_path, turned), UNITS).digest == one.digest
    moved = deepcopy(COLLECTION)
    moved["features"][0]["geometry"]["coordinates"][0][1][1] = 22.25
    assert read_boundaries(written(tmp_path, moved), UNITS).digest != one.digest


def _geometry(nth: int) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return lambda top: top["objects"]["communes"]["geometries"][nth]


FIRST, SECOND = _geometry(0), _geometry(1)

FAULTS: list[tuple[str, Callable[[dict[str, Any]], object], str]] = [
    ("another kind", lambda top: top.update(type="Feature"), "column type: found “Feature”, expected TopoJSON"),
    (
        "an unknown code",
        lambda top: FIRST(top)["properties"].update(code="aa"),
        "column communes[0] “aa”: found “aa”, expected the code of a unit in units.csv (did you mean “a”?)",
    ),
    (
        "a code that is a number",
        lambda top: FIRST(top)["properties"].update(code=688),
        "column communes[0]: found “688”, expected a property “code” with the unit's code in quotes",
    ),
    ("no code", lambda top: FIRST(top)["properties"].pop("code"), "column communes[0]: expected a property “code”"),
    (
        "no code anywhere",
        lambda top: top["objects"].pop("communes") and top["objects"].pop("province"),
        "column objects: expected features with a property “code”",
    ),
    (
        "a body that is no place",
        lambda top: FIRST(top)["properties"].update(code="NT"),
        "column communes[0] “NT”: found “NT”, expected a place: no other unit is on the map",
    ),
    (
        "twice the same",
        lambda top: SECOND(top)["properties"].update(code="a"),
        "column communes[1] “a”: found “a”, expected one feature for each unit",
    ),
    (
        "a leaf is missing",
        lambda top: top["objects"]["communes"]["geometries"].pop(),
        "boundaries.json, column code: expected a feature with the code “b” for Xã Pờ Ly Ngài too",
    ),
    ("a point", lambda top: FIRST(top).update(type="Point"), "communes[0] “a”: found “Point”, expected a Polygon or"),
    ("no rings", lambda top: FIRST(top).update(arcs=[]), "communes[0] “a”: expected its rings in “arcs”"),
    (
        "a deeper nesting",
        lambda top: FIRST(top).update(arcs=[[[0, 1, 2]]]),
        "communes[0] “a”: found “[0, 1, 2]”, expected an arc's index from -6 to 5",
    ),
    (
        "an arc that is not there",
        lambda top: FIRST(top).update(arcs=[[0, 1, 9]]),
        "communes[0] “a”: found “9”, expected an arc's index from -6 to 5",
    ),
    (
        "arcs that do not join",
        lambda top: FIRST(top).update(arcs=[[0, 2, 1]]),
        "communes[0] “a”: found “[105.2, 22.0]”, expected arc 2 to begin where the one before it ends",
    ),
    (
        "a ring that is open",
        lambda top: FIRST(top).update(arcs=[[0, 1]]),
        "communes[0] “a”: found “(105.2, 22.0)”, expected a ring that ends where it begins",
    ),
    (
        "a ring of two points",
        lambda top: FIRST(top).update(arcs=[[0, -1]]),
        "expected a ring that encloses some land",
    ),
    ("no arcs", lambda top: top.pop("arcs"), "column arcs: expected a list of arcs"),
    ("a short arc", lambda top: top["arcs"][4].clear(), "column arcs[4]: found “[]”, expected an arc of at least two"),
    (
        "a position of text",
        lambda top: top["arcs"][1].__setitem__(0, ["2", 2]),
        "column arcs[1]: found “['2', 2]”, expected a position of two numbers",
    ),
    (
        "a number of 400 digits",
        lambda top: top["arcs"][1].__setitem__(0, [10**400, 2]),
        "column arcs[1]: found “[1000",
    ),
    (
        "latitude first",
        lambda top: top["transform"].update(translate=[22, 105]),
        "column arcs[0]: found “[22.0, 105.0]”, expected longitude first, then latitude (these look swapped)",
    ),
    (
        "metres",
        lambda top: top["transform"].update(translate=[500_000, 2_400_000]),
        "expected degrees of longitude and latitude (WGS 84), not a plane's metres",
    ),
    (
        "half a transform",
        lambda top: top["transform"].pop("scale"),
        "column transform: expected scale and translate of two numbers each",
    ),
    ("no objects", lambda top: top["objects"].clear(), "column objects: expected an object for each level"),
    (
        "a level that is none",
        lambda top: top["objects"].update(communes={"geometries": [1]}),
        "column objects.communes: expected a list of geometries",
    ),
    (
        "endless rings",
        lambda top: SECOND(top).update(arcs=[[[3, -2]]] + [[[5]]] * 3000),
        "communes[1] “b”: found “3001 rings”, expected at most 2000 rings",
    ),
]


@pytest.mark.parametrize(("spoil", "message"), [case[1:] for case in FAULTS], ids=[case[0] for case in FAULTS])
def test_a_fault_of_the_boundaries_is_named(
    tmp_path: Path, spoil: Callable[[dict[str, Any]], object], message: str
) -> None:
    spoiled = deepcopy(TOPOLOGY)
    spoil(spoiled)
    with pytest.raises(ContestError) as caught:
        read_boundaries(written(tmp_path, spoiled), UNITS)
    assert str(caught.value).startswith("boundaries.json, ")
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "boundaries.json, row 1: expected valid JSON"),
        ("[" * 200_000, "boundaries.json: expected valid JSON"),
        ("[]", "boundaries.json, column type: expected TopoJSON"),
        ('{"type": NaN}', "boundaries.json: expected valid JSON (NaN is no number)"),
        ('{"type": "FeatureCollection"}', "column features: expected a list of features"),
        ('{"type": "FeatureCollection", "features": [1]}', "column features[0]: expected a property “code”"),
        (
            json.dumps(COLLECTION).replace("[105.2, 22]", "[105.2]", 1),
            "features[1] “b”: found “[105.2]”, expected a position of two numbers",
        ),
        (
            json.dumps({"type": "Topology", "arcs": [[0] * (POINTS_MAX + 1)]}),
            f"column arcs: found “1 arcs, {POINTS_MAX + 1} points”, expected at most",
        ),
    ],
)
def test_a_file_that_is_none_is_named(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ContestError, match="boundaries") as caught:
        read_boundaries(written(tmp_path, text), UNITS)
    assert message in str(caught.value)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


@given(st.sampled_from(["arcs", "transform", "objects"]), JSON)
def test_whatever_a_member_holds_is_no_traceback(
    tmp_path_factory: pytest.TempPathFactory, member: str, value: object
) -> None:
    path = tmp_path_factory.mktemp("boundaries")
    with pytest.raises(ContestError):
        read_boundaries(written(path, TOPOLOGY | {member: value}), UNITS)
