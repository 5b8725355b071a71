"""The map asleep, over which light runs from the capital outward when a launch is given. It tells no numbers, so
nothing of it follows them: the style sheet plays it."""

import msgspec

from dashboard.edition import Edition
from dashboard.parts.part import Cut, Part


class LightSpec(msgspec.Struct, frozen=True):
    """The unit whose map wakes up."""

    of: str


class LightView(msgspec.Struct, frozen=True):
    """Nothing of it depends on the numbers."""


def ask(edition: Edition, of: str) -> LightSpec:
    """What ``light(of=root)`` asks for."""
    return LightSpec(edition.tree[of].code)


def view(_spec: LightSpec, _cut: Cut) -> LightView:
    """What is seen at a cut."""
    return LightView()


LIGHT = Part("light", ask, view)
