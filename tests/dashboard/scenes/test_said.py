"""What an operator types: bounded, and set so that it fits."""

import msgspec
import pytest

from dashboard.pages.hall import cut_of, painted
from dashboard.scenes.said import HEADING_CHARS_MAX, LINE_CHARS_MAX, MESSAGE, MessageSettings
from server.control.scene_settings import read_settings, told
from server.errors import WrongTake
from streaming.program.state import SceneOnAir
from tests.browser.cases import Case, folder, frame_of
from tests.worlds.editions import edition

CUT = cut_of(frame_of(Case("ha-giang", "zero")), edition(folder("ha-giang")))


def shown(**settings: str) -> str:
    chosen = told(MESSAGE.chosen(MessageSettings(**settings), CUT))
    return str(painted(MESSAGE, CUT, SceneOnAir("message", chosen, take=7, since=7)))


def test_a_message_says_what_was_typed_and_no_more() -> None:
    text = shown(heading="Mời  quý vị ổn định", line_2="<b>8 giờ</b>")
    assert "&lt;b&gt;8" in text
    assert text.count("<p>") == 1, "lines that are empty are left out"
    assert "<b>" not in text


def test_one_that_says_nothing_shows_the_contests_title() -> None:
    assert "Cuộc thi tìm hiểu" in shown()


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("heading", "x" * (HEADING_CHARS_MAX + 1), "a text of at most 120 characters"),
        ("line_1", "x" * (LINE_CHARS_MAX + 1), "a text of at most 100 characters"),
        ("line_2", "x" * 5_000, "a text of at most 100 characters"),
        ("line_3", "a\u202eb", "no control, bidi or other invisible character"),
        ("line_1", "a\nb", "no control"),
    ],
)
def test_what_cannot_be_shown_is_refused_in_words(name: str, text: str, expected: str) -> None:
    with pytest.raises(WrongTake) as found:
        read_settings({name: msgspec.Raw(msgspec.json.encode(text))}, MessageSettings)
    assert name in str(found.value)
    assert expected in str(found.value), str(found.value)


def test_the_longer_it_is_together_the_smaller_it_is_set() -> None:
    line = "Đề nghị các điểm cầu tắt mi-crô khi chưa phát biểu và kiểm tra lại hình ảnh trước khi lên sóng"
    assert [MessageSettings(line_1="Mời", line_2=two, line_3=two).size for two in ("", line[:60], line)] == [0, 1, 2]
