"""The body forms of a batch: one object, an array, NDJSON, CloudEvents; each split into its items."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any, cast

import msgspec

from streaming.characters import EXPECTED, bad_character_in
from streaming.errors import DiemCauError, shown
from streaming.intake.media_type import read_media_type
from streaming.intake.quick import QuickItem
from streaming.intake.splitting import TooMany, Unsplittable, split_array
from streaming.participation import BUILT_BYTES_MAX, NOT_AN_OBJECT, UNREADABLE, Reject, decode_event, decode_item

JSON = "application/json"
NDJSON = "application/x-ndjson"
CLOUDEVENT = "application/cloudevents+json"
CLOUDEVENT_BATCH = "application/cloudevents-batch+json"
BOM = b"\xef\xbb\xbf"
MEDIA_TYPES = (JSON, NDJSON, CLOUDEVENT, CLOUDEVENT_BATCH)

ITEMS_MAX = 10_000
"""Items of one batch; a source with more sends several."""
COMMAS_OF_ITEM = 10
"""With more of them a body may have far too many items, which are not to be made in one go: 1,400,000 of "{}" would
keep every thread waiting for 0.3 s."""
NO_ITEM = frozenset({UNREADABLE, NOT_AN_OBJECT})
"""Codes of what has no field to be named."""


class Unreadable(DiemCauError):  # noqa: N818 - says what the body is
    """A body of which nothing can be kept. ``code`` is the stable name that programs compare."""

    def __init__(self, message: str, code: str = "unreadable") -> None:
        self.code = code
        super().__init__(message)


class NotReadHere(Unreadable):
    """A body of a media type, or in a charset, that nobody here reads."""


class TooManyItems(Unreadable):
    """A body with more items than one batch may have."""

    def __init__(self, items_max: int) -> None:
        super().__init__(f"the batch has more than {items_max} items, expected several smaller ones", "too_many_items")


Item = QuickItem | dict[str, Any] | Reject
"""An item whose types are right, an object that is to be looked at field by field, or none."""


@dataclass(frozen=True)
class Batch:
    """The items of a body, still to be checked, in their order; ``is_single`` where the body was one object."""

    items: list[Item]
    is_single: bool


def media_of(content_type: str) -> str:
    """Which of MEDIA_TYPES it is, JSON where nothing is said.

    Raises:
        NotReadHere: If it is another, or in a charset that is not UTF-8.
    """
    try:
        media, charset = read_media_type(content_type)
    except ValueError as error:
        raise NotReadHere(f"Content-Type {shown(content_type)}: {error}", "media_type") from None
    media = media or JSON
    if media not in MEDIA_TYPES:
        expected = ", ".join(MEDIA_TYPES)
        raise NotReadHere(f"Content-Type {shown(media)} is not read here, expected {expected}", "media_type")
    if charset:
        raise NotReadHere(f"charset {shown(charset)} is not read here, expected UTF-8", "charset")
    return media


@dataclass(frozen=True)
class Split:
    """The items of a body as they are written, in their order, and what reads one under its index."""

    raws: Sequence[bytes | msgspec.Raw]
    read: Callable[[bytes, int], Item]
    is_single: bool

    def read_some(self, begin: int, end: int) -> list[Item]:
        """The items from ``begin`` up to ``end``, each as far as it can be read."""
        return [self.read(bytes(self.raws[index]), index) for index in range(begin, end)]

    def batch(self, items: list[Item]) -> Batch:
        """All of its items, read.

        Raises:
            Unreadable: If nothing of them is JSON in UTF-8.
        """
        return Batch(_unless_none_is_json(items, is_single=self.is_single), self.is_single)


def split(body: bytes, media: str, items_max: int) -> Split:
    """Where the items of a body stand, whether or not they can be read.

    Raises:
        Unreadable: If it has not the form that ``media`` promises.
        TooManyItems: If it has more than ``items_max``.
    """
    if media == NDJSON:
        return Split(_lines(body, items_max), read_item, is_single=False)
    is_array = body.lstrip()[:1] == b"["
    if media == CLOUDEVENT_BATCH and not is_array:
        raise Unreadable(f"{CLOUDEVENT_BATCH} is an array of events")
    if media == CLOUDEVENT and is_array:
        raise Unreadable(f"{CLOUDEVENT} is one event, expected {CLOUDEVENT_BATCH} for several")
    read = read_item if media == JSON else read_event
    return Split(_raws(body, items_max) if is_array else [body], read, is_single=not is_array)


def read_quickly(body: bytes, media: str, items_max: int) -> Batch | None:
    """A body of JSON of which every item has the right types; None where one has not, and the long way tells which.

    Raises:
        TooManyItems: If it has more than ``items_max``.
    """
    if media != JSON:
        return None
    try:
        # What is dropped unread must be UTF-8 as well.
        body.decode()
        if body[:1] == b"{":
            return Batch([_one.decode(body)], is_single=True)
        items: list[Item] = [*_many.decode(body)]
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    _check_count(len(items), items_max)
    return Batch(items, is_single=False)


_one = msgspec.json.Decoder(QuickItem)
_many = msgspec.json.Decoder(list[QuickItem])


def read_item(raw: bytes, index: int) -> Item:
    """One item by itself: as the quick way reads it if it can, so that its neighbours do not decide what it is."""
    if len(raw) > BUILT_BYTES_MAX:
        return decode_item(raw, index)
    try:
        raw.decode()
        return _one.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return decode_item(raw, index)


def _raws(body: bytes, items_max: int) -> Sequence[bytes | msgspec.Raw]:
    try:
        if body.count(b",") > COMMAS_OF_ITEM * items_max:
            return _split_slowly(body, items_max)
        body.decode()
        raws = _many_raw.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return _split_slowly(body, items_max)
    _check_count(len(raws), items_max)
    return raws


def _split_slowly(body: bytes, items_max: int) -> list[bytes]:
    try:
        return split_array(body, items_max)
    except Unsplittable as error:
        raise Unreadable(f"the body is not readable as JSON ({error})") from None
    except TooMany:
        raise TooManyItems(items_max) from None


_many_raw = msgspec.json.Decoder(list[msgspec.Raw])


def _lines(body: bytes, items_max: int) -> list[bytes]:
    # Blank lines are allowed and count for nothing; a broken line is rejected alone, what is good is kept. Not by
    # ``split``: four million empty lines in one go would keep every thread waiting.
    lines: list[bytes] = []
    for line in BytesIO(body):
        if line.strip():
            _check_count(len(lines) + 1, items_max)
            lines.append(line)
    return lines


def _unless_none_is_json(items: list[Item], *, is_single: bool) -> list[Item]:
    """The items, unless this is no batch of JSON at all: a page of HTML, or another encoding."""
    if is_single:
        if isinstance(item := items[0], Reject) and item.code in NO_ITEM:
            form = "a body is one object, an array, or lines of objects"
            raise Unreadable(f"{item.message}; {form}")
    elif items and all(isinstance(item, Reject) and item.code == UNREADABLE for item in items):
        first = cast("Reject", items[0])
        raise Unreadable(f"no item of the body is readable as JSON in UTF-8; {first.message}")
    return items


def _check_count(count: int, items_max: int) -> None:
    if count > items_max:
        raise TooManyItems(items_max)


def read_event(raw: bytes, index: int) -> Item:
    """A CloudEvents 1.0 envelope's data, under the id [source, id] that CloudEvents defines an event by."""
    event = decode_event(raw, index)
    if isinstance(event, Reject):
        return event
    for field in ("id", "source", "type"):
        value = event.get(field)
        if not isinstance(value, str) or not value:
            return Reject(index, None, field, "missing", f'CloudEvents attribute "{field}" is missing, expected a text')
        if found := bad_character_in(value):
            return Reject(index, None, field, "bad_text", f'"{field}" has {found}, expected {EXPECTED}')
    if event.get("specversion") != "1.0":
        return Reject(index, None, "specversion", "wrong_value", 'CloudEvents "specversion" must be "1.0"')
    data = event.get("data")
    if not isinstance(data, dict):
        return Reject(index, None, "data", "not_an_object", 'CloudEvents "data" must be the participation, an object')
    item = {**data, "id": _pair(event["source"], event["id"])}
    voids = data.get("voids")
    # One with a bad character is left as it is, for the check to name.
    if isinstance(voids, str) and not bad_character_in(voids):
        item["voids"] = _pair(event["source"], voids)
    return item


def _pair(source: str, id_: str) -> str:
    return msgspec.json.encode([source, id_]).decode()
