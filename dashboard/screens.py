"""The table of screens: what each page is made of."""

from dataclasses import dataclass

HALL_SCENES = ("live", "standings", "trend", "latest")
"""The scenes of the big screen, in the order of the keys 1 to 4; the first is shown unless another is asked for."""


@dataclass(frozen=True)
class Screen:
    """A page: its route, its template below templates/, its script below static/, and the topic it follows."""

    path: str
    template: str
    module: str
    topic: str


SCREENS = (
    Screen("/", "screens/hall.html", "js/pages/hall.js", "board"),
    Screen("/units/{code}", "units/unit.html", "js/pages/unit.js", "unit/{code}"),
)
