"""`bench evening`: whether a wall stays flat while scenes change over it: memory, nodes, listeners, long tasks."""

import itertools
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import click
import httpx2
import msgspec
from playwright.sync_api import Page, sync_playwright

from dashboard.scenes.scenes import SCENES
from server.auth.keys import Keys
from server.folder.files import ADMIN_FILE
from streaming.program.names import HALL
from tests.bench.browser import SIZE, Updates, collected, slope
from tests.bench.ingest import Target, target
from tests.browser.conftest import ARGUMENTS, NONE, find_browser, framed
from tests.suite import ROOT

TAKE_EVERY_S = 1.2
"""A second press within 0.8 s is refused; a change of scenes plays for 0.4 s, and the next waits for it."""
EVENING_TAKES_PER_H = 60
"""An operator changes scenes once a minute on a busy evening: 240 takes are one of four hours."""
LOOK_S = 60.0
WARM_UP_S = 2 * len(SCENES) * TAKE_EVERY_S
"""Two rounds through all scenes before the first look: what each keeps of the contest is there then."""
ANSWER_S = 10.0
LONG_MS = 50
HEAP_GROWTH_BYTES_MAX = 1_000_000
WATCH = """() => {
  window.longTasks = [];
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) window.longTasks.push(Math.round(entry.duration));
  }).observe({ entryTypes: ["longtask"] });
}"""


class Look(msgspec.Struct, frozen=True):
    """The page after a collection, and its long tasks since the look before, ms each."""

    takes: int
    heap_bytes: int
    nodes: int
    listeners: int
    long_ms: tuple[int, ...]


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """The JSON line. ``hours`` are those of an evening with as many takes."""

    minutes: float
    takes: int
    hours: float
    refused: int
    scenes: tuple[str, ...]
    looks: tuple[Look, ...]
    heap_bytes_per_look: float
    nodes_per_look: float


class Desk:
    """Takes one scene after the other, over the API as a device does."""

    def __init__(self, server: Target) -> None:
        key = Keys(server.data / ADMIN_FILE).add("bench-evening", HALL)
        headers = {"authorization": f"Bearer {key}"}
        self._http = httpx2.Client(base_url=f"http://127.0.0.1:{server.port}", headers=headers, timeout=ANSWER_S)
        self._names = itertools.cycle([scene.name for scene in SCENES])
        self.takes = 0
        self.refused = 0
        self.shown: set[str] = set()

    def take(self) -> str | None:
        """Put the next scene on air; None if it has nothing to show by itself."""
        name = next(self._names)
        answer = self._http.post(f"/api/v1/outputs/{HALL}/take", json={"scene": name})
        if answer.status_code != httpx2.codes.OK:
            self.refused += 1
            return None
        self.takes += 1
        self.shown.add(name)
        return name

    def ready(self) -> None:
        """Return when the server knows the key.

        Raises:
            ClickException: If it does not within ANSWER_S.
        """
        ends_s = time.monotonic() + ANSWER_S
        while self._http.get("/api/v1/outputs").status_code != httpx2.codes.OK:
            if time.monotonic() > ends_s:
                raise click.ClickException("the server does not know the key of the bench")
            time.sleep(0.1)

    def close(self) -> None:
        """Let the connection go."""
        self._http.close()


def measure(data: Path, minutes: float, look_s: float = LOOK_S, warm_up_s: float = WARM_UP_S) -> Result:
    """Change scenes for so long, on a data folder that is thrown away afterwards."""
    with target(data) as server, sync_playwright() as playwright:
        path = find_browser(playwright)
        if path is None:
            raise click.ClickException(NONE)
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        page = browser.new_page(viewport={"width": SIZE[0], "height": SIZE[1]})
        cdp = page.context.new_cdp_session(page)
        cdp.send("Performance.enable")
        desk = Desk(server)
        desk.ready()
        looks: list[Look] = []

        def look() -> None:
            found = collected(cdp)
            long_ms = tuple(page.evaluate("window.longTasks.splice(0)"))
            heap, nodes, listeners = (round(found[name]) for name in ("JSHeapUsedSize", "Nodes", "JSEventListeners"))
            looks.append(Look(desk.takes, heap, nodes, listeners, long_ms))

        with Updates(server).running():
            page.goto(framed(f"http://127.0.0.1:{server.port}/"))
            page.evaluate(WATCH)
            _take_for(page, desk, warm_up_s)
            look()
            begun_s = time.monotonic()
            while time.monotonic() - begun_s < minutes * 60:
                _take_for(page, desk, min(look_s, minutes * 60))
                look()
        desk.close()
        browser.close()
    return Result(
        minutes=minutes,
        takes=desk.takes,
        hours=round(desk.takes / EVENING_TAKES_PER_H, 1),
        refused=desk.refused,
        scenes=tuple(sorted(desk.shown)),
        looks=tuple(looks),
        heap_bytes_per_look=round(slope([each.heap_bytes for each in looks])),
        nodes_per_look=round(slope([each.nodes for each in looks]), 1),
    )


def _take_for(page: Page, desk: Desk, seconds: float) -> None:
    ends_s = time.monotonic() + seconds
    while time.monotonic() < ends_s:
        if desk.take() is not None:
            page.wait_for_timeout(TAKE_EVERY_S * 1000)


def table(result: Result) -> list[str]:
    """The result for people."""
    first, last = result.looks[0], result.looks[-1]
    long_ms = [ms for look in result.looks[1:] for ms in look.long_ms]
    lines = [
        ("takes", f"{result.takes}", f"as many as in {result.hours:g} h"),
        ("scenes", f"{len(result.scenes)}", ""),
        ("heap, first and last", f"{first.heap_bytes:,} {last.heap_bytes:,}", f"grown by < {HEAP_GROWTH_BYTES_MAX:,}"),
        ("  slope", f"{result.heap_bytes_per_look:,.0f} bytes/look", ""),
        ("DOM nodes, first and last", f"{first.nodes} {last.nodes}", "equal but for the scene on air"),
        ("event listeners, first and last", f"{first.listeners} {last.listeners}", "equal"),
        (f"tasks over {LONG_MS} ms", f"{len(long_ms)}, {max(long_ms, default=0)} ms", "as many in each minute"),
    ]
    return [f"{name:<34}{value:>28}   {wanted}".rstrip() for name, value, wanted in lines]


def main(minutes: float) -> int:
    """Measure, print the table and one line of JSON."""
    with TemporaryDirectory(prefix=".bench-", dir=ROOT) as thrown_away:
        result = measure(Path(thrown_away), minutes)
    click.echo("\n".join(table(result)))
    click.echo(msgspec.json.encode(result))
    return 0
