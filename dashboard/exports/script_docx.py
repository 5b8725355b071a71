"""Kịch bản MC: what the host says, item by item, to be held in one hand: A5, large letters."""

import io
from typing import Any

import docx
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from dashboard.edition import Edition
from dashboard.exports.columns import local, said
from dashboard.page import title
from streaming.program.rundown import Item, Rundown

FONT = "Times New Roman"
"""On every office's machine, and with all Vietnamese marks."""
WIDTH_MM, HEIGHT_MM, EDGE_MM = 148, 210, 15
SAY_PT, TITLE_PT, NOTE_PT, SMALL_PT = 16, 14, 11, 9
LINE = 1.3
"""Of its letters' height: marks that stand above each other, as in “Ế”, touch no line above."""
SOFT = RGBColor(0x44, 0x4F, 0x5A)


def script_docx(rundown: Rundown, edition: Edition, now_ms: int) -> bytes:
    """The document. Items that are left out are not in it, those without words are, so that the host knows what comes.
    ``now_ms`` gives the day where no item has a time."""
    t, zone = said(edition.lang), edition.contest.timezone
    document = docx.Document()
    first = next((item.at_ms for item in rundown.items if item.at_ms is not None), now_ms)
    day = edition.words.date(first)
    called = title(edition.contest, edition.lang)
    _set_up(document, edition, f"{t['script_title']} · {day}", called)
    _paragraph(document, t["script_title"].upper(), size=SAY_PT, bold=True, centred=True, after=0)
    _paragraph(document, called, size=TITLE_PT, bold=True, centred=True, after=2)
    _paragraph(document, day, size=NOTE_PT, centred=True, after=10)
    shown = [item for item in rundown.items if not item.skip]
    for number, item in enumerate(shown, start=1):
        _item(document, number, item, edition, zone)
    if not shown:
        _paragraph(document, t["script_empty"], size=NOTE_PT, centred=True)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _item(document: Document, number: int, item: Item, edition: Edition, zone: str) -> None:
    """An item: its head stands with the first of its words, and a word of the host is not alone on a page."""
    at = "" if item.at_ms is None else f"{local(item.at_ms, zone):%H:%M}   "
    notes = [line for line in (_unit(item, edition), *item.note.splitlines()) if line.strip()]
    lines = [line.strip() for line in item.say.splitlines() if line.strip()]
    follows = bool(notes or lines)
    head = _paragraph(document, "", size=TITLE_PT, before=10, after=2, with_next=follows)
    _run(head, at, size=TITLE_PT, colour=SOFT)
    _run(head, f"{number}. {item.title}", size=TITLE_PT, bold=True)
    head.paragraph_format.left_indent = Mm(7)
    head.paragraph_format.first_line_indent = Mm(-7)
    for nth, note in enumerate(notes, start=1):
        written = _paragraph(document, "", size=NOTE_PT, after=2, with_next=nth < len(notes) or bool(lines))
        _run(written, note, size=NOTE_PT, italic=True, colour=SOFT)
    for line in lines:
        _paragraph(document, line, size=SAY_PT, after=6)


def _unit(item: Item, edition: Edition) -> str:
    if item.unit is None or item.unit not in edition.tree:
        return ""
    return said(edition.lang)["script_unit"].replace("{unit}", edition.words.full_name(edition.tree[item.unit]))


def _set_up(document: Document, edition: Edition, head: str, called: str) -> None:
    """The page, its letters, and what stands on the edge of each."""
    properties: Any = document.core_properties
    properties.title, properties.author, properties.comments = head, "", ""
    section = document.sections[0]
    section.page_width, section.page_height = Mm(WIDTH_MM), Mm(HEIGHT_MM)
    section.left_margin = section.right_margin = Mm(EDGE_MM)
    section.top_margin, section.bottom_margin = Mm(18), Mm(16)
    section.header_distance = section.footer_distance = Mm(8)
    style: Any = document.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(SAY_PT)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "en-GB" if edition.lang == "en" else "vi-VN")
    style.element.rPr.append(language)
    style.paragraph_format.line_spacing = LINE
    style.paragraph_format.widow_control = True
    top = section.header.paragraphs[0]
    top.text = ""
    _run(top, f"{called}", size=SMALL_PT, colour=SOFT)
    bottom = section.footer.paragraphs[0]
    bottom.paragraph_format.tab_stops.add_tab_stop(Mm(WIDTH_MM - 2 * EDGE_MM), WD_TAB_ALIGNMENT.RIGHT)
    # The style of a foot has a stop in its middle too.
    _run(bottom, f"{head}\t\t", size=SMALL_PT, colour=SOFT)
    for text, is_field in (("PAGE", True), (" / ", False), ("NUMPAGES", True)):
        if is_field:
            _field(bottom, text)
        else:
            _run(bottom, text, size=SMALL_PT)


def _paragraph(
    document: Document,
    text: str,
    *,
    size: int,
    bold: bool = False,
    centred: bool = False,
    before: int = 0,
    after: int = 4,
    with_next: bool = False,
) -> Paragraph:
    made = document.add_paragraph()
    form = made.paragraph_format
    form.space_before, form.space_after, form.line_spacing = Pt(before), Pt(after), LINE
    form.keep_with_next, form.widow_control = with_next, True
    if centred:
        made.alignment = WD_ALIGN_PARAGRAPH.CENTER
    if text:
        _run(made, text, size=size, bold=bold)
    return made


def _run(
    paragraph: Paragraph,
    text: str,
    *,
    size: int,
    bold: bool = False,
    italic: bool = False,
    colour: RGBColor | None = None,
) -> Any:
    run = paragraph.add_run(text)
    run.font.size, run.font.name, run.bold, run.italic = Pt(size), FONT, bold, italic
    if colour is not None:
        run.font.color.rgb = colour
    return run


def _field(paragraph: Paragraph, name: str) -> None:
    """A field that the program which shows the document works out: PAGE, NUMPAGES."""
    for kind in ("begin", None, "end"):
        run = _run(paragraph, "", size=SMALL_PT)
        if kind is None:
            told = OxmlElement("w:instrText")
            told.set(qn("xml:space"), "preserve")
            told.text = name
        else:
            told = OxmlElement("w:fldChar")
            told.set(qn("w:fldCharType"), kind)
        run._r.append(told)  # noqa: SLF001 - python-docx has no fields
