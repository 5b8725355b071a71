"""Cues: the order to do something together, at one time of the server's clock."""

from streaming.program.action import Action, Case
from streaming.program.errors import WrongSteering
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

    name: str = "launch"
    at_ms: int | None = None

    def check(self, case: Case) -> None:
        """See whether it is in time, and not of a mistyped hour."""
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
        return [each.with_(cue=cue, cues=number) for each in given]
