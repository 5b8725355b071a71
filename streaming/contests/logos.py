"""The logos of a contest: who directs, organises and accompanies it, in groups that the contest names."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from streaming.contests.theme_files import DIGEST_CHARS, read_file
from streaming.contests.toml_table import Table
from streaming.errors import ContestError

FOLDER = "logos"
LOGOS_MAX = 24
"""More cannot be told apart on a wall."""

_FILE = re.compile(r"[a-z0-9][a-z0-9_-]{0,47}\.(?:png|svg)")


@dataclass(frozen=True)
class Logo:
    """One logo: the head that it stands below, whose it is, and its file in the folder's ``logos/``. Where
    ``has_plate`` it stands on white: dark lettering would not be seen on the ground of the screens."""

    group: str
    group_en: str
    name: str
    name_en: str
    file: str
    has_plate: bool


@dataclass(frozen=True)
class Logos:
    """The logos as contest.toml lists them, and the files by name; drawings are not looked into yet."""

    listed: tuple[Logo, ...] = ()
    files: Mapping[str, bytes] = field(default_factory=dict)
    digest: str = ""

    def __hash__(self) -> int:
        return hash(self.digest)


def read_logos(folder: Path, top: Table) -> Logos:
    """Return the logos that the top table of contest.toml lists.

    Raises:
        ContestError: If one is listed wrongly, or its file is missing, a link, too large or of another kind.
    """
    tables = top.tables("logos")
    if len(tables) > LOGOS_MAX:
        top.fail("logos", f"at most {LOGOS_MAX} of them", value=f"{len(tables)} items")
    listed, files = [], dict[str, bytes]()
    for table in tables:
        table.only(("group", "group_en", "name", "name_en", "file", "plate"))
        file = table.text("file")
        if not _FILE.fullmatch(file):
            table.fail("file", f"the name of a png or svg in the folder {FOLDER}/, of a-z, 0-9, “-”, “_”")
        group, name = table.text("group"), table.text("name")
        group_en, name_en = table.text("group_en", "") or group, table.text("name_en", "") or name
        listed.append(Logo(group, group_en, name, name_en, file, table.flag("plate", default=False)))
        if file not in files:
            files[file] = read_file(folder / FOLDER / file, partial(logo_error, file))
    sum_ = hashlib.sha256()
    for each in listed:
        sum_.update(f"{each}\0".encode() + files[each.file])
    return Logos(tuple(listed), files, sum_.hexdigest()[:DIGEST_CHARS] if listed else "")


def logo_error(file: str, expected: str, row: int | None = None) -> ContestError:
    """The error that names the file of a logo."""
    return ContestError(expected, file=f"{FOLDER}/{file}", row=row)
