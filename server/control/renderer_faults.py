"""What went wrong on the renderers of an output's overlays, for whoever directs it: nothing of it is seen on air.

Pages tell it themselves, and anybody may open one. So it is bounded in number, for each renderer and for each output,
what is told again is one line, nothing of it outlives the server, and no text of a renderer is kept but a name that it
shows: that is the fault itself.
"""

from collections.abc import Callable, Container, Mapping
from typing import Annotated, Any, NamedTuple

import msgspec

from dashboard.overlays.lower_third import NAME_CHARS_MAX, TITLE_CHARS_MAX, TITLES_MAX, Honorific
from dashboard.overlays.overlays import BY_NAME
from dashboard.overlays.straps import tidy, unseen_in
from streaming.program.told import FaultCode, RendererFault

PROGRAM = "program"
"""The first part of the topic that every page of an output follows."""
OF_RENDERER_MAX = 8
"""Faults of one renderer that are kept; its oldest goes for another."""
OF_OUTPUT_MAX = 24
"""Faults of one output that are kept: those of renderers without a key go first."""
KEPT_MS = 60 * 60 * 1000
"""A fault of which nothing was heard for so long is told no more."""
COUNT_MAX = 9_999
OTHER = "…"
"""What stands for a parameter that is none."""
READINGS = frozenset({"json", "xml", "long", "fields"})
"""Why what a host gave could not be read."""
CALLS = frozenset({"play", "stop", "next"})
"""What a host may call too late."""
OF_PAGE = frozenset({"bg", "overlay", "theme"})
"""The parameters that are no settings, and may be wrong."""


class Renderer(NamedTuple):
    """Who shows an overlay: by the name of its screen key if it ``has_key``, else by its address."""

    name: str
    has_key: bool = False


class StrapTold(msgspec.Struct, frozen=True):
    """What a renderer shows of a person."""

    name: Annotated[str, msgspec.Meta(max_length=NAME_CHARS_MAX)]
    honorific: Honorific = ""
    titles: Annotated[tuple[Annotated[str, msgspec.Meta(max_length=TITLE_CHARS_MAX)], ...],
                      msgspec.Meta(max_length=TITLES_MAX)] = ()  # fmt: skip
    capitals: bool = False


class FaultTold(msgspec.Struct, frozen=True, tag="fault"):
    """A fault as a page tells it: of which ``overlay``, what, ``what`` of it, how often since it told so last, and the
    ``strap`` where it is about one."""

    overlay: Annotated[str, msgspec.Meta(max_length=40)]
    code: FaultCode
    what: Annotated[str, msgspec.Meta(max_length=40)] = ""
    count: Annotated[int, msgspec.Meta(ge=1, le=1_000)] = 1
    strap: StrapTold | None = None


class _Key(NamedTuple):
    renderer: Renderer
    overlay: str
    code: FaultCode
    what: str


class RendererFaults:
    """The faults of every output, heard by the ``topic`` that a page follows; ``outputs`` gives which there are.
    ``approves`` tells whether what is shown of a person is an approved strap."""

    def __init__(self, now_ms: Callable[[], int], outputs: Callable[[], Container[str]]) -> None:
        self._now_ms = now_ms
        self._outputs = outputs
        self.approves: Callable[[Mapping[str, Any]], bool] = lambda _data: False
        self._of: dict[str, dict[_Key, RendererFault]] = {}

    def hear(self, topic: str, renderer: Renderer, told: FaultTold) -> None:
        """Hear what a page tells. What it cannot know, and a strap that is approved, is no fault."""
        overlay = BY_NAME.get(told.overlay)
        if overlay is None or told.code == "key":
            return
        what = told.what
        if told.code == "strap":
            if told.strap is None or self.approves(msgspec.structs.asdict(told.strap)):
                return
            said = " · ".join(text for text in map(tidy, (told.strap.name, *told.strap.titles)) if text)
            what = OTHER if unseen_in(said) else said
        elif what and what not in READINGS | CALLS | OF_PAGE | {*overlay.settings.__struct_fields__}:
            what = OTHER
        self._note(topic, _Key(renderer, overlay.name, told.code, what), told.count)

    def hear_revoked(self, topic: str, key: str) -> None:
        """Hear that a page asks by a key that is in force no more."""
        self._note(topic, _Key(Renderer(key, has_key=True), "", "key", ""), 1)

    def hear_unknown(self, topic: str, renderer: Renderer) -> None:
        """Hear that a page was asked for of an overlay that there is not."""
        self._note(topic, _Key(renderer, "", "address", "overlay"), 1)

    def of(self, output: str) -> tuple[RendererFault, ...]:
        """What is told of an output, the latest first."""
        known = self._of.get(output, {})
        after_ms = self._now_ms() - KEPT_MS
        for key in [key for key, fault in known.items() if fault.last <= after_ms]:
            del known[key]
        return tuple(sorted(known.values(), key=lambda fault: -fault.last))

    def seen(self, output: str, until_ms: int) -> None:
        """Somebody has seen what was told until then: of what is still so, more will be heard."""
        known = self._of.get(output, {})
        self._of[output] = {key: fault for key, fault in known.items() if fault.last > until_ms}

    def forget(self, output: str) -> None:
        """An output is there no more."""
        self._of.pop(output, None)

    def _note(self, topic: str, key: _Key, count: int) -> None:
        kind, _, output = topic.partition("/")
        if kind != PROGRAM or output not in self._outputs():
            return
        now_ms, known = self._now_ms(), self._of.setdefault(output, {})
        old = known.get(key)
        if old is None and not self._has_room(known, key.renderer):
            return
        known[key] = RendererFault(
            renderer=key.renderer.name,
            has_key=key.renderer.has_key,
            overlay=key.overlay,
            code=key.code,
            what=key.what,
            first=now_ms if old is None else old.first,
            last=now_ms,
            count=min(COUNT_MAX, count + (0 if old is None else old.count)),
        )

    def _has_room(self, known: dict[_Key, RendererFault], renderer: Renderer) -> bool:
        """Whether there is room for another of a renderer, after what counts less has gone for it."""
        own = [key for key in known if key.renderer == renderer]
        if len(own) >= OF_RENDERER_MAX:
            del known[min(own, key=lambda key: known[key].last)]
        elif len(known) >= OF_OUTPUT_MAX:
            least = min(known, key=lambda key: (key.renderer.has_key, known[key].last))
            if least.renderer.has_key and not renderer.has_key:
                return False
            del known[least]
        return True
