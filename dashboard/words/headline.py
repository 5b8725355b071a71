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
UNEVEN_MAX = 0.66
"""A break before one of STARTS, or after a comma, is taken up to this share of the whole on one side."""
_COMPOUNDS = """
bắt đầu, bí thư, biểu dương, cảm ơn, chính thức, chủ tịch, chuyển đổi số, chương trình, cuộc thi, đại biểu, điều hành,
đồng chí, giải lao, hội trường, khai mạc, lãnh đạo, nhân dân, phát biểu, phát động, sân khấu, theo dõi, thường trực,
tiếp tục, tìm hiểu, toàn quốc, trân trọng, trong giây lát, trung ương, trực tuyến, ủy ban, ủy viên, văn nghệ
"""
COMPOUNDS = frozenset(pair for word in _COMPOUNDS.split(",") for pair in pairwise(word.split()))
"""Syllables of one word, as ceremonies say them: no line begins within one."""

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
            or (_counts(before) and not _YEAR.fullmatch(before))
            or (names and before[:1].isupper() and word[:1].isupper() and before[-1:].isalpha() and text != before)
        )
        text += (NO_BREAK if is_one else " ") + word
    return text


def _counts(word: str) -> bool:
    """Whether it is a figure of what follows: one that ends a clause is not."""
    return bool(_NUMBER.fullmatch(word)) and word[-1].isdigit()


def _is_one_word(before: str, word: str) -> bool:
    return (before.lower(), word.lower().rstrip(",.;:!?")) in COMPOUNDS


def _ends_clause(words: list[str], at: int) -> bool:
    """Whether a clause ends before the word at ``at``: after a comma, but not within "các sở, ban, ngành"."""
    is_listed = at > 1 and words[at - 2].endswith(",")
    return words[at - 1].endswith((",", ";", ":", ".")) and not is_listed and not words[at].endswith(",")


def _begins_phrase(word: str) -> bool:
    return word.partition(NO_BREAK)[0].lower() in STARTS


def _halves(text: str) -> tuple[str, ...]:
    """The text in two, after a clause or else at the beginning of a phrase if that leaves them about even, else where
    they are most even; in one where it has no place to break."""
    words = text.split(" ")
    between = [at for at in range(1, len(words)) if not _is_one_word(*words[at - 1 : at + 1])] or range(1, len(words))
    pairs = {at: (" ".join(words[:at]), " ".join(words[at:])) for at in between}
    wider = {at: max(map(width_em, pair)) for at, pair in pairs.items()}
    even = [at for at in between if wider[at] <= UNEVEN_MAX * width_em(text)]
    clauses = [at for at in even if _ends_clause(words, at)]
    phrases = [at for at in even if _begins_phrase(words[at])]
    best = min(clauses or phrases or between, key=wider.__getitem__, default=None)
    return (text,) if best is None else pairs[best]
