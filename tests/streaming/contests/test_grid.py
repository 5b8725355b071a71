"""hexgrid.json: every leaf that is a place has one cell, and whatever else is there is named."""

from pathlib import Path

import pytest

from streaming.contests.contest import load_contest
from streaming.errors import ContestError
from tests.worlds.contest_folder import GRID, folder

GRID_FAULTS = [
    (
        "a cell without a unit",
        '"b": {',
        '"bb": {',
        ("hexgrid.json, row 5, column bb: found “bb”, expected the code of a unit in units.csv (did you mean “b”?)"),
    ),
    (
        "two units in one cell",
        '"q": 1, "r": 0',
        '"q": 0, "r": 0',
        "hexgrid.json, row 5, column b: found “q 0, r 0”, expected a cell of its own (“a” stands there too)",
    ),
    (
        "a unit with two cells",
        '"b": {"q": 1, "r": 0}',
        '"b": {"q": 1, "r": 0},\n"b": {"q": 2, "r": 0}',
        "hexgrid.json, row 6, column b: found “b”, expected one cell for each unit",
    ),
    (
        "a unit without a cell",
        ',\n"b": {"q": 1, "r": 0}',
        "",
        "hexgrid.json, row 3, column cells: expected a cell for “b” Xã Pờ Ly Ngài too",
    ),
    (
        "a body that is no place",
        '"b": {',
        '"NT": {',
        "hexgrid.json, row 5, column NT: found “NT”, expected a place with nothing below it",
    ),
    (
        "a unit with others below",
        '"b": {',
        '"02": {',
        "hexgrid.json, row 5, column 02: found “02”, expected a place with nothing below it",
    ),
    (
        "half a cell",
        '"q": 1',
        '"q": 1.5',
        "hexgrid.json, row 5, column b: found “{'q': 1.5, 'r': 0}”, expected whole numbers q and r",
    ),
    ("a cell on the moon", '"q": 1', '"q": 100000', "expected whole numbers q and r"),
    ("a cell that is none", '{"q": 1, "r": 0}', "[]", "expected whole numbers q and r"),
    (
        "no parity",
        '"shift_parity": 0',
        '"shift_parity": "even"',
        "hexgrid.json, row 2, column shift_parity: found “even”, expected 0 or 1",
    ),
    ("no cells", '"cells"', '"cell"', 'expected an object {"unit code": {"q": 0, "r": 0}, …}'),
    ("no JSON", '"b": {', "b: {", "hexgrid.json, row 5: expected valid JSON"),
    ("endless JSON", '{"q": 1', "[" * 200_000, "hexgrid.json: expected valid JSON"),
]


@pytest.mark.parametrize(
    ("old", "new", "message"), [case[1:] for case in GRID_FAULTS], ids=[case[0] for case in GRID_FAULTS]
)
def test_a_fault_of_the_grid_is_named(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert old in GRID
    with pytest.raises(ContestError) as caught:
        load_contest(folder(tmp_path, grid=GRID.replace(old, new, 1)))
    assert message in str(caught.value)
