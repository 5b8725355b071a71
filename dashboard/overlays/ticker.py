"""Where entries have come in last, in one line of the bottom lane. It changes at the beat and does not run."""

from dashboard.overlays.overlay import Overlay, OverlaySettings
from dashboard.scenes.scene import LIVE_BEAT_MS

TICKER = Overlay("ticker", OverlaySettings, LIVE_BEAT_MS, wants_px=(1300, 100))
