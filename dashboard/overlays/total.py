"""The total of the whole contest, in the bottom lane."""

from dashboard.overlays.overlay import Overlay, OverlaySettings
from dashboard.scenes.scene import QUICK_BEAT_MS

TOTAL = Overlay("total", OverlaySettings, QUICK_BEAT_MS, wants_px=(900, 250))
