"""Where the items of an array stand, though some of them may not be JSON at all."""

import json
import re
from collections.abc import Iterator

TOKENS_MAX = 100_000
"""Texts, runs of brackets and commas that are gone through to find where the broken items of one body end."""

_TOKEN = re.compile(
    r"""
      (?: (?: "(?:[^"\\]++|\\.)*+" [ \t\r\n]*+ : [ \t\r\n]*+ )?+ [\[{] ){1,1000}+  # opens one or many, keys between
    | "(?:[^"\\]++|\\.)*+"
    | [\]}]{1,1000}+
    | [,"]
    """,
    re.VERBOSE | re.DOTALL,
)
_TEXT = re.compile(r'"(?:[^"\\]++|\\.)*+"', re.DOTALL)
_BLANKS = re.compile(r"[ \t\r\n]*+")
_decoder = json.JSONDecoder()


class Unsplittable(ValueError):  # noqa: N818 - says what the body is
    """Nobody can tell where an item of this ends; the text says why."""


class TooMany(ValueError):  # noqa: N818 - says what the body is
    """There are more items than were asked for."""


def split_array(body: bytes, items_max: int) -> list[bytes]:
    """The items of an array as they are written, so that a bad one is bad alone.

    A broken item ends at the first comma or bracket behind it that belongs to the array itself.

    Raises:
        Unsplittable: If it is no array, a text or a bracket does not end, or TOKENS_MAX do not suffice.
        TooMany: If there are more than ``items_max``.
    """
    # Bytes that are no UTF-8 are passed through, for whoever reads the item to name.
    text = body.decode("utf-8", "surrogateescape")
    at = _behind_blanks(text, 0)
    if text[at : at + 1] != "[":
        raise Unsplittable("expected an array")
    items: list[bytes] = []
    tokens_left = iter(range(TOKENS_MAX))
    at += 1
    if text[(end := _behind_blanks(text, at)) : end + 1] != "]":
        while True:
            begin, end = at, _end_of_item(text, at, tokens_left)
            if len(items) == items_max:
                raise TooMany
            items.append(text[begin:end].encode("utf-8", "surrogateescape"))
            if text[end] == "]":
                break
            at = end + 1
    if (rest := _behind_blanks(text, end + 1)) != len(text):
        raise Unsplittable(f"there is more behind the array, from character {rest + 1} on")
    return items


def _end_of_item(text: str, at: int, tokens_left: Iterator[int]) -> int:
    """Where the comma or bracket stands that ends the item which begins there."""
    try:
        # What it reads is thrown away: only where it ends matters.
        end = _behind_blanks(text, _decoder.raw_decode(text, _behind_blanks(text, at))[1])
    except (ValueError, RecursionError):
        pass
    else:
        if text[end : end + 1] in {",", "]"}:
            return end
    depth = 0
    for token in _TOKEN.finditer(text, at):
        if next(tokens_left, None) is None:
            raise Unsplittable("too much of it is broken to tell where its items end")
        start, size = token.start(), token.end() - token.start()
        first = text[start]
        if text[token.end() - 1] in "[{":
            opened = _TEXT.sub("", token[0]) if '"' in token[0] else token[0]
            depth += opened.count("[") + opened.count("{")
        elif first in "]}":
            if size > depth:
                if text[start + depth] == "}":
                    raise Unsplittable(f"nothing is open at character {start + depth + 1} that could be closed")
                return start + depth
            depth -= size
        elif first == "," and depth == 0:
            return start
        elif first == '"' and size == 1:
            raise Unsplittable(f"the text at character {start + 1} does not end")
    raise Unsplittable("the array does not end")


def _behind_blanks(text: str, at: int) -> int:
    found = _BLANKS.match(text, at)
    return at if found is None else found.end()
