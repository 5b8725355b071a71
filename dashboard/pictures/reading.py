"""Reads what somebody uploads as a picture, in a process that can be killed, and makes of it what is shown.

Nothing of the file itself is kept but its pixels: it is decoded, turned as its camera says, brought to sRGB and to a
size that a wall can show, and encoded anew. What a decoder does with a file that was made to break it is unknown, so it
has a process of its own, with bounds on memory and processor time. A drawing in SVG is not decoded: it may say no more
than one of a theme, and is shown as an image, in which no script runs.
"""

import io
import re
import sys
from dataclasses import dataclass
from pathlib import PurePath
from typing import Literal

import msgspec
from PIL import Image, ImageCms, ImageOps

from dashboard.apart import bound
from dashboard.theme.svg import check_svg
from streaming.contests.theme_files import TEXT_BYTES_MAX, text_of
from streaming.errors import ContestError

SIDE_PX_MAX = 3_840
"""The longer side of what is kept: as wide as a wall of 2160 lines."""
PIXELS_MAX = 64_000_000
"""Of what is decoded. A picture of a thousand megapixels fits into a few kilobytes of file."""
PNG_BYTES_MAX = 3 * 1024 * 1024
"""A PNG that comes out larger is a photograph, and is kept as WebP."""
QUALITY = 90
"""Of JPEG and WebP: colours at full resolution, so that red letters keep their edges."""
MEMORY_BYTES = 1536 * 1024**2
CPU_S = 20
"""The processor time that a picture may take."""
MADE_BYTES_MAX = 32 * 1024 * 1024
"""More is not heard of the process: noise of all colours in a square of SIDE_PX_MAX comes out with 28 MB as a JPEG."""

Kind = Literal["png", "jpg", "webp", "svg"]
TITLES: dict[str, str] = {"png": "PNG", "jpg": "JPEG", "webp": "WebP", "svg": "SVG"}
SUFFIXES: dict[str, str] = {
    ".png": "png",
    ".jpg": "jpg",
    ".jpeg": "jpg",
    ".jfif": "jpg",
    ".webp": "webp",
    ".svg": "svg",
}
OTHERS = (
    (b"GIF8", "GIF"), (b"BM", "BMP"), (b"II*\0", "TIFF"), (b"MM\0*", "TIFF"), (b"%PDF", "PDF"), (b"PK\3\4", "ZIP"),
    (b"\0\0\1\0", "ICO"), (b"8BPS", "Photoshop"), (b"%!PS", "EPS"), (b"MZ", "EXE"),
)  # fmt: skip
OTHER_SUFFIXES = frozenset({".gif", ".bmp", ".tif", ".tiff", ".heic", ".avif", ".pdf", ".psd", ".ai", ".eps", ".ico"})
_BOXED = {b"heic": "HEIC", b"heix": "HEIC", b"mif1": "HEIC", b"avif": "AVIF", b"isom": "MP4", b"mp42": "MP4"}
_NUMBER = re.compile(r"\s*([0-9]{1,5}(?:\.[0-9]{1,6})?)\s*(?:px)?\s*", re.ASCII)


class PictureError(Exception):
    """What is wrong with a file: ``code`` is its stable name, ``found`` what was found instead of what was expected."""

    def __init__(self, code: str, expected: str, found: str = "") -> None:
        self.code = code
        self.expected = expected
        self.found = found
        super().__init__(code)


class Head(msgspec.Struct, frozen=True, omit_defaults=True):
    """The first line that the process says; the bytes of the picture follow, if there is no ``code``."""

    ext: str = ""
    width: int = 0
    height: int = 0
    code: str = ""
    expected: str = ""
    found: str = ""


@dataclass(frozen=True)
class Made:
    """A picture as it is kept."""

    ext: Kind
    width: int
    height: int
    body: bytes


def made_of(body: bytes, name: str) -> Made:
    """The picture in a file of a name.

    Raises:
        PictureError: If it holds none that can be shown.
    """
    kind = _kind(body, name)
    if kind == "svg":
        return _drawing(body)
    try:
        return _decoded(body, kind)
    except PictureError:
        raise
    except MemoryError:
        raise PictureError("too_many_pixels", f"at most {PIXELS_MAX // 10**6} megapixels") from None
    except Exception as error:  # whatever a decoder says of a file that is none
        raise PictureError("broken_picture", f"a whole file in {TITLES[kind]}", type(error).__name__) from error


def _kind(body: bytes, name: str) -> Kind:
    """The kind of a file by what is in it, which its name must not belie."""
    found: Kind
    if body.startswith(b"\x89PNG\r\n\x1a\n"):
        found = "png"
    elif body.startswith(b"\xff\xd8\xff"):
        found = "jpg"
    elif body[:4] == b"RIFF" and body[8:12] == b"WEBP":
        found = "webp"
    elif b"<svg" in body[:4096].lower():
        found = "svg"
    else:
        raise PictureError("other_kind", _any_of(), _other(body))
    suffix = PurePath(name).suffix.lower()
    said = SUFFIXES.get(suffix) or (suffix if suffix in OTHER_SUFFIXES else None)
    if said not in {None, found}:
        raise PictureError("not_as_named", f"what its name says ({suffix})", TITLES[found])
    return found


def _any_of() -> str:
    return "a picture in PNG, JPEG, WebP or SVG"


def _other(body: bytes) -> str:
    if not body:
        return "0 B"
    if body[4:8] == b"ftyp":
        return _BOXED.get(body[8:12], "MP4")
    return next((title for begins, title in OTHERS if body.startswith(begins)), "")


def _decoded(body: bytes, kind: Kind) -> Made:
    Image.MAX_IMAGE_PIXELS = None  # Looked at below, before anything is unpacked.
    with Image.open(io.BytesIO(body), formats=("JPEG" if kind == "jpg" else kind.upper(),)) as image:
        width, height = image.size
        if width * height > PIXELS_MAX:
            raise PictureError("too_many_pixels", f"at most {PIXELS_MAX // 10**6} megapixels", f"{width} × {height} px")
        if getattr(image, "is_animated", False):
            raise PictureError("moving_picture", "one that stands still")
        # A JPEG of twice the size or more is decoded at a half of it, or a quarter: in a quarter of the time.
        image.draft("RGB", (SIDE_PX_MAX, SIDE_PX_MAX))
        image.load()
        shown = _in_srgb(ImageOps.exif_transpose(image), image.info.get("icc_profile"))
    shown.thumbnail((SIDE_PX_MAX, SIDE_PX_MAX), Image.Resampling.LANCZOS)
    ext, packed = _packed(shown, kind)
    return Made(ext, *shown.size, packed)


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """The pixels in RGB, or RGBA where any is not opaque."""
    if profile and image.mode in {"RGB", "CMYK"}:
        try:
            srgb = ImageCms.createProfile("sRGB")
            own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            converted = ImageCms.profileToProfile(image, own, srgb, outputMode="RGB")
            image = image if converted is None else converted
        except (ImageCms.PyCMSError, OSError, ValueError):
            pass  # A profile that cannot be read says nothing; the colours are taken as they stand.
    if image.mode.startswith("I"):  # 16 bits of grey
        image = image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if "A" in image.getbands() or "transparency" in image.info:
        clear = image.convert("RGBA")
        return clear if clear.getchannel("A").getextrema() != (255, 255) else clear.convert("RGB")
    return image.convert("RGB")


def _packed(image: Image.Image, kind: Kind) -> tuple[Kind, bytes]:
    """The pixels encoded, in the kind of the file unless another is far smaller; nothing else of the file is in it."""
    image.info.clear()
    file = io.BytesIO()
    if kind == "jpg":
        image.save(file, "JPEG", quality=QUALITY, subsampling=0)
        return "jpg", file.getvalue()
    if kind == "png":
        image.save(file, "PNG")
        if file.tell() <= PNG_BYTES_MAX:
            return "png", file.getvalue()
        file = io.BytesIO()
    image.save(file, "WEBP", quality=QUALITY, method=2)
    return "webp", file.getvalue()


def _drawing(body: bytes) -> Made:
    if len(body) > TEXT_BYTES_MAX:
        raise PictureError("svg", f"at most {TEXT_BYTES_MAX // 1024} KiB of SVG", f"{len(body) // 1024} KiB")
    try:
        text = text_of(body, "")
        width, height = _size(check_svg(text, ""))
    except ContestError as error:
        raise PictureError("svg", error.expected, "" if error.row is None else f"row {error.row}") from error
    return Made("svg", width, height, text.encode())


def _size(attributes: dict[str, str]) -> tuple[int, int]:
    """The size of a drawing, by its width and height or by its viewBox."""
    plain = [_NUMBER.fullmatch(attributes.get(name, "")) for name in ("width", "height")]
    box = [_NUMBER.fullmatch(each) for each in re.split(r"[\s,]+", attributes.get("viewBox", "").strip())[2:4]]
    for pair in (plain, box):
        sizes = [round(float(each[1])) for each in pair if each is not None]
        if len(sizes) == 2 and min(sizes) > 0:
            return sizes[0], sizes[1]
    raise PictureError("svg", "width and height in px, or a viewBox")


def main() -> None:
    """Read a file from standard input, of the name given, and say what became of it."""
    bound(MEMORY_BYTES, CPU_S)
    try:
        made = made_of(sys.stdin.buffer.read(), sys.argv[1])
    except PictureError as error:
        head, body = Head(code=error.code, expected=error.expected, found=error.found), b""
    else:
        head, body = Head(made.ext, made.width, made.height), made.body
    sys.stdout.buffer.write(msgspec.json.encode(head) + b"\n" + body)


if __name__ == "__main__":
    main()
