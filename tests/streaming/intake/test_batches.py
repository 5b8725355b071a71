"""A batch with bad items: the good ones are kept as if each had come alone, the bad ones are named."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from streaming.contests.units import Tree
from streaming.intake.bodies import CLOUDEVENT_BATCH, JSON, NDJSON, Unreadable
from streaming.intake.intake import Intake
from streaming.intake.splitting import split_array
from streaming.ledger.ledger import Ledger
from tests.worlds.histories import START_MS, UNITS, contest

HEAD = b'"kind":"completed","unit":"A1","at":"2022-09-08T02:30:00Z"'
DIGITS = b"7" * 5_000
DEEP = b"[" * 100_000 + b"]" * 100_000
GOOD = [
    b'{"id":"%d",' + HEAD + b"}",
    b' { "id" : "%d" , ' + HEAD + b', "person" : "p1", "score" : 18 } ',
    b'{"id":"%d",' + HEAD + b',"person":"Nguy\xe1\xbb\x85n \xf0\x9f\xa7\x91\xe2\x80\x8d\xf0\x9f\x92\xbb","score":18.0}',
    # Fields of other names are dropped unread, whatever they hold.
    b'{"id":"%d",' + HEAD + b',"x":"\\ud800","y":' + DIGITS + b',"z":1e400}',
    b'{"id":"%d",' + HEAD + b',"x":"]}\\",[{","y":[[{"z":[]}],[{}]]}',
    # Of two fields of one name the last counts.
    b'{"id":7,"score":"x",' + HEAD + b',"id":"%d","score":1}',
    b'{"id":"%d","kind":"voided","voids":"none","at":"2022-09-08T09:30:00.5+07:00"}',
]
BAD: list[tuple[bytes, str, str]] = [
    (b'{"id":"\\ud800",' + HEAD + b"}", "id", "bad_text"),
    (b'{"id":"b",' + HEAD + b',"person":"\\udfff\\ud800"}', "person", "bad_text"),
    (b'{"id":"b",' + HEAD + b',"channel":"\\u2028"}', "channel", "bad_text"),
    (b'{"id":"b",' + HEAD + b',"score":' + DIGITS + b"}", "score", "bad_number"),
    (b'{"id":"b",' + HEAD + b',"duration_s":-1e400}', "duration_s", "bad_number"),
    (b'{"id":"b",' + HEAD + b',"at":' + DIGITS + b"}", "at", "bad_time"),
    (b'{"id":"b",' + HEAD + b',"unit":"\\ud800"}', "unit", "unknown_unit"),
    (b'{"id":"b",' + HEAD + b',"unit":' + b"[" * 400 + b"]" * 400 + b"}", "unit", "wrong_type"),
    (b'{"id":"b",' + HEAD + b',"kind":' + b'[{"x":' * 400 + b"1" + b"}]" * 400 + b"}", "kind", "unknown_kind"),
    (b'{"id":"b",' + HEAD + b',"group":{}}', "group", "wrong_type"),
    (b'{"id":"' + b"x" * 1_000_000 + b'",' + HEAD + b"}", "id", "too_long"),
    (b'{"id":"b",' + HEAD + b',"score":NaN}', "", "unreadable"),
    (b'{"id":"b",' + HEAD + b',"x":' + DEEP + b"}", "", "unreadable"),
    (DEEP, "", "unreadable"),
    (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, "", "unreadable"),
    (b'{"id":"b" ' + HEAD + b"}", "", "unreadable"),
    (b'{"id":"b",' + HEAD + b',"x":"\xff"}', "", "unreadable"),
    (b'{"id":"b",' + HEAD + b',"x":"\t"}', "", "unreadable"),
    (b"{} {}", "", "unreadable"),
    (b"null", "", "not_an_object"),
    (b"[]", "", "not_an_object"),
    (DIGITS, "", "not_an_object"),
    (b"{}", "id", "missing"),
]


class Taker:
    """An intake on a real ledger that gives every good item an id that is new."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.given = 0
        self.intake = Intake(
            ledger, tree=lambda: Tree(UNITS), rounds=lambda: contest().rounds, person_key=b"k" * 32,
            now_ms=lambda: START_MS, heard=lambda _source: None,
        )  # fmt: skip

    def written(self, good: bytes) -> bytes:
        """A good item under a new id; the bytes of a text are no format, so that its braces stay."""
        self.given += 1
        return good.replace(b"%d", str(self.given).encode())

    def bodies_from(self, seq: int) -> list[bytes]:
        return [row.body for row in self.ledger.read(seq)]


@pytest.fixture(scope="module")
def taker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Taker]:
    folder: Path = tmp_path_factory.mktemp("batches")
    ledger = Ledger(folder / "ledger.db", now_ms=lambda: START_MS)
    ledger.open()
    yield Taker(ledger)
    ledger.close()


def event(raw: bytes, index: int) -> bytes:
    return b'{"specversion":"1.0","id":"e%d","source":"/thi","type":"entry","data":%b}' % (index, raw)


ONES: list[Any] = [*GOOD, *BAD]
MIXED = st.lists(st.integers(0, len(ONES) - 1), min_size=1, max_size=8)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
@given(places=MIXED, media=st.sampled_from([JSON, NDJSON]))
async def test_exactly_the_good_ones_are_kept_and_the_bad_ones_named(
    taker: Taker, places: list[int], media: str
) -> None:
    mixed = [ONES[place] for place in places]
    raws = [taker.written(one) if isinstance(one, bytes) else one[0] for one in mixed]
    named = [(at, one[1], one[2]) for at, one in enumerate(mixed) if not isinstance(one, bytes)]
    # A batch in which nothing is JSON is none, and is answered 400.
    if all(code == "unreadable" for _, _, code in named) and len(named) == len(mixed):
        raws, mixed = [*raws, taker.written(GOOD[0])], [*mixed, GOOD[0]]
    alone = taker.ledger.head
    for one in (one for one in mixed if isinstance(one, bytes)):
        assert (await taker.intake.take("web", taker.written(one), JSON)).accepted == 1
    together = taker.ledger.head
    body = b"[" + b",".join(raws) + b"]" if media == JSON else b"\n".join(raws)
    taken = await taker.intake.take("web", body, media)
    assert [(reject.index, reject.field, reject.code) for reject in taken.rejected] == named
    assert taken.accepted == together - alone == len(mixed) - len(named)
    assert taker.bodies_from(together) == taker.bodies_from(alone)[: together - alone]
    assert msgspec.json.encode(taken.rejected)


@pytest.mark.parametrize(("raw", "field", "code"), [one for one in BAD if one[1]])
async def test_a_single_bad_object_is_named(taker: Taker, raw: bytes, field: str, code: str) -> None:
    taken = await taker.intake.take("web", raw, JSON)
    assert [(reject.index, reject.field, reject.code) for reject in taken.rejected] == [(0, field, code)]


@pytest.mark.parametrize("raw", [one[0] for one in BAD if not one[1] and one[0] not in {b"[]", b"{}"}])
async def test_a_body_that_is_no_json_or_no_object_is_none(taker: Taker, raw: bytes) -> None:
    with pytest.raises(Unreadable) as caught:
        await taker.intake.take("web", raw, JSON)
    assert (type(caught.value), caught.value.code) == (Unreadable, "unreadable")


async def test_events_are_judged_one_by_one_too(taker: Taker) -> None:
    bad = [one for one in BAD if one[1] not in {"id", ""} or one[0] in {b"null", DIGITS}]
    raws = [event(taker.written(GOOD[1]), 0), *(event(raw, index) for index, (raw, _, _) in enumerate(bad, 1))]
    raws += [
        event(b"{%b}" % HEAD, 90).replace(b"/thi", b"\\ud800"),
        event(b"{%b}" % HEAD, 91).replace(b"e91", b"e\\u0000"),
        event(b'{"kind":"voided","voids":"\\ud800","at":"2022-09-08T02:30:00Z"}', 92),
        event(b'{"id":"b",' + HEAD + b',"score":NaN}', 93),
        event(taker.written(GOOD[3]), 94),
    ]
    expected = [(field, code) if field else ("data", "not_an_object") for _, field, code in bad]
    expected += [("source", "bad_text"), ("id", "bad_text"), ("voids", "bad_text"), ("", "unreadable")]
    taken = await taker.intake.take("web", b"[" + b",".join(raws) + b"]", CLOUDEVENT_BATCH)
    assert [(reject.field, reject.code) for reject in taken.rejected] == expected
    assert taken.accepted == 2


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=4),
    max_leaves=12,
)


@given(st.lists(VALUES, max_size=6))
def test_an_array_is_split_where_its_items_end(values: list[Any]) -> None:
    assert [msgspec.json.decode(raw) for raw in split_array(msgspec.json.encode(values), 6)] == values


BRACKETS = st.recursive(
    st.sampled_from([b"{}", b"[]", b'{"a":1}', b'"]"']),
    lambda inner: st.builds(lambda each, depth: b'[{"k" :' * depth + each + b"}]" * depth, inner, st.integers(1, 900)),
    max_leaves=3,
)


@given(st.lists(BRACKETS, min_size=1, max_size=4))
def test_an_item_that_is_no_json_ends_where_its_brackets_do(values: list[bytes]) -> None:
    raws = [b"x" + value for value in values]
    assert split_array(b"[" + b",".join(raws) + b"]", len(raws)) == raws
