"""The program of an output: the scene that it shows, who took it, and the two topics that tell it.

It numbers its own versions, which are the positions of the public topic. They go on over a restart, in a new epoch.
"""

from collections.abc import Mapping

from streaming.errors import Declined
from streaming.fold.cursor import Cut
from streaming.ledger.rows import SYSTEM
from streaming.topics.state import ControlProgramState, ProgramState, SceneOnAir, SceneSettings, Take
from streaming.topics.topic import Topic

PRESS_AGAIN_MS = 800
"""A take that comes sooner after another is a second press of one finger, or a second hand on the same button."""


class StaleTake(Declined):
    """Something else is on air than whoever takes has seen: ``last``."""

    def __init__(self, last: Take, said: str = "seen") -> None:
        self.last = last
        super().__init__(f"{said}: {last.by} has put {last.scene.name} on air, which is version {last.version}")


class TakenTwice(StaleTake):
    """A take that comes within PRESS_AGAIN_MS of another."""

    def __init__(self, last: Take) -> None:
        super().__init__(last, "pressed twice")


class Program:
    """What one output shows. Nobody else publishes its topics.

    ``topic`` is public and tells what is on air and nothing else, ``control`` is for operators. ``first`` is on air
    from the beginning, ``epoch`` is a name that no other run has given.
    """

    def __init__(self, output: str, first: Take, epoch: str, *, rehearsal: bool) -> None:
        self.output = output
        self.topic = Topic(f"program/{output}", (), rehearsal=rehearsal)
        self.control = Topic(f"control/program/{output}", (), rehearsal=rehearsal, is_public=False)
        self.on_air = first
        self._lacks: Mapping[str, str] = {}
        self._pressed_ms: int | None = None
        at_ms = first.scene.since
        self.topic.begin(epoch, Cut(first.version, at_ms, None, 0))
        self.control.begin(epoch, Cut(0, at_ms, None, 0))
        self._tell(at_ms)

    @property
    def is_by_people(self) -> bool:
        """Whether somebody has put on air what is there; else it is what an output shows by itself."""
        return self.on_air.by != SYSTEM

    def check_press(self, seen: int, pressed_ms: int) -> None:
        """Check that a take of now follows what is on air. ``seen`` is the version that whoever takes has looked at,
        ``pressed_ms`` is now by a clock that nobody sets.

        Raises:
            TakenTwice: If it comes within PRESS_AGAIN_MS of another.
            StaleTake: If something else is on air than they have seen.
        """
        if self._pressed_ms is not None and pressed_ms - self._pressed_ms < PRESS_AGAIN_MS:
            raise TakenTwice(self.on_air)
        if seen != self.on_air.version:
            raise StaleTake(self.on_air)

    def take(self, by: str, name: str, settings: SceneSettings, *, seen: int, now_ms: int, pressed_ms: int) -> Take:
        """Put a scene on air, and tell it; returns what is on air now.

        Raises:
            StaleTake: As ``check_press`` does.
        """
        self.check_press(seen, pressed_ms)
        self._pressed_ms = pressed_ms
        return self._show(by, name, settings, now_ms)

    def change(self, name: str, settings: SceneSettings, now_ms: int) -> Take:
        """Let the output show something else by itself."""
        return self._show(SYSTEM, name, settings, now_ms)

    def tell_lacks(self, lacks: Mapping[str, str], now_ms: int) -> None:
        """Tell operators which scenes have nothing to show yet, and what each lacks."""
        if lacks != self._lacks:
            self._lacks = lacks
            self._tell_operators(now_ms)

    def _show(self, by: str, name: str, settings: SceneSettings, now_ms: int) -> Take:
        self.on_air = next_take(by, name, settings, now_ms, after=self.on_air)
        self._tell(now_ms)
        return self.on_air

    def _tell(self, now_ms: int) -> None:
        self.topic.move(Cut(self.on_air.version, now_ms, None, 0), {}, ProgramState(scene=self.on_air.scene))
        self.topic.publish()
        self._tell_operators(now_ms)

    def _tell_operators(self, now_ms: int) -> None:
        # Its positions are its own: it moves also while what is on air stays.
        cut = Cut(self.control.seq + 1, now_ms, None, 0)
        self.control.move(cut, {}, ControlProgramState(on_air=self.on_air, lacks=self._lacks or None))
        self.control.publish()


def next_take(by: str, name: str, settings: SceneSettings, now_ms: int, after: Take | None) -> Take:
    """What is on air when a scene is put there ``after`` another, None where nothing has ever been."""
    version, least = (after.version, after.scene.take + 1) if after else (0, 0)
    # It is named by the time, so that the name of one that a kill has kept off the disk is not given to another.
    return Take(version + 1, by, SceneOnAir(name, settings, max(least, now_ms), now_ms))
