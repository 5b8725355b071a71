"""The launch over a station's picture: it plays the cue of its output. Somebody shows it."""

from dashboard.overlays.overlay import Overlay, OverlaySettings
from dashboard.scenes.scene import QUICK_BEAT_MS

LAUNCH = Overlay(
    "launch", OverlaySettings, QUICK_BEAT_MS, lane="full", is_shown=False, has_numbers=False, wants_px=(1400, 470)
)
