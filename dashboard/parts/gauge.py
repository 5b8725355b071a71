"""What a test picture tells of the screen that shows it: the server's time, and what the browser alone knows."""

import msgspec

from dashboard.edition import Edition
from dashboard.parts.part import Cut, Part


class GaugeSpec(msgspec.Struct, frozen=True):
    """Nothing is chosen of it."""


class GaugeView(msgspec.Struct, frozen=True):
    """The time of the picture; frames a second, size and pixel ratio are measured where they are shown."""

    clock: str


def ask(_edition: Edition) -> GaugeSpec:
    """What ``gauge()`` asks for."""
    return GaugeSpec()


def view(_spec: GaugeSpec, cut: Cut) -> GaugeView:
    """What is seen at a cut."""
    return GaugeView(cut.words.clock(cut.now_ms))


GAUGE = Part("gauge", ask, view)
