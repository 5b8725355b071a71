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
from tests.worlds.histories import START_MS
from tests.worlds.items import DIGEST, GOOD, TREE


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
