"""Editions for tests: a map takes its time, so the same contest's is laid out once."""

from dashboard.edition import Edition, Editions
from dashboard.made import made
from dashboard.words.words import LANGS
from streaming.contests.contest import ContestFolder

_made: dict[str, Editions] = {}


def edition(folder: ContestFolder, lang: str = "vi") -> Edition:
    """The edition of a contest in a language."""
    name = made(folder, LANGS[0])
    if name not in _made:
        _made[name] = Editions(folder, name)
    return _made[name].of(lang)
