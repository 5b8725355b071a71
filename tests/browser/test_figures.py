"""Figures on screen: of one width, in one place, and whole for whoever copies them, also while they roll."""

from typing import Any

import msgspec
import pytest
from playwright.sync_api import Page

from dashboard import static
from streaming.contests.contest import load_contest, shipped_contest
from tests.browser.conftest import Open, until
from tests.browser.numbers import AT_MS, board_frame
from tests.browser.stand import Air, Stand, standing

FOLDER = load_contest(shipped_contest())
MODULE = static.url("js/parts/number.js")


@pytest.fixture
def page(stand: Stand, open_page: Open) -> Page:
    """A wall whose lead is a number of the test's own, as `figure`, with what may be seen of it."""
    page = open_page(stand.url)
    until(page, "document.body.dataset.fresh === 'live'")
    page.evaluate(
        """async (module) => {
        const { NumberView } = await import(module);
        const old = document.querySelector(".lead .num");
        const element = old.cloneNode();
        element.textContent = "12.734";
        old.replaceWith(element);
        window.figure = new NumberView(element);
        window.look = () => {
            const selection = document.getSelection();
            selection.selectAllChildren(element);
            const copied = selection.toString();
            selection.removeAllRanges();
            const { left, width } = element.getBoundingClientRect();
            const range = document.createRange();
            range.selectNodeContents(element);
            return {
                texts: [element.textContent, element.innerText, copied],
                rolling: element.getAnimations({ subtree: true }).map((each) => each.effect.getTiming().duration),
                isPlain: element.childNodes.length === 1 && element.firstChild.nodeType === Node.TEXT_NODE,
                place: [left, width, range.getBoundingClientRect().width].map(Math.round),
                drawn: [...element.querySelectorAll(".reel")].map((each) => getComputedStyle(each, "::before").content),
            };
        };
    }""",
        MODULE,
    )
    return page


def seen(page: Page, script: str = "") -> Any:
    """What is seen once a script has run, and what was to happen at once after it."""
    return page.evaluate(f"(async () => {{ {script}; await Promise.resolve(); return look(); }})()")


@pytest.mark.parametrize("text", ["12.745", "12.834", "9.999", "100.000"])
def test_whoever_copies_a_number_gets_that_number_also_while_it_rolls(page: Page, text: str) -> None:
    rolling = seen(page, f"figure.set('{text}', true)")
    assert rolling["texts"] == [text] * 3
    assert rolling["rolling"]
    until(page, "!look().rolling.length && look().isPlain")
    assert seen(page)["texts"] == [text] * 3


def test_digits_that_differ_roll_in_and_the_old_ones_are_drawn_and_no_text(page: Page) -> None:
    rolling = seen(page, "figure.set('13.735', true)")
    assert [each.split('"')[1] for each in rolling["drawn"]] == ["2", "4"]
    assert len(rolling["rolling"]) == 2


def test_numbers_of_as_many_digits_have_one_width_and_one_place(page: Page) -> None:
    places = set()
    for text in ("11.111", "80.004", "17.471", "99.999"):
        places.add(tuple(seen(page, f"figure.set('{text}', true)")["place"]))
        places.add(tuple(seen(page, "figure.rest()")["place"]))
    assert len(places) == 1


def test_what_stands_at_once_ends_what_rolls(page: Page) -> None:
    assert seen(page, "figure.set('12.800', true)")["rolling"]
    # The number that it rolls to already is the one that is to stand there.
    stopped = seen(page, "figure.set('12.800', false)")
    assert (stopped["rolling"], stopped["isPlain"], stopped["texts"][0]) == ([], True, "12.800")
    seen(page, "figure.set('12.900', true)")
    stopped = seen(page, "figure.set('12.950', false)")
    assert (stopped["rolling"], stopped["isPlain"], stopped["texts"][0]) == ([], True, "12.950")
    # Nor does a roll begin that was asked for and taken back at once.
    stopped = seen(page, "figure.set('12.960', true); figure.set('12.960', false)")
    assert (stopped["rolling"], stopped["isPlain"]) == ([], True)


@pytest.mark.parametrize(("beat_ms", "roll_ms"), [(2_000, 360), (3_000, 450), (5_000, 450), (1_000, 180)])
def test_a_roll_takes_its_part_of_the_beat_and_no_more(page: Page, beat_ms: int, roll_ms: int) -> None:
    page.evaluate(f"figure.element.closest('[data-beat-ms]').dataset.beatMs = '{beat_ms}'")
    assert {round(each) for each in seen(page, "figure.set('12.999', true)")["rolling"]} == {roll_ms}


def test_who_asked_for_no_motion_sees_none(stand: Stand, open_page: Open) -> None:
    page = open_page(stand.url, still=True)
    until(page, "document.body.dataset.fresh === 'live'")
    rolled = page.evaluate(
        """async (module) => {
        const { NumberView } = await import(module);
        const element = document.querySelector(".lead .num");
        new NumberView(element).set("77.777", true);
        await Promise.resolve();
        return element.getAnimations({ subtree: true }).length;
    }""",
        MODULE,
    )
    assert rolled == 0


def test_the_time_of_the_figures_steps_with_the_figures(open_page: Open) -> None:
    air = Air(FOLDER, board_frame(FOLDER, "typical"))
    sent = {("12.734", "Số liệu lúc 09:42:17")}
    with standing(FOLDER, air.frame_of, AT_MS + 2_000) as stand:
        page = open_page(stand.url)
        until(page, "document.body.dataset.fresh === 'live'")
        page.evaluate("""() => {
            window.pairs = new Set();
            const read = (selector) => document.querySelector(selector).textContent;
            const look = () => {
                window.pairs.add(`${read(".lead .num")}|${read("[data-text=heard]")}`);
                requestAnimationFrame(look);
            };
            look();
        }""")
        for nth in range(1, 6):
            frame = air.add("00691", 10)
            heard_ms = AT_MS + nth * 1_000
            air.board = msgspec.structs.replace(air.board, heard=heard_ms)
            stand.show(msgspec.structs.replace(frame, heard=heard_ms))
            sent.add((f"12.{734 + 10 * nth}", f"Số liệu lúc 09:42:{17 + nth}"))
        until(page, "[...window.pairs].some((pair) => pair.startsWith('12.784'))")
        assert {tuple(pair.split("|")) for pair in page.evaluate("[...window.pairs]")} <= sent
