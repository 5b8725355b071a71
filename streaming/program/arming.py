"""Arming: what must not happen by a stray press is armed first, for a while."""

import msgspec

from streaming.program.action import Action, Case
from streaming.program.errors import NotNow, WrongSteering
from streaming.program.output import Output
from streaming.program.running import ARMED_MS, Armed

LAUNCH = "launch"
"""The scene over which the launch is given: an item that shows it is taken freely, and its launch is armed."""


def check_armed(
    output: Output, now_ms: int, *, item: str | None = None, scene: str | None = None, overlay: str | None = None
) -> None:
    """Check that something which asks for it is armed.

    Raises:
        NotNow: If not.
    """
    if not output.running.is_armed(now_ms, item=item, scene=scene, overlay=overlay):
        if overlay is not None:
            said = f"what {overlay} is to say of a person is no approved strap of the list: arm it first"
            raise NotNow("not_armed", said, field="overlay")
        raise NotNow("not_armed", "this is taken with intent alone: arm it first")


def check_launch(output: Output, now_ms: int) -> None:
    """Check that a launch can be given over what is on air: over the launch scene once by each take of it. One that has
    not fired may be given anew.

    Raises:
        NotNow: If not.
    """
    if output.scene.name != LAUNCH:
        raise NotNow("no_launch_scene", "the launch scene is not on air")
    has_fired = output.cue is None or output.fires_ms(output.cue) <= now_ms
    if output.running.launched == output.scene.take and has_fired:
        raise NotNow("launched", "it was launched over this scene already: take the scene anew to launch again")


class Arm(Action, frozen=True, kw_only=True):
    """Arms the take of an ``item``, or of a ``scene`` by hand, an ``overlay`` to be shown, or the launch over the scene
    on air, for ARMED_MS; ``on`` false ends it."""

    did = "arm"
    is_urgent = True

    item: str | None = None
    scene: str | None = None
    overlay: str | None = None
    on: bool = True

    def check(self, case: Case) -> None:
        """See whether there is anything to arm."""
        if [self.item, self.scene, self.overlay].count(None) < 2:
            raise WrongSteering("item", self.item or self.scene, "one of item, scene and overlay")
        if self.item is not None:
            case.output.rundown.item(self.item)
        if self.overlay is not None and self.overlay not in case.output.overlays:
            raise WrongSteering("overlay", self.overlay, ", ".join(case.output.overlays))
        if self.on and self.item is None and self.scene is None and self.overlay is None:
            check_launch(case.output, case.at.now_ms)

    def apply(self, case: Case) -> list[Output]:
        """Arm it in place of what was armed."""
        armed = Armed(case.hand.by, case.at.now_ms + ARMED_MS, self.item, self.scene, self.overlay) if self.on else None
        return [case.output.ran(msgspec.structs.replace(case.output.running, armed=armed))]
