"""The big screen as it behaves: right before any script, moving, losing its server, changing scene and language."""

import re

import msgspec
import pytest
from playwright.sync_api import Route, expect

from streaming.contests.contest import load_contest, shipped_contest
from tests.browser.conftest import Open, until
from tests.browser.keys import press, take
from tests.browser.numbers import AT_MS, board_frame
from tests.browser.reading import number
from tests.browser.stand import Air, Stand, standing

PLOTLY_WAIT_MS = 60_000
"""It is asked for twice, and machines that run tests are slow to read it."""
MARK = "TỔNG DUYỆT · SỐ LIỆU GIẢ ĐỊNH"
FOLDER = load_contest(shipped_contest())


def test_the_page_is_right_before_any_script(stand: Stand, open_page: Open) -> None:
    before = open_page(f"{stand.url}/?scene=standings", scripts=False)
    after = open_page(f"{stand.url}/?scene=standings")
    expect(after.locator("[data-text=live]")).to_be_visible()
    assert before.locator(".table").inner_text() == after.locator(".table").inner_text()
    before, after = open_page(stand.url, scripts=False), open_page(stand.url)
    expect(after.locator("[data-text=live]")).to_be_visible()
    for selector in (".lead .num", ".rows.top", ".legend", ".head .title"):
        assert before.locator(selector).inner_text() == after.locator(selector).inner_text(), selector
    classes = "(cells) => cells.map((cell) => cell.getAttribute('class'))"
    cells = before.locator(".map .cells path")
    assert cells.count() == 193
    assert cells.evaluate_all(classes) == after.locator(".map .cells path").evaluate_all(classes)
    expect(before.locator("[data-text=live]")).to_be_hidden()


def test_a_delta_moves_every_number_of_the_live_scene(stand: Stand, air: Air, open_page: Open) -> None:
    page = open_page(stand.url)
    assert number(page, "lead") == "12.734"
    expect(page.locator("[data-text=live]")).to_be_visible()
    stand.show(air.add("00691", 300))
    until(page, "document.querySelector('.map [data-code=\"00691\"]').getAttribute('class') === 's5'")
    assert number(page, "lead") == "13.034"
    assert number(page, "people") == "10.877"
    assert number(page, "pace") == "+1.443 lượt thi trong 5 phút qua"
    assert number(page, "taking-part") == "162/193"


def test_final_numbers_say_since_when_and_are_live_again_after_the_release(
    stand: Stand, air: Air, open_page: Open
) -> None:
    page = open_page(stand.url, still=True)
    until(page, "document.body.dataset.fresh === 'live'")
    stand.show(air.say(frozen={"at": AT_MS}, corrected=["00691", "00692"]))
    expect(page.locator("[data-text=heard]")).to_have_text("Số liệu chốt lúc 9h42")
    expect(page.locator("[data-text=corrected]")).to_have_text("Đã điều chỉnh số liệu 2 đơn vị")
    expect(page.locator("[data-text=live]")).to_be_hidden()
    again = open_page(stand.url, scripts=False)
    expect(again.locator("[data-text=heard]")).to_have_text("Số liệu chốt lúc 9h42")
    expect(again.locator("[data-text=corrected]")).to_have_text("Đã điều chỉnh số liệu 2 đơn vị")
    stand.show(air.say(frozen=None, corrected=None))
    expect(page.locator("[data-text=heard]")).to_have_text("Số liệu lúc 09:42:17")
    expect(page.locator("[data-text=corrected]")).to_be_hidden()
    expect(page.locator("[data-text=live]")).to_be_visible()


def test_a_milestone_takes_the_place_of_the_pace_and_an_old_one_is_not_told_again(
    stand: Stand, air: Air, open_page: Open
) -> None:
    page = open_page(stand.url, still=True)
    until(page, "document.body.dataset.fresh === 'live'")
    place = page.locator(".pace").bounding_box()
    stand.show(air.say(milestone={"value": 10_000, "at": AT_MS + 2_000}))
    expect(page.locator(".milestone")).to_have_text("Đã vượt mốc 10.000 lượt thi")
    expect(page.locator(".pace .num")).to_be_hidden()
    assert page.locator(".pace").bounding_box() == place
    stand.show(air.say(milestone={"value": 20_000, "at": AT_MS - 60_000}))
    expect(page.locator(".milestone")).to_be_hidden()
    expect(page.locator(".pace .num")).to_be_visible()


def test_no_value_is_shown_that_never_was(stand: Stand, air: Air, open_page: Open) -> None:
    page = open_page(stand.url)
    until(page, "document.body.dataset.fresh === 'live'")
    page.evaluate("""() => {
        window.seen = new Set();
        const look = () => {
            window.seen.add(document.querySelector('.lead .num').textContent);
            requestAnimationFrame(look);
        };
        look();
    }""")
    for total in ("12.744", "12.754", "12.764"):
        stand.show(air.add("00691", 10))
        until(page, f"window.seen.has('{total}')")
    assert set(page.evaluate("[...window.seen]")) == {"12.734", "12.744", "12.754", "12.764"}


def test_a_screen_without_its_server_keeps_the_last_state_and_returns_by_itself(
    stand: Stand, air: Air, open_page: Open
) -> None:
    page = open_page(stand.url)
    expect(page.locator("[data-text=live]")).to_be_visible()
    stand.stop()
    until(page, "document.body.dataset.fresh === 'stale'")
    assert number(page, "lead") == "12.734"
    expect(page.locator("[data-text=live]")).to_be_hidden()
    expect(page.locator("[data-text=stale]")).to_contain_text(re.compile(r"Cập nhật cách đây \d+ giây"))
    air.add("00691", 66)
    stand.start()
    until(page, "document.body.dataset.fresh === 'live'")
    until(page, "document.querySelector('.lead .num').textContent.startsWith('12.800')")
    expect(page.locator("[data-text=stale]")).to_be_hidden()


def test_where_sockets_are_blocked_the_screen_polls(stand: Stand, air: Air, open_page: Open) -> None:
    stand.refuse_sockets = True
    page = open_page(stand.url)
    air.add("00691", 66)
    until(page, "document.querySelector('.lead .num').textContent.includes('800')")
    assert page.evaluate("document.body.dataset.fresh") != "stale"


def test_a_new_epoch_replaces_everything(stand: Stand, air: Air, open_page: Open) -> None:
    page = open_page(stand.url)
    expect(page.locator("[data-text=live]")).to_be_visible()
    air.board = msgspec.structs.replace(board_frame(FOLDER, "zero"), epoch="e2", seq=1)
    stand.show(air.board)
    until(page, "document.querySelectorAll('.map .s0').length >= 193")
    assert number(page, "lead") == "0"
    assert number(page, "taking-part") == "0/193"


def test_while_everybody_is_inside_the_quiz_starts_lead_until_somebody_takes_another_scene(
    stand: Stand, air: Air, open_page: Open
) -> None:
    air.board = board_frame(FOLDER, "opening")
    page = open_page(stand.url, still=True)
    assert page.locator(".lead-label").inner_text() == "Lượt vào thi"
    assert number(page, "lead") == "5.535"
    until(page, "document.body.dataset.fresh === 'live'")
    stand.show(air.add("00691", 1_000))
    until(page, "document.querySelector('.lead .num').textContent === '6.535'")
    assert page.locator(".lead-label").inner_text() == "Lượt vào thi"
    assert number(page, "second") == "1.005"


def test_keys_change_the_scene_and_the_address(stand: Stand, open_page: Open) -> None:
    page = open_page(f"{stand.url}/?scene=live")
    for key, scene in (("Digit2", "standings"), ("Numpad3", "trend"), ("Digit4", "latest"), ("Digit1", "live")):
        take(page, key, scene)
        expect(page.locator("section.scene")).to_have_count(1)
        until(page, f"location.search.includes('scene={scene}')")


def test_the_address_names_the_scene_that_is_shown_whatever_comes_too_late(stand: Stand, open_page: Open) -> None:
    page = open_page(f"{stand.url}/?scene=live")
    until(page, "document.body.dataset.fresh === 'live'")
    asked: list[Route] = []

    def never_answer(route: Route) -> None:
        asked.append(route)

    page.context.route("**/scenes/standings*", never_answer)
    with page.expect_event("requestfailed", lambda request: "/scenes/standings" in request.url):
        press(page, "Digit2", lambda: asked)
        take(page, "Digit4", "latest")
        until(page, "location.search.includes('scene=latest')")
    page.evaluate("new Promise((resolve) => { setTimeout(resolve, 100); })")
    assert "scene=latest" in page.evaluate("location.search")
    expect(page.locator("[aria-current=page]")).to_have_attribute("data-scene-link", "latest")


def test_a_wall_without_a_scene_in_its_address_has_no_keys(stand: Stand, open_page: Open) -> None:
    page = open_page(stand.url)
    page.keyboard.press("Digit2")
    page.wait_for_timeout(500)
    expect(page.locator("section.scene")).to_have_attribute("data-name", "live")
    expect(page.locator(".nav")).to_have_count(0)


def test_a_key_counts_though_the_scene_of_the_one_before_has_not_come(stand: Stand, open_page: Open) -> None:
    page = open_page(f"{stand.url}/?scene=live")
    with page.expect_response("**/scenes/live?*"):
        page.evaluate(
            "for (const code of ['Digit2', 'Digit1']) document.dispatchEvent(new KeyboardEvent('keydown', { code }))"
        )
    until(page, "document.querySelectorAll('section.scene').length === 1 && document.body.dataset.scene === 'live'")
    assert "scene=live" in page.evaluate("location.search")


def test_a_chart_whose_script_did_not_arrive_is_asked_for_again(stand: Stand, open_page: Open) -> None:
    page = open_page(f"{stand.url}/?scene=live")
    cuts: list[str] = []

    def cut(route: Route) -> None:
        cuts.append(route.request.url)
        if len(cuts) == 1:
            route.abort("connectionreset")
        else:
            route.continue_()

    page.context.route("**/vendor/plotly.min.js", cut)
    page.keyboard.press("Digit3")
    until(page, "document.querySelector('.js-plotly-plot .xtick') !== null", PLOTLY_WAIT_MS)
    assert len(cuts) == 2
    expect(page.locator(".sketch")).to_be_hidden()


def test_the_chart_is_drawn_and_taken_away_again(stand: Stand, open_page: Open) -> None:
    page = open_page(f"{stand.url}/?scene=live")
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    take(page, "Digit3", "trend")
    page.wait_for_selector(".js-plotly-plot .xtick", state="attached")
    expect(page.locator(".sketch")).to_be_hidden()
    assert page.locator(".modebar, .plotlyjsicon").count() == 0
    take(page, "Digit1", "live")
    expect(page.locator(".js-plotly-plot")).to_have_count(0)
    take(page, "Digit3", "trend")
    page.wait_for_selector(".js-plotly-plot .xtick", state="attached")
    assert page.locator("script[src*=plotly]").count() == 1, "what was loaded once runs once"
    assert said == [], "the chart tries what the page forbids"


def test_the_language_changes_with_the_scene_kept(stand: Stand, open_page: Open) -> None:
    page = open_page(f"{stand.url}/?scene=standings")
    take(page, "Digit4", "latest")
    # The addresses follow once the change has ended.
    until(page, "location.search.includes('latest')")
    page.locator("[data-language]").dispatch_event("click")
    page.wait_for_selector('html[lang="en"]')
    expect(page.locator(".latest h2")).to_have_text("Latest entries")


@pytest.mark.parametrize("path", ["/?scene=live", "/?scene=standings", "/?scene=latest", "/units/024"])
def test_a_rehearsal_says_so_and_is_never_live(air: Air, open_page: Open, path: str) -> None:
    air.board = board_frame(FOLDER, "typical", rehearsal=True)
    with standing(FOLDER, air.frame_of, AT_MS + 2_000) as stand:
        page = open_page(stand.url + path)
        until(page, "document.body.dataset.fresh === 'quiet'")
        expect(page.locator(".rehearsal-mark")).to_be_visible()
        # On a wall it stands on two lines, none of which ends with a dot.
        told, has_dot = page.locator(".rehearsal-mark").inner_text().split(), path.startswith("/units")
        assert told == [word for word in MARK.split() if has_dot or word != "·"]
        assert page.locator("[data-text=live]").count() == 0
        assert page.title().startswith(MARK)


def test_a_scene_that_cannot_be_shown_leaves_the_old_one_and_the_next_comes(stand: Stand, open_page: Open) -> None:
    page = open_page(f"{stand.url}/?scene=live")
    until(page, "document.body.dataset.fresh === 'live'")
    broken = '<section class="scene standings" data-name="standings"><p data-part="nothing"></p></section>'
    page.context.route("**/scenes/standings*", lambda route: route.fulfill(body=broken, content_type="text/html"))
    page.context.route("**/scenes/trend*", lambda route: route.fulfill(status=503))
    for key in ("Digit2", "Digit3"):
        with page.expect_response("**/scenes/*"):
            page.keyboard.press(key)
    expect(page.locator("section.scene")).to_have_count(1)
    assert number(page, "lead") == "12.734"
    take(page, "Digit4", "latest")
    expect(page.locator("section.scene")).to_have_count(1)


PAINTED_ONCE = """async () => {
    const hall = document.querySelector("script[type=module]").src;
    const { Stage } = await import(hall.replace("pages/hall.js", "scenes/stage.js"));
    let cuts = 0;
    const stage = new Stage(document.querySelector("[data-stage]"), () => {
        cuts += 1;
        if (cuts > 1) throw new Error("no second cut");
        return {};
    });
    const before = stage.scene;
    const isShown = await stage.take("/scenes/standings", true);
    return [isShown, stage.scene === before, getComputedStyle(before.element).opacity];
}"""


def test_a_scene_that_fails_when_the_old_one_has_gone_brings_it_back(stand: Stand, open_page: Open) -> None:
    page = open_page(f"{stand.url}/?scene=live")
    until(page, "document.body.dataset.fresh === 'live'")
    empty = '<section class="scene standings" data-name="standings" data-beat-ms="5000"></section>'
    page.context.route("**/scenes/standings*", lambda route: route.fulfill(body=empty, content_type="text/html"))
    assert page.evaluate(PAINTED_ONCE) == [False, True, "1"]
    expect(page.locator("section.scene")).to_have_count(1)
