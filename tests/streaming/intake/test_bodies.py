"""Bodies: every form is split into its items, and none breaks the reader."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streaming.intake.bodies import (
    BOM,
    ITEMS_MAX,
    Batch,
    NotReadHere,
    TooManyItems,
    Unreadable,
    media_of,
    read_quickly,
    split,
)
from streaming.intake.quick import QuickItem
from streaming.participation import (
    Accepted,
    Reject,
    parse,
)
from tests.worlds.histories import START_MS
from tests.worlds.items import DIGEST, GOOD, TREE


def read_body(body: bytes, content_type: str) -> Batch:
    media, body = media_of(content_type), body.removeprefix(BOM)
    if quick := read_quickly(body, media, ITEMS_MAX):
        return quick
    parts = split(body, media, ITEMS_MAX)
    return parts.batch(parts.read_some(0, len(parts.raws)))


def ids(body: bytes, content_type: str = "application/json") -> list[str]:
    batch = read_body(body, content_type)
    return [
        item.code if isinstance(item, Reject) else item.id if isinstance(item, QuickItem) else str(item.get("id"))
        for item in batch.items
    ]


def event(id_: str = "e1", **changes: Any) -> dict[str, Any]:
    return {"specversion": "1.0", "id": id_, "source": "/thi", "type": "entry", "data": {"kind": "completed"}} | changes


@pytest.mark.parametrize(
    ("body", "content_type", "expected"),
    [
        (b'{"id":"a"}', "application/json", ["a"]),
        (b'{"id":"a"}', "", ["a"]),
        (b'\xef\xbb\xbf{"id":"a"}', "application/json; charset=utf-8", ["a"]),
        (b"[]", "application/json", []),
        (b'[{"id":"a"},7,{"id":"b"}]', "application/json", ["a", "not_an_object", "b"]),
        (b'[{"id":"a"},{"id":"\\ud800"},{"id":"b"}]', "application/json", ["a", "\ud800", "b"]),
        (b'{"id":"\\ud800"}', "application/json", ["\ud800"]),
        (b'[{"id":"a"},{"id":"b","score":1e400}]', "application/json", ["a", "b"]),
        (b'[{"id":"a"},{"id":"b","score":NaN},{"id":"\xff"},{"id":"c"},]', "application/json",
         ["a", "unreadable", "unreadable", "c", "unreadable"]),
        (b'{"id":"a"}\n\n{"id":\n{"id":"b"}\n', "application/x-ndjson", ["a", "unreadable", "b"]),
        (b'{"id":"a"}\n{"id":"\xff"}', "application/x-ndjson", ["a", "unreadable"]),
        (b"7\n", "application/x-ndjson", ["not_an_object"]),
        (b"", "application/x-ndjson", []),
        (msgspec.json.encode(event()), "application/cloudevents+json", ['["/thi","e1"]']),
        (msgspec.json.encode([event(), event(specversion="0.3"), event(data=1), event(source="")]),
         "application/cloudevents-batch+json", ['["/thi","e1"]', "wrong_value", "not_an_object", "missing"]),
    ],
)  # fmt: skip
def test_every_body_form_is_split_into_its_items(body: bytes, content_type: str, expected: list[str]) -> None:
    assert ids(body, content_type) == expected


def test_a_cloud_events_void_names_an_event_of_the_same_source() -> None:
    batch = read_body(
        msgspec.json.encode(event(data={"kind": "voided", "voids": "e0"})), "application/cloudevents+json"
    )
    (item,) = batch.items
    assert isinstance(item, dict)
    assert item["voids"] == '["/thi","e0"]'


@pytest.mark.parametrize(
    ("body", "content_type", "error", "part"),
    [
        (b"", "application/json", Unreadable, "not readable as JSON"),
        (b"{", "application/json", Unreadable, "not readable as JSON"),
        (b'{"id": NaN}', "application/json", Unreadable, "not readable as JSON"),
        (b"[1,", "application/json", Unreadable, "not readable as JSON"),
        (b'"text"', "application/json", Unreadable, ""),
        (b'{"id":"\xff"}', "application/json", Unreadable, "byte 7 is not UTF-8"),
        (
            msgspec.json.encode(GOOD)[:-1] + b',"unknown":"\xff"}',
            "application/json",
            Unreadable,
            "byte 86 is not UTF-8",
        ),
        (b"[" * 100_000 + b"]" * 100_000, "application/json", Unreadable, "item 0: nested too deep"),
        (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, "application/json", Unreadable, "item 0: nested too deep"),
        (b"[" + b"{}," * 100_000 + b"{}]", "application/json", TooManyItems, "has more than 10000 items"),
        (b"{}\n" * 10_001, "application/x-ndjson", TooManyItems, "has more than 10000 items"),
        (b"no\nnone", "application/x-ndjson", Unreadable, "no item of the body"),
        (b"{}", "text/plain", NotReadHere, "Content-Type “text/plain” is not read here, expected application/json"),
        (b"{}", "application/json; charset=utf-16", NotReadHere, "charset “utf-16” is not read here, expected UTF-8"),
        (b"{}", "application/json, text/plain", NotReadHere, "there are several, and they differ"),
        (
            b'[{"id":"a"},{"id":"b"}]]',
            "application/json",
            Unreadable,
            "there is more behind the array, from byte 23 on",
        ),
        (b'[{"id":"a"},{"id":"b}]', "application/json", Unreadable, "the text at byte 18 does not end"),
        (b'[{"id":"a"}}]', "application/json", Unreadable, "nothing is open at byte 11 that could be closed"),
        (b"[" + b'"":' * 500_000 + b"]", "application/json", Unreadable, "too much of it is broken"),
        (b'[{"id":"a"},', "application/json", Unreadable, "the array does not end"),
        (b"[" + b"{}," * 100_000 + b"NaN]", "application/json", TooManyItems, "has more than 10000 items"),
        (b"[]", "application/cloudevents+json", Unreadable, "is one event"),
        (b"{}", "application/cloudevents-batch+json", Unreadable, "is an array of events"),
    ],
)
def test_a_body_of_which_nothing_can_be_kept_is_refused(
    body: bytes, content_type: str, error: type[Unreadable], part: str
) -> None:
    with pytest.raises(Unreadable) as caught:
        read_body(body, content_type)
    assert type(caught.value) is error
    assert part in str(caught.value)


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["id", "kind", "unit", "at", "x"]), inner)
    ),
    max_leaves=12,
)


@given(st.binary(max_size=60) | JSON_VALUES.map(msgspec.json.encode))
def test_no_body_breaks_the_reader(body: bytes) -> None:
    for content_type in ("application/json", "application/x-ndjson", "application/cloudevents-batch+json"):
        try:
            batch = read_body(body, content_type)
        except Unreadable:
            continue
        for index, item in enumerate(batch.items):
            if not isinstance(item, Reject):
                assert isinstance(parse(msgspec.json.encode(item), index, TREE, START_MS, DIGEST), Accepted | Reject)
