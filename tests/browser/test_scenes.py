"""Scenes with a course of their own on a real server: the launch plays once, results come by steps, a spotlight follows
its own numbers."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from playwright.sync_api import Page, expect

from streaming.program.steering import PRESS_AGAIN_MS
from tests.browser.conftest import Open, until
from tests.browser.open_contest import open_contest, post
from tests.worlds.ports import kept_port
from tests.worlds.process import Serving
from tests.worlds.steering import Operator

WARD, OTHER = "00691", "00712"
"""A ward of 024 and one of 026."""
WATCH = """() => {
  const note = () => {
    const scene = document.querySelector('.scene:not(.waiting)');
    const asleep = !scene.dataset.cue;
    const count = scene.querySelector('[data-count]');
    const told = asleep ? (count && !count.hidden ? count.querySelector('.num').textContent : 'asleep') : 'lit';
    if (told !== window.told[window.told.length - 1]) window.told.push(told);
  };
  window.told = [];
  note();
  const all = { subtree: true, childList: true, attributes: true, characterData: true };
  new MutationObserver(note).observe(document.querySelector('main'), all);
}"""


class Evening:
    """A server with an operator and entries in two districts."""

    def __init__(self, folder: Path, port: int) -> None:
        self.server = Serving(folder / "data", open_contest(folder), port)
        self.server.data.mkdir()
        self.lan = Operator(self.server)
        self.secret = self.server.secret("web")
        self.server.start()
        self.lan.sign_in()
        self.send(WARD, 7)
        self.send(OTHER, 5)

    def send(self, ward: str, count: int) -> None:
        post(self.server, self.secret, ward, range(count))

    def take(self, scene: str, **settings: Any) -> None:
        self.lan.act("hall", "take", scene=scene, settings=settings)

    def decide(self, **action: Any) -> None:
        address = f"{self.server.url}/api/v1/control/decisions?store=live"
        answer = httpx2.post(address, json=action, headers=self.lan.headers)
        assert answer.status_code == 200, answer.text


@pytest.fixture
def evening(tmp_path: Path) -> Iterator[Evening]:
    with kept_port() as port:
        made = Evening(tmp_path, port)
        yield made
        made.server.kill()


def lines(wall: Page) -> list[str]:
    found: list[str] = wall.evaluate(
        "[...document.querySelectorAll('.scene:not(.waiting) .result')].map((it) => it.dataset.code)"
    )
    return found


def test_scenes_take_their_course(evening: Evening, open_page: Open) -> None:
    evening.take("launch")
    wall = open_page(f"{evening.server.url}/")
    until(wall, "document.body.dataset.scene === 'launch'")
    wall.evaluate(WATCH)
    evening.lan.act("hall", "launch", at_ms=int(time.time() * 1_000) + 4_500)
    until(wall, "window.told.includes('lit')")
    told = wall.evaluate("window.told")
    # The screen's clock is learnt in its first seconds, so the first second may be another one.
    assert told[0] == "asleep"
    assert told[-4:] == ["3", "2", "1", "lit"]
    late = open_page(f"{evening.server.url}/")
    expect(late.locator(".scene.launch[data-cue=launch]")).to_have_count(1)
    assert "giờ" in late.inner_text("[data-launched-at]")

    evening.take("unit", unit="026")
    until(wall, "document.body.dataset.scene === 'unit'")
    expect(wall.locator(".spot-total .num")).to_have_text("5")
    evening.send(OTHER, 9)
    expect(wall.locator(".spot-total .num")).to_have_text("9")
    assert wall.evaluate("document.querySelectorAll('.scene[data-cue]').length") == 0

    evening.decide(do="final")
    expect(wall.locator(".head .heard")).to_contain_text("chốt")
    evening.take("results", round=1, count=3)
    until(wall, "document.body.dataset.scene === 'results'")
    assert lines(wall) == []
    for by, shown in ((1, ["024"]), (1, ["026", "024"]), (-1, ["024"])):
        time.sleep(PRESS_AGAIN_MS / 1_000)
        evening.lan.act("hall", "step", by=by)
        until(wall, f"document.querySelectorAll('.scene:not(.waiting) .result').length === {len(shown)}")
        assert lines(wall) == shown
    again = open_page(f"{evening.server.url}/")
    until(again, "document.querySelectorAll('.scene:not(.waiting) .result').length === 1")
    assert '"026"' not in again.inner_html(".scene")
