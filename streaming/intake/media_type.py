"""What a Content-Type says (RFC 9110 §8.3): a media type, and a charset that may be another than UTF-8."""

import re
from functools import lru_cache
from typing import NamedTuple

READ_AS_UTF8 = frozenset({"", "utf-8", "utf8", "us-ascii", "ascii"})
"""Charsets whose texts are UTF-8; any other is refused, never guessed."""
REMEMBERED_MAX = 64

_BETWEEN_COMMAS = re.compile(r'(?:"(?:[^"\\]++|\\.)*+"?|[^",])++')
_BETWEEN_SEMICOLONS = re.compile(r'(?:"(?:[^"\\]++|\\.)*+"?|[^";])++')


class MediaType(NamedTuple):
    """``name`` in lower case, "" where there is none; ``charset`` one that is not read here, "" for all others."""

    name: str
    charset: str


@lru_cache(REMEMBERED_MAX)
def read_media_type(content_type: str) -> MediaType:
    """The media type of a Content-Type; several lines are joined by commas, as any proxy may do.

    Parameters of other names are ignored, and so is what is no parameter.

    Raises:
        ValueError: If there are several that differ, so that nobody can tell which is meant.
    """
    found: set[MediaType] = set()
    for each in _BETWEEN_COMMAS.findall(content_type):
        name, _, parameters = each.partition(";")
        if each.strip():
            found.add(MediaType(name.strip().lower(), _charset(parameters)))
    if len(found) > 1:
        raise ValueError("there are several, and they differ")
    return found.pop() if found else MediaType("", "")


def _charset(parameters: str) -> str:
    """The first charset of the parameters that is not read here."""
    for parameter in _BETWEEN_SEMICOLONS.findall(parameters):
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset":
            charset = re.sub(r"\\(.)", r"\1", value.strip().strip("\"'")).strip().lower()
            if charset not in READ_AS_UTF8:
                return charset
    return ""
