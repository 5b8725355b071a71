"""Files that are uploaded as pictures: what is made of each, and what is said of those that hold none."""

import io
import subprocess
import sys
from collections.abc import Callable
from functools import partial

import msgspec
import pytest
from PIL import Image

from dashboard.pictures.reading import PNG_BYTES_MAX, SIDE_PX_MAX, Head, PictureError, made_of
from tests.suite import ROOT
from tests.worlds.pictures import DRAWING, SCRIPTED, bomb, packed, plain, upright

NOISE_SIZE = (1400, 1000)
Body = bytes | Callable[[], bytes]
"""What takes long is made by the test that needs it, not by each process that reads this file."""


def noise(kind: str) -> bytes:
    """What a camera would give."""
    return packed(Image.effect_noise(NOISE_SIZE, 90).convert("RGB"), kind)


def made_body(body: Body) -> bytes:
    return body if isinstance(body, bytes) else body()


@pytest.mark.parametrize(
    ("body", "name", "ext", "size"),
    [
        (plain("PNG"), "logo.png", "png", (40, 20)),
        (plain("JPEG"), "Ảnh khai mạc.JPG", "jpg", (40, 20)),
        (plain("JPEG"), "Ảnh chụp 08.09.2022", "jpg", (40, 20)),
        (plain("WEBP"), "a.webp", "webp", (40, 20)),
        (partial(plain, "PNG", (6_000, 300)), "wide.png", "png", (SIDE_PX_MAX, 192)),
        (packed(Image.new("CMYK", (40, 20)), "JPEG"), "in.jpg", "jpg", (40, 20)),
        (packed(Image.new("I;16", (40, 20), 40_000), "PNG"), "grey.png", "png", (40, 20)),
        (partial(noise, "PNG"), "photo.png", "webp", NOISE_SIZE),
        (DRAWING, "logo.svg", "svg", (40, 20)),
        (DRAWING.replace(b"viewBox", b'width="80px" height="40" viewBox'), "logo.svg", "svg", (80, 40)),
    ],
)
def test_a_picture_is_made_of_what_comes(body: Body, name: str, ext: str, size: tuple[int, int]) -> None:
    made = made_of(made_body(body), name)
    assert (made.ext, made.width, made.height) == (ext, *size)
    if ext != "svg":
        with Image.open(io.BytesIO(made.body)) as shown:
            assert (shown.size, shown.mode) == (size, "RGB")


def test_the_noise_is_a_photograph() -> None:
    assert len(noise("PNG")) > PNG_BYTES_MAX


def test_a_photograph_stands_upright_and_nothing_of_its_camera_is_kept() -> None:
    body = upright()
    assert b"Camera of somebody" in body
    made = made_of(body, "DSC_0042.jpg")
    assert b"Camera of somebody" not in made.body
    with Image.open(io.BytesIO(made.body)) as shown:
        assert shown.size == (40, 60)
        assert shown.getexif() == {}
        red, _, blue = shown.getpixel((20, 10))  # type: ignore[misc] # of three bands
        assert red > 200
        assert blue < 60


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_what_is_clear_stays_clear(kind: str) -> None:
    logo = Image.new("RGBA", (40, 20), (255, 0, 0, 0))
    logo.paste((255, 0, 0, 255), (0, 0, 20, 20))
    made = made_of(packed(logo, kind), "logo")
    with Image.open(io.BytesIO(made.body)) as shown:
        assert shown.mode == "RGBA"
        assert [shown.getpixel(at)[3] for at in ((10, 10), (30, 10))] == [255, 0]  # type: ignore[index] # of four bands


@pytest.mark.parametrize(
    ("body", "name", "code", "found"),
    [
        (b"", "a.png", "other_kind", "0 B"),
        (plain("GIF"), "a.png", "other_kind", "GIF"),
        (b"MZ" + bytes(100), "logo.png", "other_kind", "EXE"),
        (b"\0\0\0\x18ftypheic" + bytes(50), "IMG_0001.HEIC", "other_kind", "HEIC"),
        (b"<html><script>", "logo.png", "other_kind", ""),
        (plain("JPEG"), "logo.png", "not_as_named", "JPEG"),
        (DRAWING, "logo.png", "not_as_named", "SVG"),
        (bomb(), "bomb.png", "too_many_pixels", "60000 × 60000 px"),
        (lambda: noise("JPEG")[:9_000], "half.jpg", "broken_picture", "OSError"),
        (plain("PNG")[:40], "half.png", "broken_picture", None),
        (b"RIFF\0\0\0\0WEBPVP8 ", "a.webp", "broken_picture", None),
        (SCRIPTED, "logo.svg", "svg", ""),
        (b'<!DOCTYPE svg [<!ENTITY a "b">]>' + DRAWING, "logo.svg", "svg", "row 1"),
        (b"<html><svg></svg></html>", "logo.svg", "svg", ""),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><rect/></svg>', "logo.svg", "svg", ""),
        (DRAWING + b" " * 300_000, "logo.svg", "svg", "293 KiB"),
    ],
)
def test_what_holds_no_picture_is_told_by_a_code(body: Body, name: str, code: str, found: str | None) -> None:
    with pytest.raises(PictureError) as raised:
        made_of(made_body(body), name)
    assert raised.value.code == code
    assert raised.value.expected
    assert found in {None, raised.value.found}


def test_a_picture_that_moves_is_none() -> None:
    moving = packed(Image.new("RGB", (9, 9)), "PNG", save_all=True, append_images=[Image.new("RGB", (9, 9), "#ffffff")])
    with pytest.raises(PictureError, match="moving_picture"):
        made_of(moving, "a.png")


@pytest.mark.parametrize(("body", "code"), [(plain(), ""), (bomb(), "too_many_pixels")])
def test_the_process_says_in_a_line_what_became_of_the_file(body: bytes, code: str) -> None:
    command = [sys.executable, "-m", "dashboard.pictures.reading", "a.png"]
    said = subprocess.run(command, cwd=ROOT, input=body, capture_output=True, check=True).stdout
    line, _, made = said.partition(b"\n")
    head = msgspec.json.decode(line, type=Head)
    assert head.code == code
    assert made.startswith(b"\x89PNG") if not code else made == b""
