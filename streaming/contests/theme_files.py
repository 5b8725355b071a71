"""The files of a contest's theme: few, small, of known kinds, and none from outside the folder."""

import hashlib
import os
import re
import stat
import struct
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from streaming.errors import ContestError

THEME = "theme"
STYLE = "theme.css"
SCENES = "scenes"
OVERLAYS = "overlays"
"""The folder of the themes of overlays, which are apart from that of the screens: a fault in one leaves the other."""
SUFFIXES = (".css", ".woff2", ".png", ".svg")
"""What is served. A script never is."""
OVERLAY_SUFFIXES = (".toml", ".woff2", ".png", ".svg")
DIGEST_CHARS = 16
NOTES = (".md", ".txt")
"""Licences and remarks beside them, which are not."""
FILES_MAX = 64
FILE_BYTES_MAX = 2 * 1024 * 1024
TEXT_BYTES_MAX = 256 * 1024
"""Of a style sheet, a drawing or a template."""
BYTES_MAX = 8 * 1024 * 1024
"""Of all files together: a hall's screens fetch them before the ceremony, some over a phone's line."""
PNG_PX_MAX = 4096
"""A picture's side; more takes a browser's memory, however few bytes it is packed into."""

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,47}(?:\.[a-z0-9_-]{1,16})+")
_OVERLAY_THEME = re.compile(r"[a-z][a-z0-9_-]{0,31}\.toml")
_SCENE = re.compile(r"[a-z][a-z0-9_]{0,31}\.html")
_PNG = b"\x89PNG\r\n\x1a\n"
_WOFF2 = b"wOF2"


Fault = Callable[[str, str, int | None], ContestError]
"""Makes an error of a file's name, what was expected of it, and the line."""


@dataclass(frozen=True)
class ThemeFiles:
    """The files by name, those of ``scenes/`` with it before their names; none of them where there is a ``fault``."""

    files: Mapping[str, bytes] = field(default_factory=dict)
    fault: str = ""
    digest: str = ""

    def __hash__(self) -> int:
        return hash((self.digest, self.fault))


def read_theme(folder: Path) -> ThemeFiles:
    """Return the theme of a contest folder; nothing in it keeps a contest from being read."""
    return _read(folder / THEME, read_files)


def read_overlay_themes(folder: Path) -> ThemeFiles:
    """Return the themes of overlays of a contest folder, and what they show; likewise."""
    return _read(folder / THEME / OVERLAYS, read_overlay_files)


def _read(folder: Path, read: Callable[[Path], dict[str, bytes]]) -> ThemeFiles:
    try:
        files = read(folder) if os.path.lexists(folder) else {}
    except ContestError as error:
        return ThemeFiles(fault=str(error))
    return ThemeFiles(files, digest=digest_of(files) if files else "")


def digest_of(files: Mapping[str, bytes]) -> str:
    """Names files by what they are called and hold."""
    sum_ = hashlib.sha256()
    for name, body in files.items():
        sum_.update(f"{name}\0{len(body)}\0".encode() + body)
    return sum_.hexdigest()[:DIGEST_CHARS]


def line_of(text: str, at: int) -> int:
    """The number of the line, from 1 on, in which the character at a place stands."""
    return text.count("\n", 0, at) + 1


def theme_error(name: str, expected: str, row: int | None = None) -> ContestError:
    """The error that names a file of the theme."""
    return ContestError(expected, file=f"{THEME}/{name}" if name else THEME, row=row)


def read_files(folder: Path) -> dict[str, bytes]:
    """Return the files of a theme by name, those of ``scenes/`` with it before their names; notes are left out.

    Raises:
        ContestError: If one has a wrong name, kind or size, is a link, or cannot be read.
    """
    return _bytes_of(_listed(folder), "")


def read_overlay_files(folder: Path) -> dict[str, bytes]:
    """Return the files of a folder of themes of overlays, by name.

    Raises:
        ContestError: As ``read_files`` does.
    """
    return _bytes_of(_listed_overlays(folder), f"{OVERLAYS}/")


def _bytes_of(listed: Iterable[tuple[str, Path]], inside: str) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    room = BYTES_MAX
    for name, path in listed:
        if len(found) >= FILES_MAX:
            raise theme_error(inside.rstrip("/"), f"at most {FILES_MAX} files")
        body = read_file(path, partial(theme_error, f"{inside}{name}"))
        room -= len(body)
        if room < 0:
            raise theme_error(f"{inside}{name}", f"at most {BYTES_MAX // 2**20} MiB in all files together")
        found[name] = body
    return found


def _listed(folder: Path) -> Iterator[tuple[str, Path]]:
    for entry in _entries(folder, ""):
        if entry.name == SCENES:
            if not entry.is_dir(follow_symlinks=False):
                raise theme_error(SCENES, "a folder, no link")
            for scene in _entries(Path(entry.path), f"{SCENES}/"):
                if not _SCENE.fullmatch(scene.name):
                    raise theme_error(f"{SCENES}/{scene.name}", "a name such as live.html: a-z, 0-9, “_”")
                yield f"{SCENES}/{scene.name}", Path(scene.path)
        elif entry.name == OVERLAYS and entry.is_dir(follow_symlinks=False):
            continue  # Read apart.
        elif Path(entry.name).suffix.lower() not in NOTES:
            if not _NAME.fullmatch(entry.name):
                raise theme_error(entry.name, "a name of a-z, 0-9, “-”, “_” with its suffix, at most 64 characters")
            if Path(entry.name).suffix not in SUFFIXES:
                raise theme_error(entry.name, f"one of the kinds {', '.join(SUFFIXES)}, or scenes/NAME.html")
            if entry.name.endswith(".css") and entry.name != STYLE:
                raise theme_error(entry.name, f"all styles in {STYLE}")
            yield entry.name, Path(entry.path)


def _listed_overlays(folder: Path) -> Iterator[tuple[str, Path]]:
    for entry in _entries(folder, f"{OVERLAYS}/"):
        name, suffix = entry.name, Path(entry.name).suffix
        if suffix.lower() in NOTES:
            continue
        if suffix not in OVERLAY_SUFFIXES:
            raise theme_error(f"{OVERLAYS}/{name}", f"one of the kinds {', '.join(OVERLAY_SUFFIXES)}")
        if not (_OVERLAY_THEME if suffix == ".toml" else _NAME).fullmatch(name):
            raise theme_error(f"{OVERLAYS}/{name}", "a name of a-z, 0-9, “-”, “_” with its suffix, such as press.toml")
        yield name, Path(entry.path)


def _entries(folder: Path, inside: str) -> Iterator[os.DirEntry[str]]:
    """The entries of a folder by name; what begins with a dot is an editor's or a file manager's own."""
    try:
        if folder.is_symlink():
            raise theme_error(inside.rstrip("/"), "a folder, no link")
        with os.scandir(folder) as entries:
            yield from sorted((entry for entry in entries if not entry.name.startswith(".")), key=lambda it: it.name)
    except OSError as error:
        raise theme_error(inside.rstrip("/"), f"a folder that can be read ({error.strerror})") from error


def read_file(path: Path, fault: Callable[[str], ContestError]) -> bytes:
    """Return a file's bytes. Opened without following a link and without waiting for a pipe, whatever was listed.

    Raises:
        ContestError: What ``fault`` makes of what was expected, if it is too large, or not what its suffix says.
    """
    suffix = path.suffix
    most = TEXT_BYTES_MAX if suffix in {".css", ".svg", ".html", ".toml"} else FILE_BYTES_MAX
    try:
        opened = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(opened, "rb") as file:
            if not stat.S_ISREG(os.fstat(opened).st_mode):
                raise fault("a plain file")
            body = file.read(most + 1)
    except OSError as error:
        raise fault(f"a plain file that can be read, no link ({error.strerror})") from error
    if len(body) > most:
        raise fault(f"at most {most // 1024} KiB")
    if suffix == ".woff2" and not body.startswith(_WOFF2):
        raise fault("a font in the format woff2")
    if suffix == ".png":
        _check_png(body, fault)
    return body


def _check_png(body: bytes, fault: Callable[[str], ContestError]) -> None:
    if not body.startswith(_PNG) or body[12:16] != b"IHDR" or len(body) < 24:
        raise fault("a picture in the format png")
    if not all(1 <= side <= PNG_PX_MAX for side in struct.unpack(">II", body[16:24])):
        raise fault(f"a picture of at most {PNG_PX_MAX} × {PNG_PX_MAX} px")


def text_of(body: bytes, name: str, fault: Fault = theme_error) -> str:
    """Return the text of a file.

    Raises:
        ContestError: If it is not UTF-8, or has control characters.
    """
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise fault(name, "UTF-8", body.count(b"\n", 0, error.start) + 1) from error
    if found := re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", text):
        raise fault(name, "no control character", text.count("\n", 0, found.start()) + 1)
    return text
