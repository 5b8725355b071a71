"""The columns of a rundown in a workbook, and the words in which it is written."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Literal
from zoneinfo import ZoneInfo

from dashboard.edition import Edition
from dashboard.scenes.scenes import scenes_of
from dashboard.words.words import LANGS, read_texts, texts

Column = Literal[
    "id", "title", "scene", "settings", "say", "note", "unit", "at_ms", "duration_s", "advance_s", "hold", "skip", "arm"
]
"""A column, by the field of an item that it is."""
WIDTHS: Mapping[Column, int] = {
    "id": 12, "title": 32, "scene": 18, "settings": 20, "say": 56, "note": 26, "unit": 24, "at_ms": 12,
    "duration_s": 12, "advance_s": 12, "hold": 7, "skip": 9, "arm": 7,
}  # fmt: skip
"""In characters, in the order in which they stand."""
COLUMNS: tuple[Column, ...] = tuple(WIDTHS)
FLAGS: tuple[Column, ...] = ("hold", "skip", "arm")
SPANS: tuple[Column, ...] = ("duration_s", "advance_s")
YES = "x"
BETWEEN = " · "
"""Between the code of a unit and its name."""


@cache
def said(lang: str) -> Mapping[str, str]:
    """The texts of files."""
    return {**texts(lang), **read_texts("files", lang)}


@cache
def heads() -> Mapping[str, Column]:
    """The columns by their heads in every language, as ``plain`` writes these."""
    return {plain(said(lang)[f"column_{column}"]): column for lang in LANGS for column in COLUMNS}


def plain(text: str) -> str:
    """A text by which what people write is compared: without blanks around it, in small letters."""
    return " ".join(text.split()).casefold()


def scene_titles(edition: Edition) -> Mapping[str, str]:
    """What each scene is called in a workbook, by its name; by that itself where another has the same title."""
    titles = {name: scene.title(edition) for name, scene in scenes_of(edition.folder).items()}
    called = [plain(title) for title in titles.values()]
    return {name: title if called.count(plain(title)) == 1 else name for name, title in titles.items()}


def scenes_called(editions: Iterable[Edition]) -> Mapping[str, str]:
    """The names of scenes by what they are called in any language, and by themselves."""
    found: dict[str, str] = {}
    for edition in editions:
        found |= {plain(title): name for name, title in scene_titles(edition).items()}
        found |= {plain(name): name for name in scenes_of(edition.folder)}
    return found


def local(ms: int, zone: str) -> datetime:
    """A time as the contest's clocks show it, which is how a workbook has times."""
    whole, rest = divmod(ms, 1000)
    return datetime.fromtimestamp(whole, UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None) + timedelta(
        milliseconds=rest
    )


def instant(at: datetime, zone: str) -> int:
    """The time that the contest's clocks show so, in ms since the epoch."""
    return round(at.replace(tzinfo=ZoneInfo(zone)).timestamp() * 1000)
