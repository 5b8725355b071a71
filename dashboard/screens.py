"""The table of screens: what each page is made of."""

from dataclasses import dataclass

INK = "#061320"
"""What is seen before a screen is painted: its own ground."""
CLOSE_RETRY_MAX_MS = 2_000
PUBLIC_RETRY_MAX_MS = 30_000
"""The longest window between two tries to load a screen, as of its sockets (static/js/live/retry.js): there are few big
screens, and they are first; a unit's page may be open anywhere."""

FRAME = "frame"
"""The parameter that asks for the screen itself; without it its address gives the shell that holds it."""
CARRIED = ("scene", "out", "lang", "safe", "offset", "live", "own")
"""The parameters of a screen that its shell passes on to it, whatever they say. The screen's key is not among them: the
shell keeps it to itself."""


@dataclass(frozen=True)
class Screen:
    """A page: its route, its template below templates/, its script below static/, and the topic it follows.

    Its shell shows ``ground`` until the page is painted, and tries to load it anew within ``retry_max_ms``.
    """

    path: str
    template: str
    module: str
    topic: str
    retry_max_ms: int
    ground: str = INK


SCREENS = (
    Screen("/", "screens/hall.html", "js/pages/hall.js", "board", CLOSE_RETRY_MAX_MS),
    Screen("/units/{code}", "units/unit.html", "js/pages/unit.js", "unit/{code}", PUBLIC_RETRY_MAX_MS),
    Screen("/points/{code}", "points/screen.html", "js/pages/point.js", "board", CLOSE_RETRY_MAX_MS),
    Screen("/overlays/{name}", "overlays/page.html", "js/pages/overlay.js", "board", CLOSE_RETRY_MAX_MS, "transparent"),
)
BY_PATH = {screen.path: screen for screen in SCREENS}
