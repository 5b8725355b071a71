"""The outputs of a server: what each shows, who may change it and how.

What is done to one acts at once and is told first; ``kept_outputs`` writes it after.
"""

import asyncio
import secrets
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import structlog

from dashboard.scenes.scene import Scene
from server.control import by_itself
from server.control.aired_points import AiredPoints
from server.control.asked_evening import NextAsked
from server.control.asking import Asked
from server.control.choosing import Choosing
from server.control.kept_outputs import Kept, KeptOutputs
from server.control.output_numbers import OutputNumbers
from server.control.overlay_data import with_overlays
from server.control.renderer_faults import RendererFaults
from server.control.shown_before import ShownBefore
from server.control.shown_log import ShownLog
from server.control.store_cuts import StoreCuts
from server.control.tallies import Tallies
from server.errors import NoData, WrongTake
from streaming.errors import Declined
from streaming.ledger.rows import SYSTEM
from streaming.program.action import Case
from streaming.program.countdown import SetCountdown
from streaming.program.follow import untangled
from streaming.program.hands import Follow, check_bound
from streaming.program.names import HALL, POINTS, RUNDOWN
from streaming.program.on_air import count_to, next_take, put
from streaming.program.output import At, Hand, Output
from streaming.program.program import Beside, Program
from streaming.program.rundown import Rundown
from streaming.program.state import Done, ProgramState, Store
from streaming.program.steering import Steering, version_after
from streaming.program.takes import TakeScene
from streaming.topics.late import Picture
from streaming.topics.topic import Topic

FOLLOWS: Mapping[str, str | None] = {HALL: None, POINTS: HALL}
"""The outputs that every ceremony has, and what they follow at first."""
LOOK_S = 0.2
"""How often it is looked whether anything is due, or the contest has opened."""

log = structlog.get_logger(__name__)


class Outputs:
    """The outputs of one server. ``cuts`` are the public numbers of each store, ``elapsed_ms`` is a clock that nobody
    sets, ``store`` what an output shows whose store nobody has chosen. ``on_changed`` hears of each that changes."""

    def __init__(
        self,
        kept: KeptOutputs,
        numbers: OutputNumbers,
        scenes: Mapping[str, Scene[Any]],
        cuts: StoreCuts,
        shown: ShownLog,
        *,
        now_ms: Callable[[], int],
        elapsed_ms: Callable[[], int],
        store: Store,
    ) -> None:
        self._kept = kept
        self.numbers = numbers
        self._scenes = scenes
        self.choosing = Choosing(scenes, cuts, now_ms)
        self._cuts = cuts
        self._shown = shown
        shown.figures = numbers.figures
        self._now_ms = now_ms
        self._elapsed_ms = elapsed_ms
        self.on_changed: Callable[[Output], None] = lambda _output: None
        self._lacks: dict[Store, Mapping[str, str]] = {}
        self._tallies = Tallies(elapsed_ms)
        self.points = AiredPoints()
        self.renderer_faults = RendererFaults(now_ms, lambda: self._steering.all)
        before = kept.read()
        names = [*FOLLOWS, *(name for name in before if name not in FOLLOWS)]
        begun = untangled([self._first(name, before.get(name), store) for name in names])
        known = {name: kept.output.version for name, kept in before.items()}
        lost = {each.name: range(known.get(each.name, each.version) + 1, each.version) for each in begun}
        self._steering = Steering(begun, lost)
        for name, other in FOLLOWS.items():
            if other is not None and name not in before:
                self._steering.act(name, Follow(other=other), Hand(SYSTEM), At(now_ms(), elapsed_ms()))
                self._keep(self.of(name))
        for output in self.all:
            numbers.begin(output, before[output.name].picture if output.name in before else None)
        numbers.settled()
        for output in self.all:
            shown.begin(output, _with_overlays(before[output.name].output) if output.name in before else None)
        self._programs = {output.name: self._program(output) for output in self.all}

    @property
    def all(self) -> tuple[Output, ...]:
        """Every output as it is."""
        return tuple(self._steering.all.values())

    @property
    def programs(self) -> tuple[Program, ...]:
        """The topics of each."""
        return tuple(self._programs.values())

    def of(self, output: str) -> Output:
        """An output as it is.

        Raises:
            UnknownOutput: If there is none of that name.
        """
        return self._steering.of(output)

    def program(self, output: str) -> Program:
        """The topics of an output.

        Raises:
            UnknownOutput: If there is none of that name.
        """
        return self._programs[self.of(output).name]

    def face(self, output: Output) -> ProgramState:
        """What everybody may see of an output now."""
        return output.face(self._now_ms(), is_solemn=self._beside(output).is_solemn)

    def tally(self, output: str) -> bool | None:
        """Whether an output is on the switcher's program, None where nobody tells, or has not of late."""
        return self._tallies.of(output)

    def find(self, name: str) -> Topic | None:
        """A topic of an output, ``program/{output}``; None for any other name."""
        return next((topic for program in self.programs for topic in program.topics if topic.name == name), None)

    def find_numbers(self, output: str, name: str) -> Topic | None:
        """A topic of numbers as an output shows them, by its name without "rehearsal/"; None if there is none.

        Raises:
            UnknownOutput: If there is no such output.
        """
        return self.numbers.find(self.of(output).name, name)

    def steer(self, output: str, hand: Hand, asked: Asked) -> Output:
        """Do to an output what is asked; returns it as it is now.

        Raises:
            UnknownOutput: If there is no such output.
            Moved: If something was done to it that who asks has not seen, or somebody has just pressed.
            Locked, OtherOutput: If it is in another hand.
            Declined: If it cannot be done as things stand.
        """
        at = At(self._now_ms(), self._elapsed_ms())
        now = self._steering.check_press(output, asked.kind, hand, at, seen=asked.seen)
        action = asked.action(self.choosing, now)
        self._tell(self._steering.act(output, action, hand, at, seen=asked.seen))
        return self.of(output)

    def check(self, output: str, hand: Hand, asked: Asked) -> Output:
        """The output, if what is asked can be done to it as things stand.

        Raises:
            Declined: As ``steer`` does.
        """
        at = At(self._now_ms(), self._elapsed_ms())
        now = self._steering.check_press(output, asked.kind, hand, at, seen=asked.seen)
        asked.action(self.choosing, now).check(Case(self._steering.all, now, hand, at))
        return now

    def tell_tally(self, output: str, hand: Hand, *, on: bool) -> Output:
        """Hear whether an output is on the switcher's program; returns the output. Who holds it has no say in that.

        Raises:
            UnknownOutput: If there is no such output.
            OtherOutput: If the hand is bound to another.
        """
        found = self.of(output)
        check_bound(found, hand)
        self._tallies.tell(output, on=on)
        self._tell_topics(found)
        return found

    def mark(self, output: str, hand: Hand, text: str) -> Output:
        """Mark this moment of an output in the log; returns the output. Who holds it has no say in that.

        Raises:
            UnknownOutput: If there is no such output.
            OtherOutput: If the hand is bound to another.
            WrongSteering: If the text is none that a line can have.
        """
        found = self.of(output)
        check_bound(found, hand)
        self._shown.mark(found, hand.by, text)
        return found

    def add(self, name: str, hand: Hand) -> Output:
        """Make an output of a director's; it shows what the hall shows now, and goes its own way from there.

        Raises:
            WrongSteering: If it cannot be called so.
            NotNow: If there is one of that name.
        """
        hall, now_ms = self.of(HALL), self._now_ms()
        take = next_take(hand.by, hall.scene.name, hall.scene.settings, now_ms, None, version=1)
        output = Output(
            name=name,
            version=1,
            store=hall.store,
            store_chosen=hall.store_chosen,
            on_air={hall.store: take},
            overlays=with_overlays({}),
        )
        self._steering.add(output)
        self.numbers.follow(output)
        self._programs[name] = self._program(output)
        self._shown.begin(output, None)
        self._keep(output)
        return output

    def remove(self, name: str, hand: Hand) -> Program:
        """Take an output of a director's away; returns its topics, whose followers are to be sent away.

        Raises:
            UnknownOutput: If there is none of that name.
            Locked, OtherOutput: If it is in another hand.
            NotNow: If others follow it, or it is one that every ceremony has.
        """
        self._steering.remove(name, hand)
        self.numbers.leave(name)
        self._tallies.forget(name)
        self.renderer_faults.forget(name)
        self._kept.forget(name)
        self._shown.forget(name)
        log.info("output removed", output=name, by=hand.by)
        return self._programs.pop(name)

    async def run(self) -> None:
        """Write what changes, show what is due, and open with the contest, until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._kept.run())
            group.create_task(self._shown.run())
            while True:
                self.look()
                await asyncio.sleep(LOOK_S)

    def look(self) -> None:
        """Let come what is due. Let the outputs that nobody has steered yet show the live scene once the contest is
        open, and count down to where the opening is moved. Tell operators what can be taken."""
        now_ms = self._now_ms()
        self._lacks = {store: self.choosing.lacks(store) for store in {output.store for output in self.all}}
        changed = [*self._steering.turn(now_ms), *self._advance(now_ms)]
        for output in self.all:
            if output.take.by != SYSTEM:
                continue
            cut = self._cuts.of(output.store)
            if by_itself.is_over(output.scene, cut, now_ms):
                live = put(output, SYSTEM, *self.choosing.alone(output.store, by_itself.LIVE), now_ms)
                changed.append(self._steering.change(live, Done(0, SYSTEM, now_ms, TakeScene.did)))
            elif (countdown := by_itself.counts_to(output.scene, cut)) != output.scene.countdown:
                moved = count_to(output, SYSTEM, countdown)
                changed.append(self._steering.change(moved, Done(0, SYSTEM, now_ms, SetCountdown.did)))
        self._tell(changed)
        for output in self.all:
            self._tell_topics(output)
        self.numbers.turn()
        self._shown.look()

    def close(self) -> None:
        """Write what still waits to be written."""
        self._kept.close()
        self._shown.close()

    def _advance(self, now_ms: int) -> list[Output]:
        """Go on from items that have had their time; returns what has changed."""
        changed: list[Output] = []
        for output in self.all:
            due_ms = output.running.advances_at
            if due_ms is None or now_ms < due_ms:
                continue
            # For whoever holds the output: he has planned it so.
            hand, at = Hand(RUNDOWN, output.name), At(now_ms, self._elapsed_ms())
            try:
                changed += self._steering.act(output.name, NextAsked().action(self.choosing, output), hand, at)
            except (Declined, NoData, WrongTake) as error:
                log.warning("rundown not advanced", output=output.name, item=output.running.next, reason=str(error))
                changed.append(self._steering.change(self.of(output.name).stays(), Done(0, RUNDOWN, now_ms, "stay")))
        return changed

    def _tell(self, changed: Iterable[Output]) -> None:
        """Tell everybody of outputs that have changed, then have them written."""
        for output in changed:
            picture = self.numbers.follow(output)
            self._tell_topics(output)
            self.on_changed(output)
            self._keep(output, picture)
            self._shown.tell(output)

    def _tell_topics(self, output: Output) -> None:
        self._programs[output.name].tell(output, self._now_ms(), self._beside(output))

    def _beside(self, output: Output) -> Beside:
        is_solemn = self.choosing.is_solemn(output.shown_scene.name)
        lacks, tally, solemn = self._lacks.get(output.store), self.tally(output.name), self._solemn(output)
        points, faults = self.points, self.renderer_faults.of(output.name)
        return Beside(lacks, tally, solemn, is_solemn, points.roll(), points.of(output), faults)

    def _solemn(self, output: Output) -> str | None:
        """The scene of respect that an output would show if nobody held it."""
        if output.lock is None or output.follows is None:
            return None
        name = self.of(output.follows).scene.name
        return name if name != output.scene.name and self.choosing.is_solemn(name) else None

    def _program(self, output: Output) -> Program:
        return Program(output, secrets.token_hex(8), self._now_ms(), self._beside(output))

    def _keep(self, output: Output, picture: Picture | None = None) -> None:
        self._kept.keep(output, picture)
        take = output.take
        log.info("output", output=output.name, version=output.version, scene=take.scene.name, by=take.by)

    def _first(self, name: str, kept: Kept | None, store: Store) -> Output:
        """An output as it is from the start: as it was before, as far as that can be shown."""
        now_ms = self._now_ms()
        old = kept.output if kept else None
        store = old.store if old and old.store_chosen else store
        found = None if old is None else ShownBefore(self._scenes, self._cuts).mended(old.with_(store=store), now_ms)
        version = version_after(old.version, now_ms) if old else 1
        if found is not None and store in found.on_air:
            found = _with_overlays(found.with_(version=version))
            self._keep(found)
            return found
        scene, settings = self.choosing.first(store)
        last = old.on_air.get(store, old.take) if old else None
        take = next_take(SYSTEM, scene, settings, now_ms, last, version=version)
        if found:
            made = found.with_(version=version, store=store, still=None).showing(take)
        else:
            rundown = self.choosing.first_rundown(store) if name == HALL else Rundown()
            made = Output(name=name, version=version, store=store, on_air={store: take}, rundown=rundown)
        made = _with_overlays(made)
        self._keep(made)
        return made


def _with_overlays(output: Output) -> Output:
    """An output with the overlays of this release: one of an earlier release had others, or none."""
    return output.with_(overlays=with_overlays(output.overlays))
