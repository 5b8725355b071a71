"""What an overlay is to say, as a request names it."""

from collections.abc import Mapping

import msgspec

from dashboard.overlays.overlay import UNITS
from dashboard.overlays.overlays import BY_NAME
from dashboard.parts.part import Cut
from server.control.scene_settings import read_settings, told
from server.errors import UnknownOverlay, WrongTake
from streaming.characters import bad_character_in
from streaming.program.state import Overlay, SceneSettings

FIELD = "data"


def overlay_data(name: str, asked: Mapping[str, msgspec.Raw], cut: Cut) -> SceneSettings:
    """What was named of it, read and checked against a cut's contest.

    Raises:
        UnknownOverlay: If there is no such overlay.
        WrongTake: Naming what it cannot say, and what was expected.
    """
    if name not in BY_NAME:
        raise UnknownOverlay(name)
    read = told(read_settings(asked, BY_NAME[name].settings, FIELD))
    data = {field: value for field, value in read.items() if field in asked}
    for field in UNITS:
        if (unit := data.get(field)) and unit not in cut.tree:
            raise WrongTake(f"{FIELD}.{field}", str(unit), "the code of a unit")
    for field in BY_NAME[name].written:
        value = data.get(field, "")
        for text in value if isinstance(value, tuple) else (value,):
            if (bad := bad_character_in(str(text))) is not None:
                raise WrongTake(f"{FIELD}.{field}", str(text), f"no control character, found {bad}")
    return data


def with_overlays(overlays: Mapping[str, Overlay]) -> Mapping[str, Overlay]:
    """The overlays that an output has, as it had them before: those of this release, new ones as they are at first."""
    return {each.name: overlays.get(each.name, Overlay(shown=each.is_shown)) for each in BY_NAME.values()}
