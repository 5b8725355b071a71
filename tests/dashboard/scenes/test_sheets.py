"""The style sheets of the big screen."""

from dashboard import static
from dashboard.scenes.sheets import FIRST, LAST, sheets


def test_the_sheets_of_scenes_and_of_their_parts_are_found_by_their_names() -> None:
    found = sheets()
    assert (found[: len(FIRST)], found[-len(LAST) :]) == (FIRST, LAST)
    assert {"css/parts/rows.css", "css/parts/table.css", "css/parts/recent.css"} < set(found)
    assert {path for path in static.files() if path.startswith("css/scenes/")} < set(found)
    assert "css/parts/below.css" not in found, "a unit's page has these"
    assert set(found) <= set(static.files())
