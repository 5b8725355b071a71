"""`bench evening`, past 350 lines by its two clocks: whether a wall stays flat while scenes change over it.

By the clock on the wall, or by one that is driven: then page and server are moved on together, hours in minutes, and
every timer of the page runs as often as in those hours.
"""

import itertools
import statistics
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click
import httpx2
import msgspec
from playwright.sync_api import CDPSession, Page, sync_playwright

from dashboard.scenes.scenes import SCENES
from server.auth.keys import Keys
from server.folder.files import ADMIN_FILE
from streaming.program.names import HALL
from tests.bench.browser import SIZE, Updates, collected, metrics, slope
from tests.bench.ingest import PATH, Target, target, wards
from tests.bench.server import CLOCK_PATH, DRIVEN
from tests.browser.conftest import ARGUMENTS, NONE, find_browser, framed
from tests.suite import ROOT

TAKE_EVERY_S = 1.2
"""A second press within 0.8 s is refused; a change of scenes plays for 0.4 s, and the next waits for it."""
EVENING_TAKES_PER_H = 60
"""An operator changes scenes once a minute on a busy evening: 240 takes are one of four hours."""
LOOK_SCENE = "live"
"""The scene at which the page is looked at: what a scene itself needs is then alike."""
WARM_UP_ROUNDS = 3
"""So many rounds, the first of one take, before the first look: what each scene keeps of the contest is there then."""
HEAVY_SCENE = "trend"
"""It has something to show after some minutes, and loads a library of megabytes; the first look comes after it too."""
COLLECTIONS = 3
"""What one collection lets go, the next may find."""
TAKE_EVERY_MS = 60_000
"""By a driven clock: EVENING_TAKES_PER_H."""
UPDATE_S = 1.0
STEP_MS = 3_000
"""A driven clock goes on by so much at once: a page takes a socket for dead that is silent for 6 s."""
CHANGED_WARDS = 20
"""That have an entry more at each step."""
CHANGED_MS = 700
"""Real time in which a scene is fetched and comes into sight, which no clock drives."""
ANSWER_S = 10.0
LIMITS = httpx2.Limits(keepalive_expiry=1.0)
"""Sooner than the server closes a connection that rests."""
LONG_MS = 50
ENDS = 3
"""Growth is the median of the last looks less that of the first, so many each."""
HEAP_GROWTH_BYTES_MAX = 1_000_000
WATCH = """() => {
  window.longTasks = [];
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) window.longTasks.push(Math.round(entry.duration));
  }).observe({ entryTypes: ["longtask"] });
}"""
OF_SCRIPTS = frozenset(
    {"object", "closure", "array", "string", "concatenated string", "sliced string", "number", "regexp", "bigint"}
)
"""Of a heap, what scripts hold; the rest is their compiled code, which comes and goes, and the browser's own."""


class Look(msgspec.Struct, frozen=True):
    """The page after a collection; and since the look before, CPU time of its main thread for each take, and its long
    tasks by the clock, ms each."""

    takes: int
    heap_bytes: int
    nodes: int
    listeners: int
    thread_ms_per_take: float
    long_ms: tuple[int, ...]


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """The JSON line. ``hours`` are those of an evening with as many takes; ``is_driven`` is whether the clock went
    through them. ``held_bytes`` is what scripts hold at the first look and at the last, compiled code aside."""

    is_driven: bool
    minutes: float
    takes: int
    hours: float
    refused: int
    scenes: tuple[str, ...]
    looks: tuple[Look, ...]
    heap_bytes_per_look: float
    nodes_per_look: float
    held_bytes: tuple[int, int]


class Desk:
    """Takes one scene after the other, over the API as a device does."""

    def __init__(self, server: Target) -> None:
        key = Keys(server.data / ADMIN_FILE).add("bench-evening", HALL)
        headers = {"authorization": f"Bearer {key}"}
        self._http = httpx2.Client(
            base_url=f"http://127.0.0.1:{server.port}", headers=headers, timeout=ANSWER_S, limits=LIMITS
        )
        self._names = itertools.cycle([scene.name for scene in SCENES])
        self.takes = 0
        self.refused = 0
        self.shown: set[str] = set()

    @property
    def awaited(self) -> set[str]:
        """The scenes that had nothing to show so far."""
        return {scene.name for scene in SCENES} - self.shown

    def take(self) -> bool:
        """Put the next scene on air that has something to show by itself; returns whether that ends a round."""
        while True:
            name = next(self._names)
            answer = self._http.post(f"/api/v1/outputs/{HALL}/take", json={"scene": name})
            if answer.status_code == httpx2.codes.OK:
                self.takes += 1
                self.shown.add(name)
                return name == LOOK_SCENE
            self.refused += 1

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


class Real:
    """Time as it passes, with every ward changed once a second."""

    def __init__(self, server: Target, page: Page, minutes: float) -> None:
        self._page = page
        self._left_s = minutes * 60
        self._begun_s = 0.0
        self.updates = Updates(server, UPDATE_S).running

    def begin(self) -> None:
        """Measure from now on."""
        self._begun_s = time.monotonic()

    @property
    def is_over(self) -> bool:
        """Whether so much time has passed since."""
        return time.monotonic() - self._begun_s >= self._left_s

    def rest(self) -> None:
        """Let a scene stand."""
        self._page.wait_for_timeout(TAKE_EVERY_S * 1000)


class Driven:
    """Time that goes on by steps, in the page and on the server alike, so many of a minute for each scene."""

    def __init__(self, server: Target, page: Page, hours: float) -> None:
        self._page = page
        self._left_ms = round(hours * 3_600_000)
        self._passed_ms = 0
        self._http = httpx2.Client(base_url=f"http://127.0.0.1:{server.port}", timeout=ANSWER_S, limits=LIMITS)
        self._headers = {"authorization": f"Bearer {server.secret}", "content-type": "application/json"}
        self._wards = itertools.cycle(wards())
        self._sent = 0
        page.clock.install()

    @contextmanager
    def updates(self) -> Iterator[None]:
        """Let the connection go at the end; entries come with each step."""
        try:
            yield
        finally:
            self._http.close()

    def begin(self) -> None:
        """Measure from now on."""
        self._passed_ms = 0

    @property
    def is_over(self) -> bool:
        """Whether so much time has passed since."""
        return self._passed_ms >= self._left_ms

    def rest(self) -> None:
        """Let a scene stand for a minute."""
        self._page.wait_for_timeout(CHANGED_MS)
        for _ in range(TAKE_EVERY_MS // STEP_MS):
            now_ms = int(self._http.post(CLOCK_PATH, content=str(STEP_MS), headers=self._headers).text)
            self._post(datetime.fromtimestamp(now_ms / 1000, UTC).isoformat(timespec="milliseconds"))
            self._page.clock.run_for(STEP_MS)
            self._passed_ms += STEP_MS

    def _post(self, at: str) -> None:
        items = []
        for _ in range(CHANGED_WARDS):
            self._sent += 1
            unit = next(self._wards)
            items.append({"id": f"e{self._sent}", "kind": "completed", "unit": unit, "at": at, "channel": "website"})
        answer = self._http.post(PATH, content=msgspec.json.encode(items), headers=self._headers)
        if answer.status_code != httpx2.codes.OK or answer.json()["rejected"]:
            raise click.ClickException(f"an update was not taken: {answer.text}")


def measure(data: Path, *, minutes: float = 0.0, hours: float = 0.0, warm_up_rounds: int = WARM_UP_ROUNDS) -> Result:
    """Change scenes for so many minutes, or for so many hours of a driven clock where those are above 0, on a data
    folder that is thrown away afterwards."""
    with target(data, *([DRIVEN] if hours else [])) as server, sync_playwright() as playwright:
        path = find_browser(playwright)
        if path is None:
            raise click.ClickException(NONE)
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        page = browser.new_page(viewport={"width": SIZE[0], "height": SIZE[1]})
        cdp = page.context.new_cdp_session(page)
        cdp.send("Performance.enable", {"timeDomain": "threadTicks"})
        desk = Desk(server)
        desk.ready()
        looks = Looks(page, cdp, desk)
        pace = Driven(server, page, hours) if hours else Real(server, page, minutes)
        begun_s = time.monotonic()
        with pace.updates():
            page.goto(framed(f"http://127.0.0.1:{server.port}/"))
            page.evaluate(WATCH)
            rounds = 0
            while rounds < warm_up_rounds or HEAVY_SCENE in desk.awaited:
                _round(desk, pace)
                rounds += 1
            first_bytes = held_bytes(page)
            pace.rest()
            looks.look()
            pace.begin()
            while not pace.is_over:
                _round(desk, pace)
                looks.look()
            last_bytes = held_bytes(page)
        desk.close()
        browser.close()
    return Result(
        is_driven=hours > 0,
        minutes=round((time.monotonic() - begun_s) / 60, 1),
        takes=desk.takes,
        hours=hours or round(desk.takes / EVENING_TAKES_PER_H, 1),
        refused=desk.refused,
        scenes=tuple(sorted(desk.shown)),
        looks=tuple(looks.found),
        heap_bytes_per_look=round(slope([each.heap_bytes for each in looks.found])),
        nodes_per_look=round(slope([each.nodes for each in looks.found]), 1),
        held_bytes=(first_bytes, last_bytes),
    )


def _round(desk: Desk, pace: Real | Driven) -> None:
    """Show every scene once that has something to show, the one at last at which the page is looked at."""
    is_last = False
    while not is_last:
        is_last = desk.take()
        pace.rest()


class Looks:
    """What was found on the page, look by look."""

    def __init__(self, page: Page, cdp: CDPSession, desk: Desk) -> None:
        self._page, self._cdp, self._desk = page, cdp, desk
        self._before_s, self._takes = 0.0, 0
        self.found: list[Look] = []

    def look(self) -> None:
        """Look at the page."""
        spent_s = metrics(self._cdp)["TaskDuration"] - self._before_s
        takes = self._desk.takes - self._takes
        for _ in range(COLLECTIONS):
            found = collected(self._cdp)
        # What a collection takes is the bench's own.
        self._before_s, self._takes = found["TaskDuration"], self._desk.takes
        heap, nodes, listeners = (round(found[name]) for name in ("JSHeapUsedSize", "Nodes", "JSEventListeners"))
        long_ms = tuple(self._page.evaluate("window.longTasks.splice(0)"))
        thread_ms = round(spent_s * 1000 / max(takes, 1), 1)
        self.found.append(Look(self._desk.takes, heap, nodes, listeners, thread_ms, long_ms))


class _Meta(msgspec.Struct):
    node_fields: list[str]
    node_types: list[Any]


class _Snapshot(msgspec.Struct):
    meta: _Meta


class _Heap(msgspec.Struct):
    snapshot: _Snapshot
    nodes: list[int]


def held_bytes(page: Page) -> int:
    """How much of the page's heap scripts hold."""
    chunks: list[str] = []
    cdp = page.context.new_cdp_session(page)
    cdp.on("HeapProfiler.addHeapSnapshotChunk", lambda event: chunks.append(event["chunk"]))
    cdp.send("HeapProfiler.takeHeapSnapshot", {"reportProgress": False})
    cdp.detach()
    heap = msgspec.json.decode("".join(chunks), type=_Heap)
    fields, kinds = heap.snapshot.meta.node_fields, heap.snapshot.meta.node_types[0]
    sizes = heap.nodes[fields.index("self_size") :: len(fields)]
    return sum(
        size
        for kind, size in zip(heap.nodes[fields.index("type") :: len(fields)], sizes, strict=True)
        if kinds[kind] in OF_SCRIPTS
    )


def grown(values: Sequence[int]) -> int:
    """How much the last values are above the first, by the medians of ENDS of them."""
    return round(statistics.median(values[-ENDS:]) - statistics.median(values[:ENDS]))


def table(result: Result) -> list[str]:
    """The result for people."""
    first, last = result.looks[0], result.looks[-1]
    long_ms = [ms for look in result.looks[1:] for ms in look.long_ms]
    first_bytes, last_bytes = result.held_bytes
    thread_ms = [look.thread_ms_per_take for look in result.looks[1:]]
    cpu_first, cpu_last = statistics.median(thread_ms[:ENDS]), statistics.median(thread_ms[-ENDS:])
    heap = grown([look.heap_bytes for look in result.looks])
    of = f"{result.hours:g} h of a driven clock" if result.is_driven else f"as many as in {result.hours:g} h"
    lines = [
        ("takes", f"{result.takes} in {result.minutes:g} min", of),
        ("scenes", f"{len(result.scenes)}", ""),
        ("heap, first and last", f"{first.heap_bytes:,} {last.heap_bytes:,}", ""),
        ("  grown by", f"{heap:,} bytes", f"under {HEAP_GROWTH_BYTES_MAX:,}"),
        ("  of it held by scripts", f"{first_bytes:,} {last_bytes:,}", "equal but for the figures on air"),
        ("DOM nodes, first and last", f"{first.nodes} {last.nodes}", "equal but for the lines on air"),
        ("event listeners, first and last", f"{first.listeners} {last.listeners}", "equal"),
        ("main thread, CPU of a take", f"{cpu_first:.0f} {cpu_last:.0f} ms", "equal"),
        (f"tasks over {LONG_MS} ms", f"{len(long_ms)}, {max(long_ms, default=0)} ms", "as many in each round"),
    ]
    return [f"{name:<34}{value:>28}   {wanted}".rstrip() for name, value, wanted in lines]


def main(minutes: float, hours: float) -> int:
    """Measure, print the table and one line of JSON."""
    with TemporaryDirectory(prefix=".bench-", dir=ROOT) as thrown_away:
        result = measure(Path(thrown_away), minutes=minutes, hours=hours)
    click.echo("\n".join(table(result)))
    click.echo(msgspec.json.encode(result))
    return 0
