"""Actions on the countdown of the scene on air: holding it, letting it go on, setting its end."""

from typing import Literal

from streaming.program.action import Action, Case
from streaming.program.errors import NotNow, WrongSteering
from streaming.program.follow import send
from streaming.program.on_air import count_to
from streaming.program.output import Output
from streaming.program.state import Countdown

SECOND_MS = 1_000
AHEAD_MS_MAX = 400 * 24 * 3_600_000
"""A contest is announced at most so long before it opens."""


class SetCountdown(Action, frozen=True, kw_only=True):
    """Holds the countdown on air, lets it go on with what was left, or sets the time to which it counts. The scene
    stays the same take: nothing else of the picture moves."""

    did = "countdown"

    do: Literal["hold", "resume", "set"]
    to_ms: int | None = None

    def check(self, case: Case) -> None:
        """See whether a countdown is on air, and the time one that can be counted to."""
        countdown, now_ms = case.output.scene.countdown, case.at.now_ms
        if countdown is None:
            raise NotNow("no_countdown", "the scene on air counts down to nothing")
        if self.do == "set" and (self.to_ms is None or not now_ms < self.to_ms <= now_ms + AHEAD_MS_MAX):
            expected = f"a time from {now_ms + 1} to {now_ms + AHEAD_MS_MAX}, now being {now_ms}"
            raise WrongSteering("to_ms", self.to_ms, expected)
        if self.do != "set" and self.to_ms is not None:
            raise WrongSteering("to_ms", self.to_ms, "null, but where the time is set")

    def apply(self, case: Case) -> list[Output]:
        """Change it here at once, and later where it is followed."""
        old, now_ms = case.output.scene.countdown, case.at.now_ms
        if old is None or (new := self._changed(old, now_ms)) == old:
            return []
        # Whoever changes it has taken over what is on air, as with a step.
        changed = count_to(case.output.stays(), case.hand.by, new).with_(coming=())
        return [changed, *send(case.outputs, changed, case.hand.by, now_ms)]

    def _changed(self, old: Countdown, now_ms: int) -> Countdown:
        match self.do:
            case "set":
                return Countdown(to_ms=self.to_ms)
            # By whole seconds: what stands there stands on, and goes on at the next second of the clock.
            case "hold" if old.to_ms is not None:
                return Countdown(left_ms=-(min(now_ms - old.to_ms, 0) // SECOND_MS) * SECOND_MS)
            case "resume" if old.left_ms is not None:
                return Countdown(to_ms=now_ms - now_ms % SECOND_MS + old.left_ms)
            case _:
                return old
