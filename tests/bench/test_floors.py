"""What the benches call a fault: each floor of the fan-out's issue, and a measurement that says nothing."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.bench import freshness, restart, stalled
from tests.bench.feed import Commit
from tests.bench.freshness import Freshness, Window, thirds_p99_ms
from tests.bench.latency import Scale
from tests.bench.restart import Return, opened_at_s, peak_per_s
from tests.bench.stalled import Stalled

FRESH = Freshness(
    screens=100, sampled=10, tick_ms=200, participations=500, frames_per_s=5.0, p50_ms=100.0, p99_ms=200.0,
    max_ms=210.0, first_third_p99_ms=200.0, last_third_p99_ms=210.0, wanted_p99_ms=350.0, server_cpu=0.5, slow=0,
    lag_ms=3.0, tries=1, is_void=False, faults=(),
)  # fmt: skip
STALLED = Stalled(
    screens=2_000, stalled=100, rounds=5, without_p99_ms=195.0, with_p99_ms=197.0, growth_percent=1.0,
    bytes_a_socket=900, cut=100, cut_after_full_s_max=11.0, cut_after_stall_s_max=19.0, returned_by_delta=100,
    frame_bytes_mean=4_000, lag_ms_max=5.0, void_rounds=0, faults=(),
)  # fmt: skip
BACK = Return(
    case="term", screens=5_000, exit_code=0, down_s=1.0, back=5_000, back_50_s=9.0, back_99_s=24.0,
    back_99_after_ready_s=22.0, back_all_s=40.0, handshakes_peak_per_s=500, handshakes=5_000, handshakes_refused=9,
    asked_again=0, by_delta=5_000, by_snapshot=0, polled_first=0, polls=0, first_frames={}, mirrors=50, lag_ms=90.0,
    is_void=False, faults=(),
)  # fmt: skip


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({}, []),
        ({"p99_ms": 351.0}, ["100 screens: p99 351.0 ms, expected at most 350 ms"]),
        ({"p99_ms": 351.0, "wanted_p99_ms": None}, []),
        (
            {"last_third_p99_ms": 301.0},
            ["100 screens: the age grows, p99 200.0 ms in the first third of the run and 301.0 ms in the last"],
        ),
        ({"first_third_p99_ms": float("nan"), "last_third_p99_ms": float("nan")}, []),
        ({"participations": 0, "p99_ms": float("nan")}, ["100 screens: no participation came to be timed"]),
        (
            {"is_void": True, "lag_ms": 12.0, "tries": 4, "p99_ms": 900.0},
            ["100 screens: the load lagged 12.0 ms, in each of 4 tries too much"],
        ),
    ],
    ids=lambda value: str(value)[:40],
)
def test_screens_that_are_late_or_grow_later_are_a_fault(change: dict[str, Any], found: list[str]) -> None:
    assert freshness.missed(msgspec.structs.replace(FRESH, **change)) == found


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({}, []),
        ({"cut": 98}, ["2 of 100 stalled screens were not cut off"]),
        ({"cut_after_full_s_max": 12.1}, ["a stalled screen was cut off 12.1 s after it was full, expected 12 s"]),
        ({"growth_percent": 10.1}, ["the others' p99 grows by 10.1 %, expected at most 10 %"]),
        ({"bytes_a_socket": 65_537}, ["a stalled socket takes 65,537 bytes, expected at most 65,536"]),
    ],
    ids=str,
)
def test_stalled_screens_that_cost_too_much_are_a_fault(change: dict[str, Any], found: list[str]) -> None:
    assert stalled.missed(msgspec.structs.replace(STALLED, **change)) == found


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({}, []),
        ({"handshakes_peak_per_s": 501}, ["after SIGTERM: 501 handshakes in one second, expected at most 500"]),
        ({"back_99_s": 30.5}, ["after SIGTERM: 99 % were back after 30.5 s, expected 30 s"]),
        ({"by_delta": 4_749}, ["after SIGTERM: 4749 of 5000 came back by a delta, expected 95%"]),
        ({"by_delta": 0, "case": "kill"}, []),
        ({"is_void": True, "lag_ms": 900.0, "back_99_s": 99.0}, ["after SIGTERM: the load lagged 900.0 ms"]),
    ],
    ids=str,
)
def test_screens_that_come_back_too_fast_or_too_late_are_a_fault(change: dict[str, Any], found: list[str]) -> None:
    assert restart.missed(msgspec.structs.replace(BACK, **change)) == found


def test_handshakes_are_counted_by_the_servers_log_not_by_the_clock_of_the_load(tmp_path: Path) -> None:
    log = tmp_path / "server.log"
    log.write_text(
        "Making a folder\n"
        '{"event":"socket opened","topic":"board","timestamp":"2022-09-08T02:30:00.000000Z"}\n'
        '{"event":"socket opened","topic":"board","timestamp":"2022-09-08T02:30:10.250000Z"}\n'
        '{"event":"socket closed","topic":"board","timestamp":"2022-09-08T02:30:10.300000Z"}\n'
        '{"event":"open","rows":{"live":1},"timestamp":"2022-09-08T02:30:10.400000Z"}\n'
        '{"event":"socket opened","topic":"board","timestamp":"2022-09-08T02:30:10.100000Z"}\n'
        '{"event":"socket ope'
    )
    began_s = 1_662_604_200
    assert opened_at_s(log, began_s + 5) == [began_s + 10.1, began_s + 10.25]


def test_the_peak_is_the_most_within_any_second() -> None:
    assert peak_per_s([0.0, 0.96, 1.1, 1.8, 1.95, 5.0]) == 4
    assert peak_per_s([0.0, 0.998, 1.1]) == 2, "the second socket may have been let in a second later"
    assert peak_per_s([]) == 0


def test_frames_are_counted_within_the_window_and_of_the_screen_in_the_middle() -> None:
    window = Window(0, 9, began_ms=1_000, ended_ms=3_000, cpu=0, lag_ms=0, tries=1)
    early_and_late = [(at_ms, 1) for at_ms in (999.0, 1_000.0, 2_999.0, 3_000.0)]
    assert window.frames_per_s([early_and_late, early_and_late[:2], early_and_late[:1]]) == 0.5
    assert window.frames_per_s([]) == 0


def test_the_age_is_compared_between_the_first_and_the_last_third() -> None:
    rows = [Commit(seq, seq * 1_000, f"e{seq}") for seq in range(1, 8)]
    seen = [(row.received_ms + 10.0 * row.seq, row.seq) for row in rows]
    assert thirds_p99_ms(rows, [seen]) == (20, 70)


def test_what_is_compared_is_measured_in_five_rounds() -> None:
    assert Scale().stalled_rounds >= 5
