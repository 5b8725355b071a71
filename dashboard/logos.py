"""The logos of a contest as screens show them: by group, each with its address, drawings checked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from dashboard.theme.svg import check_svg
from streaming.contests.contest import ContestFolder
from streaming.contests.logos import Logos, logo_error
from streaming.contests.theme_files import text_of

KEPT = 8
"""Checked logos that are remembered; a process has those of one contest, but for tests."""


@dataclass(frozen=True)
class Mark:
    """A logo: where it is, whose, and whether it stands on white."""

    address: str
    name: str
    has_plate: bool


@dataclass(frozen=True)
class Group:
    """The logos below one head."""

    head: str
    marks: tuple[Mark, ...]

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.marks)


@dataclass(frozen=True)
class Served:
    """The files by name, served below ``prefix``, which is empty where the contest has no logos."""

    prefix: str = ""
    files: Mapping[str, bytes] = field(default_factory=dict)


def served(folder: ContestFolder) -> Served:
    """The files of the logos.

    Raises:
        ContestError: If a drawing has more in it than shapes.
    """
    return _checked(folder.logos)


@lru_cache(KEPT)
def _checked(logos: Logos) -> Served:
    for name, body in logos.files.items():
        if name.endswith(".svg"):
            check_svg(text_of(body, name, logo_error), name, logo_error)
    return Served(f"/logos/{logos.digest}", logos.files) if logos.files else Served()


def groups(folder: ContestFolder, lang: str) -> tuple[Group, ...]:
    """The logos in the order of contest.toml, each group where its first one stands.

    Raises:
        ContestError: As ``served`` does.
    """
    prefix, is_english = served(folder).prefix, lang == "en"
    found: dict[str, list[Mark]] = {}
    for logo in folder.logos.listed:
        head, name = (logo.group_en, logo.name_en) if is_english else (logo.group, logo.name)
        found.setdefault(head, []).append(Mark(f"{prefix}/{logo.file}", name, logo.has_plate))
    return tuple(Group(head, tuple(marks)) for head, marks in found.items())
