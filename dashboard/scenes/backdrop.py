"""The main backdrop (phông chính): who invites to what, and nothing that moves or counts. Most of an evening it stands
behind whoever speaks."""

from dashboard.scenes.scene import QUICK_BEAT_MS, Scene, Settings

BACKDROP = Scene("backdrop", Settings, QUICK_BEAT_MS, head="none", family="rite")
