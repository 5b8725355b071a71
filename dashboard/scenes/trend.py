"""The total since the opening."""

from dashboard.scenes.scene import QUICK_BEAT_MS, Scene, Settings

TREND = Scene("trend", Settings, QUICK_BEAT_MS, needs=("series",), family="numbers")
