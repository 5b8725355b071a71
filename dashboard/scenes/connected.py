"""The connection points that are connected: the map lit by them, and their names. Nothing else airs the roll call, and
only whoever takes this scene."""

from typing import Literal

from dashboard.scenes.scene import QUICK_BEAT_MS, Scene, Settings
from streaming.program.points import SCENE, Level


class ConnectedSettings(Settings, frozen=True, forbid_unknown_fields=True):
    """``level`` is which points are told of: all, those right below the whole, or those at the lowest level. ``tells``
    is what is said beside their names: how many they are, the people there too, or nothing. ``ground`` is that of the
    map where a contest offers both."""

    level: Level = "all"
    tells: Literal["points", "people", "names"] = "points"
    ground: Literal["", "hexagons", "boundaries"] = ""


CONNECTED = Scene(SCENE, ConnectedSettings, QUICK_BEAT_MS, family="points")
