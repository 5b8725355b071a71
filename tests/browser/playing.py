"""Plays recorded frames into a page in a time of its own, and looks at every animation frame."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

from tests.browser.conftest import framed
from tests.browser.stand import Stand
from tests.worlds.recorded import Recording

HERE = Path(__file__).parent
REST = (HERE / "rest.js").read_text("utf-8")
STEP_MS = 1000 / 60
SIZE = (1920, 1080)


@dataclass(frozen=True)
class Lead:
    """The largest number: its digits, where its ink begins and how wide it is, px."""

    text: str
    left: float
    width: float


@dataclass(frozen=True)
class Seen:
    """An animation frame at a time of the server's clock.

    ``moving`` counts what is between two values; ``is_written`` is whether the page was written to; ``texts`` are all
    that the picture says, None where it says the same as in the frame before.
    """

    at_ms: float
    moving: int
    is_written: bool
    texts: str | None
    lead: Lead | None

    @property
    def is_in_motion(self) -> bool:
        return self.moving > 0 or self.is_written


def play(
    browser: Browser, stand: Stand, path: str, topic: str, recording: Recording, *, seconds: int, line_ms: int = 0
) -> list[Seen]:
    """Open a page at the recording's beginning, play it over a line of this delay, look at every animation frame."""
    stand.frame_of = lambda name: recording.first[name]
    context = browser.new_context(viewport={"width": SIZE[0], "height": SIZE[1]})
    try:
        told = {topic: [(told.at_ms, told.payload) for told in recording.told[topic]]}
        url = framed(f"{stand.url}{path}")
        return look(context.new_page(), url, told, from_ms=recording.start_ms, seconds=seconds, line_ms=line_ms)
    finally:
        context.close()


def look(
    page: Page, url: str, told: dict[str, list[tuple[int, str]]], *, from_ms: int, seconds: int, line_ms: int = 0
) -> list[Seen]:
    """Look at every animation frame of an address while its sockets hear what is told, by topic: when, and the text."""
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.add_init_script(f"window.PLAYED_FROM = {from_ms}; window.PLAYED_LINE_MS = {line_ms};")
    page.add_init_script(path=HERE / "played.js")
    page.add_init_script(path=HERE / "rest.js")
    page.goto(url)
    page.evaluate("Promise.all([...document.fonts].map((font) => font.load())).then(() => true)")
    page.evaluate("rest.begin()")
    tape = {"told": told, "seconds": seconds}
    found = page.evaluate("(tape) => played.play(tape, () => rest.look())", tape)
    assert errors == []
    return [_seen(from_ms + (nth + 1) * STEP_MS, each) for nth, each in enumerate(found)]


def _seen(at_ms: float, found: dict[str, Any]) -> Seen:
    lead = found["lead"]
    return Seen(at_ms, found["moving"], found["written"], found["texts"], Lead(**lead) if lead else None)


def painted(page: Page, stand: Stand, path: str, recording: Recording, topic: str, until_ms: int) -> str:
    """What the server itself paints of the recording's last frame until then; the page has no scripts."""
    whole = recording.whole(topic, until_ms)
    stand.frame_of = lambda _: whole
    page.goto(framed(f"{stand.url}{path}"))
    page.evaluate(REST)
    texts: str = page.evaluate("rest.read()")
    return texts


def share_in_motion(seen: Sequence[Seen]) -> float:
    """The share of time in which something of the picture is between two values."""
    return sum(frame.is_in_motion for frame in seen) / len(seen)
