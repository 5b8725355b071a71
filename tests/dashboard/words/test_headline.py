"""Where titles break."""

import pytest

from dashboard.words.headline import LINE_EM, NO_BREAK, bound, headline
from dashboard.words.widths import width_em

QUIZ = "Cuộc thi tìm hiểu về chuyển đổi số"


@pytest.mark.parametrize(
    ("title", "first", "second"),
    [
        (f"{QUIZ} tỉnh Hà Giang năm 2022", QUIZ, "tỉnh Hà_Giang năm_2022"),
        ("Hà Giang Province Digital Transformation Quiz 2022", "Hà Giang Province Digital", "Transformation Quiz_2022"),
        ("Chương trình sẽ tiếp tục trong giây lát", "Chương trình sẽ tiếp tục", "trong giây lát"),
        (
            "Đồng chí An, Ủy viên Trung ương Đảng, Bí thư Tỉnh ủy, Trưởng đoàn đại biểu",
            "Đồng chí An, Ủy viên Trung ương Đảng,",
            "Bí thư Tỉnh ủy, Trưởng đoàn đại biểu",
        ),
        ("Phát động chuyển đổi số", "Phát động", "chuyển đổi số"),
        (f"{QUIZ.upper()} TỈNH HÀ GIANG NĂM 2022", QUIZ.upper(), "TỈNH HÀ GIANG NĂM_2022"),
    ],
)
def test_a_title_breaks_where_a_phrase_begins_and_even(title: str, first: str, second: str) -> None:
    halves = [" ".join(half) for half in headline(title).halves]
    assert halves == [first.replace("_", NO_BREAK), second.replace("_", NO_BREAK)]


@pytest.mark.parametrize(
    ("title", "whole"),
    [
        ("Chào mừng năm 2022", "Chào mừng năm_2022"),
        ("Tìm hiểu 60 năm truyền thống", "Tìm hiểu_60_năm truyền thống"),
        ("toàn tỉnh Hà Giang chào mừng", "toàn tỉnh Hà_Giang chào mừng"),
        ("Năm học 2022, vòng toàn tỉnh", "Năm học_2022, vòng toàn tỉnh"),
        ("Năm 2022 toàn tỉnh", "Năm_2022 toàn tỉnh"),
    ],
)
def test_what_belongs_together_is_not_broken(title: str, whole: str) -> None:
    assert bound(title) == whole.replace("_", NO_BREAK)


@pytest.mark.parametrize("title", ["", "Một", "Một hai", "a" * 130, "Thi " * 40])
def test_no_word_is_lost(title: str) -> None:
    made = headline(title)
    assert " ".join(" ".join(half) for half in made.halves).replace(NO_BREAK, " ") == " ".join(title.split())
    assert all(part for half in made.halves for part in half) or not title


def test_a_long_title_is_set_smaller() -> None:
    sizes = [headline("Cuộc thi " * n).size for n in (1, 8, 20)]
    assert sizes == [0, 1, 2]
    assert width_em("Cuộc thi " * 8) > LINE_EM[0]
