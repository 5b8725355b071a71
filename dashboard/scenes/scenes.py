"""The table of scenes, in the order of the keys 1, 2, 3 …; the first is shown where no other is asked for."""

from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

from dashboard.scenes.backdrop import BACKDROP
from dashboard.scenes.connected import CONNECTED
from dashboard.scenes.groups import GROUPS
from dashboard.scenes.latest import LATEST
from dashboard.scenes.launch import LAUNCH
from dashboard.scenes.lineup import TEST
from dashboard.scenes.live import LIVE
from dashboard.scenes.milestone import MILESTONE
from dashboard.scenes.picture import PICTURE
from dashboard.scenes.qr import QR
from dashboard.scenes.results import RESULTS
from dashboard.scenes.said import MESSAGE, SOON, THANKS
from dashboard.scenes.scene import CALM_BEAT_MS, Scene, Settings
from dashboard.scenes.solemn import ANTHEM, SILENCE
from dashboard.scenes.standby import STANDBY
from dashboard.scenes.standings import STANDINGS
from dashboard.scenes.trend import TREND
from dashboard.scenes.units import UNIT, WARDS, WINDOW
from streaming.contests.contest import ContestFolder
from streaming.contests.theme_files import SCENES as THEME_SCENES

SCENES: tuple[Scene[Any], ...] = (
    LIVE,
    STANDINGS,
    TREND,
    LATEST,
    STANDBY,
    LAUNCH,
    UNIT,
    WARDS,
    WINDOW,
    CONNECTED,
    GROUPS,
    MILESTONE,
    RESULTS,
    BACKDROP,
    ANTHEM,
    SILENCE,
    THANKS,
    MESSAGE,
    PICTURE,
    QR,
    SOON,
    TEST,
)
BY_NAME: Mapping[str, Scene[Any]] = {scene.name: scene for scene in SCENES}


def scenes_of(folder: ContestFolder) -> Mapping[str, Scene[Any]]:
    """Our scenes by name, and after them those that the contest's theme adds. One that cannot be painted shows the
    main backdrop."""
    added = (PurePosixPath(file).stem for file in folder.theme.files if file.startswith(f"{THEME_SCENES}/"))
    own = {name: Scene(name, Settings, CALM_BEAT_MS, stands_in=BACKDROP.name) for name in added if name not in BY_NAME}
    return {**BY_NAME, **own}
