"""Actions on the numbers of an output: which, how late, and a picture that stands still."""

from streaming.program.action import Action, Case
from streaming.program.errors import NotNow, WrongSteering
from streaming.program.on_air import next_take
from streaming.program.output import Output
from streaming.program.state import Preview, Still, Store
from streaming.topics.late import DELAY_MS_MAX


class ChangeStore(Action, frozen=True, kw_only=True):
    """Shows the numbers of the other store, and the scene that was on air over them last; ``first`` where none was.

    The scene is a new take, though it may be the same: what is painted of it is painted anew. A live run in which items
    were begun is left for the rehearsal only by who says that this ``ends_run``: it is the ceremony, and what would be
    on the wall next is made up.
    """

    did = "store"

    store: Store
    first: Preview
    ends_run: bool = False

    def check(self, case: Case) -> None:
        """See that the picture is not of one store while it belongs to another."""
        if self.store == case.output.store:
            return
        if case.output.still is not None:
            raise NotNow("stands_still", "the picture stands still: resume it first")
        if case.output.withdrawn is not None:
            raise NotNow("withdrawn", "wrong numbers are off the air: restore what was there first")
        if case.output.store == "live" and case.output.running.began and not self.ends_run:
            raise NotNow("run_goes_on", "a live run of the rundown goes on: say ends_run to end it")

    def apply(self, case: Case) -> list[Output]:
        """Change it, here alone."""
        if self.store == case.output.store:
            return []
        output, last = case.output, case.output.on_air.get(self.store)
        scene = last.scene if last else self.first
        by, version = case.hand.by, output.version + 1
        take = next_take(by, scene.name, scene.settings, case.at.now_ms, output.take, version=version, step=scene.step)
        changed = output.with_(store=self.store, store_chosen=True, ticks={})
        cleared = changed.with_(coming=(), before=(), preview=None, cue=None, stands_for=None)
        shown = cleared.showing(take)
        # A run begins with the numbers: what was rehearsed is no part of the evening.
        return [shown.ran(shown.begins(case.at.now_ms))]


class ChangeDelay(Action, frozen=True, kw_only=True):
    """Shows what comes from the hall so much later: its numbers, and what is followed."""

    did = "delay"
    aspect = "hand"

    delay_ms: int

    def check(self, case: Case) -> None:
        """See whether it is within its bounds."""
        if not 0 <= self.delay_ms <= DELAY_MS_MAX:
            raise WrongSteering("delay_ms", self.delay_ms, f"a whole number from 0 to {DELAY_MS_MAX}")

    def apply(self, case: Case) -> list[Output]:
        """Change it; what is on its way comes by the new one."""
        return [case.output.with_(delay_ms=self.delay_ms)]


class Panic(Action, frozen=True, kw_only=True):
    """Lets the picture stand still (Dừng hình), at once and over reloads and restarts; takes act behind it unseen."""

    did = "panic"
    is_urgent = True

    def apply(self, case: Case) -> list[Output]:
        """Keep what everybody sees."""
        output, now_ms = case.output.stays(), case.at.now_ms
        if output.still is not None:
            return []
        return [output.with_(still=Still(case.hand.by, now_ms, output.scene, output.cue_told(now_ms)))]


class Resume(Action, frozen=True, kw_only=True):
    """Lets the picture go on, at what is on air and due by now."""

    did = "resume"
    is_urgent = True

    def apply(self, case: Case) -> list[Output]:
        """Show what is on air again."""
        return [case.output.with_(still=None)] if case.output.still is not None else []
