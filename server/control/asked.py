"""What can be asked of an output, a struct for the body of each address, and the table of all of them."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

import msgspec

from dashboard.overlays.overlays import NUMBER_OVERLAYS
from server.control.asked_evening import (
    ArmAsked,
    CountdownAsked,
    HoldItemAsked,
    HostAsked,
    NextAsked,
    PrepareAsked,
    RehearseAsked,
    SkipAsked,
)
from server.control.asking import Asked, Chooser
from streaming.program.action import Action
from streaming.program.cues import Launch
from streaming.program.hands import Follow, Hold, LetGo
from streaming.program.numbers import ChangeDelay, ChangeStore, Panic, Resume
from streaming.program.output import Output
from streaming.program.state import Preview, Store
from streaming.program.takes import Back, Step, TakeScene
from streaming.program.ticks import TickedLine, TickLine
from streaming.program.withdrawal import LetGo as LetNumbersGo
from streaming.program.withdrawal import Restore, Withdraw


class TakeAsked(Asked, frozen=True, kw_only=True):
    """Puts a scene on air."""

    kind = TakeScene

    scene: str
    settings: dict[str, msgspec.Raw] = {}

    def action(self, chooser: Chooser, output: Output) -> Action:
        """With what the scene chooses from the numbers."""
        settings = chooser.chosen(output, self.scene, self.settings)
        needs_arming = chooser.needs_arming(self.scene, settings)
        return TakeScene(scene=self.scene, settings=settings, needs_arming=needs_arming)


class StandbyAsked(Asked, frozen=True, kw_only=True):
    """Puts the main backdrop on air, and a cue away that has not fired."""

    kind = TakeScene

    def action(self, chooser: Chooser, output: Output) -> Action:
        """A take of it."""
        scene, settings = chooser.backdrop(output)
        return TakeScene(scene=scene, settings=settings, ends_cue=True)


class BackAsked(Asked, frozen=True, kw_only=True):
    """Puts the scene before into preview."""

    kind = Back


class PanicAsked(Asked, frozen=True, kw_only=True):
    """Lets the picture stand still."""

    kind = Panic


class ResumeAsked(Asked, frozen=True, kw_only=True):
    """Lets the picture go on."""

    kind = Resume


class LaunchAsked(Asked, frozen=True, kw_only=True):
    """Gives the cue of the launch, ``armed`` only if that is armed: so a page asks, and a button on a stage."""

    kind = Launch

    at_ms: int | None = None
    armed: bool = False

    def action(self, chooser: Chooser, output: Output) -> Action:
        """The same."""
        return Launch(at_ms=self.at_ms, needs_arming=self.armed)


class LockAsked(Asked, frozen=True, kw_only=True):
    """Holds the output."""

    kind = Hold


class UnlockAsked(Asked, frozen=True, kw_only=True):
    """Lets the output go, or breaks a hold with a reason."""

    kind = LetGo

    reason: str = ""

    def action(self, chooser: Chooser, output: Output) -> Action:
        """The same."""
        return LetGo(why=self.reason)


class DelayAsked(Asked, frozen=True, kw_only=True):
    """Sets how late the output is."""

    kind = ChangeDelay

    delay_ms: int


class FollowAsked(Asked, frozen=True, kw_only=True):
    """Lets the output follow another, or none."""

    kind = Follow

    output: str | None

    def action(self, chooser: Chooser, output: Output) -> Action:
        """The same."""
        return Follow(other=self.output)


class StoreAsked(Asked, frozen=True, kw_only=True):
    """Shows the numbers of a store; ``ends_run`` leaves a live run in which items were begun."""

    kind = ChangeStore

    store: Store
    ends_run: bool = False

    def action(self, chooser: Chooser, output: Output) -> Action:
        """With the scene that is shown where none ever was over that store."""
        scene, settings = chooser.first(self.store)
        return ChangeStore(store=self.store, first=Preview(scene, settings), ends_run=self.ends_run)


class StepAsked(Asked, frozen=True, kw_only=True):
    """Reveals one step more, or less, of the scene on air."""

    kind = Step

    by: Literal[1, -1]

    def action(self, chooser: Chooser, output: Output) -> Action:
        """Within the steps that the scene has."""
        return Step(by=self.by, steps=chooser.steps(output))


class TickAsked(Asked, frozen=True, kw_only=True):
    """Ticks a line of the list before the broadcast, or takes the tick away."""

    kind = TickLine

    line: TickedLine
    on: bool = True
    note: str = ""


class WithdrawAsked(Asked, frozen=True, kw_only=True):
    """Takes wrong numbers off the air; ``to_ms`` is up to when numbers were right."""

    kind = Withdraw

    to_ms: int | None = None

    def action(self, chooser: Chooser, output: Output) -> Action:
        """With the main backdrop, which comes instead."""
        backdrop = Preview(*chooser.backdrop(output))
        return Withdraw(backdrop=backdrop, to_ms=self.to_ms, number_overlays=NUMBER_OVERLAYS)


class RestoreAsked(Asked, frozen=True, kw_only=True):
    """Undoes that."""

    kind = Restore


class LetGoAsked(Asked, frozen=True, kw_only=True):
    """Ends it where the numbers run again by a decision; nobody asks for it by an address."""

    kind = LetNumbersGo


ASKED: Mapping[str, type[Asked]] = MappingProxyType(
    {
        "take": TakeAsked,
        "next": NextAsked,
        "prepare": PrepareAsked,
        "arm": ArmAsked,
        "countdown": CountdownAsked,
        "host": HostAsked,
        "rehearse": RehearseAsked,
        "rundown/skip": SkipAsked,
        "rundown/hold": HoldItemAsked,
        "standby": StandbyAsked,
        "back": BackAsked,
        "step": StepAsked,
        "panic": PanicAsked,
        "resume": ResumeAsked,
        "launch": LaunchAsked,
        "lock": LockAsked,
        "unlock": UnlockAsked,
        "delay": DelayAsked,
        "follow": FollowAsked,
        "store": StoreAsked,
        "checks": TickAsked,
        "withdraw": WithdrawAsked,
        "restore": RestoreAsked,
    }
)
"""By the last part of the address, to which it is posted. A new one is its struct and a line here."""
