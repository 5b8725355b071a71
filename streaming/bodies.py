"""The body forms of a batch: one object, an array, NDJSON, CloudEvents."""

from dataclasses import dataclass
from typing import Any

import msgspec

from streaming.errors import DiemCauError
from streaming.given import Given
from streaming.participation import Reject, as_object, decode_item, has_lone_surrogate, split_leniently

JSON = "application/json"
NDJSON = "application/x-ndjson"
CLOUDEVENT = "application/cloudevents+json"
CLOUDEVENT_BATCH = "application/cloudevents-batch+json"
MEDIA_TYPES = (JSON, NDJSON, CLOUDEVENT, CLOUDEVENT_BATCH)

ITEMS_MAX = 10_000
"""Items of one batch; a source with more sends several."""


class Unreadable(DiemCauError):  # noqa: N818 - says what the body is
    """A body of which nothing can be kept; ``status`` is the HTTP status that says so."""

    def __init__(self, status: int, code: str, message: str) -> None:
        self.status = status
        self.code = code
        super().__init__(message)


Item = Given | dict[str, Any] | Reject
"""An item whose types are right, an object that is to be looked at field by field, or none."""


@dataclass(frozen=True)
class Batch:
    """The items of a body, still to be checked, in their order; ``is_single`` where the body was one object."""

    items: list[Item]
    is_single: bool


def read_body(body: bytes, content_type: str, items_max: int = ITEMS_MAX) -> Batch:
    """Split a body into its items.

    Raises:
        Unreadable: 400 if it is no JSON in UTF-8 of the form that ``content_type`` promises, 413 for more than
            ``items_max`` items, 415 for another media type.
    """
    media, _, parameters = content_type.partition(";")
    media = media.strip().lower() or JSON
    if media not in MEDIA_TYPES:
        raise Unreadable(
            415, "media_type", f'Content-Type "{media}" is not read here, expected {", ".join(MEDIA_TYPES)}'
        )
    charset = parameters.replace(" ", "").replace('"', "").lower()
    if charset.startswith("charset=") and charset not in ("charset=utf-8", "charset=us-ascii"):
        raise Unreadable(415, "charset", f"{parameters.strip()} is not read here, expected UTF-8")
    body = body.removeprefix(b"\xef\xbb\xbf")
    if media == NDJSON:
        return _read_lines(body, items_max)
    # What is dropped unread must be UTF-8 as well.
    _check_utf8(body)
    if media == JSON and (quick := _read_quickly(body, items_max)) is not None:
        return quick
    is_array = body.lstrip()[:1] == b"["
    if media == CLOUDEVENT_BATCH and not is_array:
        raise Unreadable(400, "unreadable", f"{CLOUDEVENT_BATCH} is an array of events")
    if media == CLOUDEVENT and is_array:
        raise Unreadable(400, "unreadable", f"{CLOUDEVENT} is one event, expected {CLOUDEVENT_BATCH} for several")
    items = _read_array(body, items_max) if is_array else [_read_single(body)]
    if media in (CLOUDEVENT, CLOUDEVENT_BATCH):
        items = [item if isinstance(item, Reject) else _event(item, index) for index, item in enumerate(items)]
    return Batch([*items], is_single=not is_array)


def _read_quickly(body: bytes, items_max: int) -> Batch | None:
    """A body of which every item has the right types; None where one has not, and the long way tells which."""
    try:
        if body[:1] == b"{":
            return Batch([_one.decode(body)], is_single=True)
        items: list[Item] = [*_many.decode(body)]
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    _check_count(len(items), items_max)
    return Batch(items, is_single=False)


_one = msgspec.json.Decoder(Given)
_many = msgspec.json.Decoder(list[Given])


def _check_utf8(body: bytes) -> None:
    try:
        body.decode()
    except UnicodeDecodeError as error:
        raise Unreadable(400, "unreadable", f"byte {error.start} of the body is not UTF-8") from None


def _read_single(body: bytes) -> dict[str, Any] | Reject:
    item = decode_item(body, 0)
    if isinstance(item, Reject) and item.code != "bad_text":
        raise Unreadable(400, "unreadable", f"{item.message}; a body is one object, an array, or lines of objects")
    return item


def _read_array(body: bytes, items_max: int) -> list[dict[str, Any] | Reject]:
    try:
        raws = _array.decode(body)
    except (msgspec.DecodeError, RecursionError) as error:
        return _read_array_leniently(body, items_max, error)
    _check_count(len(raws), items_max)
    return [decode_item(raw, index) for index, raw in enumerate(raws)]


def _read_array_leniently(body: bytes, items_max: int, error: Exception) -> list[dict[str, Any] | Reject]:
    """An array in which one item's text is broken: that one is rejected, the others are kept."""
    try:
        given = split_leniently(body)
    except ValueError:
        raise Unreadable(400, "unreadable", f"the body is not readable as JSON ({error})") from None
    _check_count(len(given), items_max)
    return [
        Reject(index, None, "", "bad_text", f"item {index}: a text holds half of a surrogate pair")
        if has_lone_surrogate(item)
        else as_object(item, index)
        for index, item in enumerate(given)
    ]


_array = msgspec.json.Decoder(list[msgspec.Raw])


def _read_lines(body: bytes, items_max: int) -> Batch:
    # Blank lines are allowed and count for nothing; a broken line is rejected alone, what is good is kept.
    lines = [line for line in body.split(b"\n") if line.strip()]
    _check_count(len(lines), items_max)
    items: list[Item] = [decode_item(line, index) for index, line in enumerate(lines)]
    if items and all(isinstance(item, Reject) for item in items):
        raise Unreadable(400, "unreadable", "no line of the body is an object of JSON in UTF-8")
    return Batch(items, is_single=False)


def _check_count(count: int, items_max: int) -> None:
    if count > items_max:
        raise Unreadable(413, "too_many_items", f"the batch has {count} items, expected at most {items_max}")


def _event(event: dict[str, Any], index: int) -> dict[str, Any] | Reject:
    """A CloudEvents 1.0 envelope's data, under the id [source, id] that CloudEvents defines an event by."""
    id_, source = event.get("id"), event.get("source")
    for field, value in (("id", id_), ("source", source), ("type", event.get("type"))):
        if not isinstance(value, str) or not value:
            return Reject(index, None, field, "missing", f'CloudEvents attribute "{field}" is missing, expected a text')
    if event.get("specversion") != "1.0":
        return Reject(index, None, "specversion", "wrong_value", 'CloudEvents "specversion" must be "1.0"')
    data = event.get("data")
    if not isinstance(data, dict):
        return Reject(index, None, "data", "not_an_object", 'CloudEvents "data" must be the participation, an object')
    item = {**data, "id": _pair(source, id_)}
    if isinstance(data.get("voids"), str):
        item["voids"] = _pair(source, data["voids"])
    return item


def _pair(source: Any, id_: Any) -> str:
    return msgspec.json.encode([source, id_]).decode()
