"""The records of a feed as JSON, XML and CSV, in the plainest form of each: what vMix, Viz and H2R read as a table."""

import csv
import io
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Literal, NamedTuple
from xml.sax.saxutils import escape

import msgspec

from dashboard.exports.feeds import FIELDS, Record
from dashboard.words.cells import harmless

Form = Literal["json", "xml", "csv"]

_NUMBER = re.compile(r"[+−]?[\d.,]+%?")
"""A number as screens write it: "+1.284" is on air with its sign, and no formula."""
_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 §2.2 has no place for, not even escaped."""


class Written(NamedTuple):
    """How a form is written, and the media type under which it goes out."""

    write: Callable[[Sequence[Record]], bytes]
    media_type: str


def as_json(records: Sequence[Record]) -> bytes:
    """An array of flat objects: each is a row of a vMix table. What there is not is null, whatever its column holds."""
    return msgspec.json.encode(records)


def as_xml(records: Sequence[Record]) -> bytes:
    """An element for each column, without attributes; by XPath the rows are ``/root/rows/row``."""
    rows = "".join(
        f"<row>{''.join(_element(field, getattr(each, field)) for field in FIELDS)}</row>" for each in records
    )
    return f'<?xml version="1.0" encoding="utf-8"?>\n<root><rows>{rows}</rows></root>\n'.encode()


def as_csv(records: Sequence[Record]) -> bytes:
    """RFC 4180, the columns' names in its first line, in UTF-8 with a byte order mark, for spreadsheets and vMix."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(FIELDS)
    writer.writerows([_cell(getattr(each, field)) for field in FIELDS] for each in records)
    return text.getvalue().encode("utf-8-sig")


def _element(name: str, value: int | float | str | None) -> str:
    text = "" if value is None else escape(_NOT_IN_XML.sub("\ufffd", str(value)))
    return f"<{name}>{text}</{name}>"


def _cell(value: int | float | str | None) -> int | float | str | None:
    return harmless(value) if isinstance(value, str) and not _NUMBER.fullmatch(value) else value


FORMS: Mapping[Form, Written] = {
    "json": Written(as_json, "application/json"),
    "xml": Written(as_xml, "application/xml"),
    "csv": Written(as_csv, "text/csv; charset=utf-8"),
}
