"""`bench browser`: what an update with every ward changed costs the big screen, and whether its memory stays flat."""

import random
import statistics
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast

import click
import httpx2
import msgspec
from playwright.sync_api import CDPSession, Page, sync_playwright

from streaming.contests.contest import load_contest, shipped_contest
from tests.bench.ingest import PATH, Target, target
from tests.bench.rest import Country, Rest, country, rest
from tests.bench.trace import beats_ms, traced, updates_ms
from tests.browser.conftest import ARGUMENTS, NONE, find_browser, framed
from tests.suite import ROOT

UPDATE_S = 0.2
"""As often as a frame may leave a topic."""
FAVOURED_WARDS = 20
"""Wards with a second entry, others each time, so that places change in every district."""
SIZE = (1920, 1080)
SCENES = ("live", "standings")
PICTURES = {"/?scene=live": 0.20, "/?scene=standings": 0.15, "/?scene=latest": 0.15, "/units/02": 0.20}
"""What is watched for its rest, and the share of time in which it may move."""
REST_S = 20.0
WARM_UP_S = 5.0
COST_S = 30.0
TRACED_SHARE = 0.5
"""A trace costs something itself, so it comes after the rest, for half as long."""
MINUTE_S = 60.0

MEDIAN_MS_MAX = 8
P95_MS_MAX = 16
BEAT_MEDIAN_MS_MAX = 5
BEAT_P95_MS_MAX = 10
GROWTH_BYTES_MAX = 1_000_000
"""What the issue of the spine asks for; flat is less than this over the whole watch."""


class Cost(msgspec.Struct, frozen=True, kw_only=True):
    """What an update costs the main thread, in ms, and what the browser itself says an update cost.

    By the clock: ``script`` is the page's own code, ``layout`` adds style and layout, forced; ``paint`` all to the end
    of painting, waits for the compositor included. ``cpu`` is the same as ``paint`` by the browser's trace, in CPU
    time, which other programs of the machine do not inflate; ``beat`` of it what script, style and layout take in the
    frame that brings the picture to another cut. The thread's figures are CPU time of everything on the
    main thread between updates, the roll of digits included.
    """

    scene: str
    updates: int
    rows_min: int
    script_ms_median: float
    layout_ms_median: float
    paint_ms_median: float
    paint_ms_p95: float
    cpu_ms_median: float
    cpu_ms_p95: float
    beat_ms_median: float
    beat_ms_p95: float
    thread_ms_mean: float
    thread_script_ms_mean: float
    thread_layout_ms_mean: float
    thread_style_ms_mean: float


class Memory(msgspec.Struct, frozen=True, kw_only=True):
    """After a collection, once a minute, the first after the warm-up."""

    heap_bytes: tuple[int, ...]
    nodes: tuple[int, ...]
    listeners: tuple[int, ...]
    heap_bytes_per_minute: float
    updates_per_s: float


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """The JSON line."""

    costs: tuple[Cost, ...]
    rests: tuple[Rest, ...]
    country: Country
    memory: Memory
    minutes: float


class Updates:
    """Posts a batch that changes every ward, or so many of them, five times a second unless told otherwise, until
    stopped."""

    def __init__(self, server: Target, every_s: float = UPDATE_S, wards: int | None = None) -> None:
        self._every_s = every_s
        self._http = httpx2.Client(base_url=f"http://127.0.0.1:{server.port}", timeout=10)
        self._headers = {"authorization": f"Bearer {server.secret}", "content-type": "application/json"}
        self._leaves = [leaf.code for leaf in load_contest(shipped_contest()).contest.tree.leaves][:wards]
        self._rng = random.Random(1)
        self._ends = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self.fault: str | None = None

    def _run(self) -> None:
        number = 0
        due_s = time.monotonic()
        # By the clock, for what a post takes would slow the updates down; one that is late is not made up for.
        while not self._ends.wait(max(0.0, due_s - time.monotonic())):
            due_s = max(due_s + self._every_s, time.monotonic())
            response = self._http.post(PATH, content=self.batch(number), headers=self._headers)
            number += 1
            if response.status_code != httpx2.codes.OK or response.json()["rejected"]:
                self.fault = response.text
                return

    def batch(self, number: int) -> bytes:
        """One entry for every unit, two for some."""
        at = datetime.now(UTC).isoformat(timespec="seconds")
        units = [*self._leaves, *self._rng.sample(self._leaves, min(FAVOURED_WARDS, len(self._leaves)))]
        return msgspec.json.encode(
            [
                {"id": f"{number}-{place}", "kind": "completed", "unit": unit, "at": at, "channel": "website"}
                for place, unit in enumerate(units)
            ]
        )

    @contextmanager
    def running(self) -> Iterator[None]:
        """Post while the block runs.

        Raises:
            ClickException: If the server did not take a batch.
        """
        self._thread.start()
        try:
            yield
        finally:
            self._ends.set()
            self._thread.join()
            self._http.close()
        if self.fault is not None:
            raise click.ClickException(f"an update was not taken: {self.fault}")


def metrics(cdp: CDPSession) -> dict[str, float]:
    """What the browser counts of this page."""
    found = cdp.send("Performance.getMetrics")["metrics"]
    return {metric["name"]: metric["value"] for metric in found}


def cost(page: Page, cdp: CDPSession, url: str, scene: str, seconds: float, warm_up_s: float) -> Cost:
    """Watch a scene for a while."""
    page.goto(framed(f"{url}/?scene={scene}"))
    page.wait_for_timeout(warm_up_s * 1000)
    before = metrics(cdp)
    page.evaluate("bench.isSampling = true")
    page.wait_for_timeout(seconds * 1000)
    samples = cast("list[list[float]]", page.evaluate("bench.samples"))
    after = metrics(cdp)
    if not samples:
        raise click.ClickException(f"scene {scene}: the page painted no update")
    events = traced(page, seconds * TRACED_SHARE)
    cpu, beats = updates_ms(events), beats_ms(events)

    def mean(name: str) -> float:
        return round((after[name] - before[name]) * 1000 / len(samples), 2)

    script, layout, paint = ([sample[index] for sample in samples] for index in (1, 2, 3))
    return Cost(
        scene=scene,
        updates=len(samples),
        rows_min=round(min(sample[0] for sample in samples)),
        script_ms_median=round(statistics.median(script), 2),
        layout_ms_median=round(statistics.median(layout), 2),
        paint_ms_median=round(statistics.median(paint), 2),
        paint_ms_p95=round(p95(paint), 2),
        cpu_ms_median=round(statistics.median(cpu), 2),
        cpu_ms_p95=round(p95(cpu), 2),
        beat_ms_median=round(statistics.median(beats), 2),
        beat_ms_p95=round(p95(beats), 2),
        thread_ms_mean=mean("TaskDuration"),
        thread_script_ms_mean=mean("ScriptDuration"),
        thread_layout_ms_mean=mean("LayoutDuration"),
        thread_style_ms_mean=mean("RecalcStyleDuration"),
    )


def p95(values: Sequence[float]) -> float:
    """The smallest value that 95 % of the values do not exceed."""
    ordered = sorted(values)
    return ordered[-(-len(ordered) * 95 // 100) - 1]


def memory(page: Page, cdp: CDPSession, url: str, minutes: float, warm_up_s: float) -> Memory:
    """Watch the live scene's memory; the page does no sampling meanwhile, which would take memory itself."""
    page.goto(framed(f"{url}/?scene=live"))
    page.wait_for_timeout(warm_up_s * 1000)
    seen = [collected(cdp)]
    updates = page.evaluate("bench.updates")
    whole, rest = divmod(minutes, 1)
    for minute in [1.0] * int(whole) + [rest] * bool(rest):
        page.wait_for_timeout(minute * MINUTE_S * 1000)
        seen.append(collected(cdp))
    heap, nodes, listeners = (
        tuple(round(found[name]) for found in seen) for name in ("JSHeapUsedSize", "Nodes", "JSEventListeners")
    )
    return Memory(
        heap_bytes=heap,
        nodes=nodes,
        listeners=listeners,
        heap_bytes_per_minute=round(slope(heap)),
        updates_per_s=round((page.evaluate("bench.updates") - updates) / (minutes * MINUTE_S), 2),
    )


def collected(cdp: CDPSession) -> dict[str, float]:
    """The page's metrics after all garbage is gone."""
    cdp.send("HeapProfiler.collectGarbage")
    return metrics(cdp)


def slope(values: Sequence[float]) -> float:
    """How much the values rise from each to the next, by least squares."""
    return statistics.linear_regression(range(len(values)), values).slope


def measure(
    data: Path, minutes: float, cost_s: float = COST_S, warm_up_s: float = WARM_UP_S, rest_s: float = REST_S
) -> Result:
    """Measure on a data folder that is thrown away afterwards."""
    with target(data) as server, sync_playwright() as playwright:
        path = find_browser(playwright)
        if path is None:
            raise click.ClickException(NONE)
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        page = browser.new_page(viewport={"width": SIZE[0], "height": SIZE[1]})
        page.add_init_script(path=Path(__file__).with_name("watch.js"))
        cdp = page.context.new_cdp_session(page)
        cdp.send("Performance.enable", {"timeDomain": "threadTicks"})
        url = f"http://127.0.0.1:{server.port}"
        with Updates(server).running():
            costs = tuple(cost(page, cdp, url, scene, cost_s, warm_up_s) for scene in SCENES)
            watched = memory(page, cdp, url, minutes, warm_up_s)
            plain = browser.new_page(viewport={"width": SIZE[0], "height": SIZE[1]})
            rests = tuple(rest(plain, url, path, rest_s, warm_up_s) for path in PICTURES)
            plain.close()
        whole = country(browser, round(rest_s))
        browser.close()
    return Result(costs=costs, rests=rests, country=whole, memory=watched, minutes=minutes)


def table(result: Result) -> list[str]:
    """The result for people."""
    lines: list[tuple[str, str, str]] = []
    for one in result.costs:
        lines += [
            (f"{one.scene}: updates of {one.rows_min} rows or more", f"{one.updates}", ""),
            ("  script, median", f"{one.script_ms_median} ms", ""),
            ("  and layout, median", f"{one.layout_ms_median} ms", ""),
            ("  and paint, median", f"{one.paint_ms_median} ms", f"under {MEDIAN_MS_MAX}"),
            ("  and paint, p95", f"{one.paint_ms_p95} ms", f"under {P95_MS_MAX}"),
            ("  the same, CPU, median", f"{one.cpu_ms_median} ms", f"under {MEDIAN_MS_MAX}"),
            ("  the same, CPU, p95", f"{one.cpu_ms_p95} ms", f"under {P95_MS_MAX}"),
            ("  script, style, layout, CPU, median", f"{one.beat_ms_median} ms", f"under {BEAT_MEDIAN_MS_MAX}"),
            ("  script, style, layout, CPU, p95", f"{one.beat_ms_p95} ms", f"under {BEAT_P95_MS_MAX}"),
            ("  all of the thread, CPU, mean", f"{one.thread_ms_mean} ms", ""),
        ]
    for seen in result.rests:
        wanted = f"at most {PICTURES[seen.path]:.0%}"
        lines.append((f"{seen.path}: in motion", f"{seen.in_motion:.1%}", wanted))
        lines.append(("  longest rest", f"{seen.longest_rest_s} s", ""))
    longs = result.country.long_ms
    lines.append(
        (f"{result.country.units:,} units: tasks over 50 ms", f"{len(longs)}, {max(longs, default=0)} ms", "0")
    )
    watched = result.memory
    lines += [
        (f"heap after {result.minutes:g} min", f"{watched.heap_bytes[-1]:,} bytes", ""),
        ("  grown by", f"{watched.heap_bytes[-1] - watched.heap_bytes[0]:,} bytes", f"under {GROWTH_BYTES_MAX:,}"),
        ("  slope", f"{watched.heap_bytes_per_minute:,.0f} bytes/min", ""),
        ("DOM nodes, first and last", f"{watched.nodes[0]} {watched.nodes[-1]}", "equal"),
        ("event listeners, first and last", f"{watched.listeners[0]} {watched.listeners[-1]}", "equal"),
        ("updates per second", f"{watched.updates_per_s}", ""),
    ]
    return [f"{name:<38}{value:>18}   {wanted}".rstrip() for name, value, wanted in lines]


def main(minutes: float) -> int:
    """Measure, print the table and one line of JSON."""
    with TemporaryDirectory(prefix=".bench-", dir=ROOT) as thrown_away:
        result = measure(Path(thrown_away), minutes)
    click.echo("\n".join(table(result)))
    click.echo(msgspec.json.encode(result))
    return 0
