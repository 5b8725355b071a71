"""How overlays look: clear at their corners, whole, inside the 5 % box, and alike in an engine of the stations' age."""

import io
import re
from collections.abc import Iterator, Sequence
from functools import partial
from urllib.parse import urlencode

import msgspec
import pytest
from PIL import Image
from playwright.sync_api import Browser

from dashboard.overlays.overlays import OVERLAYS
from streaming.program.state import Cue, KeptOut, ProgramState
from tests.browser.alike import apart, look
from tests.browser.boxes import Box, clipped, outside, texts, touching
from tests.browser.cases import Case, folder, frame_of
from tests.browser.conftest import Open, until
from tests.browser.numbers import topic_frame
from tests.browser.stand import ALL_SHOWN, ON_AIR, SHOWS, Stand, standing, state_frame
from tests.worlds.whole import sized

NAMES = [overlay.name for overlay in OVERLAYS]
PERSON = {
    "name": "Nguyễn Thị THÀI PHÌN TỦNG Giàng Chu Phìn Pờ Ly Ngài Nấm Dẩn A",
    "honorific": "dong-chi",
    "capitals": "1",
    "titles": "|".join(["Ủy viên Ban Chấp hành Trung ương Đảng, Bí thư Tỉnh ủy, Chủ tịch Hội đồng nhân dân tỉnh"] * 3),
}
ASKED: dict[str, Sequence[dict[str, str]]] = {
    "lower-third": ({"unit": "024"}, {"unit": "00688", "position": "top-right"}, PERSON),
    "standings": ({"rows": "11"}, {"of": "026", "position": "left", "rows": "3"}),
    "milestone": ({"at": "1"},),
    "countdown": ({"to_ms": "1662690677000"},),
}
"""What is asked of each beside nothing at all."""
READY = "document.querySelector('main').classList.contains('shown')"
SAFE = 0.05
TYPICAL, ABSURD, ZERO = Case("ha-giang", "typical"), Case("absurd", "absurd"), Case("ha-giang", "zero", rehearsal=True)
HD, SMALL, UHD = ("vi", (1920, 1080)), ("en", (1280, 720)), [(lang, (3840, 2160)) for lang in ("vi", "en")]
LOOKED = sized(
    [(TYPICAL, *SMALL), (ABSURD, *HD), (ZERO, *SMALL)],
    whole=[(case, *how) for case in (TYPICAL, ABSURD, ZERO) for how in (HD, SMALL, *UHD)],
)
"""Cases, and the languages and sizes in which they are looked at."""
KEPT_OUT = (
    KeptOut(left=1560, top=54, width=264, height=120, what="logo"),
    KeptOut(left=1424, top=626, width=400, height=400, what="sign"),
)
LAUNCHED_MS = 8_000
"""By then the launch rests."""
SHORTENED = re.compile(r"(H|P|TP|TT|TX|X)\. ")
"""Names are told whole or bare, and never so."""
SMOOTHED = (24, 232)
DARK_MAX, GOLD_MIN = 90, 165
"""The lightest of a plate's channels, and the least red of what is golden, brocade's threads too."""
ROOMED = "document.querySelector('main').classList.contains('roomed')"


@pytest.fixture(scope="module")
def shown(request: pytest.FixtureRequest) -> Iterator[Stand]:
    case: Case = request.param
    board, contest = frame_of(case), folder(case.contest).contest
    with standing(folder(case.contest), partial(topic_frame, board, contest), board.at + 2_000) as stand:
        yield stand


def over(found: Sequence[Box], scale: float) -> list[str]:
    """Texts that stand over one of the boxes."""
    return [
        each.text
        for each in found
        for kept in KEPT_OUT
        if each.left < scale * (kept.left + kept.width) and each.right > scale * kept.left
        and each.top < scale * (kept.top + kept.height) and each.bottom > scale * kept.top
    ]  # fmt: skip


@pytest.mark.parametrize(("shown", "lang", "size"), LOOKED, ids=str, indirect=["shown"])
def test_every_overlay_is_whole_in_its_box_and_clear_beside_it(
    shown: Stand, open_page: Open, lang: str, size: tuple[int, int]
) -> None:
    faults: list[str] = []
    width, height = size
    page = open_page(f"{shown.url}/overlays/bug?lang={lang}", (width, height), still=True)
    is_absurd = shown.folder is folder("absurd")
    launched = Cue("launch", 1, shown.now_ms - LAUNCHED_MS)
    everything = ProgramState(scene=ON_AIR, cue=launched, output=SHOWS, overlays=ALL_SHOWN)
    shown.beside["program/hall"] = state_frame("program/hall", everything, shown.now_ms)
    box = (SAFE * width, SAFE * height, (1 - SAFE) * width, (1 - SAFE) * height)
    for name in NAMES:
        for asked in ASKED.get(name, ({},)):
            page.goto(f"{shown.url}/overlays/{name}?{urlencode({'lang': lang, **asked})}")
            until(page, READY)
            if name == "launch":
                until(page, "document.querySelector('.of-launch[data-cue]')")
            found = texts(page)
            picture = f"{name} {asked.get('position', '')}"
            if is_absurd:
                shown.tell("program/hall", msgspec.structs.replace(everything, kept_out=KEPT_OUT))
                until(page, ROOMED)
                # An entry of the ticker that has no room stands below it, where nobody sees it.
                beside = [each for each in texts(page) if name != "ticker" or each.top < box[3]]
                faults += [f"{picture} beside boxes: cut {text}" for text in clipped(beside)]
                faults += [f"{picture} beside boxes: outside {text}" for text in outside(beside, *box)]
                faults += [f"{picture}: over a box {text}" for text in over(beside, width / 1920)]
                shown.tell("program/hall", everything)
                until(page, f"!({ROOMED})")
            faults += [f"{picture}: cut {text}" for text in clipped(found)]
            faults += [f"{picture}: touching {pair}" for pair in touching(found)]
            faults += [f"{picture}: shortened {each.text}" for each in found if SHORTENED.match(each.text)]
            faults += [f"{picture}: outside {text}" for text in outside(found, *box)]
            painted = Image.open(io.BytesIO(page.screenshot(omit_background=True))).convert("RGBA")
            faults += [f"{picture}: not clear at {at}" for at in unclear(painted)]
            # Along the foot of a unit's strap gold goes over into the plate's colour.
            if "unit-strap" not in page.inner_html("main"):
                faults += [f"{picture}: a fringe of {colour} at {at}" for at, colour in fringes(painted)]
    assert not faults, "\n".join(faults)


def unclear(picture: Image.Image) -> list[tuple[int, int]]:
    """The corners of a picture that hide what is behind it."""
    corners = [(x, y) for x in (0, picture.width - 1) for y in (0, picture.height - 1)]
    return [at for at in corners if picture.getchannel("A").getpixel(at) != 0]


def fringes(picture: Image.Image) -> list[tuple[tuple[int, int], tuple[int, int, int]]]:
    """Where a smoothed edge has a colour of its own, neither the plate's nor that of gold: over black or over white it
    would stand out. The first of them."""
    half = picture.getchannel("A").point(lambda alpha: 255 if SMOOTHED[0] < alpha < SMOOTHED[1] else 0).tobytes()
    found = []
    for match in re.finditer(rb"\xff", half):
        at = (match.start() % picture.width, match.start() // picture.width)
        red, green, blue = picture.getpixel(at)[:3]  # type: ignore[index]
        if max(red, green, blue) > DARK_MAX and red < GOLD_MIN:
            found.append((at, (red, green, blue)))
    return found[:3]


@pytest.mark.parametrize("name", [name for name in NAMES if name != "launch"])
def test_an_overlay_looks_alike_in_an_older_engine(
    old_engine: Browser, browser: Browser, stand: Stand, name: str
) -> None:
    url = f"{stand.url}/overlays/{name}?{urlencode(ASKED.get(name, ({},))[0])}"
    assert apart(look(browser, url, READY), look(old_engine, url, READY)) == []


def test_a_theme_comes_on_air_and_one_that_does_not_come_changes_nothing(stand: Stand, open_page: Open) -> None:
    sheet = "document.querySelector('link[data-theme]').href"
    page = open_page(f"{stand.url}/overlays/bug", (1280, 720), still=True)
    until(page, READY)
    everything = ProgramState(scene=ON_AIR, output=SHOWS, overlays=ALL_SHOWN)
    with page.expect_response("**/gone.css") as asked:
        stand.tell("program/hall", msgspec.structs.replace(everything, theme="gone"))
    assert not asked.value.ok
    stand.tell("program/hall", msgspec.structs.replace(everything, theme="light"))
    until(page, f"{sheet}.endsWith('/light.css') && document.querySelectorAll('link[data-theme]').length === 1")
    until(page, "document.querySelectorAll('link[data-theme-coming]').length === 0")
    assert not page.evaluate("document.documentElement.hasAttribute('data-lacks')")
    assert page.evaluate("getComputedStyle(document.querySelector('.bug-word')).color") == "rgb(38, 64, 90)"
    named = open_page(f"{stand.url}/overlays/bug?theme=deep", (1280, 720), still=True)
    until(named, READY)
    assert named.evaluate(sheet).endswith("/deep.css"), "its address asks for it"
    stand.tell("program/hall", everything)
