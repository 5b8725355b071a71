"""The name of what a page was made of. A page that hears another one is old, and loads itself anew.

The store shown stands beside the name and is no part of it: it may change while contest and release stay.
"""

import hashlib
from functools import cache
from pathlib import Path
from typing import Literal

from dashboard import static
from streaming.contests.contest import ContestFolder

TEMPLATES = Path(__file__).resolve().parent.parent / "templates"
CODE = Path(__file__).resolve().parent
WORDS = CODE / "locale"
NAME_CHARS = 12
"""Characters of each half of a name: of the contest, then of how it is shown."""

Show = Literal["live", "rehearsal"]


def made(folder: ContestFolder, lang: str) -> str:
    """The name of a contest's pages: "9f2c41d07ab3-5e68c01d2f34". ``lang`` is the language of one that asks for none.

    The first half identifies the contest that the numbers belong to. Map, theme, logos and language are in the second:
    a map that is moved needs new pages, but the numbers stay the same.
    """
    themes = f"{folder.theme.digest}\0{folder.overlay_themes.digest}"
    how = f"{release()}\0{folder.map_digest}\0{themes}\0{folder.logos.digest}\0{lang}"
    how = hashlib.sha256(how.encode()).hexdigest()[:NAME_CHARS]
    return f"{folder.contest.digest[:NAME_CHARS]}-{how}"


def show(*, rehearsal: bool) -> Show:
    """The store that a page shows, by its name."""
    return "rehearsal" if rehearsal else "live"


@cache
def release() -> str:
    """A digest of the static files, the templates, the words and the code that fills them in.

    Read once: a server serves what it started with.
    """
    sum_ = hashlib.sha256(static.digest().encode())
    for root, files in ((TEMPLATES, "*.*"), (WORDS, "*.*"), (CODE, "*.py"), (CODE, "*.toml")):
        for path in sorted(root.rglob(files)):
            sum_.update(f"{path.relative_to(root).as_posix()}\0".encode() + path.read_bytes())
    return sum_.hexdigest()[:NAME_CHARS]
