"""Output on a terminal whose encoding lacks Vietnamese letters."""

import codecs
import sys
import unicodedata
from io import TextIOWrapper

PLAIN = "diemcau.plain"
"""The name under which ``plain`` is registered with codecs."""


def plain(error: UnicodeError) -> tuple[str | bytes, int]:
    """Replaces letters that an encoding lacks by those without marks, by "?" where nothing is left."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lacking = error.object[error.start : error.end].replace("Đ", "D").replace("đ", "d")
    bare = "".join(letter for letter in unicodedata.normalize("NFD", lacking) if not unicodedata.combining(letter))
    quotes = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'", "–": "-", "—": "-", "…": ".", "·": "-"})
    return "".join(letter if letter.isascii() else "?" for letter in bare.translate(quotes)), error.end


def speak_plainly() -> None:
    """Make sure that no letter stops a command: in an ISO-8859-1 or ASCII locale even the first line would raise."""
    codecs.register_error(PLAIN, plain)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors=PLAIN)
