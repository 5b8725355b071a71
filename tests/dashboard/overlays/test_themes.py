"""Themes of overlays: what their files may say, and that a fault in one leaves everything else as it was."""

from pathlib import Path
from typing import get_type_hints

import pytest

from dashboard.overlays.look import Colours, Logo, Shape, Type, contrasts
from dashboard.overlays.themes import DEFAULT, OverlayThemes, shipped, themes_of
from streaming.contests.contest import load_contest
from tests.suite import ROOT
from tests.worlds.contest_folder import folder

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><circle r="5"/></svg>'
GOOD = """
title = "Kênh Z"
[colours]
ground = "#402010"
ground_end = "#301808"
[shape]
band = "none"
[type]
regular = "own-regular.woff2"
bold = "own-bold.woff2"
[logo]
file = "logo.svg"
"""
BESIDE = {"logo.svg": SVG, "own-regular.woff2": b"wOF2", "own-bold.woff2": b"wOF2", "licence.txt": b"free"}
PRESS = "theme/overlays/press.toml"


def themes(path: Path, text: str, beside: dict[str, bytes] = BESIDE) -> OverlayThemes:
    (path / "theme" / "overlays").mkdir(parents=True)
    for name, body in {"press.toml": text.encode(), **beside}.items():
        (path / "theme" / "overlays" / name).write_bytes(body)
    return themes_of(load_contest(folder(path)))


def test_shipped_ones_are_read_with_ease_and_named_in_both_languages() -> None:
    assert list(shipped()) == [DEFAULT, "light"]
    for look in shipped().values():
        assert min(contrasts(look).values()) >= 4.5
        assert look.title != look.title_en


def test_a_contest_brings_its_own_with_letters_and_a_logo(tmp_path: Path) -> None:
    found = themes(tmp_path, GOOD)
    assert (found.faults, found.doubts) == ((), ())
    assert found.titles("en") == {"deep": "Deep blue", "light": "Light", "press": "Kênh Z"}
    assert found.known("nowhere", "press") == "press"
    assert set(found.files) == {"deep.css", "light.css", "press.css", "logo.svg", "own-regular.woff2", "own-bold.woff2"}
    text = found.files["press.css"].decode()
    for said in ("--plate: rgba(64, 32, 16, 0.98);", "--plate-band: 0em;", 'url("logo.svg")', '"Overlay Theme"'):
        assert said in text
    assert "--gold: #ffd35c" in text, "what it leaves out is the default's"
    other = themes(tmp_path / "other", GOOD.replace("#402010", "#402011"))
    assert other.prefix != found.prefix


def test_the_one_of_the_how_to_is_good_and_its_table_has_every_key(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "how-to" / "dress-overlays.md").read_text("utf-8")
    found = themes(tmp_path, page.partition("```toml\n")[2].partition("```")[0])
    assert (found.faults, found.doubts) == ((), ())
    assert found.titles("vi")["press"] == "Báo Tỉnh"
    table = "".join(line for line in page.splitlines() if line.startswith("| "))
    keys = {key for part in (Colours, Shape, Type, Logo) for key in get_type_hints(part)}
    assert {key for key in keys if f"`{key}`" not in table} == set()


def test_one_may_take_the_place_of_a_shipped_one(tmp_path: Path) -> None:
    found = themes(tmp_path, "", {"deep.toml": b"[shape]\nradius_px = 0\n"})
    assert "--plate-radius: 0em;" in found.files["deep.css"].decode()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[colours]\ntext = "red"', f"{PRESS}, row 2, column colours[1].text: found “red”, expected a colour such as"),
        ('[colours]\ntext = "#fff;}"', f"{PRESS}, row 2, column colours[1].text: found “#fff;}}”, expected a colour"),
        (
            '[colours]\nground = "#f3f8fb"',
            f"{PRESS}, row 1, column colours[1].text: expected a contrast of at least 3.0",
        ),
        ("[shape]\nradius_px = 41", f"{PRESS}, row 2, column shape[1].radius_px: found “41”, expected a whole"),
        ("[shape]\nborder_px = 2", f"{PRESS}, row 2, column shape[1].border_px: found “2”, expected 0 or at least 3"),
        ('[shape]\nband = "brocad"', f"{PRESS}, row 2, column shape[1].band: found “brocad”, expected one of brocade"),
        ("[shape]\nradios_px = 4", f"{PRESS}, row 2, column shape[1].radios_px: found “radios_px”, expected one of"),
        ('[type]\nregular = "arial.woff2"', f"{PRESS}, row 2, column type[1].regular: found “arial.woff2”, expected a"),
        ('[type]\nbold = "own-bold.woff2"', f"{PRESS}, row 1, column type[1].regular: expected regular and bold"),
        (
            '[logo]\nfile = "../theme.css"',
            f"{PRESS}, row 2, column logo[1].file: found “../theme.css”, expected a file",
        ),
        ("colours = 3", f"{PRESS}, row 1, column colours: found “3”, expected a table"),
        ("[[[", f"{PRESS}, row 1: expected valid TOML"),
    ],
)
def test_a_value_that_cannot_be_is_named_and_the_rest_stands(tmp_path: Path, text: str, told: str) -> None:
    found = themes(tmp_path, text, BESIDE | {"good.toml": b'title = "A"'})
    (fault,) = found.faults
    assert fault.startswith(told)
    assert (found.known("press"), found.known("good")) == (DEFAULT, "good")


def test_a_text_that_is_hard_to_read_is_told_and_shown(tmp_path: Path) -> None:
    found = themes(tmp_path, '[colours]\nsoft = "#8093a3"\nground = "#1a3a5a"')
    assert found.known("press") == "press"
    assert [doubt.partition(" has")[0] for doubt in found.doubts] == [f"{PRESS}: colours.soft"]


def test_files_that_may_not_be_there_leave_the_screens_theme_alone(tmp_path: Path) -> None:
    found = themes(tmp_path, GOOD, {"logo.js": b"alert(1)"})
    assert found.faults == ("theme/overlays/logo.js: expected one of the kinds .toml, .woff2, .png, .svg",)
    assert list(found.looks) == list(shipped())
    assert load_contest(tmp_path).theme.fault == ""


def test_a_logo_with_a_script_is_named(tmp_path: Path) -> None:
    evil = b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>'
    found = themes(tmp_path, GOOD, BESIDE | {"logo.svg": evil})
    assert found.faults == ("theme/overlays/logo.svg: expected shapes and colours alone, no <script>",)
