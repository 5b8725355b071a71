"""The button on stage: what its page is told, and that it was tried.

It launches, and only while the launch is armed. Of everything else of the evening its page knows nothing.
"""

from streaming.program.action import Action, Case
from streaming.program.arming import LAUNCH
from streaming.program.output import Output
from streaming.program.state import Tried
from streaming.topics.state import State


class ButtonState(State, frozen=True, kw_only=True):
    """Of ``button/{output}``. ``armed_until`` is until when a press launches, None while none does. ``launched_at`` is
    when the launch over the scene on air was for, whoever has given it. ``tried`` is the last press that was a try."""

    armed_until: int | None = None
    launched_at: int | None = None
    tried: Tried | None = None


def button_of(output: Output, now_ms: int) -> ButtonState:
    """What the page of an output's button is told."""
    running, cue = output.running, output.cue
    is_armed = output.scene.name == LAUNCH and running.is_armed(now_ms)
    is_launched = output.scene.name == LAUNCH and running.launched == output.scene.take
    return ButtonState(
        armed_until=running.armed.until if is_armed and running.armed is not None else None,
        launched_at=cue.at if is_launched and cue is not None else None,
        tried=output.tried,
    )


class TryButton(Action, frozen=True, kw_only=True):
    """Thử nút: tells the room that a press has come through. It launches nothing, armed or not."""

    did = "try"
    aspect = "button"
    is_urgent = True

    def apply(self, case: Case) -> list[Output]:
        """Note who has pressed, and when."""
        return [case.output.with_(tried=Tried(case.hand.by, case.at.now_ms))]
