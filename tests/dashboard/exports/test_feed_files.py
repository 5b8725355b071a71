"""The forms of a feed, read by readers of others: the json and csv modules, expat."""

import csv
import io
import json
import re
from xml.etree import ElementTree

import msgspec

from dashboard.exports.feed_files import as_csv, as_json, as_xml
from dashboard.exports.feeds import EMPTY, FIELDS, Record
from tests.suite import ROOT

NASTY = Record(
    place=1,
    place_text="1",
    code="00688",
    name='Xã "Pờ Ly Ngài" <&> ]]>',
    full_name="=cmd|' /C calc'!A0; Thị trấn,\r\nhai dòng",
    short_name="  @SUM(1)",
    above_name="Tỉnh\x00\x0bHà Giang\uffff",
    completed=1_234_567,
    completed_text="1.234.567",
    rate=0.0,
    rate_text="0,0%",
    pace=254,
    pace_text="+254",
)
"""What no contest folder may hold is in it too: a feed must stay well-formed whatever comes."""
BLANKS = msgspec.convert({field: " " for field in FIELDS if isinstance(getattr(EMPTY, field), str)}, Record)
ROWS = [NASTY, BLANKS, EMPTY]


def text(value: object) -> str:
    return "" if value is None else str(value)


def cells(record: Record) -> dict[str, str]:
    return {field: text(getattr(record, field)) for field in FIELDS}


def test_an_independent_reader_of_json_finds_every_value_and_type() -> None:
    sound = [each for each in ROWS if each is not NASTY]
    rows = json.loads(as_json(sound))
    assert rows == [{field: getattr(each, field) for field in FIELDS} for each in sound]
    # A whole number here would make the column one of whole numbers.
    assert b'"rate":0.0,' in as_json([Record(rate=0.0)])
    assert list(rows[1]) == list(FIELDS)


def test_an_independent_reader_of_xml_finds_every_cell_and_nothing_else() -> None:
    body = as_xml(ROWS)
    expected = [cells(each) for each in ROWS]
    expected[0]["above_name"] = "Tỉnh\ufffd\ufffdHà Giang\ufffd"
    # A reader of XML makes one character of an end of line.
    expected[0]["full_name"] = expected[0]["full_name"].replace("\r\n", "\n")
    root = ElementTree.fromstring(body)  # noqa: S314 - our own bytes
    rows = root.findall("rows/row")
    assert [{each.tag: each.text or "" for each in row} for row in rows] == expected
    assert (root.tag, [each.attrib for each in root.iter() if each.attrib]) == ("root", [])


def test_an_independent_reader_of_csv_finds_every_cell_and_a_spreadsheet_no_formula() -> None:
    body = as_csv(ROWS)
    assert body.startswith(b"\xef\xbb\xbfplace,place_text,code,")
    assert body.count(b"\r\n") == 5  # One is within a cell.
    rows = list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"), newline="")))
    expected = [cells(each) for each in ROWS]
    expected[0]["full_name"] = "'" + expected[0]["full_name"]
    expected[0]["short_name"] = "'" + expected[0]["short_name"]
    assert rows == expected
    # On air with its sign, and no formula.
    assert rows[0]["pace_text"] == "+254"


def test_the_reference_has_every_column_in_its_order() -> None:
    page = (ROOT / "docs" / "reference" / "feeds.md").read_text(encoding="utf-8")
    table = page.partition("| column | is |")[2].partition("\n\n")[0]
    first = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    assert [name for cell in first for name in re.findall(r"`(\w+)`", cell)] == list(FIELDS)
