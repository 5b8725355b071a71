"""An output: whose hand it is in, which numbers it shows and how late, and what is on air.

It is a value: what is done to it makes another one. Everything of it is kept over a restart.
"""

from collections.abc import Mapping
from typing import Literal, NamedTuple, Self

import msgspec

from streaming.program.rundown import Rundown
from streaming.program.running import Running
from streaming.program.state import (
    Broken,
    Coming,
    Cue,
    Done,
    HostLine,
    KeptOut,
    Lock,
    Overlay,
    OverlayOnAir,
    Preview,
    ProgramState,
    SceneOnAir,
    Showing,
    Still,
    Store,
    Take,
    Tick,
    Tried,
    Withdrawn,
)
from streaming.program.tempo import Tempo
from streaming.program.told import ControlProgramState

BEFORE_MAX = 20
"""Scenes that were on air before, kept for the way back."""
CUE_TOLD_MS = 10_000
"""A cue is told to screens this long before it fires, or as soon as it is given; until then only operators know. It is
longer than a screen that polls is behind."""

Aspect = Literal["picture", "overlays", "hand", "rundown", "host", "button", "checks"]
"""What of an output something is done to. Whoever changes the picture need not have seen a change of its delay."""


class At(NamedTuple):
    """A moment: by the server's clock, ms since the epoch, and by one that nobody sets."""

    now_ms: int
    elapsed_ms: int


class Hand(msgspec.Struct, frozen=True):
    """Who steers: ``by`` as rows and topics name them; ``output`` is the one that a director or a device's key is bound
    to, None for who may steer all; ``may_break`` is whether they may end another's lock."""

    by: str
    output: str | None = None
    may_break: bool = False


class Output(msgspec.Struct, frozen=True, kw_only=True):
    """One output. ``on_air`` is by store: a rehearsal's scene is not the ceremony's.

    ``store_chosen`` is whether somebody has chosen the store; else it is that of the settings, at each start.
    ``version`` counts what was done to it, and ``done`` is the last of each aspect. ``before`` are the scenes that were
    on air before, the last at the end. ``coming`` is what the output that it follows has put on air, and is not due
    yet. ``stands_for`` names the output and the take there for which the scene on air stands, None for an own one.
    ``runs`` says of each store how far it has come in the rundown. ``overlays`` are all that it has, by name, and
    ``cleared`` is when they were taken away at once last. ``kept_out`` are the boxes that they keep out of: what
    stands in this output's picture by itself, whatever it follows; ``theme`` is how they look, "" for as shipped.
    """

    name: str
    version: int = 0
    follows: str | None = None
    lock: Lock | None = None
    broken: Broken | None = None
    delay_ms: int = 0
    store: Store = "live"
    store_chosen: bool = False
    on_air: Mapping[Store, Take]
    stands_for: tuple[str, int] | None = None
    before: tuple[SceneOnAir, ...] = ()
    preview: Preview | None = None
    coming: tuple[Coming, ...] = ()
    cue: Cue | None = None
    cues: int = 0
    still: Still | None = None
    withdrawn: Withdrawn | None = None
    done: Mapping[Aspect, Done] = {}
    rundown: Rundown = Rundown()
    runs: Mapping[Store, Running] = {}
    host: HostLine | None = None
    tried: Tried | None = None
    ticks: Mapping[str, Tick] = {}
    overlays: Mapping[str, Overlay] = {}
    cleared: int = 0
    kept_out: tuple[KeptOut, ...] = ()
    theme: str = ""

    @property
    def take(self) -> Take:
        """What is on air, or would be if the picture did not stand still."""
        return self.on_air[self.store]

    @property
    def scene(self) -> SceneOnAir:
        """The scene of it."""
        return self.take.scene

    @property
    def shown_scene(self) -> SceneOnAir:
        """The scene that everybody sees: that of a picture that stands still."""
        return self.scene if self.still is None else self.still.scene

    @property
    def running(self) -> Running:
        """How far it has come in its rundown, over the numbers that it shows."""
        return self.runs.get(self.store) or self.begins(self.take.scene.since)

    def begins(self, now_ms: int, tempo: Tempo | None = None) -> Running:
        """A run that begins now."""
        first = self.rundown.after(None)
        return Running(run=now_ms, next=None if first is None else first.id, tempo=tempo)

    @property
    def shows(self) -> Showing:
        """Which numbers it shows, and how."""
        since = self.still.at if self.still is not None else None
        return Showing(self.store, self.delay_ms, frozen=self.still is not None, since=since)

    def with_(self, **changes: object) -> Self:
        """The same but for some fields."""
        return msgspec.structs.replace(self, **changes)

    def showing(self, take: Take) -> Self:
        """The same with another scene, or another step of it, on air in its store."""
        return self.with_(on_air={**self.on_air, self.store: take})

    def ran(self, running: Running) -> Self:
        """The same, come so far in its rundown over the numbers that it shows."""
        return self.with_(runs={**self.runs, self.store: running})

    def stays(self) -> Self:
        """The same, but that it goes on by itself no more: a person has taken over."""
        return self if self.running.advances_at is None else self.ran(self.running.stays())

    def fires_ms(self, cue: Cue) -> int:
        """When a cue is due here."""
        return cue.at + self.delay_ms

    def face(self, now_ms: int, *, is_solemn: bool = False) -> ProgramState:
        """What everybody may see. Over a scene of respect, ``is_solemn``, stands no overlay; they are there again after
        it. Those of a picture that stands still come and go, over numbers that do not."""
        scene, cue = self.shown_scene, self.cue_told(now_ms) if self.still is None else self.still.cue
        overlays = {
            name: OverlayOnAir(True, each.data, each.step, each.show, each.since)
            for name, each in self.overlays.items()
            if each.shown and not is_solemn
        }
        return ProgramState(
            scene=scene, cue=cue, output=self.shows, overlays=overlays or None, cleared=self.cleared or None,
            kept_out=self.kept_out or None, theme=self.theme or None,
        )  # fmt: skip

    def cue_told(self, now_ms: int) -> Cue | None:
        """The cue as screens may know it."""
        return self.cue if self.cue is not None and now_ms >= self.cue.at - CUE_TOLD_MS else None

    @property
    def _has_run(self) -> bool:
        """Whether there is anything to tell of a run: an overlay is armed without any."""
        return bool(self.rundown.items) or self.store in self.runs or self.running.armed is not None

    def told(self) -> ControlProgramState:
        """What operators see of it, without what is not the output's own."""
        return ControlProgramState(
            version=self.version,
            on_air=self.take,
            last=self.done.get("picture"),
            follows=self.follows,
            lock=self.lock,
            broken=self.broken,
            output=self.shows,
            still=self.still,
            coming=self.coming or None,
            preview=self.preview,
            cue=self.cue,
            withdrawn=self.withdrawn,
            rundown=self.rundown if self.rundown.items else None,
            running=self.running if self._has_run else None,
            host=self.host,
            tried=self.tried,
            ticks=self.ticks or None,
            overlays=self.overlays or None,
            kept_out=self.kept_out or None,
            theme=self.theme or None,
        )
