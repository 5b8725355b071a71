"""A contest's theme: its styles and pictures once they have been checked, and what is wrong with them else.

A theme can be wrong in its own looks alone: with any fault the screens go on as they were shipped.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from dashboard.theme.css import check_css
from dashboard.theme.svg import check_svg
from streaming.contests.contest import ContestFolder
from streaming.contests.theme_files import SCENES, STYLE, ThemeFiles, text_of, theme_error
from streaming.errors import ContestError

THEMES_KEPT = 8
"""Checked themes that are remembered; a process has one, but for tests."""


@dataclass(frozen=True)
class Theme:
    """``files`` are served below ``prefix``, both empty without a style sheet; ``faults`` are one line each."""

    prefix: str = ""
    files: Mapping[str, bytes] = field(default_factory=dict)
    faults: tuple[str, ...] = ()


def theme_of(folder: ContestFolder) -> Theme:
    """The theme of a contest."""
    return _checked(folder.theme)


@lru_cache(THEMES_KEPT)
def _checked(found: ThemeFiles) -> Theme:
    if found.fault:
        return Theme(faults=(found.fault,))
    shown = {name: body for name, body in found.files.items() if not name.startswith(f"{SCENES}/")}
    faults = tuple(_faults(shown))
    if faults or not shown:
        return Theme(faults=faults)
    return Theme(f"/theme/{found.digest}", shown)


def _faults(files: Mapping[str, bytes]) -> list[str]:
    """What is wrong with each file, the first fault of it."""
    faults = []
    if files and STYLE not in files:
        faults.append(str(theme_error("", f"{STYLE}, which says what the other files are for")))
    for name, body in files.items():
        try:
            if name == STYLE:
                check_css(text_of(body, name), name, files)
            elif name.endswith(".svg"):
                check_svg(text_of(body, name), name)
        except ContestError as error:
            faults.append(str(error))
    return faults
