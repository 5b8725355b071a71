"""The time until the start, in a corner."""

from typing import Annotated

from msgspec import Meta

from dashboard.overlays.overlay import Overlay, OverlaySettings
from dashboard.scenes.scene import QUICK_BEAT_MS
from streaming.contests.contest import YEARS_MS


class CountdownSettings(OverlaySettings, frozen=True, forbid_unknown_fields=True):
    """``to_ms`` is the time to which it counts, ms since the epoch; 0 for what the scene on air counts down to, else
    the opening of the first round."""

    to_ms: Annotated[int, Meta(ge=0, le=YEARS_MS[1])] = 0


COUNTDOWN = Overlay(
    "countdown", CountdownSettings, QUICK_BEAT_MS, lane="corner", has_numbers=False, wants_px=(410, 155)
)
