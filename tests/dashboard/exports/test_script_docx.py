"""The host's script: A5, large letters, every item that is not left out."""

import io

import docx
import pytest
from docx.document import Document
from docx.shared import Pt

from dashboard.exports.script_docx import SAY_PT, script_docx
from dashboard.words.words import LANGS
from streaming.program.rundown import Item, Rundown
from tests.browser.cases import folder
from tests.worlds.editions import edition
from tests.worlds.workbooks import AT_MS, NOW_MS


def script(rundown: Rundown, lang: str = "vi") -> Document:
    return docx.Document(io.BytesIO(script_docx(rundown, edition(folder("ha-giang"), lang), NOW_MS)))


def test_the_host_has_words_large_and_what_comes_with_its_time() -> None:
    made = script(
        Rundown(
            (
                Item(id="a", title="Chào cờ", at_ms=AT_MS, say="Nghiêm!\n\nChào cờ, chào!", note="Nhạc: bàn âm thanh"),
                Item(id="b", title="Không làm", skip=True, say="không đọc"),
                Item(id="c", title="Điểm danh", unit="024", say="Xin mời điểm cầu Thành phố Hà Giang."),
            )
        )
    )
    section = made.sections[0]
    # A document counts twentieths of a point.
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (148, 210)  # type: ignore[union-attr]
    texts = [paragraph.text for paragraph in made.paragraphs][2:]
    assert texts == [
        "08/9/2022", "09:30   1. Chào cờ", "Nhạc: bàn âm thanh", "Nghiêm!", "Chào cờ, chào!", "2. Điểm danh",
        "Điểm cầu: Thành phố Hà Giang", "Xin mời điểm cầu Thành phố Hà Giang.",
    ]  # fmt: skip
    by_text = {paragraph.text: paragraph for paragraph in made.paragraphs}
    assert {by_text[text].runs[0].font.size for text in ("Nghiêm!", texts[-1])} == {Pt(SAY_PT)}
    # No head at the foot of a page, no words without theirs.
    assert [by_text[text].paragraph_format.keep_with_next for text in texts[1:5]] == [True, True, False, False]
    assert made.core_properties.author == ""
    foot = section.footer.paragraphs[0]._p.xml
    assert all(field in foot for field in ("PAGE", "NUMPAGES"))
    assert "Cuộc thi tìm hiểu về chuyển đổi số" in section.header.paragraphs[0].text


@pytest.mark.parametrize("lang", LANGS)
def test_a_rundown_without_items_is_a_script_that_says_so(lang: str) -> None:
    assert script(Rundown(), lang).paragraphs[-1].text in {"Kịch bản chưa có mục nào.", "The rundown has no items."}
