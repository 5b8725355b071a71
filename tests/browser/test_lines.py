"""Lines of a ranking as they behave: they move, they rest, pages turn, and what stands is not written anew."""

from dataclasses import replace
from typing import Any

import msgspec
import pytest
from playwright.sync_api import Page, expect

from dashboard import static
from dashboard.parts.table import TURN_MS
from streaming.contests.boundaries import Boundaries
from streaming.contests.contest import ContestFolder, load_contest, shipped_contest
from tests.browser import cases
from tests.browser.conftest import Open, until
from tests.browser.numbers import AT_MS, board_frame
from tests.browser.reading import names
from tests.browser.stand import Air, Stand, standing

FOLDER = load_contest(shipped_contest())
MODULE = static.url("js/lib/motion.js")
LAST = "024"
"""Thành phố Hà Giang, which has the fewest entries of the typical board."""
IN_IT = "00691"

WATCH = """async (module) => {
    const { Motions } = await import(module);
    const { start } = Motions.prototype;
    window.moves = [];
    Motions.prototype.start = function (element, kinds, how) {
        window.moves.push({ code: element.dataset.code ?? "", from: how?.from ?? "" });
        start.call(this, element, kinds, how);
    };
    window.writes = [];
    window.marks = [];
    new MutationObserver((found) => {
        window.writes.push(...found.map(({ target }) => target.nodeName));
        for (const { target } of found) if (target.className === "mark num") window.marks.push(target.textContent);
    }).observe(document.querySelector("main"), {
        subtree: true, childList: true, characterData: true, attributes: true,
    });
}"""


def opened(open_page: Open, stand: Stand, scene: str, *, still: bool = False) -> Page:
    page = open_page(f"{stand.url}/?scene={scene}", still=still)
    until(page, "document.body.dataset.fresh === 'live'")
    page.evaluate(WATCH, MODULE)
    return page


def moves(page: Page, code: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = page.evaluate("code => window.moves.filter((each) => each.code === code)", code)
    return found


def test_the_standings_reorder_and_still_add_up(stand: Stand, air: Air, open_page: Open) -> None:
    page = opened(open_page, stand, "standings", still=True)
    assert names(page, ".table").index(LAST) == 5
    stand.show(air.add(IN_IT, 5_000))
    until(page, f"document.querySelector('.table .row').dataset.code === '{LAST}'")
    assert names(page, ".table")[0] == LAST
    cells = page.locator(".table .row .cell-completed").all_inner_texts()
    values = [int(cell.replace(".", "")) for cell in cells]
    assert sum(values) - max(values) == max(values) == 17_734
    assert page.evaluate("window.moves") == []


def test_a_change_of_place_is_a_movement_and_is_marked_for_one_beat(stand: Stand, air: Air, open_page: Open) -> None:
    page = opened(open_page, stand, "standings")
    first = names(page, ".table")[0]
    second = names(page, ".table")[1]
    leaf = FOLDER.contest.tree.children(second)[0].code
    stand.show(air.add(leaf, 1_000))
    until(page, "window.moves.length > 0")
    assert moves(page, second)[0]["from"] == "translateY(100%)"
    assert moves(page, first)[0]["from"] == "translateY(-100%)"
    until(page, "window.marks.length === 2")
    assert page.evaluate("window.marks") == ["▲1", ""]
    expect(page.locator(".mark:not(:empty)")).to_have_count(0)


def test_a_line_that_moves_at_two_beats_after_each_other_begins_anew(stand: Stand, open_page: Open) -> None:
    page = opened(open_page, stand, "standings")
    begun = page.evaluate(
        """async (module) => {
        const { Motions } = await import(module);
        const row = document.querySelector(".row");
        const motions = new Motions();
        const animations = [2, 3].map((lines) => {
            motions.end();
            motions.start(row, ["move", "dim"], { from: `translateY(${100 * lines}%)` });
            return row.getAnimations();
        });
        const [before, after] = animations;
        const moves = after[0].effect.getKeyframes().map(({ transform }) => transform);
        motions.end();
        return [before.length, after.filter((each) => before.includes(each)), moves, row.getAnimations()];
    }""",
        MODULE,
    )
    assert begun == [2, [], ["translateY(300%)", "none"], []]


def test_of_a_line_the_number_that_it_is_ranked_by_rolls(stand: Stand, air: Air, open_page: Open) -> None:
    page = opened(open_page, stand, "standings")
    page.evaluate("""() => {
        window.rolled = new Set();
        new MutationObserver((found) => {
            for (const { addedNodes, target } of found) {
                if ([...addedNodes].some((node) => node.className === "reel")) window.rolled.add(target.className);
            }
        }).observe(document.querySelector("main"), { subtree: true, childList: true });
    }""")
    stand.show(air.add(IN_IT, 1_000))
    until(page, "window.rolled.size > 0")
    assert page.evaluate("[...window.rolled]") == ["num cell cell-completed rolls"]


def test_the_first_lines_come_from_below_and_go_there(stand: Stand, air: Air, open_page: Open) -> None:
    page = opened(open_page, stand, "live")
    last = names(page, ".rows.top")[-1]
    assert last != LAST
    stand.show(air.add(IN_IT, 5_000))
    until(page, "window.moves.length > 0")
    assert moves(page, LAST)[0]["from"] == "translateY(500%)"
    assert moves(page, last)[0]["from"] == "translateY(-100%)"
    expect(page.locator(".rows.top .row")).to_have_count(5)
    assert names(page, ".rows.top")[0] == LAST


def test_what_somebody_decides_stops_every_line_where_it_belongs(stand: Stand, air: Air, open_page: Open) -> None:
    page = opened(open_page, stand, "standings")
    page.evaluate(
        """async (module) => {
        const { Motions } = await import(module);
        const { start } = Motions.prototype;
        Motions.prototype.start = function (element, ...given) {
            start.call(this, element, ...given);
            for (const each of element.getAnimations()) each.pause();
            window.begun ||= element.closest(".table") !== null;
        };
    }""",
        MODULE,
    )
    running = "document.getAnimations().filter((each) => each.effect.target.closest('.table')).length"
    stand.show(air.add(IN_IT, 5_000))
    # Noted when it begins: the next beat, after 200 ms, ends it, and a busy page answers later than that.
    until(page, "window.begun")
    stand.show(air.say(frozen={"at": AT_MS}))
    until(page, f"{running} === 0")
    assert names(page, ".table")[0] == LAST


@pytest.mark.parametrize("scene", ["live", "standings", "latest"])
def test_what_stands_is_not_written_anew(scene: str, stand: Stand, air: Air, open_page: Open) -> None:
    page = opened(open_page, stand, scene)
    stand.show(msgspec.structs.replace(air.say(), rows=dict(air.board.rows)))
    until(page, "performance.now() > (window.since ??= performance.now()) + 800")
    assert page.evaluate("window.writes") == []


def test_a_new_line_comes_in_at_the_top_and_the_others_step_down(stand: Stand, air: Air, open_page: Open) -> None:
    page = opened(open_page, stand, "latest")
    before = names(page, ".recent")
    stand.show(air.say(recent=[IN_IT, *before]))
    until(page, "window.moves.length > 0")
    expect(page.locator(".recent .row")).to_have_count(7)
    assert names(page, ".recent") == [IN_IT, *before[:6]]
    for code in (IN_IT, *before):
        assert [each["from"] for each in moves(page, code) if each["from"]] == ["translateY(-100%)"], code


def bent() -> ContestFolder:
    """The shipped contest with a land of its own for each place, in the form of an L."""
    land = {}
    for nth, unit in enumerate(unit for unit in FOLDER.contest.tree.leaves if unit.place):
        x, y = 105 + nth % 14 / 10, 22 + nth // 14 / 10
        corners = ((0, 0), (0.1, 0), (0.1, 0.03), (0.03, 0.03), (0.03, 0.1), (0, 0.1))
        land[unit.code] = ((tuple((x + dx, y + dy) for dx, dy in corners),),)
    return replace(FOLDER, boundaries=Boundaries(land), map="boundaries")


def test_the_light_stands_in_the_land_of_the_latest_place_as_the_server_paints_it(open_page: Open) -> None:
    folder = bent()
    air = Air(folder, board_frame(folder, "typical"))
    with standing(folder, air.frame_of, AT_MS + 2_000) as stand:
        page = opened(open_page, stand, "latest", still=True)
        stand.show(air.say(recent=[IN_IT, *names(page, ".recent")]))
        expect(page.locator(".recent .row").first).to_have_attribute("data-code", IN_IT)
        painted = open_page(f"{stand.url}/?scene=latest", scripts=False)
        light = [each.locator(".spot").get_attribute("transform") for each in (page, painted)]
        assert light[0] == light[1]


def test_a_page_turns_by_the_servers_clock(open_page: Open) -> None:
    folder = cases.folder("hai-cap-124")
    start = AT_MS - AT_MS % (60 * TURN_MS) + 1_000
    board = msgspec.structs.replace(board_frame(folder, "typical"), at=start, heard=start)
    ranked = {unit.code for unit in folder.contest.tree.leaves if unit.place}
    with standing(folder, lambda _: board, start) as stand:
        page = opened(open_page, stand, "standings")
        seen = []
        for nth in range(1, 7):
            expect(page.locator(".page")).to_have_text(f"{nth}/6")
            expect(page.locator(".half")).to_have_count(2)
            seen += names(page, ".table")
            stand.now_ms += TURN_MS
        assert len(seen) == len(ranked)
        assert set(seen) == ranked
