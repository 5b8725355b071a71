"""The test picture, for whoever sets up a wall: the safe box, stacked marks, colours, and how fast and large it is."""

from dashboard.scenes.scene import QUICK_BEAT_MS, Scene, Settings

TEST = Scene("test", Settings, QUICK_BEAT_MS, head="none")
