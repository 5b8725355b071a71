"""Before the opening: who invites to what, how long until it begins, and the map that will wake up."""

from typing import Annotated

from msgspec import Meta

from dashboard.parts.countdown import SECOND_MS
from dashboard.parts.part import Cut
from dashboard.scenes.scene import QUICK_BEAT_MS, Scene, Settings
from streaming.contests.contest import YEARS_MS


class StandbySettings(Settings, frozen=True, forbid_unknown_fields=True):
    """``to_ms`` is the time to which it counts down, ms since the epoch; 0 for the opening of the first round."""

    to_ms: Annotated[int, Meta(ge=0, le=YEARS_MS[1])] = 0


def _chosen(settings: StandbySettings, cut: Cut) -> StandbySettings:
    """With the opening as it is set at the take, and on a whole second, at which the last one ends."""
    to_ms = settings.to_ms or cut.opens_ms or 0
    return StandbySettings(-(-to_ms // SECOND_MS) * SECOND_MS)


STANDBY = Scene("standby", StandbySettings, QUICK_BEAT_MS, _chosen, head="kept", family="rite")
