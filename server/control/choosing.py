"""What of a scene is fixed when it is taken, and which scenes an output shows by itself: by the numbers of now."""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from dashboard.overlays.address import merged
from dashboard.overlays.overlays import BY_NAME as OVERLAYS
from dashboard.overlays.straps import names_person
from dashboard.overlays.themes import themes_of
from dashboard.scenes.evening import shipped
from dashboard.scenes.scene import Scene
from server.control import by_itself
from server.control.overlay_data import overlay_data
from server.control.rundowns import Rundowns
from server.control.scene_settings import read_settings, told
from server.control.shown_before import check_there
from server.control.store_cuts import StoreCuts
from server.errors import NoData, WrongTake
from streaming.program.output import Output
from streaming.program.rundown import Item, Rundown
from streaming.program.state import SceneSettings, Store


class Choosing:
    """Knows the scenes, and the public numbers of each store. ``approves`` is whether the office has approved what an
    overlay's data say of a person: nothing, until there is a list."""

    def __init__(self, scenes: Mapping[str, Scene[Any]], cuts: StoreCuts, now_ms: Callable[[], int]) -> None:
        self._scenes = scenes
        self._cuts = cuts
        self._now_ms = now_ms
        self._rundowns = Rundowns(scenes)
        self.approves: Callable[[SceneSettings], bool] = lambda _data: False

    def lacks(self, store: Store) -> Mapping[str, str]:
        """The scenes that have nothing to show yet over a store's numbers, and what each lacks."""
        cut = self._cuts.of(store)
        found = {name: scene.lacks(cut) for name, scene in self._scenes.items()}
        return {name: lack for name, lack in found.items() if lack is not None}

    def chosen(self, output: Output, scene: str, settings: Mapping[str, msgspec.Raw]) -> SceneSettings:
        """Everything that is fixed of a scene when it is taken.

        Raises:
            WrongTake: If there is no such scene, or it cannot have these settings.
            NoData: If the scene has nothing to show yet.
        """
        found = self._scenes.get(scene)
        if found is None:
            raise WrongTake("scene", scene, ", ".join(self._scenes))
        read, cut = read_settings(settings, found.settings), self._cuts.of(output.store)
        check_there(told(read), cut)
        if (lacks := found.lacks(cut, read)) is not None:
            raise NoData(scene, lacks)
        return told(found.chosen(read, cut))

    def backdrop(self, output: Output) -> tuple[str, SceneSettings]:
        """The scene of the main backdrop, and its settings."""
        return self.alone(output.store, by_itself.backdrop_of(output))

    def overlay_data(self, output: Output, overlay: str, data: Mapping[str, msgspec.Raw]) -> SceneSettings:
        """What an overlay is to say, as it is kept: what was named of it, and the rest is as its address asks.

        Raises:
            UnknownOverlay: If there is no such overlay.
            WrongTake: If it cannot say that.
        """
        return overlay_data(overlay, data, self._cuts.of(output.store))

    def strap_is_approved(self, overlay: str, data: SceneSettings) -> bool:
        """Whether what an overlay says of a person is, word for word, an approved strap of the list; true of one that
        says nothing of any."""
        return not OVERLAYS[overlay].tells_people or not names_person(data) or self.approves(data)

    def overlay_steps(self, output: Output, overlay: str) -> int:
        """How many steps an overlay has beside its beginning."""
        cut, found = self._cuts.of(output.store), OVERLAYS[overlay]
        return found.steps(merged(found, found.settings(), output.overlays[overlay].data), cut)

    def check_overlay_theme(self, theme: str) -> None:
        """Check that there is a theme of overlays of a name.

        Raises:
            WrongTake: If there is none.
        """
        looks = themes_of(self._cuts.of("live").edition.folder).looks
        if theme not in looks:
            raise WrongTake("theme", theme, ", ".join(looks))

    def first(self, store: Store) -> tuple[str, SceneSettings]:
        """The scene with which a store begins, and its settings."""
        return self.alone(store, by_itself.scene_of(self._cuts.of(store), self._now_ms()))

    def steps(self, output: Output) -> int:
        """How many steps the scene on air reveals beside its beginning."""
        scene = self._scenes[output.scene.name]
        settings = msgspec.convert(dict(output.scene.settings), scene.settings)
        return scene.steps(settings, self._cuts.of(output.store))

    def first_rundown(self, store: Store) -> Rundown:
        """The rundown that an office starts from."""
        return shipped(self._cuts.of(store).contest, self._now_ms())

    def of_item(self, output: Output, item: Item) -> SceneSettings:
        """Everything that is fixed of an item's scene when it is taken; its unit is the scene's where that names none.

        Raises:
            WrongTake: If there is no such scene, or it cannot have these settings.
            NoData: If the scene has nothing to show yet.
        """
        return self.chosen(output, item.scene or "", self._rundowns.settings(item))

    def needs_arming(self, scene: str, settings: SceneSettings) -> bool:
        """Whether a scene is taken with intent alone."""
        found = self._scenes[scene]
        return found.needs_arming(msgspec.convert(dict(settings), found.settings))

    def is_solemn(self, scene: str) -> bool:
        """Whether nothing may follow a scene by itself."""
        return scene in self._scenes and self._scenes[scene].solemn

    def check_rundown(self, output: Output, rundown: Rundown) -> None:
        """Check what is new in a rundown against the scenes and the contest.

        Raises:
            WrongSteering: Naming the item, the field, and what was expected.
        """
        self._rundowns.check(output.rundown, rundown, self._cuts.of(output.store))

    def item_check(self, output: Output) -> Callable[[Item], None]:
        """What checks an item that is to come into the rundown of an output, as ``check_rundown`` does all of them: it
        raises WrongSteering, and may run in another thread."""
        now, cut = output.rundown, self._cuts.of(output.store)

        def check_item(item: Item) -> None:
            if item != now.find(item.id):
                self._rundowns.check_item("items[0]", item, cut)

        return check_item

    def gone(self, output: Output, store: Store) -> tuple[str, ...]:
        """The titles of the items of an output's rundown whose scene, unit or picture is not there."""
        return self._rundowns.gone(output.rundown, self._cuts.of(store))

    def alone(self, store: Store, name: str) -> tuple[str, SceneSettings]:
        """A scene that an output shows by itself, as it would be chosen now."""
        scene, cut = self._scenes[name], self._cuts.of(store)
        settings = scene.settings(**({"lead": by_itself.lead_of(cut)} if name == by_itself.LIVE else {}))
        return name, told(scene.chosen(settings, cut))
