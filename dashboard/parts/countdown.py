"""The seconds until the start. Each stands for one second of the picture's time, the first of them whole; then stands a
sentence, for as long as it takes."""

import msgspec

from dashboard.edition import Edition
from dashboard.parts.part import Cut, Part

SECOND_MS, DAY_S = 1_000, 86_400


class CountdownSpec(msgspec.Struct, frozen=True):
    """``to_ms`` is what it counts down to where it is not on air, which says so itself; None for the first opening."""

    to_ms: int | None


class CountdownView(msgspec.Struct, frozen=True):
    """What is written above, whole days, and the rest of the time; both "" once it is over."""

    head: str
    days: str
    clock: str


def ask(_edition: Edition, to_ms: int | None = None) -> CountdownSpec:
    """What ``countdown(to_ms=settings.to_ms)`` asks for."""
    return CountdownSpec(to_ms or None)


def view(spec: CountdownSpec, cut: Cut) -> CountdownView:
    """What is seen at a cut."""
    left_ms = _left_ms(spec, cut)
    if left_ms <= 0:
        return CountdownView(cut.words.say("opens_soon"), "", "")
    # Rounded up: ten seconds before the end "10" has just begun, and 0 is the end itself.
    days, seconds = divmod(-(-left_ms // SECOND_MS), DAY_S)
    hours, minutes = seconds // 3_600, f"{seconds // 60 % 60:02}:{seconds % 60:02}"
    clock = f"{hours:02}:{minutes}" if days else f"{hours}:{minutes}" if hours else minutes
    return CountdownView(cut.words.say("starts_in"), cut.words.count("days_left", days) if days else "", clock)


def _left_ms(spec: CountdownSpec, cut: Cut) -> int:
    on_air = cut.countdown
    if on_air is not None and on_air.left_ms is not None:
        return on_air.left_ms
    to_ms = (on_air.to_ms if on_air is not None else spec.to_ms) or cut.opens_ms
    return 0 if to_ms is None else to_ms - cut.now_ms


COUNTDOWN = Part("countdown", ask, view)
