"""By which channels entries came in, and which groups of people take part."""

from dashboard.scenes.scene import CALM_BEAT_MS, Scene, Settings
from streaming.topics.numbers import BREAKDOWN

GROUPS = Scene(
    "groups", Settings, CALM_BEAT_MS, needs=("parts", "completed"), topic=lambda _settings: BREAKDOWN, family="numbers"
)
