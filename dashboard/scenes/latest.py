"""The units where something has just come in."""

from dashboard.scenes.scene import Scene, Settings

BEAT_MS = 4_000
"""One line enters at each beat."""

LATEST = Scene("latest", Settings, BEAT_MS, needs=("recent",), family="numbers")
