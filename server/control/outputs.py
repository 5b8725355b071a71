"""The outputs: what each shows, who may change it and how; today there is the hall's.

What is done to one acts at once and is told first; ``kept_outputs`` writes it after. Before anybody has taken anything
an output shows the standby scene until the opening, and from then on the live one, led by those who have entered.
"""

import asyncio
import secrets
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import msgspec
import structlog

from dashboard.parts.part import Cut
from dashboard.scenes.scene import Scene
from server.control.kept_outputs import KeptOutputs
from server.control.scene_settings import read_settings, told
from server.errors import NoData, WrongTake
from streaming.contests.units import UnitCode
from streaming.ledger.rows import SYSTEM
from streaming.program.names import HALL
from streaming.program.on_air import next_take, put
from streaming.program.output import At, Hand, Output
from streaming.program.program import Program
from streaming.program.state import Done, SceneOnAir, SceneSettings, Store
from streaming.program.steering import Steering
from streaming.program.takes import TakeScene
from streaming.topics.topic import Topic

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
        kept: KeptOutputs,
        scenes: Mapping[str, Scene[Any]],
        position: Callable[[], str],
        cut: Callable[[], Cut],
        *,
        now_ms: Callable[[], int],
        elapsed_ms: Callable[[], int],
        store: Store,
    ) -> None:
        self._kept = kept
        self._scenes = scenes
        self._position = position
        self._make_cut = cut
        self._made_cut: tuple[str, Cut] | None = None
        self._now_ms = now_ms
        self._elapsed_ms = elapsed_ms
        self._lacks: Mapping[str, str] = {}
        before = kept.read()
        self._steering = Steering(self._first(name, before.get(name), store) for name in (HALL,))
        epoch = secrets.token_hex(8)
        self._programs = {output.name: Program(output, epoch, now_ms()) for output in self.all}

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

    def find(self, name: str) -> Topic | None:
        """The topic ``program/{output}`` or ``control/program/{output}``; None for any other name."""
        for program in self.programs:
            for topic in (program.topic, program.control):
                if topic.name == name:
                    return topic
        return None

    def take(self, output: str, hand: Hand, asked: TakeAsked) -> Output:
        """Put a scene on air, with everything fixed that it chooses from the numbers; returns the output as it is now.

        Raises:
            UnknownOutput: If there is no such output.
            WrongTake: If there is no such scene, or it cannot have these settings.
            NoData: If the scene has nothing to show yet.
            Moved: If something else is on air than who asks has seen, or has just been put there.
            Locked: If somebody else holds the output.
        """
        self.of(output)
        scene = self._scenes.get(asked.scene)
        if scene is None:
            raise WrongTake("scene", asked.scene, ", ".join(self._scenes))
        settings = read_settings(asked.settings, scene.settings)
        at = At(self._now_ms(), self._elapsed_ms())
        self._steering.check_press(output, TakeScene, hand, at, seen=asked.seen)
        cut = self._cut()
        _check_unit(told(settings), cut)
        if (lacks := scene.lacks(cut)) is not None:
            raise NoData(scene.name, lacks)
        action = TakeScene(scene=scene.name, settings=told(scene.chosen(settings, cut)))
        self._tell(self._steering.act(output, action, hand, at, seen=asked.seen))
        return self.of(output)

    async def run(self) -> None:
        """Write what changes, and open with the contest, until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._kept.run())
            while True:
                self.look()
                await asyncio.sleep(LOOK_S)

    def look(self) -> None:
        """Let come what is due. Let the outputs that nobody has steered yet show the live scene once the contest is
        open; they never go back by themselves. Tell operators what can be taken."""
        cut, now_ms = self._cut(), self._now_ms()
        self._lacks = {name: lack for name, scene in self._scenes.items() if (lack := scene.lacks(cut)) is not None}
        changed = self._steering.turn(now_ms)
        for output in self.all:
            if output.take.by == SYSTEM and self._is_over(output.scene):
                live = put(output, SYSTEM, *self._by_itself(LIVE), now_ms)
                changed.append(self._steering.change(live, Done(0, SYSTEM, now_ms, TakeScene.did)))
        self._tell(changed)
        for output in self.all:
            self._programs[output.name].tell(output, now_ms, lacks=self._lacks)

    def close(self) -> None:
        """Write what still waits to be written."""
        self._kept.close()

    def _tell(self, changed: Iterable[Output]) -> None:
        """Tell everybody of outputs that have changed, then have them written."""
        for output in changed:
            self._programs[output.name].tell(output, self._now_ms(), lacks=self._lacks)
            self._keep(output)

    def _keep(self, output: Output) -> None:
        self._kept.keep(output)
        take = output.take
        log.info("output", output=output.name, version=output.version, scene=take.scene.name, by=take.by)

    def _first(self, name: str, kept: Output | None, store: Store) -> Output:
        """An output as it is from the start: as it was before, if this release has what it showed."""
        last = kept.on_air.get(store) if kept else None
        if kept is not None and last is not None and self._has(name, last.scene):
            has_still = kept.still is None or self._has(name, kept.still.scene)
            return kept.with_(store=store, still=kept.still if has_still else None)
        scene, settings = self._by_itself(LIVE if self._is_open() else STANDBY)
        version = kept.version + 1 if kept else 1
        take = next_take(
            SYSTEM, scene, settings, self._now_ms(), last or (kept.take if kept else None), version=version
        )
        made = (
            kept.with_(version=version, store=store, still=None).showing(take)
            if kept
            else Output(name=name, version=version, store=store, on_air={store: take})
        )
        self._keep(made)
        return made

    def _has(self, output: str, shown: SceneOnAir) -> bool:
        try:
            scene = self._scenes[shown.name]
            msgspec.convert(dict(shown.settings), scene.settings)
            _check_unit(shown.settings, self._cut())
        except (LookupError, msgspec.ValidationError, WrongTake) as error:
            log.warning(
                "output not applied", output=output, scene=shown.name, reason=f"it cannot be shown now: {error}"
            )
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
