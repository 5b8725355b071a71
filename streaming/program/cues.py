"""Cues: the order to do something together, at one time of the server's clock."""

import msgspec

from streaming.program.action import Action, Case
from streaming.program.arming import LAUNCH, check_armed, check_launch
from streaming.program.errors import NotNow, WrongSteering
from streaming.program.follow import reached
from streaming.program.output import Output
from streaming.program.state import Cue

CUE_LEAD_MS = 200
"""A cue of now is for so much later: by then screens on good lines have heard it."""
CUE_AHEAD_MS_MAX = 3_600_000


class Launch(Action, frozen=True, kw_only=True):
    """Gives a cue, here and to all that follow: at ``at_ms``, or as soon as it can be heard.

    It is never held back by a delay, so that a late output does it in time; each does it by its own delay later. It
    takes the place of one that has not fired.
    """

    did = "launch"
    press = "launch"

    name: str = LAUNCH
    at_ms: int | None = None
    needs_arming: bool = False

    def check(self, case: Case) -> None:
        """See whether it is armed where that is asked, in time, and not of a mistyped hour."""
        if case.output.scene.name == LAUNCH:
            check_launch(case.output, case.at.now_ms)
        elif self.needs_arming:
            raise NotNow("not_armed", "the launch scene is not on air")
        on = case.output.rundown.find(case.output.running.on)
        if self.needs_arming or (on is not None and on.arm and on.scene == LAUNCH == case.output.scene.name):
            check_armed(case.output, case.at.now_ms)
        least, most = case.at.now_ms + CUE_LEAD_MS, case.at.now_ms + CUE_AHEAD_MS_MAX
        if self.at_ms is not None and not least <= self.at_ms <= most:
            raise WrongSteering("at_ms", self.at_ms, f"a time from {least} to {most}, now being {case.at.now_ms}")

    def apply(self, case: Case) -> list[Output]:
        """Give it to all of them at once."""
        at_ms = case.at.now_ms + CUE_LEAD_MS if self.at_ms is None else self.at_ms
        given = [case.output, *reached(case.outputs, case.output.name)]
        # As takes are, it is named by the time, so that a name which a kill has kept off the disk is not given again.
        number = max(case.at.now_ms, *(each.cues + 1 for each in given))
        cue = Cue(self.name, number, at_ms)
        return [_launched(each).with_(cue=cue, cues=number) for each in given]


def _launched(output: Output) -> Output:
    output = output.stays()
    if output.scene.name != LAUNCH:
        return output
    return output.ran(msgspec.structs.replace(output.running, armed=None, launched=output.scene.take))
