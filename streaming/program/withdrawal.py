"""Taking wrong numbers off the air (Gỡ số), and its undoing.

What stands here is the picture: that the gate holds the numbers, and steps back to where they were right, is decided
in the ledger beside it.
"""

from collections.abc import Mapping

import msgspec

from streaming.program.action import Action, Case
from streaming.program.errors import NotNow, WrongSteering
from streaming.program.follow import reached
from streaming.program.on_air import put
from streaming.program.output import Output
from streaming.program.state import Preview, Withdrawn


class Withdraw(Action, frozen=True, kw_only=True):
    """Puts the main backdrop on air, here and on all that follow and show the same store, whatever their delay; nothing
    that was on its way comes. A picture that stood still stands there no more: it is what shows the wrong number.

    All others of the store are told that numbers are being looked at, and keep their picture: that of somebody who
    holds his output is his own to change. ``to_ms`` is up to when numbers are right; it may be named later.
    """

    did = "withdraw"
    is_urgent = True

    backdrop: Preview
    to_ms: int | None = None

    def check(self, case: Case) -> None:
        """See whether the moment named is one that was."""
        if self.to_ms is not None and self.to_ms > case.at.now_ms:
            raise WrongSteering("to_ms", self.to_ms, f"a time up to now, which is {case.at.now_ms}")
        if case.output.withdrawn is not None and case.output.withdrawn.output != case.output.name:
            raise NotNow("withdrawn", f"numbers are off the air already, by {case.output.withdrawn.output}")

    def apply(self, case: Case) -> list[Output]:
        """Take them off; once they are, the moment alone can be named."""
        if case.output.withdrawn is not None:
            return self._named(case.outputs, case.output)
        withdrawn = Withdrawn(case.output.name, case.hand.by, case.at.now_ms, self.to_ms)
        taken = [case.output, *reached(case.outputs, case.output.name)]
        names = {each.name for each in taken}
        found = []
        for each in case.outputs.values():
            if each.store != case.output.store or each.withdrawn is not None:
                continue
            if each.name not in names:
                found.append(each.with_(withdrawn=withdrawn))
                continue
            backdrop = put(each, case.hand.by, self.backdrop.name, self.backdrop.settings, case.at.now_ms)
            with_scene = msgspec.structs.replace(withdrawn, scene=each.scene)
            # The way back does not lead to the wrong number.
            found.append(
                backdrop.with_(withdrawn=with_scene, before=each.before, coming=(), cue=None, still=None, preview=None)
            )
        return found

    def _named(self, outputs: Mapping[str, Output], output: Output) -> list[Output]:
        if self.to_ms is None:
            return []
        return [
            each.with_(withdrawn=msgspec.structs.replace(each.withdrawn, to=self.to_ms))
            for each in outputs.values()
            if each.withdrawn is not None and each.withdrawn.output == output.name
        ]


class Restore(Action, frozen=True, kw_only=True):
    """Undoes ``Withdraw`` in one step: what was on air comes back, unless somebody has put something else there."""

    did = "restore"
    press = "take"

    def check(self, case: Case) -> None:
        """See whether there is anything to undo here."""
        if case.output.withdrawn is None or case.output.withdrawn.output != case.output.name:
            raise NotNow("not_withdrawn", "no numbers were taken off the air by this output")

    def apply(self, case: Case) -> list[Output]:
        """Put it back everywhere."""
        found = []
        for each in case.outputs.values():
            if each.withdrawn is None or each.withdrawn.output != case.output.name:
                continue
            back, scene = each, each.withdrawn.scene
            if scene is not None and each.lock is None:
                back = put(each, case.hand.by, scene.name, scene.settings, case.at.now_ms, step=scene.step)
                back = back.with_(before=each.before)
            found.append(back.with_(withdrawn=None))
        return found
