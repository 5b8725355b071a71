"""The breakdown: each entry counts in the row of its channel and in that of its group."""

import pytest

from streaming.contests.units import UnitCode
from streaming.fold.breakdown import Breakdown
from streaming.fold.entry import Entry
from tests.worlds.histories import contest


@pytest.mark.parametrize(
    ("channel", "group", "rows"),
    [
        ("website", "hoc-sinh", {"channel/website", "group/hoc-sinh"}),
        ("website", None, {"channel/website", "group/"}),
        ("lạ", "hoc-sinh", {"channel/", "group/hoc-sinh"}),
        (None, "lạ", {"channel/", "group/"}),
    ],
)
def test_an_entry_counts_in_its_channel_and_its_group(channel: str | None, group: str | None, rows: set[str]) -> None:
    breakdown = Breakdown(contest(), 5)
    entry = Entry(2, "web", "e1", UnitCode("A1"), "completed", 0, 0, None, channel, group)
    breakdown.part(entry)[2] += 1
    assert breakdown.is_stale
    breakdown.roll_up(1)
    assert {row for row, counts in breakdown.rows.items() if counts == [0, 0, 1, 0, 0]} == rows
    assert {*breakdown.versions.since(0)} == rows
    breakdown.roll_up(2)
    assert breakdown.versions.since(1) == []
