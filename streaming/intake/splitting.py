"""Where the items of an array stand, though some of them may not be JSON at all."""

import json
import re
from collections.abc import Iterator

import msgspec

TOKENS_MAX = 300_000
"""Pieces that are gone through to find where the broken items of one body end: enough for 4 MiB of small lists."""
BUILT_CHARS_MAX = 4 * 1024
"""So far an item is read to see where it ends. It is built meanwhile, and every thread waits: 4 MiB of small lists take
3 s."""

# No piece takes more than a few ms: while one is looked for, every thread waits.
_SHORT = r'"(?:[^"\\]++|\\.){0,20}+"'
_LEAF = rf'(?:\[(?:[^"\[\]{{}}]++|{_SHORT}){{0,20}}+\]|\{{(?:[^"\[\]{{}}]++|{_SHORT}){{0,20}}+\}})'
_TWIG = rf'(?:\[(?:[^"\[\]{{}}]++|{_SHORT}|{_LEAF}){{0,20}}+\]|\{{(?:[^"\[\]{{}}]++|{_SHORT}|{_LEAF}){{0,20}}+\}})'
_INSIDE = re.compile(rf'(?:[^"\[\]{{}}]++|{_SHORT}|{_LEAF}|{_TWIG}){{1,20}}+', re.DOTALL)
"""What neither opens nor closes a bracket for good."""
_TEXT = r'"(?:[^"\\]++|\\.){0,300}+"'
_PIECE = re.compile(
    rf"""
      (?: (?: {_TEXT} [ \t\r\n]*+ : [ \t\r\n]*+ )?+ [\[{{] ){{1,300}}+  # opens one or many, keys between
    | {_TEXT}
    | [\]}}]{{1,1000}}+
    | [,"]
    | [^"\[\]{{}},]++
    """,
    re.VERBOSE | re.DOTALL,
)
_IN_TEXT = re.compile(r'(?:[^"\\]++|\\.){1,10000}+', re.DOTALL)
_KEY = re.compile(_TEXT, re.DOTALL)
_BLANKS = re.compile(r"[ \t\r\n]*+")
_decoder = json.JSONDecoder()
_any_json = msgspec.json.Decoder(msgspec.Raw)
_MORE = re.compile(r"trailing characters \(byte (\d+)\)")
"""What msgspec says of more behind a value."""


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
    # A character a byte: what makes up JSON is ASCII, and the rest is for whoever reads the item.
    text = body.decode("latin-1")
    at = _behind_blanks(text, 0)
    if text[at : at + 1] != "[":
        raise Unsplittable("expected an array")
    items: list[bytes] = []
    tokens_left = iter(range(TOKENS_MAX))
    at += 1
    if text[(end := _behind_blanks(text, at)) : end + 1] != "]":
        while True:
            begin, end = at, _end_of_item(body, text, at, tokens_left)
            if len(items) == items_max:
                raise TooMany
            items.append(body[begin:end])
            if text[end] == "]":
                break
            at = end + 1
    if (rest := _behind_blanks(text, end + 1)) != len(text):
        raise Unsplittable(f"there is more behind the array, from byte {rest} on")
    return items


def _end_of_item(body: bytes, text: str, at: int, tokens_left: Iterator[int]) -> int:
    """Where the comma or bracket stands that ends the item which begins there."""
    begin = _behind_blanks(text, at)
    for read in (_end_of_small, _end_of_good):
        end = read(body, text, begin)
        if end is not None and text[(end := _behind_blanks(text, end)) : end + 1] in {",", "]"}:
            return end
    return _end_by_brackets(text, at, tokens_left)


def _end_of_small(_body: bytes, text: str, begin: int) -> int | None:
    try:
        # What it reads is thrown away: only where it ends matters.
        return begin + _decoder.raw_decode(text[begin : begin + BUILT_CHARS_MAX])[1]
    except (ValueError, RecursionError):
        return None


def _end_of_good(body: bytes, _text: str, begin: int) -> int | None:
    """Of an item of any size, if it is JSON: it is passed over until there is more than one."""
    try:
        _any_json.decode(memoryview(body)[begin:])
    except msgspec.DecodeError as error:
        found = _MORE.search(str(error))
        return begin + int(found[1]) - 1 if found else None
    except RecursionError:
        return None
    return len(body)


def _end_by_brackets(text: str, at: int, tokens_left: Iterator[int]) -> int:
    depth = 0
    while piece := _next_piece(text, at, depth):
        if next(tokens_left, None) is None:
            raise Unsplittable("too much of it is broken to tell where its items end")
        start, at = piece.span()
        first = text[start]
        if depth and piece.re is _INSIDE:
            continue
        if text[at - 1] in "[{":
            opened = _KEY.sub("", piece[0]) if '"' in piece[0] else piece[0]
            depth += opened.count("[") + opened.count("{")
        elif first in "]}":
            if at - start > depth:
                if text[start + depth] == "}":
                    raise Unsplittable(f"nothing is open at byte {start + depth} that could be closed")
                return start + depth
            depth -= at - start
        elif first == "," and depth == 0:
            return start
        elif first == '"' and at - start == 1:
            at = _end_of_text(text, start, tokens_left)
    raise Unsplittable("the array does not end")


def _next_piece(text: str, at: int, depth: int) -> re.Match[str] | None:
    return (_INSIDE.match(text, at) if depth else None) or _PIECE.match(text, at)


def _end_of_text(text: str, start: int, tokens_left: Iterator[int]) -> int:
    """Behind a text that is too long for one piece."""
    at = start + 1
    while (piece := _IN_TEXT.match(text, at)) and next(tokens_left, None) is not None:
        at = piece.end()
    if text[at : at + 1] != '"':
        raise Unsplittable(f"the text at byte {start} does not end")
    return at + 1


def _behind_blanks(text: str, at: int) -> int:
    found = _BLANKS.match(text, at)
    return at if found is None else found.end()
