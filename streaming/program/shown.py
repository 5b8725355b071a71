"""What an output showed, as it is kept for afterwards: every change that was seen on it, with the numbers of then."""

from types import MappingProxyType
from typing import Literal, NamedTuple

import msgspec

from streaming.program.output import Output
from streaming.program.state import Cue, SceneOnAir, SceneSettings, Store

MARK_CHARS_MAX = 200

What = Literal[
    "scene", "step", "countdown", "countdown_held", "item", "still", "resume", "withdraw", "restore", "launch", "store",
    "delay", "mark", "overlay", "overlay_hidden", "overlays_cleared",
]  # fmt: skip


class Figures(NamedTuple):
    """The numbers of the whole contest as an output shows them: the row of their cut, begun and completed entries."""

    seq: int
    started: int
    completed: int


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """A change of what ``output`` showed, ``at`` the time at which it was seen there.

    ``run`` is the run (lần chạy) that it belongs to, None where none has begun. ``item`` is the title of the item that
    was on. ``value`` is the delay in ms, the time to which is counted, what was left of a countdown that is held, or
    the id of a launch's cue. ``text`` is what a mark says. ``step`` is how much of the scene was revealed. ``overlay``
    is the one that was shown or hidden, and ``data`` what it said.
    """

    at: int
    output: str
    run: int | None
    store: Store
    what: What
    by: str
    scene: str
    settings: SceneSettings
    step: int
    seq: int
    started: int
    completed: int
    item: str = ""
    value: int | None = None
    text: str = ""
    overlay: str = ""
    data: SceneSettings = {}


class Change(NamedTuple):
    """What has changed, by whose hand, and the value of it; of which overlay, and what that says."""

    what: What
    by: str
    value: int | None = None
    overlay: str = ""
    data: SceneSettings = MappingProxyType({})


def changes(old: Output, new: Output) -> list[Change]:
    """What is seen to be different on an output. What acts behind a picture that stands still is not."""
    by, found = last_by(new), list[Change]()
    if new.store != old.store:
        found.append(Change("store", by))
    if new.delay_ms != old.delay_ms:
        found.append(Change("delay", by, new.delay_ms))
    if new.withdrawn is not None and old.withdrawn is None:
        found.append(Change("withdraw", new.withdrawn.by))
    elif new.withdrawn is None and old.withdrawn is not None:
        found.append(Change("restore", by))
    if new.still is not None and old.still is None:
        found.append(Change("still", new.still.by))
    elif new.still is None and old.still is not None:
        found.append(Change("resume", by))
    is_item = new.store == old.store and new.running.began[-1:] != old.running.began[-1:]
    return [*found, *_of_scene(seen(old), seen(new), new, is_item=is_item), *_of_overlays(old, new)]


def _of_scene(was: SceneOnAir, now: SceneOnAir, output: Output, *, is_item: bool) -> list[Change]:
    by = output.take.by
    if now.take != was.take:
        return [Change("scene", by)]
    found = [Change("item", last_by(output))] if is_item else []
    if now.step != was.step:
        found.append(Change("step", by))
    if now.countdown != was.countdown and now.countdown is not None:
        held = now.countdown.to_ms is None
        value = now.countdown.left_ms if held else now.countdown.to_ms
        found.append(Change("countdown_held" if held else "countdown", by, value))
    return found


def _of_overlays(old: Output, new: Output) -> list[Change]:
    """The overlays that came, said something else, or went; what went all at once is told once."""
    by = last_by(new)
    found, gone = list[Change](), list[Change]()
    for name, now in new.overlays.items():
        was = old.overlays.get(name)
        if now.shown and (was is None or not was.shown or was.show != now.show or was.data != now.data):
            found.append(Change("overlay", by, overlay=name, data=now.data))
        elif was is not None and was.shown and not now.shown:
            gone.append(Change("overlay_hidden", by, overlay=name))
    if gone and new.cleared != old.cleared:
        gone = [Change("overlays_cleared", by)]
    return [*gone, *found]


def seen(output: Output) -> SceneOnAir:
    """The scene that is seen on an output."""
    return output.scene if output.still is None else output.still.scene


def last_by(output: Output) -> str:
    """Who did something to an output last."""
    last = max(output.done.values(), key=lambda done: done.version, default=None)
    return output.take.by if last is None else last.by


def fired(output: Output, now_ms: int) -> Cue | None:
    """The cue that has been seen on an output; none is behind a picture that stands still."""
    cue = output.cue
    return cue if cue is not None and output.still is None and output.fires_ms(cue) <= now_ms else None
