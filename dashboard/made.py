"""The name of what a page was made of. A page that hears another one is old, and loads itself anew.

The store shown stands beside the name and is no part of it: it may change while contest and release stay.
"""

import hashlib
from functools import cache
from pathlib import Path
from typing import Literal

from dashboard import static
from streaming.contest import Contest

TEMPLATES = Path(__file__).resolve().parent.parent / "templates"
WORDS = Path(__file__).resolve().parent / "locale"
NAME_CHARS = 12
"""Of each half of a name: the contest's, then the release's."""

Show = Literal["live", "rehearsal"]


def made(contest: Contest) -> str:
    """The name of a contest's pages: "9f2c41d07ab3-5e68c01d2f34"."""
    return f"{contest.digest[:NAME_CHARS]}-{release()}"


def show(*, rehearsal: bool) -> Show:
    """The store that a page shows, by its name."""
    return "rehearsal" if rehearsal else "live"


@cache
def release() -> str:
    """A digest of the static files, the templates and the words. Read once: a server serves what it started with."""
    sum_ = hashlib.sha256(static.digest().encode())
    for root in (TEMPLATES, WORDS):
        for path in sorted(root.rglob("*.*")):
            sum_.update(f"{path.relative_to(root).as_posix()}\0".encode() + path.read_bytes())
    return sum_.hexdigest()[:NAME_CHARS]
