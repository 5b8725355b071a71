"""What can be asked of an output: the base of every such struct, and who chooses what is left open.

``seen`` is the version of the output that whoever asks has looked at: a session must say it, but where it cannot be too
late; a device has looked at none.
"""

from collections.abc import Mapping
from typing import ClassVar, Protocol

import msgspec

from streaming.program.action import Action
from streaming.program.output import Output
from streaming.program.rundown import Item, Rundown
from streaming.program.state import SceneSettings, Store


class Chooser(Protocol):
    """Who knows the scenes and the numbers."""

    def chosen(self, output: Output, scene: str, settings: Mapping[str, msgspec.Raw]) -> SceneSettings:
        """Everything that is fixed of a scene when it is taken.

        Raises:
            WrongTake: If there is no such scene, or it cannot have these settings.
            NoData: If the scene has nothing to show yet.
        """

    def backdrop(self, output: Output) -> tuple[str, SceneSettings]:
        """The scene of the main backdrop, and its settings."""

    def first(self, store: Store) -> tuple[str, SceneSettings]:
        """The scene with which a store begins, and its settings."""

    def steps(self, output: Output) -> int:
        """How many steps the scene on air reveals beside its beginning."""

    def of_item(self, output: Output, item: Item) -> SceneSettings:
        """Everything that is fixed of an item's scene when it is taken.

        Raises:
            WrongTake, NoData: As ``chosen`` does.
        """

    def needs_arming(self, scene: str, settings: SceneSettings) -> bool:
        """Whether a scene is taken with intent alone."""

    def is_solemn(self, scene: str) -> bool:
        """Whether nothing may follow a scene by itself."""

    def overlay_data(self, output: Output, overlay: str, data: Mapping[str, msgspec.Raw]) -> SceneSettings:
        """What an overlay is to say, as it is kept.

        Raises:
            UnknownOverlay: If there is no such overlay.
            WrongTake: If it cannot say that.
        """

    def strap_is_approved(self, overlay: str, data: SceneSettings) -> bool:
        """Whether what an overlay says of a person is, word for word, an approved strap of the list; true of one that
        says nothing of any."""

    def overlay_steps(self, output: Output, overlay: str) -> int:
        """How many steps an overlay has beside its beginning."""

    def check_overlay_theme(self, theme: str) -> None:
        """Check that there is a theme of overlays of a name.

        Raises:
            WrongTake: If there is none.
        """

    def check_rundown(self, output: Output, rundown: Rundown) -> None:
        """Check what is new in a rundown against the scenes and the contest.

        Raises:
            WrongSteering: Naming the item, the field, and what was expected.
        """


class Asked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is asked of an output. ``kind`` is the action that it becomes, of the same fields if nothing is chosen."""

    kind: ClassVar[type[Action]]

    seen: int | None = None

    def action(self, chooser: Chooser, output: Output) -> Action:
        """The action, with everything chosen.

        Raises:
            Declined: If it cannot be chosen.
        """
        return self.kind(**{name: getattr(self, name) for name in self.__struct_fields__ if name != "seen"})
