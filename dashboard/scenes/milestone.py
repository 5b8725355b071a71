"""A mark that was reached, as a picture of its own."""

from typing import Annotated

import msgspec

from dashboard.parts.part import Cut
from dashboard.scenes.scene import QUICK_BEAT_MS, Scene, Settings
from streaming.topics.state import BoardState


class MilestoneSettings(Settings, frozen=True, forbid_unknown_fields=True):
    """``at`` is the mark, the one passed last where it is 0."""

    at: Annotated[int, msgspec.Meta(ge=0)] = 0


def passed(cut: Cut) -> int:
    """The mark passed last, 0 before the first."""
    milestone = cut.state.milestone if isinstance(cut.state, BoardState) else None
    return milestone.value if milestone is not None else 0


def _chosen(settings: MilestoneSettings, cut: Cut) -> MilestoneSettings:
    return MilestoneSettings(settings.at or passed(cut))


def _refused(settings: MilestoneSettings, cut: Cut) -> str | None:
    at = settings.at or passed(cut)
    if not at:
        return "milestone"
    return "reached" if cut.board.count(cut.board.root, "completed") < at else None


MILESTONE = Scene("milestone", MilestoneSettings, QUICK_BEAT_MS, _chosen, refused=_refused, family="numbers")
