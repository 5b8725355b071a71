"""The instrument that plays frames into a page sees what moves, to the frame, and the same on any machine."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.playing import STEP_MS, Seen, look, share_in_motion

URL = "http://toy.invalid/"
FROM_MS = 1_662_604_200_000
FRAMES_A_SECOND = 60


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    yield context.new_page()
    context.close()


def seen_of(page: Page, script: str, *, style: str = "", seconds: int = 2, **tape: int) -> list[Seen]:
    body = f"<style>{style}</style><main><p class=num>1</p></main><script>{script}</script>"
    page.route("**/*", lambda route: route.fulfill(body=body, content_type="text/html"))
    told = {"board": [(FROM_MS + 500, '{"v": 7}')]}
    return look(page, URL, told, from_ms=FROM_MS, seconds=seconds, **tape)


NUM = "const num = document.querySelector('.num');"
ROLL = "num.animate([{ transform: 'translateY(9px)' }, { transform: 'none' }], 300)"


def test_a_page_at_rest_is_seen_at_rest(page: Page) -> None:
    seen = seen_of(page, "setInterval(() => performance.now(), 100)")
    assert len(seen) == 2 * FRAMES_A_SECOND
    assert share_in_motion(seen) == 0


def test_the_time_that_something_moves_is_measured_to_the_frame(page: Page) -> None:
    seen = seen_of(page, f"{NUM} setInterval(() => {ROLL}, 1000)", seconds=10)
    # From the frame at which it begins to the one before its end.
    assert sum(frame.is_in_motion for frame in seen) == pytest.approx(9 * 0.3 * FRAMES_A_SECOND, abs=9)


def test_the_end_of_a_movement_is_told_when_it_is_over(page: Page) -> None:
    seen = seen_of(page, f"{NUM} {ROLL}.onfinish = () => {{ num.textContent = 2; }}")
    written = [frame.at_ms - FROM_MS for frame in seen if frame.is_written]
    assert len(written) == 1
    assert written[0] == pytest.approx(300, abs=2 * STEP_MS)


def test_a_colour_on_its_way_is_a_movement(page: Page) -> None:
    style = "p { transition: color 200ms; } .b { color: red; }"
    seen = seen_of(page, f"{NUM} setTimeout(() => num.classList.add('b'), 500)", style=style)
    assert sum(frame.moving > 0 for frame in seen) == pytest.approx(0.2 * FRAMES_A_SECOND, abs=2)


def test_a_text_is_seen_in_the_frame_in_which_it_changes(page: Page) -> None:
    seen = seen_of(page, f"{NUM} setTimeout(() => {{ num.textContent = 22; }}, 700)")
    [changed] = [frame for frame in seen if frame.texts is not None]
    assert changed.at_ms - FROM_MS == pytest.approx(700, abs=STEP_MS + 1)
    assert "22" in (changed.texts or "")
    assert changed.lead is not None
    assert changed.lead.text == "22"


@pytest.mark.parametrize("line_ms", [0, 200])
def test_a_frame_arrives_after_the_delay_of_the_line(line_ms: int, page: Page) -> None:
    script = f"""{NUM} new WebSocket('ws://toy/live/board?epoch=1').onmessage = (message) => {{
      if (message.data.includes("7")) num.textContent = 7;
    }};"""
    [changed] = [frame for frame in seen_of(page, script, line_ms=line_ms) if frame.is_written]
    assert changed.at_ms - FROM_MS == pytest.approx(500 + line_ms, abs=STEP_MS + 1)


def test_the_server_answers_what_time_it_is(page: Page) -> None:
    script = f"""{NUM} const socket = new WebSocket('ws://toy/live/board');
    let sent;
    socket.onopen = () => {{ sent = performance.now(); socket.send('{{"type":"time","id":3}}'); }};
    socket.onmessage = (m) => {{
      const {{ type, id, at }} = JSON.parse(m.data);
      if (type === "time") num.textContent = [id, at - {FROM_MS}, performance.now() - sent].map(Math.round);
    }};"""
    [changed] = [frame for frame in seen_of(page, script, line_ms=100) if frame.is_written]
    assert changed.lead is not None
    opened_ms = 200
    number, at_ms, trip_ms = map(int, changed.lead.text.split(","))
    assert number == 3
    assert at_ms == pytest.approx(opened_ms + 100, abs=3 * STEP_MS)
    assert trip_ms == pytest.approx(200, abs=3 * STEP_MS)


def test_the_same_page_is_seen_alike_each_time(browser: Browser) -> None:
    script = f"{NUM} setInterval(() => {{ num.textContent = Math.round(performance.now()); {ROLL}; }}, 700)"
    seen = []
    for _ in range(2):
        context = browser.new_context()
        seen.append(seen_of(context.new_page(), script, seconds=3))
        context.close()
    assert seen[0] == seen[1]
