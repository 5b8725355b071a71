"""Participations: from an item to what the ledger keeps, or why not; past 350 lines, a check for each field."""

import hashlib
import json
import math
import unicodedata
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, Final, Literal, NamedTuple

import msgspec

from streaming.characters import EXPECTED, bad_character_in
from streaming.contests.text import did_you_mean
from streaming.contests.units import Tree
from streaming.errors import shown

Kind = Literal["registered", "started", "completed", "voided"]
KINDS: tuple[Kind, ...] = ("registered", "started", "completed", "voided")

FUTURE_MS_MAX = 300_000
"""How far a source's clock may run ahead of ours."""
ID_CHARS_MAX = 200
CODE_CHARS_MAX = 64
"""Of a unit's, a channel's or a group's code."""
NEAR_ITEMS_MAX = 20
"""Only a batch's first items are told a near code: to look for one takes about 1 ms, and all screens wait for it."""
PERSON_CHARS_MAX = 200
DIGEST_BYTES = 16
NUMBER_MAX = 10**12
"""Of a score or a duration: far above any, and exact as a double."""
DIGITS_MAX = 400
"""Of a whole number that is read as such: more than any double has; a longer one is out of range anyway."""
BUILT_BYTES_MAX = 8 * 1024
"""Of JSON that is built before it is looked at: more than all fields that count can have. To build 4 MiB of small lists
takes 0.4 to 3 s, and every thread waits; to pass over them takes 20 ms."""

RejectCode = Literal[
    "unreadable",
    "not_an_object",
    "missing",
    "wrong_type",
    "wrong_value",
    "too_long",
    "bad_text",
    "bad_number",
    "unknown_kind",
    "unknown_unit",
    "not_a_leaf",
    "bad_time",
    "naive_time",
    "future_time",
    "id_conflict",
]
"""Why an item is rejected; the control room has words for each."""

UNREADABLE: Final = "unreadable"
NOT_AN_OBJECT: Final = "not_an_object"
"""Codes of an item that is not read field by field: no JSON at all, or no object."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Participation(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What the ledger keeps of a participation: nothing that names a person.

    ``at`` is in ms since the epoch, UTC; ``person`` a keyed digest in hex; ``unit`` is None on a void alone, which
    has ``voids`` instead: an id of the same source.
    """

    kind: Kind
    at: int
    unit: str | None = None
    person: str | None = None
    channel: str | None = None
    group: str | None = None
    score: int | float | None = None
    duration_s: int | float | None = None
    voids: str | None = None


class Reject(msgspec.Struct, frozen=True):
    """Why an item was not kept: its place in the batch (from 0), its id if known, the field, a code, a sentence."""

    index: int
    id: str | None
    field: str
    code: RejectCode
    message: str


class Accepted(NamedTuple):
    """An item that can be kept, under the id that is unique within its source."""

    id: str
    participation: Participation


class _Refusal(Exception):  # noqa: N818 - carries the reason out of a field's check, never leaves this file
    def __init__(self, field: str, code: RejectCode, message: str) -> None:
        self.field, self.code, self.message = field, code, message
        super().__init__(message)


def encode_body(participation: Participation) -> bytes:
    """The JSON that stands in the ledger's row."""
    return _encoder.encode(participation)


def decode_body(body: bytes) -> Participation:
    """The participation of a ledger's row.

    Raises:
        msgspec.ValidationError: If the row was not written by ``encode_body``.
    """
    return _decoder.decode(body)


_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Participation)


def content_digest(participation: Participation) -> bytes:
    """What tells a repeat from a conflict: the same for the same content, however it was written.

    Texts are in NFC, instants in UTC and whole numbers without a point by then, and what is absent is left out, so
    that equal content has equal JSON.
    """
    return digest_of(encode_body(participation))


def digest_of(body: bytes) -> bytes:
    """``content_digest`` of a participation that is encoded already."""
    return hashlib.blake2b(body, digest_size=DIGEST_BYTES).digest()


def parse(raw: bytes, index: int, tree: Tree, now_ms: int, person_digest: Callable[[str], str]) -> Accepted | Reject:
    """Read one item; ``person_digest`` turns a person's id into what may be kept. Unknown fields are dropped unseen."""
    item = decode_item(raw, index)
    return item if isinstance(item, Reject) else check(item, index, tree, now_ms, person_digest)


def decode_item(raw: bytes, index: int) -> dict[str, Any] | Reject:
    """The fields of one item's JSON that count, or why it is no object.

    By the grammar alone: what a field holds is for ``check`` to say, which names it, so half a surrogate pair stays in
    its text and a number that is too long for any is infinite. What is larger than BUILT_BYTES_MAX is not built: a list
    is an empty one then, and half a pair makes all of the item unreadable.
    """
    return _decode(raw, index, _item_fields)


def decode_event(raw: bytes, index: int) -> dict[str, Any] | Reject:
    """The attributes of a CloudEvents envelope that count, as ``decode_item`` has them, and its data as an item's."""
    return _decode(raw, index, _event_fields)


class _ItemFields(msgspec.Struct):
    id: msgspec.Raw = msgspec.Raw()
    kind: msgspec.Raw = msgspec.Raw()
    at: msgspec.Raw = msgspec.Raw()
    unit: msgspec.Raw = msgspec.Raw()
    person: msgspec.Raw = msgspec.Raw()
    channel: msgspec.Raw = msgspec.Raw()
    group: msgspec.Raw = msgspec.Raw()
    score: msgspec.Raw = msgspec.Raw()
    duration_s: msgspec.Raw = msgspec.Raw()
    voids: msgspec.Raw = msgspec.Raw()


class _EventFields(msgspec.Struct):
    id: msgspec.Raw = msgspec.Raw()
    source: msgspec.Raw = msgspec.Raw()
    type: msgspec.Raw = msgspec.Raw()
    specversion: msgspec.Raw = msgspec.Raw()
    data: msgspec.Raw = msgspec.Raw()


_Fields = msgspec.json.Decoder[_ItemFields] | msgspec.json.Decoder[_EventFields]
_item_fields = msgspec.json.Decoder(_ItemFields)
_event_fields = msgspec.json.Decoder(_EventFields)
_any_json = msgspec.json.Decoder(msgspec.Raw)
_text_json = msgspec.json.Decoder(str)


def _decode(raw: bytes, index: int, fields: _Fields) -> dict[str, Any] | Reject:
    try:
        item = _read(raw, fields)
    except UnicodeDecodeError as error:
        return _unreadable(index, f"byte {error.start} is not UTF-8")
    except RecursionError:
        return _unreadable(index, "nested too deep")
    except ValueError as error:
        return _unreadable(index, f"not readable as JSON ({error})")
    if not isinstance(item, dict):
        return Reject(index, None, "", NOT_AN_OBJECT, f'item {index}: expected an object, as {{"id": …}}')
    return item


def _read(raw: bytes, fields: _Fields) -> Any:
    text = raw.decode()
    try:
        found = _found(raw, fields)
    except msgspec.DecodeError:
        if len(raw) > BUILT_BYTES_MAX:
            raise
        # It may be for half a surrogate pair alone.
        return _lenient.decode(text)
    if found is None:
        return None
    given = {name: bytes(value) for name in found.__struct_fields__ if (value := getattr(found, name))}
    return {name: _data(value) if name == "data" else _value(value) for name, value in given.items()}


def _found(raw: bytes, fields: _Fields) -> _ItemFields | _EventFields | None:
    try:
        return fields.decode(raw)
    except msgspec.ValidationError:
        _any_json.decode(raw)  # No object, but is it JSON?
        return None


def _data(raw: bytes) -> Any:
    return _read(raw, _item_fields) if raw[:1] == b"{" else _value(raw)


def _value(raw: bytes) -> Any:
    """The value of a field, which is JSON."""
    if len(raw) <= BUILT_BYTES_MAX:
        with suppress(msgspec.DecodeError):
            return msgspec.json.decode(raw)
        return _lenient.decode(raw.decode())
    kind = raw[:1]
    if kind == b'"':
        return _text_json.decode(raw)
    return [] if kind == b"[" else {} if kind == b"{" else math.inf


def _unreadable(index: int, fault: str) -> Reject:
    return Reject(index, None, "", UNREADABLE, f"item {index}: {fault}")


def _whole(digits: str) -> int | float:
    # Python refuses to read more than 4,300 digits, whoever asks; and NUMBER_MAX has 13.
    return int(digits) if len(digits) <= DIGITS_MAX else math.inf


def _no_json(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON")


_lenient = json.JSONDecoder(parse_int=_whole, parse_constant=_no_json)


def check(
    item: dict[str, Any], index: int, tree: Tree, now_ms: int, person_digest: Callable[[str], str]
) -> Accepted | Reject:
    """Check an item's fields, the first fault first."""
    id_: str | None = None
    try:
        id_ = _text(item, "id", ID_CHARS_MAX, required=True)
        kind = _kind(item)
        at = _instant(item, now_ms)
        unit = voids = None
        if kind == "voided":
            voids = _text(item, "voids", ID_CHARS_MAX, required=True)
        else:
            unit = _unit(item, tree, index)
        person = _text(item, "person", PERSON_CHARS_MAX)
        participation = Participation(
            kind=kind,
            at=at,
            unit=unit,
            person=None if person is None else person_digest(person),
            channel=_text(item, "channel", CODE_CHARS_MAX),
            group=_text(item, "group", CODE_CHARS_MAX),
            score=_number(item, "score"),
            duration_s=_number(item, "duration_s"),
            voids=voids,
        )
    except _Refusal as refusal:
        return Reject(index, id_, refusal.field, refusal.code, refusal.message)
    assert id_ is not None  # noqa: S101 - required above
    return Accepted(id_, participation)


def _text(item: dict[str, Any], field: str, chars_max: int, *, required: bool = False) -> str | None:
    value = item.get(field)
    if value is None:
        if required:
            raise _Refusal(field, "missing", f'"{field}" is missing, expected a text of 1 to {chars_max} characters')
        return None
    if not isinstance(value, str):
        raise _Refusal(field, "wrong_type", f'"{field}" is {_type(value)}, expected a text')
    if len(value) > chars_max:
        raise _Refusal(field, "too_long", f'"{field}" has {len(value)} characters, expected at most {chars_max}')
    if not value:
        raise _Refusal(field, "bad_text", f'"{field}" is empty, expected a text of 1 to {chars_max} characters')
    if found := bad_character_in(value):
        raise _Refusal(field, "bad_text", f'"{field}" has {found}, expected {EXPECTED}')
    # A character of a script that was encoded after this Python stays as it is, and a later Python may compose or order
    # it: a source of such a script sends its texts in NFC. All others keep their form for ever (Unicode's stability).
    return value if value.isascii() else unicodedata.normalize("NFC", value)


def _kind(item: dict[str, Any]) -> Kind:
    value = item.get("kind")
    for kind in KINDS:
        if kind == value:
            return kind
    expected = "expected registered, started, completed or voided"
    if value is None:
        raise _Refusal("kind", "missing", f'"kind" is missing, {expected}')
    raise _Refusal("kind", "unknown_kind", f'"kind" is {_said(value)}, {expected}')


def _unit(item: dict[str, Any], tree: Tree, index: int) -> str:
    code = item.get("unit")
    if isinstance(code, str) and code in tree:
        if tree.is_leaf(code):
            return code
        children = ", ".join(child.code for child in tree.children(code)[:3])
        name = tree[code].full_name
        message = f'unit "{code}" ({name}) has units below it, expected one of those: {children} …'
        raise _Refusal("unit", "not_a_leaf", message)
    if code is None:
        raise _Refusal("unit", "missing", '"unit" is missing, expected the code of a ward, commune or town')
    if not isinstance(code, str):
        raise _Refusal("unit", "wrong_type", f'"unit" is {_type(code)}, expected a code as text: leading zeros count')
    if len(code) > CODE_CHARS_MAX:
        message = f'"unit" has {len(code)} characters, expected at most {CODE_CHARS_MAX}'
        raise _Refusal("unit", "too_long", message)
    near = did_you_mean(code, [unit.code for unit in tree.leaves]) if index < NEAR_ITEMS_MAX else ""
    raise _Refusal("unit", "unknown_unit", f"no unit has code {shown(code)}{near}, expected one of GET /api/v1/units")


def _instant(item: dict[str, Any], now_ms: int) -> int:
    value = item.get("at")
    expected = "expected an instant with its offset, as 2022-09-08T09:31:02+07:00"
    if value is None:
        raise _Refusal("at", "missing", f'"at" is missing, {expected}')
    try:
        at = msgspec.convert(value, datetime) if isinstance(value, str) else None
    except msgspec.ValidationError:
        at = None
    if at is None:
        raise _Refusal("at", "bad_time", f'"at" is {_said(value)}, {expected}')
    if at.tzinfo is None:
        raise _Refusal("at", "naive_time", f'"at" is {shown(value)} without an offset, {expected}')
    try:
        delta = at - EPOCH
    except OverflowError:
        raise _Refusal("at", "bad_time", f'"at" is {shown(value)}, {expected}') from None
    at_ms = delta.days * 86_400_000 + delta.seconds * 1000 + delta.microseconds // 1000
    if at_ms > now_ms + FUTURE_MS_MAX:
        raise _Refusal("at", "future_time", f'"at" is {shown(value)}, later than now + {FUTURE_MS_MAX // 60_000} min')
    return at_ms


def _number(item: dict[str, Any], field: str) -> int | float | None:
    value = item.get(field)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _Refusal(field, "wrong_type", f'"{field}" is {_type(value)}, expected a number')
    # Asked this way round it refuses NaN too, and an integer too large for a float.
    if not abs(value) <= NUMBER_MAX:
        raise _Refusal(field, "bad_number", f'"{field}" is out of range, expected at most {NUMBER_MAX} either way')
    return _by_value(value)


def _by_value(number: float) -> int | float:
    return int(number) if isinstance(number, float) and number.is_integer() else number


_TYPES = {str: "a text", bool: "true or false", int: "a number", float: "a number", list: "a list", dict: "an object"}


def _type(value: object) -> str:
    return _TYPES.get(type(value), "of another type")


def _said(value: object) -> str:
    # A list may be too large to be written out, or too deep.
    return _type(value) if isinstance(value, list | dict) else shown(value)
