"""A mark that was reached, in the bottom lane. Somebody shows it."""

from typing import Annotated

from msgspec import Meta

from dashboard.overlays.overlay import Overlay, OverlaySettings
from dashboard.parts.part import Cut
from dashboard.scenes.milestone import passed
from dashboard.scenes.scene import QUICK_BEAT_MS


class MilestoneSettings(OverlaySettings, frozen=True, forbid_unknown_fields=True):
    """``at`` is the mark, the one passed last where it is 0."""

    at: Annotated[int, Meta(ge=0)] = 0


class Milestone(Overlay[MilestoneSettings]):
    """The mark; before the first there is nothing to paint, nor of one that is not reached."""

    def is_empty(self, settings: MilestoneSettings, cut: Cut) -> bool:
        """Whether there is no such mark, or not yet."""
        at = settings.at or passed(cut)
        return at == 0 or cut.board.count(cut.board.root, "completed") < at


def _chosen(settings: MilestoneSettings, cut: Cut) -> MilestoneSettings:
    return settings if settings.at else MilestoneSettings(settings.position, settings.size, settings.asof, passed(cut))


MILESTONE = Milestone("milestone", MilestoneSettings, QUICK_BEAT_MS, _chosen, is_shown=False, wants_px=(780, 145))
