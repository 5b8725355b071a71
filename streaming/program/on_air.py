"""Putting a scene on air: takes that only rise, and what a take changes beside the picture."""

import msgspec

from streaming.program.output import BEFORE_MAX, Output
from streaming.program.state import Countdown, SceneOnAir, SceneSettings, Take
from streaming.program.tempo import SECOND_MS, Tempo


def next_take(
    by: str, name: str, settings: SceneSettings, now_ms: int, after: Take | None, *, version: int, step: int = 0
) -> Take:
    """What is on air when a scene is put there ``after`` another, None where nothing has ever been."""
    # It is named by the time, so that the name of one that a kill has kept off the disk is not given to another.
    take = max(after.scene.take + 1 if after else 0, now_ms)
    return Take(version, by, SceneOnAir(name, settings, take, now_ms, step, counts_to(settings)))


def counts_to(settings: SceneSettings) -> Countdown | None:
    """What a scene counts down to from its take on: the time that its setting ``to_ms`` names, 0 for none yet."""
    to_ms = settings.get("to_ms")
    return Countdown(to_ms or None) if isinstance(to_ms, int) else None


def at_tempo(countdown: Countdown | None, tempo: Tempo) -> Countdown | None:
    """What is counted down to where the evening goes at a tempo of its own: a whole second, as its planned hour is."""
    if countdown is None or countdown.to_ms is None:
        return countdown
    return Countdown(-(-tempo.moment_ms(countdown.to_ms) // SECOND_MS) * SECOND_MS)


def put(output: Output, by: str, name: str, settings: SceneSettings, now_ms: int, *, step: int = 0) -> Output:
    """Put a scene on air; what was there is one step back, and a cue that has fired, or was for that scene, is over."""
    take = next_take(by, name, settings, now_ms, output.take, version=output.version + 1, step=step)
    if (tempo := output.running.tempo) is not None:
        take = msgspec.structs.replace(
            take, scene=msgspec.structs.replace(take.scene, countdown=at_tempo(take.scene.countdown, tempo))
        )
    # A launch that was given over the scene which goes belongs to that: it must not fire over another.
    was_given_here = output.running.launched == output.scene.take
    is_over = output.cue is not None and (was_given_here or output.fires_ms(output.cue) <= now_ms)
    return output.showing(take).with_(
        before=(*output.before, output.scene)[-BEFORE_MAX:],
        stands_for=None,
        cue=None if is_over else output.cue,
        # Somebody has chosen what is on air since: it does not give way to what was there before.
        withdrawn=output.withdrawn and msgspec.structs.replace(output.withdrawn, scene=None),
    )


def step_to(output: Output, by: str, step: int) -> Output:
    """Reveal so much of the scene on air, which stays the same take."""
    scene = msgspec.structs.replace(output.scene, step=step)
    return output.showing(Take(output.version + 1, by, scene))


def count_to(output: Output, by: str, countdown: Countdown | None) -> Output:
    """Let the scene on air count down to something else; it stays the same take."""
    scene = msgspec.structs.replace(output.scene, countdown=countdown)
    return output.showing(Take(output.version + 1, by, scene))
