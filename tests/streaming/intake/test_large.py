"""Large items: what they hold besides the fields that count is passed over, never built: every thread would wait."""

import json
import math
from typing import Any

import pytest

from streaming import participation
from streaming.intake import splitting
from streaming.intake.bodies import read_event, read_item
from streaming.intake.quick import QuickItem
from streaming.intake.splitting import BUILT_CHARS_MAX, split_array
from streaming.participation import BUILT_BYTES_MAX, Reject, decode_item

HEAD = b'"id":"a","kind":"completed","unit":"A1","at":"2022-09-08T02:30:00Z"'
FIELDS = json.loads(b"{" + HEAD + b"}")
COUNT = 100_000
LISTS = b"[" + b"[]," * COUNT + b"[]]"
NUMBERS = b"[" + b"1," * COUNT + b"1]"
OBJECTS = b"[" + b'{"a":[1,{"b":"]"}]},' * COUNT + b"{}]"
HALVES = b'"' + b"\\ud800" * COUNT + b'"'
PAIRS = b'"' + b"\\ud83d\\ude00" * COUNT + b'"'
DIGITS = b"7" * COUNT


class Watched(json.JSONDecoder):
    """A decoder that is never given more than ``chars_max``."""

    def __init__(self, chars_max: int, **options: Any) -> None:
        super().__init__(**options)
        self.chars_max = chars_max

    def raw_decode(self, s: str, idx: int = 0) -> tuple[Any, int]:
        assert len(s) <= self.chars_max
        return super().raw_decode(s, idx)


@pytest.fixture(autouse=True)
def nothing_large_is_built(monkeypatch: pytest.MonkeyPatch) -> None:
    lenient = Watched(BUILT_BYTES_MAX, parse_int=participation._whole, parse_constant=participation._no_json)
    monkeypatch.setattr(participation, "_lenient", lenient)
    monkeypatch.setattr(splitting, "_decoder", Watched(BUILT_CHARS_MAX))


@pytest.mark.parametrize("large", [LISTS, NUMBERS, OBJECTS, PAIRS, DIGITS])
def test_a_field_that_nobody_reads_may_be_large(large: bytes) -> None:
    assert decode_item(b"{" + HEAD + b',"x":' + large + b"}", 0) == FIELDS
    assert read_item(b"{" + HEAD + b',"x":' + large + b"}", 0) == FIELDS


def test_a_small_item_is_read_at_once() -> None:
    assert isinstance(read_item(b"{" + HEAD + b',"x":[]}', 0), QuickItem)


@pytest.mark.parametrize(
    ("large", "told"),
    [(LISTS, []), (OBJECTS, []), (b'{"a":' + LISTS + b"}", {}), (DIGITS, math.inf), (PAIRS, "\U0001f600" * COUNT)],
    ids=["lists", "objects", "object", "digits", "pairs"],
)
def test_of_a_field_that_counts_the_type_is_told(large: bytes, told: Any) -> None:
    read = decode_item(b"{" + HEAD + b',"score":' + large + b"}", 0)
    assert read == FIELDS | {"score": told}


@pytest.mark.parametrize(
    ("fault", "at"),
    [(LISTS[:-1] + b",NaN]", 3 * COUNT), (HALVES, 0), (LISTS[:-1], 3 * COUNT), (LISTS + b'"\t"', 3 * COUNT)],
    ids=["constant", "half", "open", "more"],
)
def test_a_fault_in_it_is_told_with_its_place(fault: bytes, at: int) -> None:
    read = read_item(b"{" + HEAD + b',"x":' + fault + b"}", 7)
    assert isinstance(read, Reject)
    assert (read.index, read.code) == (7, "unreadable")
    assert int(read.message.partition("(byte ")[2].partition(")")[0]) >= at


def test_what_is_no_object_is_none_however_large() -> None:
    read = [read_item(raw, 0) for raw in (LISTS, PAIRS, DIGITS, LISTS[:-1])]
    assert [one.code for one in read if isinstance(one, Reject)] == [*["not_an_object"] * 3, "unreadable"]


def test_the_data_of_an_event_is_read_like_an_item() -> None:
    event = b'{"specversion":"1.0","id":"e","source":"/thi","type":"entry","x":%b,"data":{%b,"x":%b}}'
    assert read_event(event % (LISTS, HEAD, LISTS), 0) == FIELDS | {"id": '["/thi","e"]'}
    no_data = b'{"specversion":"1.0","id":"e","source":"/thi","type":"entry","data":%b}'
    read = read_event(no_data % LISTS, 0)
    assert isinstance(read, Reject)
    assert (read.field, read.code) == ("data", "not_an_object")


@pytest.mark.parametrize(
    "large",
    [LISTS, NUMBERS, OBJECTS, HALVES, PAIRS, DIGITS, LISTS[:-1] + b",NaN]", b"[" * COUNT + b"]" * COUNT],
    ids=["lists", "numbers", "objects", "halves", "pairs", "digits", "constant", "deep"],
)
def test_an_array_is_split_behind_a_large_item(large: bytes) -> None:
    raws = [b"{" + HEAD + b',"x":' + large + b"}", b"{}", large, b"NaN"]
    assert split_array(b"[" + b",".join(raws) + b"]", len(raws)) == raws


def test_a_whole_body_of_one_broken_item_is_split_behind_it() -> None:
    raws = [b"[" + b"[]," * 1_300_000 + b"NaN]", b"{}"]
    assert split_array(b"[" + b",".join(raws) + b"]", len(raws)) == raws
