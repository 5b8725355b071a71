"""What the button on stage can ask of its output, and nothing else."""

from collections.abc import Mapping
from types import MappingProxyType

from server.control.asking import Asked, Chooser
from streaming.program.action import Action
from streaming.program.button import TryButton
from streaming.program.cues import Launch
from streaming.program.errors import NotNow
from streaming.program.output import Output


class PressAsked(Asked, frozen=True, kw_only=True):
    """Launches, if that is armed. ``until`` names the arming that the button has seen: a press that comes late, over a
    bad line, launches no other time."""

    kind = Launch

    until: int

    def action(self, chooser: Chooser, output: Output) -> Action:
        """The launch, as soon as it can be heard."""
        armed = output.running.armed
        if armed is not None and armed.until != self.until:
            raise NotNow("not_armed", "this is for an arming that is over")
        return Launch(needs_arming=True)


class TryAsked(Asked, frozen=True, kw_only=True):
    """Thử nút: tells the room that a press has come through."""

    kind = TryButton


PRESSED: Mapping[str, type[Asked]] = MappingProxyType({"press": PressAsked, "try": TryAsked})
"""By the last part of the address."""
