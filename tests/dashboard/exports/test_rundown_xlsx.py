"""A rundown as a workbook and back: nothing is lost, and what is wrong with a row is named by its place."""

import io
from typing import Any

import pytest
import xlsxwriter  # type: ignore[import-untyped]

from dashboard.exports.columns import COLUMNS, heads, said
from dashboard.exports.rundown_rows import NoRundown, Reader, RowsRead
from dashboard.exports.rundown_xlsx import rundown_xlsx
from dashboard.exports.workbook import told
from dashboard.words.words import LANGS
from streaming.program.errors import WrongSteering
from streaming.program.rundown import ITEMS_MAX, SAY_CHARS_MAX, Item, Rundown
from tests.browser.cases import folder
from tests.worlds.editions import edition
from tests.worlds.rundowns import EVENING
from tests.worlds.workbooks import AT_MS, NOW_MS, sheet

EDITIONS = [edition(folder("ha-giang"), lang) for lang in LANGS]
NONE = Rundown()
FULL = Rundown(
    (
        Item(id="don", title="Đón đại biểu", scene="standby", at_ms=AT_MS, duration_s=1_800, advance_s=1_797),
        Item(id="co", title="Chào cờ", scene="live", at_ms=AT_MS + 123, hold=True, say="Nghiêm!\n\nChào cờ, chào! "),
        Item(id="024", title='=HYPERLINK("x")', unit="024", scene="standings", settings={"of": "024", "order": "full"}),
        Item(id="5", title="http://x", note="a;b", settings={}, skip=True, arm=True),
        Item(id="live", title="Số liệu", scene="live", settings={"steps": (1, 5, 9), "lead": "started"}),
        Item(id="dem", title="Qua nửa đêm", at_ms=AT_MS + 15 * 3_600_000, duration_s=0),
    ),
    ends_ms=AT_MS + 5_400_000,
)


def no_more(_item: Item) -> None:
    """The contest has nothing against an item."""


def reader(now: Rundown = NONE, check_item: Any = no_more) -> Reader:
    return Reader(EDITIONS, "vi", now, NOW_MS, check_item)


def read(body: bytes, now: Rundown = NONE, check_item: Any = no_more) -> RowsRead:
    found = told(body)
    assert found.code == ""
    return reader(now, check_item).read(found.sheets)


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("rundown", [FULL, EVENING, Rundown()], ids=["full", "evening", "none"])
def test_what_goes_out_comes_in_the_same(rundown: Rundown, lang: str) -> None:
    found = read(rundown_xlsx(rundown, EDITIONS[LANGS.index(lang)], NOW_MS), now=rundown)
    assert (found.faults, found.rundown) == ([], rundown)
    assert list(found.rows.values()) == list(range(2, 2 + len(rundown.items)))


def test_heads_of_the_two_languages_are_not_mixed_up() -> None:
    assert len(heads()) == 2 * len(COLUMNS) - sum(
        said("vi")[f"column_{each}"] == said("en")[f"column_{each}"] for each in COLUMNS
    )


def test_what_people_type_is_read() -> None:
    day = Rundown((Item(id="x", title="x", at_ms=AT_MS),))
    found = read(
        sheet(
            {"id": "a", "title": " Chào   cờ ", "scene": "xếp HẠNG", "unit": "Thành phố Hà Giang", "at_ms": "9h30"},
            {},
            {
                "id": 7,
                "title": "B",
                "at_ms": "09:45:10",
                "duration_s": "0:05:00",
                "hold": "Có",
                "skip": "không",
                "arm": "X",
            },
            above=3,
        ),
        now=day,
    )
    assert found.faults == []
    assert found.rundown.items == (
        Item(id="a", title="Chào cờ", scene="standings", unit="024", at_ms=AT_MS),
        Item(id="7", title="B", at_ms=AT_MS + 910_000, duration_s=300, hold=True, arm=True),
    )
    assert found.rows == {"a": 5, "7": 7}


GOOD = {"id": "a", "title": "A"}


def wrong_unit(item: Item) -> None:
    if item.unit == "030":
        raise WrongSteering("items[0].unit", item.unit, "the code of a unit of the contest, or null")
    if item.scene == "picture":
        raise WrongSteering("items[0].settings.picture", "00", "the digest of a picture that is kept")


@pytest.mark.parametrize(
    ("row", "column", "code", "expected"),
    [
        (GOOD | {"id": ""}, "Mã", "id", "1 to 40 characters"),
        (GOOD | {"id": "x" * 41}, "Mã", "id", "1 to 40 characters"),
        (GOOD | {"title": ""}, "Nội dung", "title", "1 to 200 characters"),
        (GOOD | {"say": "Ờ" * 5_000}, "Lời dẫn", "say", f"0 to {SAY_CHARS_MAX} characters"),
        (GOOD | {"note": "a\x07b"}, "Ghi chú", "note", "no control character"),
        (GOOD | {"scene": "Pháo hoa"}, "Cảnh", "scene", "one of anthem"),
        (GOOD | {"settings": "to và đẹp"}, "Cài đặt", "settings", "name=value"),
        (GOOD | {"scene": "picture", "settings": "picture=00"}, "Cài đặt", "settings", "the digest of a picture"),
        (GOOD | {"unit": "27x19"}, "Đơn vị", "unit", "the code of a unit"),
        (GOOD | {"unit": "030"}, "Đơn vị", "unit", "the code of a unit"),
        (GOOD | {"at_ms": "sáng"}, "Giờ dự kiến", "at_ms", "a time as 09:30:00"),
        (GOOD | {"at_ms": 44_000}, "Giờ dự kiến", "at_ms", "a time as 09:30:00"),
        (GOOD | {"at_ms": "08:29:59"}, "Giờ dự kiến", "past", "a time to come"),
        (GOOD | {"duration_s": 5}, "Thời lượng", "duration_s", "hours, minutes and seconds"),
        (GOOD | {"duration_s": "7:00:00"}, "Thời lượng", "duration_s", "a whole number from 0 to"),
        (GOOD | {"advance_s": "0:00:01"}, "Tự chuyển", "advance_s", "a whole number from 3"),
        (GOOD | {"hold": "có thể"}, "Giữ", "hold", "“x”"),
        (GOOD | {"title": "=1+1"}, "B", "formula", "a value"),
    ],
)
def test_what_is_wrong_with_a_row_is_named_by_its_place(
    row: dict[str, Any], column: str, code: str, expected: str
) -> None:
    found = read(sheet({"id": "first", "title": "Good"}, row), check_item=wrong_unit)
    (fault,) = found.faults
    assert (fault.row, fault.column, fault.code) == (3, column, code)
    assert expected in fault.expected


def test_everything_that_is_wrong_with_a_row_is_told_at_once() -> None:
    faults = read(sheet({"id": "a" * 50, "title": "", "say": "Ờ" * 5_000, "duration_s": "7:00:00"})).faults
    assert [fault.code for fault in faults] == ["id", "title", "say", "duration_s"]


def test_two_items_of_one_id_and_ten_thousand_are_told() -> None:
    twice = read(sheet(GOOD, {"id": "b", "title": "B"}, GOOD)).faults
    assert [(fault.row, fault.column, fault.code, fault.expected) for fault in twice] == [
        (4, "Mã", "twice", "an id that row 2 does not have")
    ]
    many = [{"id": f"i{number}", "title": "A"} for number in range(10_000)]
    faults = read(sheet(*many)).faults
    assert ("too_many", f"at most {ITEMS_MAX} items") in {(fault.code, fault.expected) for fault in faults}
    one_more = read(sheet(*many[: ITEMS_MAX + 1]))
    assert [(fault.row, fault.code) for fault in one_more.faults] == [(ITEMS_MAX + 2, "too_many")]


def test_what_has_begun_may_stand_there_with_its_time_in_the_past() -> None:
    begun = Rundown((Item(id="a", title="A", at_ms=NOW_MS - 60_000),))
    found = read(rundown_xlsx(begun, EDITIONS[0], NOW_MS), now=begun)
    assert (found.faults, found.rundown) == ([], begun)


def test_a_workbook_without_the_heads_is_none() -> None:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        made = book.add_worksheet()
        for at, column in enumerate(COLUMNS[:-1]):
            made.write(0, at, said("vi")[f"column_{column}"])
        book.add_worksheet()
    with pytest.raises(NoRundown, match="Khóa"):
        read(file.getvalue())
