"""`bench soak --overlays`: whether overlays stay flat while numbers run, and rest entirely while they do not."""

import statistics
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import click
import msgspec
from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

from dashboard.overlays.overlays import OVERLAYS
from tests.bench.browser import GROWTH_BYTES_MAX, MINUTE_S, SIZE, Updates, collected, metrics, p95
from tests.bench.evening import held_bytes
from tests.bench.ingest import target
from tests.bench.trace import FRAME_MARK, Event, Trace, beats_ms, traced
from tests.browser.conftest import ARGUMENTS, NONE, find_browser
from tests.suite import ROOT

NAMES = [overlay.name for overlay in OVERLAYS]
WARM_UP_S = 15.0
"""What a page keeps of a contest is there then."""
WARDS = 10
"""That have an entry at each update: the latest places are named one by one, and silence waits for that."""
SETTLE_S = 60.0
"""After the last entry."""
COST_S = 60.0
BEAT_MS_MAX = 1.0
PAINT = "Paint"
"""The browser's own name of what a picture costs that has changed."""
OF_SILENCE = ("devtools.timeline",)
OPEN = """(addresses) => {
  for (const address of addresses) {
    const frame = document.createElement("iframe");
    frame.src = address;
    frame.className = "shown";
    document.body.append(frame);
  }
}"""


class Cost(msgspec.Struct, frozen=True, kw_only=True):
    """What a changing count in the corner costs the main thread, CPU ms: script, style and layout of the frame that
    brings it to another cut; and all that the thread does from one beat to the next, messages and the roll of digits
    included."""

    beats: int
    beat_ms_median: float
    beat_ms_p95: float
    thread_ms_per_beat: float


class Memory(msgspec.Struct, frozen=True, kw_only=True):
    """All overlays in one page, after a collection, once a minute; how much of the heap scripts hold at the begin and
    at the end: the rest is their compiled code, and the browser's own. The thread's figure is CPU time a minute."""

    heap_bytes: tuple[int, ...]
    held_bytes: tuple[int, int]
    nodes: tuple[int, ...]
    listeners: tuple[int, ...]
    thread_ms_per_minute: float


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """The JSON line: what was watched while numbers ran, and then while nothing did, and how often something was
    painted there."""

    minutes: float
    overlays: int
    running: Memory
    silent: Memory
    paints: int
    bug: Cost


def all_open(page: Page, url: str) -> None:
    """Open every overlay in one page, each in its own shell, as a host has it."""
    first, *others = [f"/overlays/{name}" for name in NAMES]
    page.goto(url + first)
    page.evaluate(OPEN, others)


def watched(page: Page, cdp: CDPSession, minutes: float) -> Memory:
    """Look at the page at the begin, and once a minute."""
    held = held_bytes(page)
    seen = [collected(cdp)]
    whole, rest = divmod(minutes, 1)
    for minute in [1.0] * int(whole) + [rest] * bool(rest):
        page.wait_for_timeout(minute * MINUTE_S * 1000)
        seen.append(collected(cdp))
    heap, nodes, listeners = (
        tuple(round(found[name]) for found in seen) for name in ("JSHeapUsedSize", "Nodes", "JSEventListeners")
    )
    thread_s = seen[-1]["TaskDuration"] - seen[0]["TaskDuration"]
    return Memory(
        heap_bytes=heap,
        held_bytes=(held, held_bytes(page)),
        nodes=nodes,
        listeners=listeners,
        thread_ms_per_minute=round(thread_s * 1000 / minutes, 1),
    )


def paints(events: Sequence[Event]) -> int:
    """How often something was painted."""
    return sum(event.name == PAINT for event in events)


def cost(page: Page, cdp: CDPSession, url: str, seconds: float, warm_up_s: float) -> Cost:
    """Watch a count in the corner while it changes."""
    page.goto(f"{url}/overlays/bug")
    page.wait_for_timeout(warm_up_s * 1000)
    # Marks are set in the frame of the overlay alone: nothing else of the page changes.
    for frame in page.frames:
        frame.evaluate("bench.isSampling = true")
    before = metrics(cdp)["TaskDuration"]
    events = traced(page, seconds)
    after = metrics(cdp)["TaskDuration"]
    beats = beats_ms(events)
    marks = sum(event.name == FRAME_MARK for event in events)
    if not beats:
        raise click.ClickException("the count in the corner has painted no beat")
    return Cost(
        beats=marks,
        beat_ms_median=round(statistics.median(beats), 2),
        beat_ms_p95=round(p95(beats), 2),
        thread_ms_per_beat=round((after - before) * 1000 / marks, 2),
    )


def measure(
    data: Path, minutes: float, *, cost_s: float = COST_S, warm_up_s: float = WARM_UP_S, settle_s: float = SETTLE_S
) -> Result:
    """Measure on a data folder that is thrown away afterwards: ``minutes`` with numbers, and as many without."""
    with target(data) as server, sync_playwright() as playwright:
        path = find_browser(playwright)
        if path is None:
            raise click.ClickException(NONE)
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        url = f"http://127.0.0.1:{server.port}"
        page, cdp = opened(browser)
        with Updates(server, wards=WARDS).running():
            all_open(page, url)
            page.wait_for_timeout(warm_up_s * 1000)
            running = watched(page, cdp, minutes)
            lone, of_lone = opened(browser, marked=True)
            bug = cost(lone, of_lone, url, cost_s, warm_up_s)
            lone.close()
        page.wait_for_timeout(settle_s * 1000)
        browser.start_tracing(page=page, categories=[*OF_SILENCE])
        silent = watched(page, cdp, minutes)
        events = msgspec.json.decode(browser.stop_tracing(), type=Trace).events
        browser.close()
    return Result(
        minutes=minutes,
        overlays=len(NAMES),
        running=running,
        silent=silent,
        paints=paints(events),
        bug=bug,
    )


def opened(browser: Browser, *, marked: bool = False) -> tuple[Page, CDPSession]:
    """A page that may hold several overlays, and its metrics; ``marked`` is for its trace."""
    context = browser.new_context(viewport={"width": SIZE[0], "height": SIZE[1]}, bypass_csp=True)
    page = context.new_page()
    if marked:
        page.add_init_script(path=Path(__file__).with_name("watch.js"))
    cdp = context.new_cdp_session(page)
    cdp.send("Performance.enable", {"timeDomain": "threadTicks"})
    return page, cdp


def table(result: Result) -> list[str]:
    """The result for people."""
    lines: list[tuple[str, str, str]] = [("overlays in one page", f"{result.overlays}", "")]
    for name, seen in (("numbers run", result.running), ("silence", result.silent)):
        grown = seen.heap_bytes[-1] - seen.heap_bytes[0]
        lines += [
            (f"{name}, {result.minutes:g} min: heap", f"{seen.heap_bytes[-1]:,} bytes", ""),
            ("  grown by", f"{grown:,} bytes", f"under {GROWTH_BYTES_MAX:,}"),
            ("  held by scripts grown by", f"{seen.held_bytes[1] - seen.held_bytes[0]:,} bytes", ""),
            ("  DOM nodes, first and last", f"{seen.nodes[0]} {seen.nodes[-1]}", "equal"),
            ("  event listeners, first and last", f"{seen.listeners[0]} {seen.listeners[-1]}", "equal"),
            ("  main thread, CPU", f"{seen.thread_ms_per_minute} ms/min", ""),
        ]
    bug = result.bug
    return [
        f"{name:<38}{value:>18}   {wanted}".rstrip()
        for name, value, wanted in (
            *lines,
            ("paints in silence", f"{result.paints}", "0"),
            (f"bug: {bug.beats} beats, CPU, median", f"{bug.beat_ms_median} ms", f"under {BEAT_MS_MAX:g}"),
            ("  p95", f"{bug.beat_ms_p95} ms", ""),
            ("  all of the thread from beat to beat", f"{bug.thread_ms_per_beat} ms", ""),
        )
    ]


def main(minutes: float) -> int:
    """Measure, print the table and one line of JSON."""
    with TemporaryDirectory(prefix=".bench-", dir=ROOT) as thrown_away:
        result = measure(Path(thrown_away), minutes)
    click.echo("\n".join(table(result)))
    click.echo(msgspec.json.encode(result))
    return 0
