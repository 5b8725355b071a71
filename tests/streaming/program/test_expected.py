"""When items are expected: by the golden cases, which are the browser's too, and by what holds of every evening."""

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streaming.program.expected import Times, expected
from streaming.program.rundown import Rundown
from streaming.program.running import Running
from tests.suite import ROOT
from tests.worlds.outputs import NOW_MS
from tests.worlds.rundowns import EVENING, item

GOLDEN: list[dict[str, Any]] = json.loads((ROOT / "tests/golden/expected.json").read_text("utf-8"))["cases"]


@pytest.mark.parametrize("case", GOLDEN, ids=lambda case: case["about"])
def test_times_are_the_golden_ones_which_are_the_browsers_too(case: dict[str, Any]) -> None:
    rundown, running = msgspec.convert(case["rundown"], Rundown), msgspec.convert(case["running"], Running)
    assert expected(rundown, running, case["now_ms"]) == msgspec.convert(case["times"], Times)


@given(
    minutes=st.lists(st.none() | st.integers(0, 60), min_size=1, max_size=8),
    at=st.integers(0, 7),
    ms=st.integers(0, 10**8),
)
def test_items_follow_each_other_and_what_runs_over_moves_all_that_come(
    minutes: list[int | None], at: int, ms: int
) -> None:
    items = tuple(item(str(n), minutes=each) for n, each in enumerate(minutes))
    on = min(at, len(items) - 1)
    following = items[on + 1].id if on + 1 < len(items) else None
    running = Running(run=NOW_MS, on=items[on].id, since=NOW_MS, next=following)
    times = expected(Rundown(items), running, NOW_MS + ms)
    assert [each.item for each in times.items] == [each.id for each in items[on:]]
    ats = [each.at for each in times.items]
    assert ats == sorted(ats)
    assert ats[0] == NOW_MS
    assert all(each >= NOW_MS + ms for each in ats[1:])
    assert times.ends >= max(ats)
    left_ms = times.left_ms
    assert (left_ms is None) == (minutes[on] is None)
    if left_ms is not None and left_ms < 0 and following is not None:
        assert ats[1] == NOW_MS + ms


def test_a_spare_item_takes_no_time() -> None:
    times = expected(EVENING, Running(run=NOW_MS, next="doors"), NOW_MS)
    assert "spare" not in [each.item for each in times.items]
