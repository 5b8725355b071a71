"""Actions on the rundown: walking through it, choosing what is taken next, and editing it."""

from typing import Literal

import msgspec

from streaming.program.action import Action, Case
from streaming.program.arming import check_armed
from streaming.program.errors import NotNow, WrongSteering
from streaming.program.follow import send
from streaming.program.on_air import put
from streaming.program.output import Output
from streaming.program.rundown import Item, Rundown, check
from streaming.program.state import Preview, SceneSettings
from streaming.program.tempo import SPEED_MAX, Tempo


class Next(Action, frozen=True, kw_only=True):
    """Begins an item: its scene is on air here and where it is followed; one without a scene leaves the picture.

    ``settings`` are all that was chosen of its scene, ``advances`` is whether the server may go on from it by itself.
    """

    did = "next"
    press = "take"

    item: Item
    settings: SceneSettings
    needs_arming: bool
    advances: bool

    def check(self, case: Case) -> None:
        """See whether it is armed, where that is asked."""
        if self.needs_arming:
            check_armed(case.output, case.at.now_ms, item=self.item.id)

    def apply(self, case: Case) -> list[Output]:
        """Show it at once here, and later where it is followed."""
        output, now_ms = case.output, case.at.now_ms
        running = output.running.begun(self.item, output.rundown, now_ms, advances=self.advances)
        begun = output.ran(running).with_(preview=None)
        if self.item.scene is None:
            return [begun]
        taken = put(begun, case.hand.by, self.item.scene, self.settings, now_ms).with_(coming=())
        return [taken, *send(case.outputs, taken, case.hand.by, now_ms)]


class Prepare(Action, frozen=True, kw_only=True):
    """Chooses what is taken next: an ``item``, or a ``scene`` by hand. It never touches what is on air."""

    did = "prepare"
    is_urgent = True

    item: str | None = None
    scene: Preview | None = None

    def apply(self, case: Case) -> list[Output]:
        """Choose it. Nothing goes on by itself over what a person looks at."""
        output = case.output.stays()
        if self.scene is not None:
            return [output.with_(preview=self.scene)]
        running = msgspec.structs.replace(output.running, next=self.item)
        return [output.ran(running).with_(preview=None)]


def neighbour(output: Output, by: Literal[1, -1]) -> Item:
    """The item beside the one that is taken next, "by" further or back.

    Raises:
        NotNow: If there is none.
    """
    rundown, at = output.rundown, output.running.next
    # Past the end stands nothing: the way back from there leads to the last one.
    found = (rundown.after(at) if at is not None else None) if by > 0 else rundown.before(at)
    if found is None:
        raise NotNow("no_item", "the rundown has no item there")
    return found


class SetRundown(Action, frozen=True, kw_only=True):
    """Puts another rundown in place of the output's; the run goes on where it stands."""

    did = "rundown"
    aspect = "rundown"

    rundown: Rundown

    def check(self, case: Case) -> None:
        """See whether it can be one, and no time that is new in it has passed."""
        check(self.rundown)
        old = {item.id: item.at_ms for item in case.output.rundown.items}
        for at, item in enumerate(self.rundown.items):
            if item.at_ms is not None and item.at_ms < case.at.now_ms and item.at_ms != old.get(item.id):
                raise WrongSteering(f"items[{at}].at_ms", item.at_ms, f"a time to come, now being {case.at.now_ms}")
        ends_ms = self.rundown.ends_ms
        if ends_ms is not None and ends_ms < case.at.now_ms and ends_ms != case.output.rundown.ends_ms:
            raise WrongSteering("ends_ms", ends_ms, f"a time to come, now being {case.at.now_ms}")

    def apply(self, case: Case) -> list[Output]:
        """Put it there."""
        output = case.output
        runs = {store: run.moved(output.rundown, self.rundown) for store, run in output.runs.items()}
        return [output.with_(rundown=self.rundown, runs=runs)]


class Mark(Action, frozen=True, kw_only=True):
    """Leaves an item out or in, or lets it wait for a person or not: what is changed in a hurry."""

    did = "rundown"
    aspect = "rundown"
    is_urgent = True

    item: str
    what: Literal["skip", "hold"]
    on: bool

    def check(self, case: Case) -> None:
        """See whether there is such an item."""
        case.output.rundown.item(self.item)

    def apply(self, case: Case) -> list[Output]:
        """Change it."""
        old = case.output.rundown
        marked = msgspec.structs.replace(old.item(self.item), **{self.what: self.on})
        items = tuple(marked if item.id == self.item else item for item in old.items)
        rundown = msgspec.structs.replace(old, items=items)
        return SetRundown(rundown=rundown).apply(case)


class Rehearse(Action, frozen=True, kw_only=True):
    """Begins the evening anew over the rehearsal's numbers, ``speed`` times as fast as planned and from now on.

    Planned hours and lengths, countdowns to planned hours and what goes on by itself are of that tempo until another
    run begins.

    The scene on air stays, as a new take: what was launched over it, or revealed of it, was of the run before.
    """

    did = "rehearse"

    speed: int

    def check(self, case: Case) -> None:
        """See whether it is a rehearsal, and the picture one that may be begun anew."""
        if not 1 <= self.speed <= SPEED_MAX:
            raise WrongSteering("speed", self.speed, f"a whole number from 1 to {SPEED_MAX}")
        if case.output.store != "rehearsal":
            raise NotNow("not_rehearsal", "the output shows live numbers: only a rehearsal has a speed")
        if case.output.still is not None:
            raise NotNow("stands_still", "the picture stands still: resume it first")
        if case.output.withdrawn is not None:
            raise NotNow("withdrawn", "wrong numbers are off the air: restore what was there first")

    def apply(self, case: Case) -> list[Output]:
        """Begin it, here and on the picture of all that follow."""
        output, by, now_ms = case.output, case.hand.by, case.at.now_ms
        tempo = Tempo.of(self.speed, output.rundown, now_ms)
        begun = output.ran(output.begins(now_ms, tempo))
        anew = put(begun, by, output.scene.name, output.scene.settings, now_ms)
        anew = anew.with_(coming=(), before=(), preview=None, cue=None)
        return [anew, *send(case.outputs, anew, by, now_ms)]
