"""Following: which outputs show what another does, and how what is taken there comes to them.

A take reaches every output that follows, directly or over others, unless somebody holds it or one between. Each shows
it by its own delay after the moment of the take, not after the one that it follows: a delay says how late a picture is,
and those of a row do not add up.
"""

from collections.abc import Iterable, Mapping
from itertools import pairwise

import msgspec

from streaming.program.errors import UnknownOutput, WrongSteering
from streaming.program.on_air import count_to, put, step_to
from streaming.program.output import Output
from streaming.program.state import Coming, Overlay

COMING_MAX = 64
"""Takes on their way to one output: at one in 800 ms a delay of 30 s has 38."""

Outputs = Mapping[str, Output]


def check_follow(outputs: Outputs, name: str, other: str | None) -> None:
    """Check that an output may follow another.

    Raises:
        UnknownOutput: If there is no such other.
        WrongSteering: If the other follows it, directly or over others, or is itself.
    """
    if other is None:
        return
    if other not in outputs:
        raise UnknownOutput(other)
    on_the_way: str | None = other
    for _ in outputs:
        if on_the_way == name:
            raise WrongSteering("output", other, f"an output that does not follow {name}")
        if on_the_way is None:
            return
        if on_the_way not in outputs:
            raise UnknownOutput(on_the_way)
        on_the_way = outputs[on_the_way].follows


def untangled(outputs: Iterable[Output]) -> list[Output]:
    """The outputs as they can be begun with: those follow nobody that follow one that is gone, or in a circle."""
    found = {output.name: output for output in outputs}
    for output in [*found.values()]:
        try:
            check_follow(found, output.name, output.follows)
        except (UnknownOutput, WrongSteering):
            found[output.name] = output.with_(follows=None, coming=())
    return [*found.values()]


def reached(outputs: Outputs, name: str) -> list[Output]:
    """The outputs that follow one, nearest first, those of which somebody holds left out with all that follow them."""
    found: list[Output] = []
    nearest = [name]
    while nearest:
        nearer = set(nearest)
        further = [each for each in outputs.values() if each.follows in nearer and each.lock is None]
        found += further
        nearest = [each.name for each in further]
    return found


def send(outputs: Outputs, origin: Output, by: str, at_ms: int) -> list[Output]:
    """Put what an output shows now on its way to those that follow it."""
    coming = Coming(origin.name, by, at_ms, origin.scene)
    return [expect(output, coming) for output in reached(outputs, origin.name)]


def send_overlays(
    outputs: Outputs, origin: Output, by: str, at_ms: int, overlays: Mapping[str, Overlay]
) -> list[Output]:
    """Put overlays as an output has them now on their way to those that follow it and have them too."""
    coming = Coming(origin.name, by, at_ms, origin.scene, overlays)
    return [expect(output, coming) for output in reached(outputs, origin.name)]


def expect(output: Output, coming: Coming) -> Output:
    """Let something be on its way to an output. Where too much is, overlays become one, at the time of the later, or
    they would push takes out."""
    waiting = (*output.coming, coming)
    if len(waiting) > COMING_MAX:
        waiting = _thinned(waiting)
    return output.with_(coming=waiting[-COMING_MAX:])


def _thinned(waiting: tuple[Coming, ...]) -> tuple[Coming, ...]:
    for at, (one, other) in enumerate(pairwise(waiting)):
        if one.overlays is not None and other.overlays is not None:
            both = msgspec.structs.replace(other, overlays={**one.overlays, **other.overlays})
            return (*waiting[:at], both, *waiting[at + 2 :])
    return waiting


def due_ms(output: Output) -> int | None:
    """When the next of what is on its way to an output is due, None if nothing is."""
    return output.coming[0].at + output.delay_ms if output.coming else None


def arrive(output: Output, now_ms: int) -> tuple[Output, Coming | None]:
    """Let come what is due; returns the output then, and what has come last, None for nothing.

    What lies in the future was sent before somebody set the clock back, and is due.
    """
    last: Coming | None = None
    while output.coming and not output.coming[0].at <= now_ms < output.coming[0].at + output.delay_ms:
        last, *rest = output.coming
        output = _shown(output, last, now_ms).with_(coming=tuple(rest))
    return output, last


def _as_long(overlay: Overlay, delay_ms: int) -> Overlay:
    """An overlay that stands as long here as where it was shown, so much later."""
    if overlay.hides_at is None:
        return overlay
    return msgspec.structs.replace(overlay, hides_at=overlay.hides_at + delay_ms)


def _shown(output: Output, coming: Coming, now_ms: int) -> Output:
    if coming.overlays is not None:
        known = {
            name: _as_long(each, output.delay_ms) for name, each in coming.overlays.items() if name in output.overlays
        }
        return output.with_(overlays={**output.overlays, **known})
    stands_for, scene = (coming.output, coming.scene.take), coming.scene
    if output.stands_for == stands_for:
        # Another step, or another countdown, of what is on air already.
        return count_to(step_to(output, coming.by, scene.step), coming.by, scene.countdown)
    shown = put(output, coming.by, scene.name, scene.settings, now_ms, step=scene.step)
    return count_to(shown, coming.by, scene.countdown).with_(stands_for=stands_for)
