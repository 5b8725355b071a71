"""Style sheets come with their scene: which were shown before changes nothing, and none is seen without its own."""

from playwright.sync_api import Page, Route, expect

from dashboard import static
from dashboard.scenes.scenes import SCENES
from dashboard.scenes.sheets import sheets_of
from tests.browser.cases import folder
from tests.browser.conftest import Open, looks, until
from tests.browser.stand import Stand
from tests.worlds.editions import edition

SHEET = "css/scenes/latest.css"
FOREIGN = """(own) => {
  const found = [];
  const look = (rules, path) => {
    for (const rule of rules) {
      if (rule.selectorText !== undefined) {
        for (const selector of rule.selectorText.split(',')) {
          const hit = document.querySelector(selector.replace(/::?(before|after|first-letter)/g, ''));
          if (hit !== null) found.push(`${path}: ${selector.trim()} is for ${hit.outerHTML.slice(0, 80)}`);
        }
      } else if (rule.media !== undefined || rule.conditionText !== undefined) look(rule.cssRules, path);
    }
  };
  for (const link of document.querySelectorAll('link[data-at]')) {
    const path = link.getAttribute('href').split('/').slice(3).join('/');
    if (!own.includes(path)) look(link.sheet.cssRules, path);
  }
  return found;
}"""
"""Rules of sheets that are not those of the scene on the page, and yet are for something on it."""
BRING = """async ([prefix, sheets]) => {
  const links = sheets.map(([at, path]) => {
    const link = document.createElement('link');
    link.dataset.at = at;
    link.setAttribute('href', `${prefix}/${path}`);
    return link;
  });
  await (await import(`${prefix}/js/scenes/sheets.js`)).styled(links, 20000);
}"""
"""Puts sheets on the page as a scene that comes does."""
WATCH = """() => {
  window.bare = 0;
  const look = () => {
    for (const scene of document.querySelectorAll('.scene.latest:not(.waiting)')) {
      if (getComputedStyle(scene).display !== 'grid') window.bare += 1;
    }
    requestAnimationFrame(look);
  };
  look();
}"""
"""Counts the painted frames that show a scene without its style sheet."""


def take(page: Page, scene: str) -> None:
    page.evaluate("(name) => document.querySelector(`[data-scene-link=${name}]`).click()", scene)
    until(page, f"document.body.dataset.scene === '{scene}' && document.querySelectorAll('.scene').length === 1")


def test_a_scene_looks_alike_whichever_were_shown_before(stand: Stand, open_page: Open) -> None:
    shipped = edition(folder("ha-giang"), "vi")
    page = open_page(f"{stand.url}/?scene={SCENES[-1].name}", still=True)
    needed = {sheet for scene in SCENES for sheet in sheets_of(scene, shipped)}
    page.evaluate(BRING, [static.prefix(), sorted(needed, reverse=True)])
    places = page.evaluate("[...document.querySelectorAll('link[data-at]')].map((it) => Number(it.dataset.at))")
    assert places == sorted(sheet.at for sheet in needed), "they do not stand in their order"
    # With all sheets on the page, those that a scene does not need say nothing of it.
    faults = {}
    for scene in SCENES:
        take(page, scene.name)
        if found := page.evaluate(FOREIGN, [sheet.path for sheet in sheets_of(scene, shipped)]):
            faults[scene.name] = found
        if scene.name == "launch":
            after = page.locator("main").screenshot()
    assert faults == {}
    cold = open_page(f"{stand.url}/?scene=launch", still=True)
    until(cold, "document.fonts.status === 'loaded'")
    assert cold.locator("link[data-at]").count() < len(needed)
    assert cold.locator("main").screenshot() == after


def test_a_scene_is_not_seen_before_its_sheets_have_come(stand: Stand, open_page: Open) -> None:
    page = open_page(f"{stand.url}/?scene=live")
    until(page, "document.body.dataset.fresh === 'live'")
    page.evaluate(WATCH)
    held: list[Route] = []
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/scenes/latest?" in request.url else None)

    def hold(route: Route) -> None:
        held.append(route)

    def pressed(times: int) -> None:
        """Take the scene: a key does nothing while the take before has not ended."""
        for _ in looks(page):
            page.keyboard.press("Digit4")
            if len(asked) >= times and len(held) >= times:
                return
        raise AssertionError(times)

    page.context.route(f"**/{SHEET}", hold)
    pressed(1)
    held[0].abort("connectionreset")
    pressed(2)
    held[1].fulfill(body="", content_type="text/css")
    pressed(3)
    # The third is not answered in time; it comes for the fourth.
    for _ in looks(page):
        page.keyboard.press("Digit4")
        if len(asked) > 3:
            break
    expect(page.locator("section.scene")).to_have_attribute("data-name", "live")
    assert len(held) == 3
    held[2].continue_()
    for _ in looks(page):
        page.keyboard.press("Digit4")
        if page.evaluate("document.body.dataset.scene === 'latest'"):
            break
    expect(page.locator("section.scene")).to_have_attribute("data-name", "latest")
    assert page.evaluate("[window.bare, document.documentElement.dataset.lacks ?? null]") == [0, None]
    assert page.locator(f"link[href$='{SHEET}'][rel=stylesheet]").count() == 1
