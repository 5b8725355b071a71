"""What can be asked of the rundown of an output and of its evening, a struct for the body of each address."""

from typing import Literal

import msgspec

from server.control.asking import Asked, Chooser
from server.control.scene_settings import settings_of
from streaming.program.action import Action
from streaming.program.arming import LAUNCH, Arm
from streaming.program.countdown import SetCountdown
from streaming.program.errors import NotNow, WrongSteering
from streaming.program.evening import Mark, Next, Prepare, Rehearse, SetRundown, neighbour
from streaming.program.host import Say
from streaming.program.output import Output
from streaming.program.rundown import Item, Rundown, check
from streaming.program.state import Preview, SceneSettings


class NextAsked(Asked, frozen=True, kw_only=True):
    """Begins an ``item`` of the rundown, the one that is chosen as next where none is named."""

    kind = Next

    item: str | None = None

    def action(self, chooser: Chooser, output: Output) -> Action:
        """With what its scene chooses from the numbers."""
        id_ = self.item or output.running.next
        if id_ is None:
            raise NotNow("no_item", "the rundown has no item to come")
        item = output.rundown.item(id_)
        settings: SceneSettings = {} if item.scene is None else chooser.of_item(output, item)
        is_launch = item.scene == LAUNCH
        asks = item.scene is not None and chooser.needs_arming(item.scene, settings)
        # A scene of respect stays until a person goes on, also under an item that leaves it there.
        is_solemn = chooser.is_solemn(item.scene or output.scene.name)
        needs_arming = asks or (item.arm and not is_launch)
        return Next(item=item, settings=settings, needs_arming=needs_arming, advances=not is_solemn)


class PrepareAsked(Asked, frozen=True, kw_only=True):
    """Chooses what is taken next: an ``item``, a ``scene`` by hand, or the item one further or back, ``by`` 1 or -1."""

    kind = Prepare

    item: str | None = None
    by: Literal[1, -1] | None = None
    scene: str | None = None
    settings: dict[str, msgspec.Raw] = {}

    def action(self, chooser: Chooser, output: Output) -> Action:
        """With what is asked of the scene, as it is asked: what that leaves open is chosen when it is taken."""
        if [self.item, self.by, self.scene].count(None) != 2:
            raise WrongSteering("item", self.item, "one of item, by and scene")
        if self.scene is not None:
            chooser.chosen(output, self.scene, self.settings)
            return Prepare(scene=Preview(self.scene, settings_of(self.settings)))
        if self.item is not None:
            return Prepare(item=output.rundown.item(self.item).id)
        return Prepare(item=neighbour(output, self.by or 1).id)


class ArmAsked(Asked, frozen=True, kw_only=True):
    """Arms what is taken with intent alone: an ``item``, a ``scene`` by hand, an ``overlay`` that is to be shown, the
    launch where none is named."""

    kind = Arm

    item: str | None = None
    scene: str | None = None
    overlay: str | None = None
    on: bool = True


class CountdownAsked(Asked, frozen=True, kw_only=True):
    """Holds the countdown on air, lets it go on, or sets its end."""

    kind = SetCountdown

    do: Literal["hold", "resume", "set"]
    to_ms: int | None = None


class HostAsked(Asked, frozen=True, kw_only=True):
    """Tells the presenter something."""

    kind = Say

    text: str


class RundownAsked(Asked, frozen=True, kw_only=True):
    """Puts another rundown in place of the output's."""

    kind = SetRundown

    items: tuple[Item, ...]
    ends_ms: int | None = None

    def action(self, chooser: Chooser, output: Output) -> Action:
        """If its scenes and units are there."""
        rundown = Rundown(self.items, self.ends_ms)
        check(rundown)
        chooser.check_rundown(output, rundown)
        return SetRundown(rundown=rundown)


class RehearseAsked(Asked, frozen=True, kw_only=True):
    """Begins a rehearsal of the evening, so many times as fast as planned."""

    kind = Rehearse

    speed: int = 1


class SkipAsked(Asked, frozen=True, kw_only=True):
    """Leaves an item out, or in again."""

    kind = Mark

    item: str
    skip: bool = True

    def action(self, chooser: Chooser, output: Output) -> Action:
        """The same."""
        return Mark(item=self.item, what="skip", on=self.skip)


class HoldItemAsked(Asked, frozen=True, kw_only=True):
    """Lets an item wait for a person, or not."""

    kind = Mark

    item: str
    hold: bool = True

    def action(self, chooser: Chooser, output: Output) -> Action:
        """The same."""
        return Mark(item=self.item, what="hold", on=self.hold)
