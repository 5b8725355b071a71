"""Parts: the views that Python and JavaScript are both held to, and how a part is placed in a template."""

from html.parser import HTMLParser

import msgspec
import pytest

from dashboard import static
from dashboard.made import TEMPLATES
from dashboard.pages.hall import cut_of
from dashboard.parts.parts import PARTS
from tests.browser.cases import Case, folder, frame_of
from tests.worlds.editions import edition
from tests.worlds.parts import FILES, GOLDEN, file, text


@pytest.mark.parametrize("name", FILES)
def test_a_parts_views_are_the_golden_ones(name: str) -> None:
    assert file(name).read_bytes() == text(name), f"{file(name).name} is old: run python -m tests.worlds.parts"


def test_there_is_no_golden_file_of_a_part_that_is_gone() -> None:
    assert set(GOLDEN.iterdir()) == {*map(file, FILES)}


@pytest.mark.parametrize("name", [part.name for part in PARTS])
def test_a_part_has_its_template_and_its_script(name: str) -> None:
    assert (TEMPLATES / "parts" / f"{name}.html").is_file()
    script = static.files()[f"js/parts/{name}.js"].read_text("utf-8")
    assert "export function view(" in script
    assert f"  {name}: " in static.files()["js/parts/parts.js"].read_text("utf-8").replace(", ", ",\n  ")


class Placed(HTMLParser):
    """The specs on elements, by the name of the part."""

    def __init__(self) -> None:
        super().__init__()
        self.specs: dict[str, str] = {}

    def handle_starttag(self, _tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if (name := found.get("data-part")) is not None:
            self.specs[name] = found["data-spec"] or ""


def test_the_spec_on_an_element_is_the_part_s_whatever_stands_in_it() -> None:
    case = Case("absurd", "absurd")
    cut = cut_of(frame_of(case), edition(folder(case.contest)))
    (recent,) = (part for part in PARTS if part.name == "recent")
    placed = Placed()
    placed.feed(str(recent.paint(cut)))
    spec = msgspec.json.decode(placed.specs["recent"])
    assert spec == msgspec.json.decode(msgspec.json.encode(recent.ask(cut.edition)))
    assert any("<img src=x" in unit["above"]["full"] for unit in spec["units"].values() if unit["above"])
