"""The standings in full."""

from dashboard.scenes.scene import CALM_BEAT_MS, Scene, Settings

STANDINGS = Scene("standings", Settings, CALM_BEAT_MS)
