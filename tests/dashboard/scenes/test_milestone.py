"""A mark as a picture of its own: the one passed last, or another that was reached."""

import msgspec
import pytest

from dashboard.pages.hall import cut_of
from dashboard.parts.part import Cut
from dashboard.scenes.milestone import MILESTONE, MilestoneSettings
from tests.browser.cases import Case, folder, frame_of
from tests.worlds.editions import edition


def cut(passed: int | None) -> Cut:
    board = frame_of(Case("ha-giang", "typical"))
    milestone = None if passed is None else {"value": passed, "at": board.at}
    board = msgspec.structs.replace(board, state={**board.state, "milestone": milestone})
    return cut_of(board, edition(folder("ha-giang")))


@pytest.mark.parametrize(
    ("passed", "at", "shown", "lack"),
    [
        (10_000, 0, 10_000, None),
        (10_000, 12_000, 12_000, None),
        (10_000, 1_000_000, 1_000_000, "reached"),
        (None, 0, 0, "milestone"),
        (None, 5_000, 5_000, None),
    ],
)
def test_the_mark_passed_last_is_told_or_another_that_was_reached(
    passed: int | None, at: int, shown: int, lack: str | None
) -> None:
    asked = MilestoneSettings(at)
    assert MILESTONE.chosen(asked, cut(passed)) == MilestoneSettings(shown)
    assert MILESTONE.lacks(cut(passed), asked) == lack
