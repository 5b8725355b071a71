"""Outputs in real windows: each shows its own cut, in place, whatever is done to it; and cues."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from streaming.ledger.reader import Reader
from tests.browser.conftest import Open, until
from tests.browser.open_contest import open_contest, post
from tests.worlds.ports import kept_port
from tests.worlds.process import Serving
from tests.worlds.steering import Operator
from tests.worlds.whole import sized

ROUNDS = sized(1, whole=12)
LATE_MS = sized(3_000, whole=8_000)
POINTS_LATE_MS = 1_500
WARD = "00691"
TOTAL: dict[str, Any] = {"scene": "live", "settings": {"lead": "completed"}}
LEAD = "document.querySelector('.scene:not(.waiting) .lead .num')"
WATCH = f"""() => {{
  window.seen = new Map();
  window.setInterval(() => {{
    const text = {LEAD} && {LEAD}.textContent;
    if (text && !window.seen.has(text)) window.seen.set(text, Date.now());
  }}, 20);
}}"""
WATCH_CUES = """() => {
  window.cues = [];
  const note = () => {
    const scene = document.querySelector('.scene:not(.waiting)');
    if (scene && scene.dataset.cue) window.cues.push([scene.dataset.cue, Date.now()]);
  };
  new MutationObserver(note).observe(document.body, { subtree: true, attributeFilter: ['data-cue'] });
}"""


class Evening:
    """A server with an operator, a source for each store, and how many entries each has."""

    def __init__(self, folder: Path, port: int) -> None:
        self.server = Serving(folder / "data", open_contest(folder), port)
        self.server.data.mkdir()
        self.lan = Operator(self.server)
        self.secrets = {"live": self.server.secret("web"), "rehearsal": self.server.secret("thu", test=True)}
        self.sent = {"live": 0, "rehearsal": 0}
        self.totals: dict[str, dict[str, float]] = {"live": {}, "rehearsal": {}}
        """When each total began to be, by store."""
        self.server.start()
        self.lan.sign_in()

    def send(self, store: str, count: int) -> str:
        """Send entries to a store; returns the total then, as screens write it."""
        first = self.sent[store]
        self.sent[store] += count
        self.totals[store][str(self.sent[store])] = time.time() * 1_000
        post(self.server, self.secrets[store], WARD, range(first, first + count))
        return str(self.sent[store])

    def send_both(self) -> dict[str, str]:
        # Totals of the live store end in 0, those of the rehearsal in 5.
        return {store: self.send(store, 10) for store in self.sent}


@pytest.fixture
def evening(tmp_path: Path) -> Iterator[Evening]:
    with kept_port() as port:
        made = Evening(tmp_path, port)
        # What leads by itself would follow the first numbers a moment later.
        made.lan.act("hall", "take", **TOTAL)
        made.send("live", 10)
        made.send("rehearsal", 105)
        for name in ("tv1", "tv2"):
            made.lan.make(name)
        made.lan.act("tv2", "delay", delay_ms=LATE_MS)
        yield made
        made.server.kill()


def shows(wall: Page, total: str) -> None:
    until(wall, f"{LEAD} && {LEAD}.textContent === '{total}'")


def seen(wall: Page) -> dict[str, float]:
    """The totals that a wall has shown, and since when each."""
    found: list[tuple[str, float]] = wall.evaluate("[...window.seen]")
    return dict(found)


def test_three_outputs_show_their_own_cuts_at_the_same_addresses(evening: Evening, open_page: Open) -> None:
    server, stores = evening.server, {"hall": "live", "tv1": "rehearsal", "tv2": "live"}
    evening.lan.act("tv1", "store", store="rehearsal")
    evening.lan.act("tv1", "take", **TOTAL)
    walls = {name: open_page(f"{server.url}/?out={name}", still=True) for name in stores}
    addresses = {name: wall.url for name, wall in walls.items()}
    for name, wall in walls.items():
        wall.evaluate(WATCH)
        shows(wall, "105" if name == "tv1" else "10")
    for number in range(ROUNDS):
        totals = evening.send_both()
        if number % 2 == 0:
            server.kill()
            server.start()
        for name, store in stores.items():
            shows(walls[name], totals[store])
    expect(walls["tv1"].locator(".rehearsal-mark")).to_be_visible()
    for name, wall in walls.items():
        own = evening.totals[stores[name]]
        assert seen(wall).keys() <= own.keys(), name
        late_ms = LATE_MS if name == "tv2" else 0
        assert all(ms >= own[total] + late_ms for total, ms in seen(wall).items() if total != "10"), name
    # To the ceremony's numbers, in place, and back.
    tv1 = walls["tv1"]
    for _ in range(ROUNDS):
        evening.lan.act("tv1", "store", store="live")
        shows(tv1, str(evening.sent["live"]))
        expect(tv1.locator(".rehearsal-mark")).to_have_count(0)
        assert "TỔNG DUYỆT" not in tv1.title()
        evening.lan.act("tv1", "store", store="rehearsal")
        shows(tv1, str(evening.sent["rehearsal"]))
        expect(tv1.locator(".rehearsal-mark")).to_be_visible()
        assert "TỔNG DUYỆT" in tv1.title()
    assert {name: wall.url for name, wall in walls.items()} == addresses
    assert all(wall.evaluate("window.seen !== undefined") for wall in walls.values()), "nothing was loaded anew"
    rows = [row for row in Reader(server.data / "ledger.db").read() if row.type == "participation"]
    assert {row.by for row in rows} == {"web"}


def test_a_picture_stands_still_until_it_goes_on_also_where_it_is_opened_meanwhile(
    evening: Evening, open_page: Open
) -> None:
    wall = open_page(f"{evening.server.url}/?out=tv1", still=True)
    shows(wall, "10")
    evening.lan.act("tv1", "panic")
    hall = open_page(f"{evening.server.url}/", still=True)
    shows(hall, evening.send("live", 10))
    later = open_page(f"{evening.server.url}/?out=tv1", still=True)
    wall.wait_for_timeout(1_000)
    for page in (wall, later):
        shows(page, "10")
    evening.lan.act("tv1", "resume")
    for page in (wall, later):
        shows(page, "20")


def test_a_cue_fires_once_everywhere_and_whoever_comes_late_joins_in_the_middle(
    evening: Evening, open_page: Open
) -> None:
    url = evening.server.url
    evening.lan.act("tv2", "follow", output="hall")
    evening.lan.act("points", "delay", delay_ms=POINTS_LATE_MS)
    # A point's screen fires with its output, whether it shows the scene or its own numbers.
    walls = [open_page(f"{url}{path}") for path in ("/", f"/points/{WARD}", f"/points/{WARD}?own=1", "/?out=tv2")]
    other = open_page(f"{url}/?out=tv1")
    until(walls[2], "document.querySelector('.spot-total .num')?.textContent === '10'")
    for wall in (*walls, other):
        wall.evaluate(WATCH_CUES)
        if wall is not walls[2]:
            shows(wall, "10")
    at_ms = int(time.time() * 1_000) + 3_000
    evening.lan.act("hall", "launch", at_ms=at_ms)
    for wall in walls:
        until(wall, "window.cues.length > 0")
    late = open_page(f"{url}/")
    expect(late.locator(".scene[data-cue=launch]")).to_have_count(1)
    ago_ms = float(late.evaluate("document.querySelector('.scene').style.getPropertyValue('--cue-delay')")[:-2])
    assert -ago_ms >= LATE_MS - 1_000, "it was opened after the last had fired"
    evening.server.kill()
    evening.server.start()
    expect(walls[2].locator(".own-launched")).to_contain_text("Chính thức phát động")
    expect(walls[1].locator(".own-launched")).to_be_hidden()
    for wall, late_ms in zip(walls, (0, POINTS_LATE_MS, POINTS_LATE_MS, LATE_MS), strict=True):
        until(wall, "document.body.dataset.fresh !== 'stale'")
        [(name, fired_ms)] = wall.evaluate("window.cues")
        assert name == "launch"
        assert fired_ms >= at_ms + late_ms - 1_000, "a screen's clock is learnt in its first seconds"
    assert other.evaluate("window.cues") == []
