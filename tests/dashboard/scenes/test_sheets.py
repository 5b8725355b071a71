"""The style sheets of scenes: those of the templates that each is made of, and no others."""

import re
from pathlib import Path

from dashboard import static
from dashboard.made import TEMPLATES
from dashboard.pages import hall
from dashboard.scenes import own
from dashboard.scenes.scenes import BY_NAME, SCENES
from dashboard.scenes.sheets import BASE, others, ranked, sheets_of
from dashboard.scenes.trial import sample
from dashboard.templates import environment
from tests.browser.cases import folder
from tests.worlds.editions import edition

SHIPPED = edition(folder("ha-giang"), "vi")
LINK = re.compile(r'<link rel="(\w+)"[^>]* href="/static/\w+/([^"]+)"(?: data-at="(\d+)")?')


def paths_of(name: str) -> list[str]:
    return [sheet.path for sheet in sheets_of(BY_NAME[name], SHIPPED)]


def linked(html: str, rel: str) -> list[tuple[int, str]]:
    """The style sheets that a text links to, each with its place."""
    return [(int(at or -1), path) for how, path, at in LINK.findall(html) if how == rel and path.endswith(".css")]


def test_a_scene_has_the_sheets_of_its_template_of_what_that_is_made_of_and_of_its_parts() -> None:
    of_live = ["css/parts/rows.css", "css/parts/map.css", "css/parts/milestone.css", "css/scenes/live.css"]
    assert paths_of("live") == [*BASE, *of_live]
    assert "css/scenes/_spot.css" in paths_of("window"), "it takes macros from there"
    assert {"css/scenes/_respect.css", "css/scenes/_plain.css"} < set(paths_of("anthem")), "it extends them"
    assert "css/parts/rows.css" in paths_of("results"), "its names are those of lines"
    assert "css/parts/rows.css" in paths_of("standings"), "the table is a part that is made of another"


def test_every_sheet_of_a_scene_or_a_part_has_the_name_of_a_template_and_is_needed() -> None:
    needed = {sheet.path for scene in SCENES for sheet in sheets_of(scene, SHIPPED)}
    for path in static.files():
        if path.startswith(("css/scenes/", "css/parts/")):
            template = Path(path).relative_to("css").with_suffix(".html")
            assert (TEMPLATES / template).is_file(), f"{path} is no template's"
            assert path in needed or path == "css/parts/below.css", f"{path} is of no scene"


def test_pages_and_fragments_name_what_their_scene_needs_in_the_order_of_all() -> None:
    cut = sample(SHIPPED, 137)
    everything = {(sheet.at, sheet.path) for scene in SCENES for sheet in sheets_of(scene, SHIPPED)}
    for scene in SCENES:
        needed = [tuple(sheet) for sheet in sheets_of(scene, SHIPPED)]
        page = environment().get_template(hall.TEMPLATE).render(hall.page(cut.frame, SHIPPED, scene=scene.name))
        assert [each for each in linked(page, "stylesheet") if each[0] >= 0] == needed == sorted(needed)
        assert {path for _, path in linked(page, "prefetch")} == {path for _, path in everything - set(needed)}
        fragment = hall.fragment(scene, cut)
        assert linked(fragment, "stylesheet") == needed
        assert fragment.index("<link") < fragment.index("<section")
    assert [sheet.at for sheet in ranked()] == list(range(len(ranked())))


def test_a_scene_in_the_contests_own_form_has_the_sheets_of_the_parts_that_it_shows_too() -> None:
    own_form = edition(folder("ha-giang"), "en")
    template = own.compiled("live", "<p>{{ table(of=root, by=by) }}</p>")
    assert template.parts == {"table"}
    before = sheets_of(BY_NAME["live"], own_form)
    own_form.own_parts["live"] = template.parts
    try:
        found = sheets_of(BY_NAME["live"], own_form)
        assert {sheet.path for sheet in found} - {sheet.path for sheet in before} == {"css/parts/table.css"}
        assert list(found) == sorted(found)
        assert not set(found) & set(others(BY_NAME["live"], own_form))
    finally:
        del own_form.own_parts["live"]
