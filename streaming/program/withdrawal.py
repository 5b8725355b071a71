"""Taking wrong numbers off the air (Gỡ số), and its undoing.

What stands here is the picture: that the gate holds the numbers, and steps back to where they were right, is decided
in the ledger beside it.
"""

import msgspec

from streaming.program.action import Action, Case
from streaming.program.errors import NotNow, WrongSteering
from streaming.program.follow import reached
from streaming.program.hands import holds
from streaming.program.on_air import put
from streaming.program.output import BEFORE_MAX, Output
from streaming.program.overlays import hidden
from streaming.program.state import Preview, Withdrawn


class Withdraw(Action, frozen=True, kw_only=True):
    """Puts the main backdrop on air, here and on all that follow and show the same store, whatever their delay; nothing
    that was on its way comes. A picture that stood still stands there no more: it is what shows the wrong number.

    All others of the store are told that numbers are being looked at, and keep their picture: that of somebody who
    holds his output is his own to change. Somebody who is bound to one output does the same to it and to those that
    follow it; then it is his own, and neither the numbers nor anybody else's picture have to do with it.

    ``to_ms`` is up to when numbers are right; it may be named later. With the picture go the ``number_overlays``.
    """

    did = "withdraw"
    is_urgent = True

    backdrop: Preview
    to_ms: int | None = None
    number_overlays: frozenset[str] = frozenset()

    def check(self, case: Case) -> None:
        """See whether the moment named is one that was, and theirs to name."""
        if self.to_ms is not None and case.hand.output is not None:
            raise WrongSteering("to_ms", self.to_ms, "no moment: which numbers are shown is the control room's to say")
        if self.to_ms is not None and self.to_ms > case.at.now_ms:
            raise WrongSteering("to_ms", self.to_ms, f"a time up to now, which is {case.at.now_ms}")

    def apply(self, case: Case) -> list[Output]:
        """Take off what shows them still, by the withdrawal in force if there is one."""
        output, is_bound = case.output, case.hand.output is not None
        withdrawn = output.withdrawn
        if is_bound and withdrawn is not None and self._is_on_air(output):
            return []
        if withdrawn is None or withdrawn.holds == is_bound:
            withdrawn = Withdrawn(output.name, case.hand.by, case.at.now_ms, holds=not is_bound)
        if self.to_ms is not None:
            withdrawn = msgspec.structs.replace(withdrawn, to=self.to_ms)
        same = [each for each in case.outputs.values() if each.store == output.store]
        names = {output.name, *(each.name for each in reached(case.outputs, output.name))}
        found = [self._taken(case, each, withdrawn) for each in same if each.name in names]
        if withdrawn.holds:
            found += [_told(each, withdrawn) for each in same if each.name not in names]
        return [each for each in found if each != case.outputs[each.name]]

    def _taken(self, case: Case, output: Output, withdrawn: Withdrawn) -> Output:
        before = output.withdrawn
        gone = {
            name: hidden(each) for name, each in output.overlays.items() if name in self.number_overlays and each.shown
        }
        output = output.with_(overlays={**output.overlays, **gone})
        names = (*(before.overlays if before is not None else ()), *gone)
        withdrawn = msgspec.structs.replace(withdrawn, overlays=tuple(dict.fromkeys(names)))
        if before is not None and self._is_on_air(output):
            return output.stays().with_(withdrawn=msgspec.structs.replace(withdrawn, scene=before.scene))
        backdrop = put(output.stays(), case.hand.by, self.backdrop.name, self.backdrop.settings, case.at.now_ms)
        # The way back does not lead to the wrong number.
        return backdrop.with_(
            withdrawn=msgspec.structs.replace(withdrawn, scene=output.scene),
            before=output.before,
            coming=(),
            cue=None,
            still=None,
            preview=None,
        )

    def _is_on_air(self, output: Output) -> bool:
        """Whether an output shows the backdrop, and nothing is on its way there."""
        if any(each.shown for name, each in output.overlays.items() if name in self.number_overlays):
            return False
        return output.still is None and not output.coming and output.scene.name == self.backdrop.name


class LetGo(Action, frozen=True, kw_only=True):
    """Ends ``Withdraw`` where the numbers run again by a decision of the gate's: every picture stays as it is, and
    nobody is told any more that numbers are looked at. It is of the numbers' store, whoever holds a picture."""

    did = "release"
    is_urgent = True
    passes_locks = True

    def apply(self, case: Case) -> list[Output]:
        """End it on every output that shows the store."""
        return [
            _let_go(each, each.withdrawn)
            for each in case.outputs.values()
            if each.store == case.output.store and each.withdrawn is not None and each.withdrawn.holds
        ]


def _let_go(output: Output, withdrawn: Withdrawn) -> Output:
    """The output with its picture as it is; what was taken off is one step back, for its numbers are right again."""
    before = output.before if withdrawn.scene is None else (*output.before, withdrawn.scene)[-BEFORE_MAX:]
    return output.with_(withdrawn=None, before=before)


def _told(output: Output, withdrawn: Withdrawn) -> Output:
    """An output whose picture is left alone, as it is told; who has taken his own off the air is not told anew."""
    before = output.withdrawn
    if before is None:
        return output.with_(withdrawn=withdrawn)
    if not _is_same(before, withdrawn):
        return output
    return output.with_(withdrawn=msgspec.structs.replace(before, to=withdrawn.to))


def _again(output: Output, names: tuple[str, ...], now_ms: int) -> Output:
    """The output with overlays that were taken away, those that nobody has shown or changed meanwhile."""
    back = {
        name: msgspec.structs.replace(each, shown=True, show=max(now_ms, each.show + 1), since=now_ms)
        for name, each in output.overlays.items()
        if name in names and not each.shown
    }
    return output.with_(overlays={**output.overlays, **back})


def _is_same(one: Withdrawn, other: Withdrawn) -> bool:
    return (one.output, one.at) == (other.output, other.at)


class Restore(Action, frozen=True, kw_only=True):
    """Undoes ``Withdraw`` in one step: what was on air comes back, unless somebody has put something else there."""

    did = "restore"
    press = "take"

    def check(self, case: Case) -> None:
        """See whether there is anything to undo here."""
        withdrawn = case.output.withdrawn
        if withdrawn is None or (case.hand.output is not None and withdrawn.holds):
            raise NotNow("not_withdrawn", "no numbers were taken off the air by this output")

    def apply(self, case: Case) -> list[Output]:
        """Put it back everywhere but where somebody else has come to hold it since."""
        undone, found = case.output.withdrawn, []
        for each in case.outputs.values():
            withdrawn = each.withdrawn
            if undone is None or withdrawn is None or not _is_same(withdrawn, undone):
                continue
            back, scene = each, withdrawn.scene
            is_ours = each.lock is None or holds(each.lock, each, case.hand)
            if is_ours:
                back = _again(back, withdrawn.overlays, case.at.now_ms)
            if scene is not None and is_ours:
                back = put(back, case.hand.by, scene.name, scene.settings, case.at.now_ms, step=scene.step)
                back = back.with_(before=each.before)
            found.append(back.with_(withdrawn=None))
        return found
