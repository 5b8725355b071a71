"""What operators, and the output's director, are told of it."""

from collections.abc import Mapping
from typing import Literal

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
    Preview,
    Showing,
    Still,
    Take,
    Tick,
    Tried,
    Withdrawn,
)
from streaming.topics.state import State

FaultCode = Literal["host_data", "host_removed", "host_value", "address", "old", "strap", "key"]
"""What a renderer's page of an overlay may have to tell: what its host gave cannot be read, came after ``remove()``, or
is nothing that the overlay can say; its address asks for what there is not; it is of an earlier release and could not
load itself anew; it names somebody of whom no strap is approved; its screen key was revoked."""


class RendererFault(msgspec.Struct, frozen=True, kw_only=True):
    """Something that went wrong on a ``renderer``, the name of its screen key if it ``has_key``, else its address: of
    which ``overlay``, "" where that is not known, and ``what`` of it, the name of a parameter or of a person. It was
    heard ``count`` times, ``first`` and ``last`` then."""

    renderer: str
    has_key: bool
    overlay: str
    code: FaultCode
    what: str
    first: int
    last: int
    count: int


class ControlProgramState(State, frozen=True, kw_only=True):
    """Of ``control/program/{output}``.

    ``version`` is the output's, which whoever steers sends as ``seen``. ``on_air`` is what is on air, or would be if
    the picture did not stand ``still``. ``lacks`` names scenes that have nothing to show yet, and what each lacks.
    ``tally`` is whether the output is on the switcher's program, None where nobody tells. ``solemn`` is the scene of
    respect (chào cờ, mặc niệm) that the output shows which this one follows, but for somebody's hold. ``tried`` is the
    last try of the button on stage, ``ticks`` who has seen to lines of the list before the broadcast. ``overlays`` are
    all that the output has, those that are hidden too; ``kept_out`` and ``theme`` are what everybody is told of them,
    ``faults`` is what went wrong on the renderers that show them.
    """

    version: int | None = None
    on_air: Take | None = None
    last: Done | None = None
    follows: str | None = None
    lock: Lock | None = None
    broken: Broken | None = None
    output: Showing | None = None
    still: Still | None = None
    coming: tuple[Coming, ...] | None = None
    preview: Preview | None = None
    cue: Cue | None = None
    withdrawn: Withdrawn | None = None
    tally: bool | None = None
    lacks: Mapping[str, str] | None = None
    rundown: Rundown | None = None
    running: Running | None = None
    host: HostLine | None = None
    tried: Tried | None = None
    ticks: Mapping[str, Tick] | None = None
    solemn: str | None = None
    overlays: Mapping[str, Overlay] | None = None
    kept_out: tuple[KeptOut, ...] | None = None
    theme: str | None = None
    faults: tuple[RendererFault, ...] | None = None
