"""What is said on a terminal whose letters are not all of ours."""

import codecs
import sys
import unicodedata
from io import TextIOWrapper

PLAIN = "diemcau.plain"
"""The name under which codecs know ``plain``."""


def plain(error: UnicodeError) -> tuple[str | bytes, int]:
    """What stands for letters that an encoding lacks: those without their marks, "?" where nothing is left."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lacking = error.object[error.start : error.end].replace("Đ", "D").replace("đ", "d")
    bare = "".join(letter for letter in unicodedata.normalize("NFD", lacking) if not unicodedata.combining(letter))
    quotes = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'", "–": "-", "—": "-", "…": ".", "·": "-"})
    return "".join(letter if letter.isascii() else "?" for letter in bare.translate(quotes)), error.end


def speak_plainly() -> None:
    """See to it that no letter stops a command: in an ISO-8859-1 or ASCII locale even the first line would."""
    codecs.register_error(PLAIN, plain)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors=PLAIN)
