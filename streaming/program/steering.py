"""Steering: every output, what is done to them, and what comes of it by itself when its time is there.

It acts in memory and knows neither clock nor file: whoever has it tells the topics, and has what changed written after.
"""

from collections.abc import Collection, Iterable, Mapping
from types import MappingProxyType

from streaming.ledger.rows import SYSTEM
from streaming.program import overlays
from streaming.program.action import Action, Case
from streaming.program.errors import Moved, NotNow, PressedTwice, UnknownOutput, WrongSteering
from streaming.program.follow import arrive, due_ms
from streaming.program.hands import check_hand
from streaming.program.names import HALL, OF_TV, POINTS, TV_OUTPUTS_MAX
from streaming.program.output import CUE_TOLD_MS, Aspect, At, Hand, Output
from streaming.program.state import Done

PRESS_AGAIN_MS = 800
"""A press that comes sooner after another is a second one of the same finger, or a second hand on the same button."""


LOST_MAX = 100_000
"""So many changes of an output a kill may keep off the disk at most, where the clock does not tell."""
NONE_LOST = range(0)


def version_after(version: int, now_ms: int) -> int:
    """The version of an output at a start, whose last on disk was this. As takes and cues are, it is named by the time:
    a version that was told, but which a kill has kept off the disk, is given to no other change."""
    return max(version + LOST_MAX, now_ms)


class Steering:
    """The outputs of one server, by their names. Every method that changes any returns those, as they are now.

    ``lost`` are the versions of each that an earlier run may have told, and which were never on disk.
    """

    def __init__(self, outputs: Iterable[Output], lost: Mapping[str, range] = MappingProxyType({})) -> None:
        self._outputs = {output.name: output for output in outputs}
        self._lost = lost
        self._pressed_ms: dict[tuple[str, str], int] = {}

    @property
    def all(self) -> Mapping[str, Output]:
        """Every output."""
        return self._outputs

    def of(self, name: str) -> Output:
        """The output of a name.

        Raises:
            UnknownOutput: If there is none.
        """
        if name not in self._outputs:
            raise UnknownOutput(name)
        return self._outputs[name]

    def add(self, output: Output) -> None:
        """Make an output of a director's, which shows nothing of the hall's until it is told to follow.

        Raises:
            WrongSteering: If it cannot be called so.
            NotNow: If there is one of that name.
        """
        if OF_TV.fullmatch(output.name) is None:
            raise WrongSteering("output", output.name, f"tv1 to tv{TV_OUTPUTS_MAX}")
        if output.name in self._outputs:
            raise NotNow("output_exists", f"there is an output {output.name} already")
        self._outputs[output.name] = output

    def remove(self, name: str, hand: Hand) -> None:
        """Take an output of a director's away.

        Raises:
            UnknownOutput: If there is none of that name.
            Locked: If somebody else holds it.
            NotNow: If others follow it, or it is one that every ceremony has.
        """
        output = self.of(name)
        check_hand(output, hand)
        if name in {HALL, POINTS}:
            raise NotNow("output_stays", f"{name} is there always")
        if followers := [each.name for each in self._outputs.values() if each.follows == name]:
            raise NotNow("is_followed", f"{', '.join(followers)} follows it")
        del self._outputs[name]

    def check_press(self, name: str, kind: type[Action], hand: Hand, at: At, *, seen: int | None) -> Output:
        """Check that a press may act on an output as it is; returns that. ``seen`` is the version that whoever presses
        has looked at, None for a device, which has not.

        Raises:
            UnknownOutput: If there is no such output.
            Locked: If somebody else holds it.
            PressedTwice: If it comes within PRESS_AGAIN_MS of another press.
            Moved: If something was done to it that they have not seen, or they have seen what is no more.
        """
        output = self.of(name)
        if not kind.passes_locks:
            check_hand(output, hand)
        pressed_ms = self._pressed_ms.get((name, kind.press))
        if pressed_ms is not None and at.elapsed_ms - pressed_ms < PRESS_AGAIN_MS:
            raise PressedTwice(last_done(output, kind.aspect))
        if seen is not None and not kind.is_urgent:
            last = last_done(output, kind.aspect)
            if not last.version <= seen <= output.version or seen in self._lost.get(name, NONE_LOST):
                raise Moved(last)
        return output

    def act(self, name: str, action: Action, hand: Hand, at: At, *, seen: int | None = None) -> list[Output]:
        """Do something to an output, with everything that follows from it now.

        Raises:
            Declined: As ``check_press`` does and the action's own check; then nothing has changed.
        """
        output = self.check_press(name, type(action), hand, at, seen=seen)
        case = Case(self._outputs, output, hand, at)
        action.check(case)
        changed = action.apply(case)
        if action.press:
            self._pressed_ms[name, action.press] = at.elapsed_ms
        done = Done(0, hand.by, at.now_ms, action.did, reason=action.reason)
        for each in changed:
            self._settle(each, done, action.aspect)
        arrived = self.turn(at.now_ms)
        return self._named({each.name for each in (*changed, *arrived)})

    def change(self, output: Output, done: Done) -> Output:
        """Let an output show something else by itself; returns it as it is then."""
        self._settle(output, done, "picture")
        return self.of(output.name)

    def turn(self, now_ms: int) -> list[Output]:
        """Let come what is due."""
        changed = []
        for output in [*self._outputs.values()]:
            arrived, last = arrive(output, now_ms)
            if last is not None and last.overlays is None:
                self._settle(arrived, Done(0, last.by, now_ms, "take"), "picture")
            elif last is not None:
                self._settle(arrived, Done(0, last.by, now_ms, "overlays"), "overlays")
            if (without := overlays.expired(arrived, now_ms)) is not arrived:
                self._settle(without, Done(0, SYSTEM, now_ms, "hide"), "overlays")
            elif last is None:
                continue
            changed.append(output.name)
        return self._named(changed)

    def next_ms(self, now_ms: int) -> int | None:
        """When something is due of which screens must hear, None if nothing is on its way."""
        cues = (each.cue.at - CUE_TOLD_MS for each in self._outputs.values() if each.cue is not None)
        takes = (ms for output in self._outputs.values() for ms in (due_ms(output), overlays.due_ms(output)))
        return min([*(ms for ms in takes if ms is not None), *(ms for ms in cues if ms > now_ms)], default=None)

    def _settle(self, changed: Output, done: Done, aspect: Aspect) -> None:
        """Put an output in place of what it was, by a version of its own if anybody must have seen the change."""
        old = self._outputs[changed.name]
        if changed.with_(coming=old.coming) != old:
            scene = changed.scene if changed.scene != old.scene else None
            done = Done(old.version + 1, done.by, done.at, done.did, scene, done.reason)
            changed = changed.with_(version=done.version, done={**changed.done, aspect: done})
        self._outputs[changed.name] = changed

    def _named(self, names: Collection[str]) -> list[Output]:
        return [output for name, output in self._outputs.items() if name in names]


def last_done(output: Output, aspect: Aspect) -> Done:
    """What was done last to an aspect of an output; where nothing was, that it shows what it shows."""
    take = output.take
    return output.done.get(aspect) or Done(take.version, take.by, take.scene.since, "take", take.scene)
