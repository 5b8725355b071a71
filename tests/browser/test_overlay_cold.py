"""An overlay that is opened at any moment paints what one shows that has been open for long: cold start is no state."""

import io
import json
import random
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from PIL import Image, ImageChops
from playwright.sync_api import Page

from streaming.program.state import Cue, OverlayOnAir, ProgramState
from tests.browser.boxes import texts
from tests.browser.conftest import Open, until
from tests.browser.stand import ON_AIR, SHOWS, Air, Stand
from tests.worlds.whole import sized

MOMENTS = sized(1, whole=20)
FEW = 4
"""Of the ten overlays, drawn by the seed."""
EVENTS_MAX = 6
"""Between two moments at which a page is opened."""
SEED = 86
SIZE = (960, 540)
LEVELS = 6
"""Of 255, by which two pictures of one state may differ: a gradient that begins between two pixels is rounded otherwise
in a layer that moved (4 were seen, in the launch's bottom edge)."""
UNITS = ("024", "026", "00691")
WARDS = ("00691", "00715", "00721", "00688")
PAST_MS = 60_000
ASKED: Mapping[str, Mapping[str, str]] = {
    "total": {},
    "lower-third": {"unit": "026"},
    "standings": {"rows": "11"},
    "countdown": {"to_ms": "1662600000000"},
    "milestone": {"at": "1000"},
    "launch": {},
    "qr": {},
    "bug": {"position": "bottom-right"},
    "ticker": {},
    "map": {},
}
"""Every overlay, none of which counts down: their clocks stand."""
SAID: Mapping[str, tuple[Mapping[str, Any], ...]] = {
    "total": ({"size": 80}, {"asof": False}),
    "lower-third": (
        {"unit": "00691"},
        {"name": "Nguyễn Văn A", "honorific": "dong-chi", "titles": ("Bí thư Tỉnh ủy", "Chủ tịch"), "capitals": True},
    ),
    "standings": ({"of": "026", "rows": 3}, {"rows": 5, "position": "left"}),
    "milestone": ({"at": 5000},),
    "bug": ({"unit": "024"},),
    "map": ({"size": 60},),
}
"""What an output may have each say."""
SETTLED = """document.querySelector("main") !== null && document.querySelector(".waiting") === null
  && document.querySelector(".rolls .together") === null
  && document.getAnimations().every((each) => each.playState === "finished")"""


def test_one_that_is_opened_at_any_moment_equals_one_that_has_followed(air: Air, stand: Stand, open_page: Open) -> None:
    made = random.Random(SEED)
    addresses = {name: f"{stand.url}/overlays/{name}?{urlencode(asked)}" for name, asked in ASKED.items()}
    followed = {name: open_page(addresses[name], SIZE) for name in sized(made.sample([*ASKED], FEW), whole=[*ASKED])}
    fresh = open_page(addresses["bug"], SIZE)
    evening = Evening(air, stand)
    seen: set[bytes] = set()
    for moment in range(MOMENTS):
        for _ in range(made.randint(1, EVENTS_MAX)):
            evening.goes_on(made)
        for name, page in followed.items():
            fresh.goto(addresses[name])
            until(fresh, f"document.body.dataset.fresh === 'live' && {SETTLED}")
            expected = picture(fresh)
            told = [box.text for box in texts(fresh)]
            until(page, f"{SETTLED} && JSON.stringify({TEXTS}) === JSON.stringify({json.dumps(fresh.evaluate(TEXTS))})")
            levels = ImageChops.difference(picture(page), expected)
            difference = levels.point(lambda level: level * (level > LEVELS)).getbbox()
            assert difference is None, f"moment {moment}: {name} differs at {difference}, opened now it says {told}"
            seen.add(expected.tobytes())
    assert len(seen) > len(followed) / 2, "nothing is seen, so nothing is compared"


TEXTS = "[document.querySelector('main').className.replace(' still', ''), document.querySelector('main').innerText]"


def picture(page: Page) -> Image.Image:
    """The page as a host has it, over nothing."""
    return Image.open(io.BytesIO(page.screenshot(omit_background=True))).convert("RGBA")


class Evening:
    """What happens to the numbers and overlays of an output."""

    def __init__(self, air: Air, stand: Stand) -> None:
        self.air = air
        self.stand = stand
        self.overlays: dict[str, OverlayOnAir] = dict(stand.overlays or {})
        self.cue: Cue | None = None
        self.cleared = 0

    def goes_on(self, made: random.Random) -> None:
        """One thing happens, by the chance of ``made``."""
        happen: Callable[[random.Random], None] = made.choices(
            (self.count, self.say, self.hide, self.show_all, self.clear, self.launch), (5, 4, 1, 2, 1, 1)
        )[0]
        happen(made)

    def count(self, made: random.Random) -> None:
        """Entries come in."""
        board = self.air.add(made.choice(WARDS), made.randint(1, 9_000))
        self.stand.show(board)
        for unit in UNITS:
            self.stand.show(self.air.frame_of(f"unit/{unit}"))

    def say(self, made: random.Random) -> None:
        """An overlay is shown, and says something else."""
        name = made.choice([*SAID])
        self._put({name: OverlayOnAir(True, made.choice(SAID[name]), 0, 2, 2)})

    def hide(self, made: random.Random) -> None:
        """An overlay goes."""
        self.overlays.pop(made.choice([*ASKED]), None)
        self._put({})

    def show_all(self, _made: random.Random) -> None:
        """All come, as their addresses have them."""
        self._put({name: OverlayOnAir(True, {}, 0, 3, 3) for name in ASKED if name not in self.overlays})

    def clear(self, _made: random.Random) -> None:
        """All go at once."""
        self.cleared += 1
        self.overlays = {}
        self._put({})

    def launch(self, _made: random.Random) -> None:
        """The contest was launched a while ago."""
        self.cue = Cue("launch", 1, self.stand.now_ms - PAST_MS)
        self._put({})

    def _put(self, changed: Mapping[str, OverlayOnAir]) -> None:
        self.overlays |= changed
        state = ProgramState(
            scene=ON_AIR, cue=self.cue, output=SHOWS, overlays=dict(self.overlays), cleared=self.cleared
        )
        self.stand.tell("program/hall", state)
