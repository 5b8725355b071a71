"""The table of scenes, in the order of the keys 1, 2, 3 …; the first is shown where no other is asked for."""

from typing import Any

from dashboard.scenes.latest import LATEST
from dashboard.scenes.live import LIVE
from dashboard.scenes.scene import Scene
from dashboard.scenes.standby import STANDBY
from dashboard.scenes.standings import STANDINGS
from dashboard.scenes.trend import TREND

SCENES: tuple[Scene[Any], ...] = (LIVE, STANDINGS, TREND, LATEST, STANDBY)
BY_NAME = {scene.name: scene for scene in SCENES}
