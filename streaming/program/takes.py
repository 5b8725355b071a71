"""Actions on the picture: a take, a step of a scene that reveals, the way back."""

from streaming.program.action import Action, Case
from streaming.program.arming import check_armed
from streaming.program.errors import NotNow
from streaming.program.follow import send
from streaming.program.on_air import put, step_to
from streaming.program.output import Output
from streaming.program.state import Preview, SceneSettings


class TakeScene(Action, frozen=True, kw_only=True):
    """Puts a scene on air, with everything fixed that was chosen of it, here and on every output that follows.

    What others had on its way here is dropped: whoever takes has decided after them. ``ends_cue`` puts a cue away that
    has not fired, as the way to the main backdrop does.
    """

    did = "take"
    press = "take"

    scene: str
    settings: SceneSettings
    ends_cue: bool = False
    needs_arming: bool = False

    def check(self, case: Case) -> None:
        """See whether it is armed, where that is asked."""
        if self.needs_arming:
            check_armed(case.output, case.at.now_ms, scene=self.scene)

    def apply(self, case: Case) -> list[Output]:
        """Show it at once here, and later where it is followed."""
        output = case.output.stays()
        taken = put(output, case.hand.by, self.scene, self.settings, case.at.now_ms).with_(coming=(), preview=None)
        if self.needs_arming:
            taken = taken.ran(taken.running.disarmed())
        if self.ends_cue:
            taken = taken.with_(cue=None)
        return [taken, *send(case.outputs, taken, case.hand.by, case.at.now_ms)]


class Step(Action, frozen=True, kw_only=True):
    """Reveals more, or less, of the scene on air, which has ``steps`` steps beside its beginning."""

    did = "step"
    press = "take"

    by: int
    steps: int

    def check(self, case: Case) -> None:
        """See whether there is such a step."""
        if not 0 <= case.output.scene.step + self.by <= self.steps:
            raise NotNow("no_step", f"the scene on air stands at step {case.output.scene.step} of {self.steps}")

    def apply(self, case: Case) -> list[Output]:
        """Show it at once here, and later where it is followed."""
        # Whoever steps has taken over what is on air: what others had on its way here would put it away again.
        stepped = step_to(case.output.stays(), case.hand.by, case.output.scene.step + self.by).with_(coming=())
        return [stepped, *send(case.outputs, stepped, case.hand.by, case.at.now_ms)]


class Back(Action, frozen=True, kw_only=True):
    """Puts the scene before into preview; what is on air stays."""

    did = "back"
    press = "take"

    def check(self, case: Case) -> None:
        """See whether there was one."""
        if not case.output.before:
            raise NotNow("no_scene_before", "there was no scene before")

    def apply(self, case: Case) -> list[Output]:
        """Go one scene back, each time it is done."""
        *before, scene = case.output.before
        preview = Preview(scene.name, scene.settings, scene.step)
        return [case.output.with_(before=tuple(before), preview=preview)]
