"""A contest's theme: checked as a whole, or none at all."""

from dataclasses import replace
from pathlib import Path

from dashboard.theme.theme import Theme, theme_of
from streaming.contests.contest import ContestFolder, load_contest, shipped_contest
from streaming.contests.theme_files import ThemeFiles, read_theme
from tests.worlds.contest_folder import folder

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"/>'


def with_theme(path: Path, **files: bytes) -> ContestFolder:
    (path / "theme").mkdir(parents=True)
    for name, body in files.items():
        (path / "theme" / name).write_bytes(body)
    return load_contest(folder(path))


def test_the_shipped_one_is_good() -> None:
    loaded = load_contest(shipped_contest())
    theme = theme_of(loaded)
    assert theme.faults == ()
    assert list(theme.files) == ["theme.css", "woven.svg"]
    assert theme.prefix == f"/theme/{loaded.theme.digest}"


def test_a_folder_without_one_has_the_shipped_look(tmp_path: Path) -> None:
    assert theme_of(load_contest(folder(tmp_path))) == Theme()


def test_each_file_with_a_fault_is_named_and_none_is_used(tmp_path: Path) -> None:
    loaded = with_theme(tmp_path, **{"theme.css": b"@import 'x';", "a.svg": b"<svg/>", "b.svg": SVG})
    theme = theme_of(loaded)
    assert (theme.prefix, theme.files) == ("", {})
    assert [fault.partition(":")[0] for fault in theme.faults] == ["theme/a.svg", "theme/theme.css, row 1"]


def test_pictures_without_styles_are_told(tmp_path: Path) -> None:
    assert theme_of(with_theme(tmp_path, **{"a.svg": SVG})).faults == (
        "theme: expected theme.css, which says what the other files are for",
    )


def test_what_could_not_be_read_is_a_fault(tmp_path: Path) -> None:
    loaded = load_contest(folder(tmp_path))
    assert theme_of(replace(loaded, theme=ThemeFiles(fault="theme/x: …"))).faults == ("theme/x: …",)
    assert read_theme(tmp_path) == ThemeFiles()
