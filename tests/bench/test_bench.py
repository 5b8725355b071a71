"""The benches run, and what they say holds together. What the figures are is no test's business: machines differ."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from server.commands.bench import bench
from tests.bench import ingest
from tests.bench.browser import p95, slope
from tests.bench.delta import deltas


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


def test_p95_and_slope() -> None:
    assert p95(range(1, 101)) == 95
    assert p95([7.0]) == 7
    assert slope([1, 3, 5]) == 2


def test_the_group_names_its_benches() -> None:
    shown = CliRunner().invoke(bench, ["--help"]).output
    assert "ingest" in shown
    assert "browser" in shown
    assert CliRunner().invoke(bench, ["ingest", "--rounds", "0"]).exit_code == 2
