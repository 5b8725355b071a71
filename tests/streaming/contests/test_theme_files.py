"""The files of a theme: what is read, and what never is."""

import os
import struct
from collections.abc import Callable
from pathlib import Path

import pytest

from streaming.contests.theme_files import (
    BYTES_MAX,
    FILE_BYTES_MAX,
    FILES_MAX,
    PNG_PX_MAX,
    TEXT_BYTES_MAX,
    ThemeFiles,
    read_theme,
    text_of,
)  # fmt: skip
from streaming.errors import ContestError

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + struct.pack(">II", 40, 20) + b"\x08\x06\x00\x00\x00"


def theme(folder: Path, **files: bytes) -> Path:
    (folder / "theme" / "scenes").mkdir(parents=True)
    (folder / "theme" / "theme.css").write_text("")
    for name, body in files.items():
        (folder / "theme" / name).write_bytes(body)
    return folder


def test_a_folder_without_one_has_none(tmp_path: Path) -> None:
    assert read_theme(tmp_path) == ThemeFiles()


def test_files_are_read_and_notes_are_not(tmp_path: Path) -> None:
    theme(
        tmp_path, **{"edge.png": PNG, "a-b_c.svg": b"<svg/>", "x.woff2": b"wOF2x", "OFL.txt": b"x", ".DS_Store": b"x"}
    )
    (tmp_path / "theme" / "scenes" / "live.html").write_text("x")
    found = read_theme(tmp_path)
    assert list(found.files) == ["a-b_c.svg", "edge.png", "scenes/live.html", "theme.css", "x.woff2"]
    assert (found.fault, len(found.digest)) == ("", 16)
    (tmp_path / "theme" / "theme.css").write_text(" ")
    assert read_theme(tmp_path).digest != found.digest


def link(folder: Path) -> None:
    (folder / "theme" / "passwd.svg").symlink_to("/etc/passwd")


def link_within(folder: Path) -> None:
    (folder / "theme" / "b.css").symlink_to(folder / "theme" / "theme.css")


def link_to_scenes(folder: Path) -> None:
    (folder / "theme" / "scenes").rmdir()
    (folder / "theme" / "scenes").symlink_to(folder)


def whole_link(folder: Path) -> None:
    (folder / "theme").rename(folder / "elsewhere")
    (folder / "theme").symlink_to(folder / "elsewhere")


def pipe(folder: Path) -> None:
    os.mkfifo(folder / "theme" / "wait.svg")


def subfolder(folder: Path) -> None:
    (folder / "theme" / "a.svg").mkdir()


def many(folder: Path) -> None:
    for nth in range(FILES_MAX):
        (folder / "theme" / f"f{nth}.svg").touch()


def heavy(folder: Path) -> None:
    for nth in range(BYTES_MAX // FILE_BYTES_MAX + 1):
        (folder / "theme" / f"f{nth}.woff2").write_bytes(b"wOF2" + bytes(FILE_BYTES_MAX - 4))


def file(name: str, body: bytes = b"") -> Callable[[Path], object]:
    return lambda folder: (folder / "theme" / name).write_bytes(body)


FAULTS = [
    (link, "theme/passwd.svg: expected a plain file that can be read, no link"),
    (link_within, "theme/b.css: expected all styles in theme.css"),
    (link_to_scenes, "theme/scenes: expected a folder, no link"),
    (whole_link, "theme: expected a folder, no link"),
    (pipe, "theme/wait.svg: expected a plain file"),
    (subfolder, "theme/a.svg: expected a plain file"),
    (many, "theme: expected at most 64 files"),
    (heavy, "expected at most 8 MiB in all files together"),
    (file("a.js"), "theme/a.js: expected one of the kinds .css, .woff2, .png, .svg"),
    (file("A.svg"), "theme/A.svg: expected a name of a-z"),
    (file("a\nb.svg"), "theme/a\nb.svg: expected a name of a-z"),
    (file("ế.svg"), "expected a name of a-z"),
    (file("scenes/a.css"), "theme/scenes/a.css: expected a name such as live.html"),
    (file("scenes/Live.html"), "expected a name such as live.html"),
    (file("a.svg", bytes(TEXT_BYTES_MAX + 1)), "theme/a.svg: expected at most 256 KiB"),
    (file("a.woff2", bytes(9)), "theme/a.woff2: expected a font in the format woff2"),
    (file("a.png", b"GIF89a"), "theme/a.png: expected a picture in the format png"),
    (
        file("a.png", PNG[:16] + struct.pack(">II", PNG_PX_MAX + 1, 1) + PNG[24:]),
        "theme/a.png: expected a picture of at most 4096 × 4096 px",
    ),
]


@pytest.mark.parametrize(("spoil", "fault"), FAULTS, ids=lambda each: getattr(each, "__name__", None))
def test_a_theme_with_a_fault_is_none_and_names_it(tmp_path: Path, spoil: Callable[[Path], object], fault: str) -> None:
    spoil(theme(tmp_path))
    found = read_theme(tmp_path)
    assert fault.replace("\n", "\\n") in found.fault.replace("\n", "\\n")
    assert found == ThemeFiles(fault=found.fault)


@pytest.mark.parametrize(
    ("body", "fault"), [(b"a\n\xff", "row 2: expected UTF-8"), (b"\n\na\x00", "row 3: expected no control character")]
)
def test_a_text_is_utf_8(body: bytes, fault: str) -> None:
    with pytest.raises(ContestError, match=fault):
        text_of(body, "theme.css")
