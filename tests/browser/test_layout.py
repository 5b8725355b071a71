"""Nothing is cut, nothing touches, everything stands in the 5 % box: on walls, desks and phones, whatever the data."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page

from dashboard.screens import HALL_SCENES
from streaming.topics.frames import Frame
from tests.browser.boxes import outside, texts, touching
from tests.browser.cases import Case, folder, frame_of
from tests.browser.conftest import Open, closing, until
from tests.browser.numbers import unit_frame
from tests.browser.stand import Stand, standing
from tests.worlds.whole import sized

WALLS = [(1920, 1080), (3840, 2160), (1440, 1080), (3240, 1080), (1366, 768)]
DESK = (1366, 768)
PHONES = [(390, 844), (360, 640)]
SAFE = 0.05
NAME_REM, LABEL_REM = 4.4, 3.2
"""Least sizes in the hall, in 1/108 of the height: 44 and 32 px at 1080 lines."""


CASES = {
    Case("ha-giang", "zero"): WALLS[2:3],
    Case("ha-giang", "opening"): [WALLS[0], WALLS[2]],
    Case("ha-giang", "typical"): sized([WALLS[0], *WALLS[2:4]], whole=WALLS),
    Case("ha-giang", "typical", rehearsal=True): [WALLS[0], WALLS[2]],
    Case("absurd", "absurd"): sized([WALLS[0], *WALLS[2:4]], whole=WALLS),
    Case("bon-cap", "ties", rehearsal=True): [WALLS[0], WALLS[3]],
    Case("hai-cap-2025", "typical"): [WALLS[0], WALLS[2]],
}
"""The cases, each with the walls that it is looked at on."""


@pytest.fixture(scope="module", params=list(CASES), ids=str)
def shown(request: pytest.FixtureRequest) -> Iterator[tuple[Case, Stand]]:
    case: Case = request.param
    board = frame_of(case)

    def frame(topic: str) -> Frame:
        kind, _, code = topic.partition("/")
        return board if kind == "board" else unit_frame(board, folder(case.contest).contest, code)

    with standing(folder(case.contest), frame, board.at + 2_000) as stand:
        yield case, stand


def test_a_wall_shows_every_scene_whole(shown: tuple[Case, Stand], open_page: Open) -> None:
    case, stand = shown
    lang = "en" if case.kind == "zero" else "vi"
    for size in CASES[case]:
        _assert_wall(case, open_page(f"{stand.url}/?lang={lang}", size, still=True), size)


def _assert_wall(case: Case, opened: Page, size: tuple[int, int]) -> None:
    width, height = size
    with closing(opened) as page:
        for key, scene in enumerate(HALL_SCENES, start=1):
            page.keyboard.press(f"Digit{key}")
            page.wait_for_selector(f'.hall[data-scene="{scene}"]')
            if scene == "trend" and case.kind != "zero":
                page.wait_for_selector(".js-plotly-plot .xtick", state="attached")
            boxes = texts(page)
            assert not [box["text"] for box in boxes if box.get("isCut")], scene
            edges = (width * SAFE, height * SAFE, width * (1 - SAFE), height * (1 - SAFE))
            assert outside(boxes, *edges) == [], (size, scene)
            assert touching(boxes) == [], (size, scene)
            if case.contest == "ha-giang":
                _assert_legible(boxes, height / 108, scene)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def _assert_legible(boxes: list[dict[str, Any]], rem_px: float, scene: str) -> None:
    for box in boxes:
        if box["label"]:
            continue
        least = NAME_REM * 0.8 if box["row"] is not None else LABEL_REM
        assert box["size"] >= least * rem_px - 0.1, (scene, box["text"], box["size"])


def test_a_phone_shows_every_scene_whole(shown: tuple[Case, Stand], open_page: Open) -> None:
    case, stand = shown
    for size in PHONES if case.kind == "absurd" else PHONES[:1]:
        with closing(open_page(stand.url, size, still=True)) as page:
            for key, scene in enumerate(HALL_SCENES, start=1):
                page.keyboard.press(f"Digit{key}")
                page.wait_for_selector(f'.hall[data-scene="{scene}"]')
                boxes = [box for box in texts(page) if not box.get("isCut")]
                assert outside(boxes, 0, 0, size[0], float("inf")) == [], (size, scene)
                assert touching(boxes) == [], (size, scene)


def test_a_units_page_shows_everything_whole(shown: tuple[Case, Stand], open_page: Open) -> None:
    case, stand = shown
    tree = folder(case.contest).contest.tree
    first = tree.children(tree.root.code)[0].code
    codes = dict.fromkeys((tree.root.code, first, tree.leaves[0].code, tree.leaves[-1].code))
    for code in codes if case.kind != "zero" else [first]:
        for size in (DESK, PHONES[-1]):
            with closing(open_page(f"{stand.url}/units/{code}", size, still=True)) as page:
                boxes = [box for box in texts(page) if not box.get("isCut")]
                assert outside(boxes, 0, 0, size[0], float("inf")) == [], (size, code)
                assert touching([box for box in boxes if not box["label"]]) == [], (size, code)
                assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (size, code)


def test_the_picture_keeps_its_place_when_a_link_is_found_and_lost(open_page: Open) -> None:
    board = frame_of(Case("absurd", "absurd"))
    with standing(folder("absurd"), lambda _: board, board.at + 2_000) as stand:
        for size in WALLS:
            with closing(open_page(stand.url, size, still=True)) as page:
                until(page, "document.body.dataset.fresh === 'live'")
                tops = page.evaluate("""() => [false, true].map((hidden) => {
                    document.querySelector("[data-text=live]").hidden = hidden;
                    return document.querySelector("main").getBoundingClientRect().top;
                })""")
                assert tops[0] == tops[1], size


def test_the_double_resolution_is_the_same_picture_twice_as_large(open_page: Open) -> None:
    board = frame_of(Case("ha-giang", "typical"))
    with standing(folder("ha-giang"), lambda _: board, board.at + 2_000) as stand:
        pages = [open_page(stand.url, size, still=True) for size in WALLS[:2]]
        for page in pages:
            until(page, "document.body.dataset.fresh === 'live'")
        small, large = map(texts, pages)
    assert [box["text"] for box in small] == [box["text"] for box in large]
    for one, other in zip(small, large, strict=True):
        for edge in ("left", "top", "right", "bottom", "size"):
            assert abs(2 * one[edge] - other[edge]) <= 2, (one["text"], edge)
