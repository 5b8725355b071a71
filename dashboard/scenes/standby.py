"""Before the opening: who invites to what, when, and the map that will wake up. No number, no ranking of zeros."""

from dashboard.scenes.scene import QUICK_BEAT_MS, Scene, Settings

STANDBY = Scene("standby", Settings, QUICK_BEAT_MS, head="kept")
