"""The outputs: what each shows, who may change it and how; today there is the hall's.

A take acts at once and is told first; ``kept_programs`` writes it after. Before anybody has taken anything an output
shows the standby scene until the opening, and from then on the live one, led by those who have entered.
"""

import asyncio
import secrets
from collections.abc import Callable, Mapping
from typing import Any

import msgspec
import structlog

from dashboard.parts.part import Cut
from dashboard.scenes.scene import Scene
from server.control.kept_programs import KeptPrograms
from server.control.scene_settings import read_settings, told
from server.errors import NoData, UnknownOutput, WrongTake
from streaming.contests.units import UnitCode
from streaming.ledger.rows import SYSTEM
from streaming.program.program import Program, next_take
from streaming.topics.state import SceneOnAir, SceneSettings, Take
from streaming.topics.topic import Topic

HALL = "hall"
"""The output that screens show unless they are told another."""
STANDBY, LIVE = "standby", "live"
"""The scenes that an output shows by itself, before the opening and from then on."""
LEADS, FINISHED = "started", "completed"
"""What the live scene leads with by itself: in the first minutes everybody is inside the quiz. Where sources report
completed entries alone, the first would stay at 0."""
LOOK_S = 0.2
"""How often it is looked whether the contest has opened."""
TAKE_BYTES_MAX = 8 * 1024
"""Longest body of a take that is read; the settings of a scene are some hundred bytes."""

log = structlog.get_logger(__name__)


class TakeAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A take as it is asked for. ``seen`` is the version of the output that whoever asks has looked at."""

    scene: str
    seen: int
    settings: dict[str, msgspec.Raw] = {}


take_decoder = msgspec.json.Decoder(TakeAsked)


class Outputs:
    """The outputs of one server. ``cut`` gives the public numbers of the store that they show, by which a scene fixes
    what is chosen at its take, and ``position`` names it; ``now_ms`` is the server's clock, ``elapsed_ms`` one that
    nobody sets."""

    def __init__(
        self,
        kept: KeptPrograms,
        scenes: Mapping[str, Scene[Any]],
        position: Callable[[], str],
        cut: Callable[[], Cut],
        *,
        now_ms: Callable[[], int],
        elapsed_ms: Callable[[], int],
        rehearsal: bool,
    ) -> None:
        self._kept = kept
        self._scenes = scenes
        self._position = position
        self._make_cut = cut
        self._made_cut: tuple[str, Cut] | None = None
        self._now_ms = now_ms
        self._elapsed_ms = elapsed_ms
        self.rehearsal = rehearsal
        self._programs = {
            name: Program(name, self._first(name), secrets.token_hex(8), rehearsal=rehearsal) for name in (HALL,)
        }

    @property
    def all(self) -> tuple[Program, ...]:
        """Their programs."""
        return tuple(self._programs.values())

    def of(self, output: str) -> Program:
        """The program of an output.

        Raises:
            UnknownOutput: If there is none of that name.
        """
        program = self._programs.get(output)
        if program is None:
            raise UnknownOutput(output)
        return program

    def find(self, name: str) -> Topic | None:
        """The topic ``program/{output}`` or ``control/program/{output}``; None for any other name."""
        for program in self.all:
            for topic in (program.topic, program.control):
                if topic.name == name:
                    return topic
        return None

    def take(self, output: str, by: str, asked: TakeAsked) -> Take:
        """Put a scene on air, with everything fixed that it chooses from the numbers; returns what is on air now.

        Raises:
            UnknownOutput: If there is no such output.
            WrongTake: If there is no such scene, or it cannot have these settings.
            NoData: If the scene has nothing to show yet.
            StaleTake: If something else is on air than who asks has seen, or has just been put there.
        """
        program = self.of(output)
        scene = self._scenes.get(asked.scene)
        if scene is None:
            raise WrongTake("scene", asked.scene, ", ".join(self._scenes))
        settings = read_settings(asked.settings, scene.settings)
        pressed_ms = self._elapsed_ms()
        program.check_press(asked.seen, pressed_ms)
        cut = self._cut()
        _check_unit(told(settings), cut)
        if (lacks := scene.lacks(cut)) is not None:
            raise NoData(scene.name, lacks)
        chosen = told(scene.chosen(settings, cut))
        take = program.take(by, scene.name, chosen, seen=asked.seen, now_ms=self._now_ms(), pressed_ms=pressed_ms)
        self._keep(output, take)
        return take

    async def run(self) -> None:
        """Write what is on air, and open with the contest, until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._kept.run())
            while True:
                self.look()
                await asyncio.sleep(LOOK_S)

    def look(self) -> None:
        """Let the outputs that nobody has steered yet show the live scene once the contest is open; they never go back
        by themselves. Tell operators what can be taken."""
        cut = self._cut()
        lacks = {name: lack for name, scene in self._scenes.items() if (lack := scene.lacks(cut)) is not None}
        for program in self.all:
            program.tell_lacks(lacks, self._now_ms())
            if not program.is_by_people and self._is_over(program.on_air.scene):
                self._keep(program.output, program.change(*self._by_itself(LIVE), self._now_ms()))

    def close(self) -> None:
        """Write what still waits to be written."""
        self._kept.close()

    def _keep(self, output: str, take: Take) -> None:
        self._kept.keep(output, take)
        log.info("take", output=output, scene=take.scene.name, by=take.by, version=take.version)

    def _first(self, output: str) -> Take:
        """What an output shows from the start: what it showed before, if this release has that."""
        kept = self._kept.read(output)
        if kept is not None and self._has(output, kept):
            return kept
        name, settings = self._by_itself(LIVE if self._is_open() else STANDBY)
        take = next_take(SYSTEM, name, settings, self._now_ms(), after=kept)
        self._keep(output, take)
        return take

    def _has(self, output: str, kept: Take) -> bool:
        name = kept.scene.name
        try:
            scene = self._scenes[name]
            msgspec.convert(dict(kept.scene.settings), scene.settings)
            _check_unit(kept.scene.settings, self._cut())
        except (LookupError, msgspec.ValidationError, WrongTake) as error:
            log.warning("program not applied", output=output, scene=name, reason=f"it cannot be shown now: {error}")
            return False
        return True

    def _by_itself(self, name: str) -> tuple[str, SceneSettings]:
        scene = self._scenes[name]
        settings = scene.settings(
            **({"lead": FINISHED if self._leads_with_nothing() else LEADS} if name == LIVE else {})
        )
        return name, told(scene.chosen(settings, self._cut()))

    def _is_over(self, scene: SceneOnAir) -> bool:
        """Whether what an output shows by itself has had its time."""
        if scene.name == STANDBY:
            return self._is_open()
        return scene.name == LIVE and scene.settings.get("lead") == LEADS and self._leads_with_nothing()

    def _leads_with_nothing(self) -> bool:
        board = self._cut().board
        return not board.count(board.root, LEADS) and board.count(board.root, FINISHED) > 0

    def _cut(self) -> Cut:
        """The public numbers of now, made once for each position: those of a country are many."""
        position = self._position()
        if self._made_cut is None or self._made_cut[0] != position:
            self._made_cut = position, self._make_cut()
        return self._made_cut[1]

    def _is_open(self) -> bool:
        """Whether the first round has opened, by the contest's clock and as public rounds are, or the first public
        entry is there."""
        cut = self._cut()
        if cut.opens_ms is not None and self._now_ms() >= cut.opens_ms:
            return True
        return any(cut.board.count(cut.board.root, column) for column in ("registered", "started", "completed"))


def _check_unit(settings: SceneSettings, cut: Cut) -> None:
    """Check that there is the unit that a scene is about, with units below it.

    Raises:
        WrongTake: If not.
    """
    code = settings.get("of")
    if code and (code not in cut.tree or cut.tree.is_leaf(UnitCode(str(code)))):
        raise WrongTake("settings.of", str(code), "the code of a unit that has others below it")
