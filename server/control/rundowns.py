"""A rundown against the scenes of this release and the units of this contest."""

from collections.abc import Mapping
from typing import Any

import msgspec

from dashboard.parts.part import Cut
from dashboard.scenes.scene import Scene
from server.control.scene_settings import asked_of, read_settings, told
from server.control.shown_before import check_there
from server.errors import WrongTake
from streaming.program.errors import WrongSteering
from streaming.program.rundown import Item, Rundown

OF_ITEM = ("unit", "of")
"""The settings by which a scene names a unit, which may be that of its item."""


class Rundowns:
    """Knows the scenes."""

    def __init__(self, scenes: Mapping[str, Scene[Any]]) -> None:
        self._scenes = scenes

    def settings(self, item: Item) -> Mapping[str, msgspec.Raw]:
        """What an item asks of its scene; its unit is the scene's where that names none."""
        asked = dict(asked_of(item.settings))
        scene = self._scenes.get(item.scene or "")
        if item.unit is not None and scene is not None:
            name = next((name for name in OF_ITEM if name in scene.settings.__struct_fields__), None)
            if name is not None and name not in asked:
                asked[name] = msgspec.Raw(msgspec.json.encode(item.unit))
        return asked

    def check(self, old: Rundown, new: Rundown, cut: Cut) -> None:
        """Check the items that are new or changed. What stands there already may be of another contest, and waits to be
        mended: it must not keep the rest from being edited.

        Raises:
            WrongSteering: Naming the item, the field, and what was expected.
        """
        for at, item in enumerate(new.items):
            if item != old.find(item.id):
                self.check_item(f"items[{at}]", item, cut)

    def check_item(self, where: str, item: Item, cut: Cut) -> None:
        """Check one item; ``where`` names it.

        Raises:
            WrongSteering: Naming the field, and what was expected.
        """
        if item.unit is not None and item.unit not in cut.tree:
            raise WrongSteering(f"{where}.unit", item.unit, "the code of a unit of the contest, or null")
        if item.scene is None:
            if item.settings:
                raise WrongSteering(f"{where}.settings", len(item.settings), "none, for the item has no scene")
            return
        if item.scene not in self._scenes:
            raise WrongSteering(f"{where}.scene", item.scene, f"{', '.join(self._scenes)}, or null")
        try:
            read = read_settings(self.settings(item), self._scenes[item.scene].settings)
            check_there(told(read), cut)
        except WrongTake as error:
            raise WrongSteering(f"{where}.{error.field}", error.value, error.expected) from None

    def gone(self, rundown: Rundown, cut: Cut) -> tuple[str, ...]:
        """The titles of the items that cannot be shown, those that are left out aside."""
        found = []
        for item in rundown.items:
            try:
                if not item.skip:
                    self.check_item(item.title, item, cut)
            except WrongSteering:
                found.append(item.title)
        return tuple(found)
