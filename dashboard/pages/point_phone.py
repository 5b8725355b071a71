"""The phone page of a connection point: what its operator says of the point, and what he is told of its turn."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from dashboard.edition import Edition
from dashboard.page import PageData, common, data_block
from dashboard.words.words import read_texts
from streaming.points.roll_call import LINE_CHARS_MAX, PRESENT_MAX
from streaming.topics.frames import Frame


class PhoneData(PageData, frozen=True, kw_only=True):
    """What the script of the page reads: the ``unit`` of the point, the key ``me`` as which it asks, and the bounds of
    what it may say."""

    unit: str
    me: str
    present_max: int
    line_chars_max: int


@cache
def texts(lang: str) -> Mapping[str, str]:
    """The texts of the pages of points by key, with those that every page may use."""
    return read_texts("common", lang) | read_texts("points", lang)


def page(told: Frame, edition: Edition, code: str, *, me: str) -> dict[str, Any]:
    """The values of points/phone.html for a snapshot of ``points/{code}``.

    Raises:
        KeyError: If the contest has no such unit.
    """
    words, t = edition.words, texts(edition.lang)
    return common(edition.folder, words, made=edition.made, rehearsal=False, is_screen=False) | {
        "p": t,
        "unit": {"code": code, "name": words.full_name(edition.tree[code])},
        "hotline": edition.contest.hotline,
        "present_max": PRESENT_MAX,
        "line_chars_max": LINE_CHARS_MAX,
        "first_told": data_block(told),
        "contest_data": data_block(
            PhoneData(
                lang=edition.lang,
                timezone=edition.contest.timezone,
                texts=t,
                unit=code,
                me=me,
                present_max=PRESENT_MAX,
                line_chars_max=LINE_CHARS_MAX,
            )
        ),
    }
