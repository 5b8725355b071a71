"""Where a title breaks, chosen before any page is laid out: browsers of 2020 do not balance lines themselves."""

import re
from dataclasses import dataclass
from itertools import pairwise

from dashboard.words.widths import width_em

LINE_EM = (38.0, 60.0)
"""A title wider than this (in em of its font) is set smaller, then smaller still, to stay on two lines."""
NO_BREAK = "\u00a0"

_STARTS = """
bằng cho chào của do huyện kỷ năm nhân nhằm phường quận tại theo thành tỉnh trong từ và về với xã and at by for
from in of on the to with
"""
STARTS = frozenset(_STARTS.split())
"""Words that begin a phrase: a line may well begin with them."""
UNEVEN_MAX = 0.62
"""A break before one of STARTS is taken up to this share of the whole on one side."""

_NUMBER = re.compile(r"\d[\d.,/–-]*")
_YEAR = re.compile(r"(?:19|20)\d\d")


@dataclass(frozen=True)
class Headline:
    """A title as two halves of equal width, each as two parts again: where the screen is wide enough all stand on one
    line, else it breaks between the halves, and on a phone between the parts. ``size`` is a step of LINE_EM."""

    halves: tuple[tuple[str, ...], ...]
    size: int


def headline(title: str) -> Headline:
    """The breaks and the size of a title."""
    halves = tuple(_halves(half) for half in _halves(bound(title)))
    return Headline(halves, sum(width_em(title) > held for held in LINE_EM))


def bound(title: str) -> str:
    """The title with no break within a name, before a year, and between a figure and what it counts."""
    words = title.split()
    # Where every word has a capital, as English titles do, capitals do not tell names.
    names = sum(word[:1].isupper() for word in words) * 2 < len(words) + 1
    text = words[0] if words else ""
    for before, word in pairwise(words):
        is_one = (
            bool(_NUMBER.fullmatch(word))
            or (bool(_NUMBER.fullmatch(before)) and not _YEAR.fullmatch(before))
            or (names and before[:1].isupper() and word[:1].isupper() and before[-1:].isalpha() and text != before)
        )
        text += (NO_BREAK if is_one else " ") + word
    return text


def _halves(text: str) -> tuple[str, ...]:
    """The text in two, at the beginning of a phrase if that leaves them about even, else where they are most even; in
    one where it has no place to break."""
    words = text.split(" ")
    breaks = [(" ".join(words[:at]), " ".join(words[at:])) for at in range(1, len(words))]
    wider = {pair: max(map(width_em, pair)) for pair in breaks}
    phrases = [
        pair
        for pair in breaks
        if re.split(r"[ \u00a0]", pair[1])[0].lower() in STARTS and wider[pair] <= UNEVEN_MAX * width_em(text)
    ]
    return min(phrases or breaks, key=lambda pair: wider[pair], default=(text,))
