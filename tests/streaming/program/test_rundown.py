"""The rundown as it is planned: what can be one, and which item comes after which."""

import msgspec
import pytest

from streaming.program.errors import NotNow, WrongSteering
from streaming.program.rundown import ITEMS_MAX, SAY_CHARS_MAX, TITLE_CHARS_MAX, Item, Rundown, check
from tests.worlds.rundowns import EVENING, item


def test_what_is_left_out_is_passed_over_both_ways() -> None:
    forward: list[str] = []
    at = None
    while (found := EVENING.after(at)) is not None:
        forward.append(at := found.id)
    assert forward == ["doors", "speech", "launch", "numbers", "end"]
    back = ["end"]
    while (found := EVENING.before(back[-1])) is not None:
        back.append(found.id)
    assert back == forward[::-1]
    assert EVENING.before(None) == EVENING.items[-1]
    assert Rundown().after(None) is Rundown().before(None) is None
    with pytest.raises(NotNow, match="the rundown has no item nobody"):
        EVENING.item("nobody")


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"id": ""}, "id"),
        ({"id": "x" * 41}, "id"),
        ({"title": "  "}, "title"),
        ({"title": "x" * (TITLE_CHARS_MAX + 1)}, "title"),
        ({"title": "hai\ndòng"}, "title"),
        ({"say": "x" * (SAY_CHARS_MAX + 1)}, "say"),
        ({"note": "\x00"}, "note"),
        ({"at_ms": -1}, "at_ms"),
        ({"duration_s": -5}, "duration_s"),
        ({"duration_s": 10**9}, "duration_s"),
        ({"advance_s": 1}, "advance_s"),
    ],
)
def test_what_cannot_be_names_its_item_and_field(changed: dict[str, object], field: str) -> None:
    good = item("two", say="Kính thưa\nquý vị")
    check(Rundown((item("one"), good)))
    bad = msgspec.structs.replace(good, **changed)
    with pytest.raises(WrongSteering, match="expected") as found:
        check(Rundown((item("one"), bad)))
    assert found.value.field == f"items[1].{field}"


def test_two_items_of_one_id_and_too_many_are_none() -> None:
    with pytest.raises(WrongSteering) as found:
        check(Rundown((item("one"), item("two"), item("one"))))
    assert (found.value.field, found.value.value) == ("items[2].id", "one")
    with pytest.raises(WrongSteering, match=f"at most {ITEMS_MAX} items"):
        check(Rundown(tuple(item(str(n)) for n in range(10_000))))
    check(Rundown(tuple(item(str(n)) for n in range(ITEMS_MAX))))


def test_an_item_says_everything_on_the_wire_and_needs_but_two() -> None:
    read = msgspec.json.decode(b'{"id":"a","title":"A"}', type=Item)
    assert set(msgspec.json.decode(msgspec.json.encode(read))) == set(Item.__struct_fields__)
    with pytest.raises(msgspec.ValidationError, match="unknown field"):
        msgspec.json.decode(b'{"id":"a","title":"A","color":1}', type=Item)
