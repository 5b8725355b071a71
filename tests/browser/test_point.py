"""A connection point's screen in a window: what is its own is marked and kept in sight, and gives way to rites."""

from playwright.sync_api import expect

from streaming.program.state import ProgramState, SceneOnAir
from tests.browser.conftest import Open
from tests.browser.stand import ON_AIR, SHOWS, Stand

LAST = "024"
"""A district beyond the first places."""
LOWEST = """() => {
  for (const gap of document.querySelectorAll(".band .gaps span")) gap.textContent = "Cách H. Hoàng Su Phì 1.234";
  return document.querySelector(".band .place-line").getBoundingClientRect().bottom;
}"""
"""How low the line of its place reaches, in pixels, when the next is far."""


def put(stand: Stand, scene: SceneOnAir) -> None:
    """Take a scene on the points' output."""
    stand.on_air = scene
    stand.tell("program/points", ProgramState(scene=scene, output=SHOWS))


def test_its_own_is_marked_kept_in_sight_and_gives_way_to_rites(stand: Stand, open_page: Open) -> None:
    page = open_page(f"{stand.url}/points/{LAST}", (1024, 600), still=True)
    lines = page.locator(".ranking .row")
    expect(lines).to_have_count(6)
    assert (
        page.evaluate("getComputedStyle(document.querySelector('.row:last-child'), '::after').borderTopWidth") != "0px"
    )
    assert page.evaluate("getComputedStyle(document.querySelector('.row'), '::after').content") == "none"
    assert lines.last.get_attribute("data-code") == LAST
    assert page.locator(".own-land path").count() == len(stand.folder.contest.tree.children(LAST))
    band, foot = page.locator(".band"), page.locator(".ranking").bounding_box()
    box = band.bounding_box()
    assert box is not None
    assert foot is not None
    assert foot["y"] + foot["height"] <= box["y"], "the scene stands above the band"
    page.keyboard.press("0")
    expect(page.locator(".scene.unit .unit-name")).to_have_text("Thành phố Hà Giang")
    expect(band).to_be_hidden()
    page.reload()
    expect(page.locator(".scene.unit .unit-name")).to_have_text("Thành phố Hà Giang")
    put(stand, SceneOnAir("anthem", {}, take=2, since=2))
    expect(page.locator(".scene.anthem:not(.waiting)")).to_be_visible()
    expect(band).to_be_hidden()
    put(stand, SceneOnAir(ON_AIR.name, ON_AIR.settings, take=3, since=3))
    expect(page.locator(".scene.unit:not(.waiting)")).to_be_visible()
    page.keyboard.press("0")
    expect(page.locator(".scene.live:not(.waiting)")).to_be_visible()
    expect(band).to_be_visible()
    page.set_viewport_size({"width": 1024, "height": 768})
    assert page.evaluate(LOWEST) <= 768, "the band of a narrow picture has room for a gap of four digits"
