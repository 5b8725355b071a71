"""Text as people hand it in: decoded, in NFC, without invisible characters, with a near match named."""

import difflib
import unicodedata
from collections.abc import Iterable
from pathlib import Path

from streaming.errors import ContestError

FILE_BYTES_MAX = 8 * 1024 * 1024
"""A file of a contest folder; the whole country's 11,000 units take less than one MiB."""


def read_text(path: Path) -> str:
    """Return the text of a file in UTF-8, or in UTF-16 with its mark as spreadsheets save "Unicode text"; the mark is
    taken off.

    Raises:
        ContestError: If it cannot be read, passes FILE_BYTES_MAX or is in another encoding; the row is
            that of the first byte that is no UTF-8.
    """
    try:
        with path.open("rb") as file:
            body = file.read(FILE_BYTES_MAX + 1)
    except OSError as error:
        raise ContestError(f"a file that can be read ({error.strerror})", file=path.name) from error
    if len(body) > FILE_BYTES_MAX:
        raise ContestError(f"at most {FILE_BYTES_MAX} bytes", file=path.name)
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return body.decode("utf-16")
        except UnicodeDecodeError as error:
            raise ContestError("UTF-8 (this looks like UTF-16 that was cut off)", file=path.name) from error
    if body.startswith(b"PK\x03\x04"):
        raise ContestError("UTF-8 (this is a workbook: save its sheet as “CSV UTF-8”)", file=path.name)
    if b"\x00" in body[:1024]:
        raise ContestError("UTF-8 (this is no text, or UTF-16 without its mark: save it as UTF-8)", file=path.name)
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ContestError(
            "UTF-8 (this looks like windows-1258 or another old encoding: save it again as UTF-8)",
            file=path.name,
            row=error.object.count(b"\n", 0, error.start) + 1,
            value=f"byte 0x{error.object[error.start]:02X}",
        ) from error


def clean(text: str) -> str:
    """Return the text in NFC with outer spaces off and inner ones single."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def fault_in(text: str, chars_max: int) -> str | None:
    """Return what was expected of a name that people will read, or None if it is good.

    Invisible characters are refused, not dropped: a bidi mark can make a screen show another name than
    the one in the file.
    """
    for char in text:
        if unicodedata.category(char) in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}:
            return f"no control, bidi or other invisible character (it has U+{ord(char):04X})"
    cleaned = clean(text)
    if not cleaned:
        return "some text"
    if unicodedata.combining(cleaned[0]):
        return "a letter before the first mark"
    if len(cleaned) > chars_max:
        return f"at most {chars_max} characters (it has {len(cleaned)})"
    return None


def did_you_mean(value: str, choices: Iterable[str]) -> str:
    """Return “ (did you mean X?)” for the nearest of the choices, or nothing where none is near."""
    near = difflib.get_close_matches(value, list(choices), n=1, cutoff=0.6)
    return f" (did you mean “{near[0]}”?)" if near else ""
