"""The self-test: whether a machine, its browser and its line are fit for a screen. Its script measures, this tells."""

from typing import Any

from dashboard.edition import Edition
from dashboard.page import PageData, common, data_block
from dashboard.pages.point_phone import texts
from streaming.contests.units import Unit

TESTS = ("browser", "line", "clock", "frames", "font", "size", "awake", "sound")
"""What is tested, in the order in which it is told; each has its word, ``test_NAME``."""


class SelfTestData(PageData, frozen=True, kw_only=True):
    """What the script of the page reads."""


def page(edition: Edition, unit: Unit | None, screen: str) -> dict[str, Any]:
    """The values of points/test.html; ``unit`` is the point whose page it is, None for a machine of any use, and
    ``screen`` the address that it may open afterwards."""
    words, t = edition.words, texts(edition.lang)
    return common(edition.folder, words, made=edition.made, rehearsal=False, is_screen=False) | {
        "p": t,
        "unit": unit and {"code": unit.code, "name": words.full_name(unit)},
        "names": TESTS,
        "screen": screen,
        "hotline": edition.contest.hotline,
        "contest_data": data_block(
            SelfTestData(lang=edition.lang, timezone=edition.contest.timezone, texts=t),
        ),
    }
