"""Editions for tests: a map takes its time, so the same contest's is laid out once."""

from dashboard.edition import Edition, Editions
from streaming.contest import ContestFolder

_made: dict[str, Editions] = {}


def edition(folder: ContestFolder, lang: str = "vi") -> Edition:
    """The edition of a contest in a language."""
    digest = folder.contest.digest
    if digest not in _made:
        _made[digest] = Editions(folder)
    return _made[digest].of(lang)
