"""The themes of overlays: those that are shipped, and a contest's own, which may take the place of a shipped one.

A file with a fault is a theme that is not there: whoever asks for it gets the default, and on air nothing breaks.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path

from dashboard.overlays.look import CONTRAST_TOLD, Look, contrasts, read_look, sheet
from dashboard.theme.svg import check_svg
from streaming.contests.contest import ContestFolder
from streaming.contests.theme_files import OVERLAYS, ThemeFiles, digest_of, text_of, theme_error
from streaming.contests.toml_table import parse_toml
from streaming.errors import ContestError

FOLDER = Path(__file__).resolve().parent / "themes"
DEFAULT = "deep"
SUFFIX = ".toml"
KEPT = 8
"""Contests whose themes are remembered; a process has one, but for tests."""


@dataclass(frozen=True)
class OverlayThemes:
    """The ``looks`` by name; ``files`` are their style sheets and what these show, served below ``prefix``.

    ``faults`` are files that are no theme, ``doubts`` texts that are hard to read; one line each.
    """

    looks: Mapping[str, Look]
    prefix: str
    files: Mapping[str, bytes]
    faults: tuple[str, ...] = ()
    doubts: tuple[str, ...] = field(default=())

    def known(self, *asked: str | None) -> str:
        """The first name that is one of a theme, the default's else."""
        return next((name for name in asked if name is not None and name in self.looks), DEFAULT)

    def sheet(self, name: str) -> str:
        """The address of the style sheet of a theme."""
        return f"{self.prefix}/{name}.css"

    def titles(self, lang: str) -> Mapping[str, str]:
        """What people call each, the default first."""
        order = sorted(self.looks, key=lambda name: (name != DEFAULT, name))
        return {name: self.looks[name].title_en if lang == "en" else self.looks[name].title for name in order}


def themes_of(folder: ContestFolder) -> OverlayThemes:
    """The themes of a contest."""
    return _checked(folder.overlay_themes)


@cache
def shipped() -> Mapping[str, Look]:
    """The shipped ones, the default first: what another leaves out is as that one has it."""
    looks: dict[str, Look] = {}
    for path in sorted(FOLDER.glob(f"*{SUFFIX}"), key=lambda path: (path.stem != DEFAULT, path.stem)):
        looks[path.stem] = read_look(parse_toml(path.read_text("utf-8"), path.name), looks.get(DEFAULT), ())
    return looks


@lru_cache(KEPT)
def _checked(found: ThemeFiles) -> OverlayThemes:
    looks, faults, doubts = dict(shipped()), [found.fault] if found.fault else [], list[str]()
    shown: dict[str, bytes] = {}
    for file, body in found.files.items():
        if not file.endswith(SUFFIX):
            continue
        name, called = file.removesuffix(SUFFIX), f"theme/{OVERLAYS}/{file}"
        try:
            text = text_of(body, f"{OVERLAYS}/{file}")
            look = read_look(parse_toml(text, called), shipped()[DEFAULT], found.files)
            for each in look.files:
                if each.endswith(".svg"):
                    svg = text_of(found.files[each], f"{OVERLAYS}/{each}")
                    check_svg(svg, f"{OVERLAYS}/{each}", theme_error)
        except ContestError as error:
            faults.append(str(error))
            continue
        looks[name] = look
        shown |= {each: found.files[each] for each in look.files}
        doubts += _doubts(called, look)
    files = {f"{name}.css": sheet(look).encode() for name, look in looks.items()} | shown
    return OverlayThemes(looks, f"/theme/{digest_of(files)}/{OVERLAYS}", files, tuple(faults), tuple(doubts))


def _doubts(file: str, look: Look) -> list[str]:
    told = f"a contrast of {CONTRAST_TOLD} is read with ease"
    found = {name: ratio for name, ratio in contrasts(look).items() if ratio < CONTRAST_TOLD}
    return [
        f"{file}: colours.{name} has a contrast of {ratio:.1f} with its ground; {told}" for name, ratio in found.items()
    ]
