"""The benches run, and what they say holds together. What the figures are is no test's business: machines differ."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from playwright.sync_api import sync_playwright

from dashboard.scenes.scenes import SCENES
from server.commands.bench import bench
from tests.bench import browser, evening, ingest, overlays, rest
from tests.bench.browser import p95, slope
from tests.bench.delta import deltas
from tests.bench.trace import Event
from tests.browser.conftest import ARGUMENTS, NONE, find_browser
from tests.worlds.whole import sized

HEAR = """(types) => {
  const socket = new WebSocket("ws://127.0.0.1:9");
  socket.onmessage = () => {};
  for (const type of types) {
    socket.dispatchEvent(new MessageEvent("message", { data: JSON.stringify({ v: 1, type, topic: "board" }) }));
  }
  return window.bench.updates;
}"""
"""Has a page take messages of these types from a socket that is connected to nothing; gives the updates it counted."""


def test_ingest_measures_both_halves_of_every_pair_and_finds_every_acknowledged_row(tmp_path: Path) -> None:
    result = ingest.measure(tmp_path, rounds=1, seconds=0.2)
    assert result.single_per_s > 0
    assert result.empty_per_s > 0
    assert result.single_to_empty == pytest.approx(result.single_per_s / result.empty_per_s, abs=0.01)
    assert result.batch_to_bare == pytest.approx(result.batch_rows_per_s / result.bare_rows_per_s, abs=0.01)
    assert len(ingest.table(result)) == 8
    # Every participation of the measurement is in the rehearsal store, none in the live one.
    assert ingest.rows_in(tmp_path / "rehearsal.db") > ingest.BATCH_ITEMS
    assert ingest.rows_in(tmp_path / "ledger.db") == 0


def test_a_ratio_is_the_median_of_the_rounds_ratios() -> None:
    assert ingest.ratio([(1.0, 2.0), (3.0, 4.0), (90.0, 100.0)]) == 0.75


def test_a_delta_stays_small() -> None:
    found = deltas()
    assert found.plain_bytes < ingest.DELTA_BYTES_MAX
    assert found.reranked_row_bytes_max <= ingest.RERANKED_BYTES_MAX
    assert found.reranked_rows_max >= 20


def test_browser_sees_every_ward_change_and_the_page_paint_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    few = sized(1, whole=4)
    monkeypatch.setattr(browser, "SCENES", browser.SCENES[:few])
    monkeypatch.setattr(browser, "PICTURES", dict([*browser.PICTURES.items()][:few]))
    monkeypatch.setattr(rest, "COUNTRY", sized("ha-noi-2022", whole=rest.COUNTRY))
    with sync_playwright() as playwright:
        if find_browser(playwright) is None:
            pytest.skip(NONE)
    result = browser.measure(tmp_path, minutes=0.05, cost_s=sized(8, whole=12), warm_up_s=1, rest_s=2)
    for cost in result.costs:
        assert cost.updates >= 2
        assert cost.rows_min >= 193
        assert 0 < cost.script_ms_median <= cost.layout_ms_median <= cost.paint_ms_median <= cost.paint_ms_p95
        assert 0 < cost.cpu_ms_median <= cost.cpu_ms_p95
        assert 0 < cost.beat_ms_median <= cost.beat_ms_p95
        assert cost.thread_ms_mean > cost.thread_script_ms_mean > 0
    for seen in result.rests:
        assert seen.frames > 0
        assert 0 <= seen.in_motion <= 1
    assert result.country.frames > 0
    assert len(result.memory.heap_bytes) == len(result.memory.nodes) == 2
    assert result.memory.updates_per_s > 1
    assert len(browser.table(result)) == 10 * len(result.costs) + 2 * len(result.rests) + 7


if sized(False, whole=True):
    # A server, a browser and ten pages, for what is no test's business but that it runs.
    def test_overlays_are_watched_while_numbers_run_and_in_silence(tmp_path: Path) -> None:
        with sync_playwright() as playwright:
            if find_browser(playwright) is None:
                pytest.skip(NONE)
        result = overlays.measure(tmp_path, minutes=0.1, cost_s=20, warm_up_s=5, settle_s=0)
        for seen in (result.running, result.silent):
            assert len(seen.heap_bytes) == len(seen.nodes) == len(seen.listeners) == 2
        assert result.bug.beats > 0
        assert 0 < result.bug.beat_ms_median <= result.bug.beat_ms_p95
        assert result.bug.thread_ms_per_beat > 0
        assert len(overlays.table(result)) == 17


def test_only_what_is_painted_breaks_the_silence() -> None:
    events = [Event(name=name, pid=1, tid=1) for name in ("Paint", "FireAnimationFrame", "PrePaint", "Paint")]
    assert overlays.paints(events) == 2


def test_a_beat_is_no_update() -> None:
    with sync_playwright() as playwright:
        path = find_browser(playwright)
        if path is None:
            pytest.skip(NONE)
        with playwright.chromium.launch(executable_path=path, args=ARGUMENTS) as chromium:
            page = chromium.new_page()
            page.add_init_script(path=Path(browser.__file__).with_name("watch.js"))
            page.goto("data:text/html,<body>")
            updates = page.evaluate(HEAR, ["snapshot", "beat", "delta", "beat", "delta"])
    assert updates == 3


def test_p95_and_slope() -> None:
    assert p95(range(1, 101)) == 95
    assert p95([7.0]) == 7
    assert slope([1, 3, 5]) == 2


def test_the_group_names_its_benches() -> None:
    shown = CliRunner().invoke(bench, ["--help"]).output
    for name in ("browser", "fanout", "ingest", "latency", "points", "restart", "soak"):
        assert f"  {name} " in shown
    assert CliRunner().invoke(bench, ["ingest", "--rounds", "0"]).exit_code == 2


def test_a_soak_is_of_the_server_or_of_overlays(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    monkeypatch.setattr("tests.bench.soak.main", lambda scale: asked.append(("server", scale.minutes)))
    monkeypatch.setattr("tests.bench.overlays.main", lambda minutes: asked.append(("overlays", minutes)))
    for options in ([], ["--minutes", "3"], ["--overlays"], ["--overlays", "--minutes", "4"]):
        CliRunner().invoke(bench, ["soak", *options])
    assert asked == [("server", 10), ("server", 3), ("overlays", 20), ("overlays", 4)]


@pytest.mark.parametrize("name", ["browser", "ingest", "latency", "points", "restart", "soak"])
def test_a_bench_without_peers_takes_the_option_and_says_that_there_are_none(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"tests.bench.{name}.main", lambda *_given: 7)
    done = CliRunner().invoke(bench, [name, "--peers"])
    assert done.exit_code == 7, "it is measured all the same"
    assert done.stderr == f"bench {name} has no peers: it measures this product alone\n"
    assert CliRunner().invoke(bench, [name]).output == ""
    assert "no peers" in CliRunner().invoke(bench, [name, "--help"]).output


@pytest.mark.parametrize("pace", sized([{"hours": 0.02}], whole=[{"hours": 0.02}, {"minutes": 0.05}]))
def test_an_evening_changes_scenes_and_looks_at_the_page(
    pace: dict[str, float], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with sync_playwright() as playwright:
        if find_browser(playwright) is None:
            pytest.skip(NONE)
    monkeypatch.setattr("tests.bench.evening.SCENES", SCENES[:2])
    monkeypatch.setattr(evening, "TAKE_EVERY_MS", 2 * evening.STEP_MS)
    result = evening.measure(tmp_path, **pace, warm_up_rounds=1)
    assert result.is_driven == ("hours" in pace)
    assert {"live"} <= set(result.scenes) <= {"live", "standings"}
    assert result.takes >= 2
    assert len(result.looks) >= 2
    assert all(look.heap_bytes > 0 and look.nodes > 0 for look in result.looks)
    # What scripts hold is a part of the heap.
    assert 0 < result.held_bytes[1] < result.looks[-1].heap_bytes
    assert result.looks[-1].thread_ms_per_take > 0
    assert len(evening.table(result)) == 9


def test_growth_is_told_by_medians_of_both_ends() -> None:
    assert evening.grown([1, 2, 90, 5, 6, 7, 8]) == 5
    assert evening.grown([3]) == 0
