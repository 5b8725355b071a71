"""Reading participations: every fault by name, the digest of a repeat; past 350 lines, mostly tables of cases."""

import json
import unicodedata
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streaming import participation as module
from streaming.characters import bad_character_in
from streaming.contests.units import Tree
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
from streaming.intake.persons import digester
from streaming.intake.quick import QuickItem, check_quick
from streaming.participation import (
    CODE_CHARS_MAX,
    NEAR_ITEMS_MAX,
    Accepted,
    Reject,
    check,
    content_digest,
    decode_body,
    encode_body,
    parse,
)
from tests.worlds.histories import START_MS, UNITS

TREE = Tree(UNITS)
GOOD: dict[str, Any] = {"id": "a1", "kind": "completed", "unit": "A1", "at": "2022-09-08T09:31:02+07:00"}
DIGEST = digester(b"k" * 32, "web")


def read(**changes: Any) -> Accepted | Reject:
    item = {key: value for key, value in (GOOD | changes).items() if value is not ...}
    return parse(msgspec.json.encode(item), 0, TREE, START_MS + 60_000, DIGEST)


def test_a_good_item_keeps_nothing_that_names_a_person() -> None:
    taken = read(person="Nguyễn Văn A", channel="website", group="hoc-sinh", score=18, duration_s=512.5, phone="0912")
    assert isinstance(taken, Accepted)
    body = encode_body(taken.participation)
    assert decode_body(body) == taken.participation
    assert taken.participation.at == START_MS + 62_000
    assert b"Nguy" not in body
    assert b"0912" not in body
    assert len(taken.participation.person or "") == 32


@pytest.mark.parametrize(
    ("changes", "field", "code", "part"),
    [
        ({"id": ...}, "id", "missing", '"id" is missing, expected a text of 1 to 200 characters'),
        ({"id": 7}, "id", "wrong_type", '"id" is a number, expected a text'),
        ({"id": ""}, "id", "bad_text", '"id" is empty, expected a text of 1 to 200 characters'),
        (
            {"id": "a\x00b"},
            "id",
            "bad_text",
            '"id" has U+0000 at character 2, expected text without control characters',
        ),
        ({"id": "x" * 201}, "id", "too_long", "has 201 characters, expected at most 200"),
        ({"kind": ...}, "kind", "missing", "expected registered, started, completed or voided"),
        ({"kind": "finished"}, "kind", "unknown_kind", "“finished”, expected registered, started"),
        ({"kind": ["completed"]}, "kind", "unknown_kind", '"kind" is a list, expected registered'),
        ({"unit": ...}, "unit", "missing", "expected the code of a ward"),
        ({"unit": 688}, "unit", "wrong_type", "leading zeros count"),
        ({"unit": "A11"}, "unit", "unknown_unit", "no unit has code “A11” (did you mean “A1”?)"),
        ({"unit": "A"}, "unit", "not_a_leaf", 'unit "A" (Xã A) has units below it, expected one of those: A1, A2'),
        ({"at": ...}, "at", "missing", "expected an instant with its offset"),
        ({"at": "2022-09-08T09:31:02"}, "at", "naive_time", "without an offset"),
        ({"at": "hôm qua"}, "at", "bad_time", "expected an instant with its offset"),
        ({"at": 1662604200000}, "at", "bad_time", "expected an instant"),
        ({"at": "2022-09-08T09:36:01+07:00"}, "at", "future_time", "later than now + 5 min"),
        ({"at": "9999-12-31T23:59:59-14:00"}, "at", "future_time", "later than now"),
        ({"kind": "voided", "unit": ...}, "voids", "missing", '"voids" is missing'),
        ({"score": "18"}, "score", "wrong_type", '"score" is a text, expected a number'),
        ({"score": True}, "score", "wrong_type", '"score" is true or false, expected a number'),
        ({"duration_s": 1e300}, "duration_s", "bad_number", "out of range"),
        ({"person": {"name": "A"}}, "person", "wrong_type", '"person" is an object, expected a text'),
        ({"channel": "c" * 65}, "channel", "too_long", "has 65 characters, expected at most 64"),
    ],
)
def test_a_fault_names_its_field_its_code_and_what_was_expected(
    changes: dict[str, Any], field: str, code: str, part: str
) -> None:
    reject = read(**changes)
    assert isinstance(reject, Reject)
    assert (reject.field, reject.code) == (field, code)
    assert part in reject.message
    assert reject.id == (None if field == "id" else "a1")


@pytest.mark.parametrize("field", ["id", "person", "channel", "group"])
@pytest.mark.parametrize(
    "text",
    ["a\u00a0b", "\u202f", "\U0001f9d1\u200d\U0001f4bb", "\U0001fae9", "\U0001e4f0", "\ue000", "\ufffe", "\u00ad",
     "\u200b", "\u202eb", "\u2066a\u2069", "\ufeff"],
)  # fmt: skip
def test_any_other_character_is_a_character(field: str, text: str) -> None:
    taken = read(**{field: text})
    assert isinstance(taken, Accepted)
    assert text in (taken.id, taken.participation.channel, taken.participation.group) or field == "person"


@pytest.mark.parametrize("field", ["id", "person", "channel", "group"])
@pytest.mark.parametrize(
    ("text", "named"),
    [("a\tb", "U+0009 at character 2"), ("\x7f", "U+007F at character 1"), ("ă\x85", "U+0085 at character 2"),
     ("a\u2028", "U+2028 at character 2"), ("\u2029", "U+2029 at character 1"),
     ("\U0001f9d1\ud800", "U+D800 at character 2"), ("\udfff", "U+DFFF at character 1")],
)  # fmt: skip
def test_a_character_that_no_text_may_have_is_named(field: str, text: str, named: str) -> None:
    given = json.dumps(GOOD | {field: text}).encode()
    rejected = parse(given, 0, TREE, START_MS + 60_000, DIGEST)
    assert isinstance(rejected, Reject)
    assert (rejected.field, rejected.code) == (field, "bad_text")
    assert rejected.message.startswith(f'"{field}" has {named}, expected text without control characters')


def test_the_characters_that_are_refused_are_a_list_of_our_own() -> None:
    refused = {code for code in range(0x110000) if bad_character_in(chr(code))}
    assert refused == {*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029, *range(0xD800, 0xE000)}


@pytest.mark.parametrize("field", ["kind", "at", "unit"])
def test_a_value_of_a_million_characters_is_cut_in_the_message(field: str) -> None:
    rejected = read(**{field: "\x07" * 1_000_000})
    assert isinstance(rejected, Reject)
    assert len(rejected.message) < 300


def digest_of(**changes: Any) -> bytes:
    taken = read(**changes)
    assert isinstance(taken, Accepted)
    return content_digest(taken.participation)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"at": "2022-09-08T02:31:02Z"}, {}),
        ({"at": "2022-09-08T09:31:02.000+07:00"}, {}),
        ({"score": 18}, {"score": 18.0}),
        ({"person": None}, {}),
        ({"person": unicodedata.normalize("NFD", "Phó Bảng")}, {"person": unicodedata.normalize("NFC", "Phó Bảng")}),
        ({"group": unicodedata.normalize("NFD", "đoàn viên")}, {"group": unicodedata.normalize("NFC", "đoàn viên")}),
        ({"unheard": "of"}, {}),
    ],
)
def test_the_same_content_has_the_same_digest_however_written(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert digest_of(**one) == digest_of(**other)


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": "started"}, {"unit": "A2"}, {"at": "2022-09-08T09:31:03+07:00"}, {"person": "u"},
        {"channel": "website"}, {"group": "website"}, {"score": 18}, {"duration_s": 18},
    ],
)  # fmt: skip
def test_other_content_has_another_digest(changes: dict[str, Any]) -> None:
    assert digest_of(**changes) != digest_of()


def test_a_persons_digest_depends_on_key_and_scope() -> None:
    digests = {digester(key, scope)("u") for key in (b"k" * 32, b"l" * 32) for scope in ("web", "bao")}
    assert len(digests) == 4


# Body forms.


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


PLAIN = st.sampled_from(["a1", "", "ă", "\u0301", "a\x00", "x" * 300, "A1", "A", "website"])
MAYBE = st.none() | PLAIN
INSTANTS = [
    "2022-09-08T09:31:02+07:00",
    "2022-09-08T02:31:02.9999Z",
    "2022-09-08T09:31:02",
    "9999-12-31T23:59:59-14:00",
]
ITEMS = st.fixed_dictionaries(
    {
        "id": PLAIN,
        "kind": st.sampled_from(["registered", "started", "completed", "voided"]),
        "at": st.sampled_from(INSTANTS),
        "unit": MAYBE,
        "person": MAYBE,
        "channel": MAYBE,
        "voids": MAYBE,
        "score": st.sampled_from([None, 18, 18.0, -1, 10**13, 0.5]),
    }
)


@given(ITEMS)
def test_the_short_look_never_says_other_than_the_long_one(item: dict[str, Any]) -> None:
    body = msgspec.json.encode(item)
    quick = check_quick(msgspec.json.decode(body, type=QuickItem), {"A1"}, START_MS + 60_000, DIGEST)
    assert quick is None or quick == parse(body, 0, TREE, START_MS + 60_000, DIGEST)


def test_the_short_look_suffices_for_an_ordinary_item() -> None:
    item = GOOD | {"person": "p1", "channel": "website", "group": "hoc-sinh", "score": 18, "duration_s": 512}
    given = msgspec.json.decode(msgspec.json.encode(item), type=QuickItem)
    assert check_quick(given, {"A1"}, START_MS + 60_000, DIGEST) is not None


def test_a_near_code_is_looked_for_in_a_batchs_first_items_only(monkeypatch: pytest.MonkeyPatch) -> None:
    looked_for: list[str] = []

    def near(code: str, _codes: list[str]) -> str:
        looked_for.append(code)
        return ""

    monkeypatch.setattr(module, "did_you_mean", near)
    for index in range(NEAR_ITEMS_MAX + 5):
        check(GOOD | {"unit": "nowhere"}, index, TREE, START_MS + 60_000, DIGEST)
    assert len(looked_for) == NEAR_ITEMS_MAX


def test_a_units_code_that_is_too_long_is_compared_with_none() -> None:
    rejected = read(unit="9" * (CODE_CHARS_MAX + 1))
    assert isinstance(rejected, Reject)
    assert (rejected.field, rejected.code) == ("unit", "too_long")
