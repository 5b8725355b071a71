"""Files as operators upload them, and such as were made to break a decoder."""

import io
import struct
import zlib

from PIL import Image

DRAWING = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20"><rect width="40" height="20"/></svg>'
SCRIPTED = DRAWING.replace(b"<rect", b"<script>alert(1)</script><rect")


def packed(image: Image.Image, kind: str, **given: object) -> bytes:
    """An image as a file of a kind, "PNG"."""
    file = io.BytesIO()
    image.save(file, kind, **given)
    return file.getvalue()


def plain(kind: str = "PNG", size: tuple[int, int] = (40, 20), colour: str = "#c81e1e") -> bytes:
    """A file of one colour."""
    return packed(Image.new("RGB", size, colour), kind)


def upright() -> bytes:
    """A photograph that the camera was turned for: its left half is red as it lies, its upper half as it is seen."""
    lying = Image.new("RGB", (60, 40), "#0000ff")
    lying.paste("#ff0000", (0, 0, 30, 40))
    said = Image.Exif()
    said[0x0112] = 6  # turn it by 90° clockwise
    said[0x010F] = "Camera of somebody"
    return packed(lying, "JPEG", exif=said, quality=95)


def bomb(side: int = 60_000) -> bytes:
    """A PNG of a few hundred bytes that says to be as large as a town."""
    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    pieces = ((b"IHDR", head), (b"IDAT", zlib.compress(bytes(1000))), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body)) for name, body in pieces
    )
