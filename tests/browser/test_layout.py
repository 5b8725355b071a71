"""Nothing is cut, nothing touches, everything stands in the 5 % box: on walls, desks and phones, whatever the data.

With ``--whole`` every contest, data, language and size; else a sample of them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import product

import pytest
from playwright.sync_api import Page

from dashboard.scenes.scenes import SCENES
from streaming.contests.units import Tree
from tests.browser.boxes import Box, clipped, outside, texts, touching
from tests.browser.cases import Case, folder, frame_of
from tests.browser.conftest import Open, framed, until
from tests.browser.numbers import topic_frame
from tests.browser.stand import Stand, standing
from tests.worlds.whole import sized

Size = tuple[int, int]

HD, UHD, LED, WIDE_4_3, WIDE_5_4, TOTEM, DESK = (
    (1920, 1080), (3840, 2160), (3240, 1080), (1440, 1080), (1280, 1024), (1080, 1920), (1366, 768),
)  # fmt: skip
WALLS = [HD, UHD, LED, WIDE_4_3, WIDE_5_4, TOTEM, DESK]
LAPTOP, PHONE, SMALL_PHONE = (1024, 600), (390, 844), (360, 640)
SAFE = 0.05
NAME_REM, LABEL_REM = 4.4, 3.2
"""Least sizes on a wall, in 1/108 of its shorter side: 44 and 32 px at 1080 lines."""
SMALLER = 0.8
"""A name that does not fit may be set so much smaller."""
LOAD_WAIT_MS = 60_000
TOLD_MAX = 4
"""Faults of a kind that are told of one picture."""


@dataclass(frozen=True)
class Looked:
    """A case in a language, with the walls and other sizes that it is looked at on."""

    case: Case
    lang: str
    walls: Sequence[Size]
    others: Sequence[Size] = (PHONE,)
    has_all: bool = False
    """Whether scenes that no number changes are looked at too."""
    first: int = 0
    every: int = 1
    """Which of the scenes are looked at: one of so many."""
    has_units: bool = True
    """Whether the pages of its units are looked at too."""

    @property
    def scenes(self) -> list[str]:
        return [each.name for each in SCENES if self.has_all or each.head != "none"][self.first :: self.every]

    def __str__(self) -> str:
        return f"{self.case}-{self.lang}"


CONTESTS = ("ha-giang", "ha-noi-2022", "hai-cap-124", "truong-hoc", "bon-cap", "hai-cap-2025", "cao-bang-2022")
SAMPLE = [
    Looked(Case("ha-giang", "zero", rehearsal=True), "en", [WIDE_4_3], has_all=True),
    Looked(Case("ha-giang", "opening"), "en", [LED], (), first=1, every=3, has_units=False),
    Looked(Case("ha-giang", "typical"), "vi", [HD, TOTEM], [LAPTOP, PHONE]),
    Looked(Case("absurd", "absurd"), "vi", [HD, LED], [SMALL_PHONE]),
    Looked(Case("ha-giang", "absurd"), "vi", [HD], (), first=1, every=20, has_units=False),
    Looked(Case("bon-cap", "ties", rehearsal=True), "vi", [DESK], (), first=1, every=3),
    Looked(Case("ha-noi-2022", "typical"), "vi", [WIDE_5_4], [PHONE]),
    Looked(Case("hai-cap-124", "typical"), "en", [WIDE_4_3], [PHONE], every=3),
    Looked(Case("truong-hoc", "typical"), "vi", [HD], [PHONE], first=1, every=3, has_units=False),
    Looked(Case("hai-cap-2025", "typical"), "vi", [HD], (), first=2, every=3, has_units=False),
]
WHOLE = [
    *(
        Looked(Case(contest, kind), lang, WALLS, [LAPTOP, PHONE], has_all=kind == "zero")
        for contest, kind, lang in product(CONTESTS, ("zero", "typical"), ("vi", "en"))
    ),
    *(Looked(Case("absurd", "absurd"), lang, WALLS, [LAPTOP, PHONE, SMALL_PHONE]) for lang in ("vi", "en")),
    *(
        Looked(Case(contest, "absurd"), lang, WALLS, [LAPTOP, PHONE])
        for contest, lang in product(CONTESTS[1:4], ("vi", "en"))
    ),
    *(Looked(Case("ha-giang", kind, rehearsal=True), "vi", WALLS) for kind in ("opening", "ties")),
]


LOOKED = sized(SAMPLE, whole=WHOLE)


@pytest.fixture(scope="module", params=LOOKED, ids=str)
def shown(request: pytest.FixtureRequest) -> Iterator[tuple[Looked, Stand]]:
    looked: Looked = request.param
    board = frame_of(looked.case)
    contest = folder(looked.case.contest).contest

    with standing(folder(looked.case.contest), partial(topic_frame, board, contest), board.at + 2_000) as stand:
        yield looked, stand


def test_a_wall_shows_every_scene_whole(shown: tuple[Looked, Stand], open_page: Open) -> None:
    looked, stand = shown
    faults: list[str] = []
    page = open_page(f"{stand.url}/?scene={looked.scenes[0]}&lang={looked.lang}", HD, still=True)
    for scene in looked.scenes:
        page.evaluate("(name) => document.querySelector(`[data-scene-link=${name}]`).click()", scene)
        until(page, f"document.body.dataset.scene === '{scene}' && document.querySelectorAll('.scene').length === 1")
        has_chart = scene == "trend" and looked.case.kind != "zero"
        for size in (*looked.walls, *(size for size in looked.others if size != LAPTOP)):
            boxes = boxes_at(page, size, has_chart=has_chart)
            found = faults_of(page, boxes, size, is_wall=size in WALLS) + uneven(page)
            if size in WALLS and looked.case.contest == "ha-giang":
                found += too_small(boxes, size)
            faults += [f"{scene} at {size[0]}×{size[1]}: {fault}" for fault in found]
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize(
    "shown", [looked for looked in LOOKED if looked.has_units], ids=str, indirect=True, scope="module"
)
def test_a_units_page_shows_everything_whole(shown: tuple[Looked, Stand], open_page: Open) -> None:
    looked, stand = shown
    faults: list[str] = []
    tree = folder(looked.case.contest).contest.tree
    page = open_page(f"{stand.url}/units/{tree.root.code}?lang={looked.lang}", HD, still=True)
    page.set_default_navigation_timeout(LOAD_WAIT_MS)
    for name, code in units_of(tree).items():
        page.goto(framed(f"{stand.url}/units/{code}?lang={looked.lang}"))
        for size in dict.fromkeys((*looked.walls, *looked.others)):
            boxes = boxes_at(page, size)
            found = faults_of(page, boxes, size, is_wall=False)
            if size in WALLS:
                found += out_of_the_picture(boxes, size)
            faults += [f"the page of a {name}, {code}, at {size[0]}×{size[1]}: {fault}" for fault in found]
    assert not faults, "\n".join(faults)


def units_of(tree: Tree) -> dict[str, str]:
    """A unit of every kind that a contest has, by what it is."""
    root = tree.root.code
    below = tree.children(root)
    leaves = {leaf.code for leaf in tree.leaves}
    found = {
        "province": [root],
        "district": [unit.code for unit in below if unit.place and unit.code not in leaves],
        "commune right below the province": [unit.code for unit in below if unit.place and unit.code in leaves],
        "ward": [leaf.code for leaf in tree.leaves if leaf.place and leaf.parent != root],
        "agency": [leaf.code for leaf in tree.leaves if not leaf.place],
    }
    return {name: codes[0] for name, codes in found.items() if codes}


def boxes_at(page: Page, size: Size, *, has_chart: bool = False) -> list[Box]:
    """The texts of the page at this size."""
    page.set_viewport_size({"width": size[0], "height": size[1]})
    if has_chart:
        page.wait_for_selector(".js-plotly-plot .xtick", state="attached")
    return texts(page)


def faults_of(page: Page, boxes: Sequence[Box], size: Size, *, is_wall: bool) -> list[str]:
    """What is wrong with a picture, in words."""
    width, height = size
    edges = (width * SAFE, height * SAFE, width * (1 - SAFE), height * (1 - SAFE)) if is_wall else (0, 0, width, 1e9)
    told = [[f"“{one}” and “{other}” stand over each other" for one, other in touching(boxes)]]
    told.append([f"“{text}” is cut off" for text in clipped(boxes)])
    told.append([f"“{text}” leaves the {'5 % box' if is_wall else 'page'}" for text in outside(boxes, *edges)])
    wide, high = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]")
    if wide > width:
        told.append([f"it is {wide} px wide"])
    if is_wall and high > height:
        told.append([f"it is {high} px high"])
    return [fault for of_a_kind in told for fault in of_a_kind[:TOLD_MAX]]


def out_of_the_picture(boxes: Sequence[Box], size: Size) -> list[str]:
    """Texts of a unit's first screenful, which is its picture on a wall, that leave the 5 % box; a list follows."""
    width, height = size
    picture = [box for box in boxes if box.top + box.bottom < 2 * height]
    edges = (width * SAFE, height * SAFE, width * (1 - SAFE), height * (1 - SAFE))
    return [f"“{text}” leaves the 5 % box" for text in outside(picture, *edges)][:TOLD_MAX]


def uneven(page: Page) -> list[str]:
    """Lists of a breakdown whose names differ in size."""
    sizes: list[list[str]] = page.evaluate("""() => [...document.querySelectorAll('.split')].map((list) =>
      [...new Set([...list.querySelectorAll('.split-name')].map((name) => getComputedStyle(name).fontSize))])""")
    return [f"names of one list are {' and '.join(each)} large" for each in sizes if len(each) > 1]


def too_small(boxes: Sequence[Box], size: Size) -> list[str]:
    """Texts below the least size at which a hall can read them; names on the map have their own."""
    rem_px = min(size) / 108
    found = []
    for box in boxes:
        least_px = (NAME_REM * SMALLER if box.is_in_row else LABEL_REM) * rem_px
        if not box.is_label and box.size < least_px - 0.1:
            found.append(f"“{box.text}” is {box.size:.1f} px, expected {least_px:.1f}")
    return found[:TOLD_MAX]


def test_the_picture_keeps_its_place_when_a_link_is_found_and_lost(open_page: Open) -> None:
    board = frame_of(Case("absurd", "absurd"))
    with standing(folder("absurd"), lambda _: board, board.at + 2_000) as stand:
        page = open_page(stand.url, HD, still=True)
        until(page, "document.body.dataset.fresh === 'live'")
        for size in WALLS:
            page.set_viewport_size({"width": size[0], "height": size[1]})
            tops = page.evaluate("""() => [false, true].map((hidden) => {
                document.querySelector("[data-text=live]").hidden = hidden;
                return document.querySelector("main").getBoundingClientRect().top;
            })""")
            assert tops[0] == tops[1], size


def test_the_double_resolution_is_the_same_picture_twice_as_large(open_page: Open) -> None:
    board = frame_of(Case("ha-giang", "typical"))
    with standing(folder("ha-giang"), lambda _: board, board.at + 2_000) as stand:
        page = open_page(stand.url, HD, still=True)
        until(page, "document.body.dataset.fresh === 'live'")
        small, large = boxes_at(page, HD), boxes_at(page, UHD)
    assert [box.text for box in small] == [box.text for box in large]
    for one, other in zip(small, large, strict=True):
        for edge in ("left", "top", "right", "bottom", "size"):
            assert abs(2 * getattr(one, edge) - getattr(other, edge)) <= 2, (one.text, edge)


def test_a_wall_that_people_stand_before_is_seen_above_them(open_page: Open) -> None:
    board, (width, height) = frame_of(Case("ha-giang", "typical")), HD
    with standing(folder("ha-giang"), lambda _: board, board.at + 2_000) as stand:
        page = open_page(f"{stand.url}/?scene=live&safe=10&offset=20", HD, still=True)
        until(page, "document.body.dataset.fresh === 'live'")
        boxes = boxes_at(page, HD)
    seen = height * 0.8
    assert outside(boxes, width * 0.1, seen * 0.1, width * 0.9, seen * 0.9) == []
    assert not touching(boxes)
