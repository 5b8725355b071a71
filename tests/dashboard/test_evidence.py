"""Decisions in words, and as a file that a spreadsheet takes without working anything out."""

import csv
import io
from typing import Any

import pytest

from dashboard.evidence import HEADINGS, Decision, as_csv, told
from dashboard.words import LANGS, Words
from streaming.contest import load_contest, shipped_contest

CONTEST = load_contest(shipped_contest()).contest
AT_MS = 1_662_606_337_000
SHOWN = {"rows": 90, "seq": 88, "completed": 12_734, "participants": 10_577}
NAMES = {3: "Nguyễn Thị Ánh"}


def say(lang: str = "vi", by: str = "account:3", **body: Any) -> Any:
    return told(Decision(91, AT_MS, by, body), CONTEST, NAMES, Words(lang, CONTEST.timezone))


@pytest.mark.parametrize(
    ("body", "vi", "en"),
    [
        ({"kind": "hold", "unit": None}, "Tạm giữ tất cả", "Held everything"),
        ({"kind": "hold", "unit": "026"}, "Tạm giữ Huyện Đồng Văn", "Held Huyện Đồng Văn"),
        ({"kind": "hold", "unit": None, "final": True}, "Chốt số", "Froze the figures as final"),
        ({"kind": "release", "unit": "026"}, "Cho lên hình Huyện Đồng Văn", "Released Huyện Đồng Văn"),
        ({"kind": "void", "entries": [["a", "b"], ["a", "c"]]}, "Loại bỏ 2 lượt", "2 entries voided"),
        ({"kind": "quarantine", "entries": [["a", "b"]]}, "Chờ xác minh 1 lượt", "1 entries to be verified"),
        ({"kind": "delay", "delay_ms": 120_000}, "Lên hình chậm 2 phút", "On air 2 min late"),
        ({"kind": "delay", "delay_ms": 0}, "Thôi lên hình chậm", "No delay any more"),
        (
            {"kind": "schedule", "round": 1, "before_close_ms": 7_200_000, "delay_ms": None},
            "Đặt lịch: Tuần 1, chốt số 2 giờ trước giờ đóng",
            "Scheduled: Week 1, final figures 2 h before closing",
        ),
        (
            {"kind": "round", "n": 1, "opens_ms": AT_MS, "closes_ms": AT_MS + 86_400_000},
            "Dời Tuần 1: 10h05 08/9/2022 – 10h05 09/9/2022",
            "Moved Week 1: 10:05 8 Sep 2022 – 10:05 9 Sep 2022",
        ),
        (
            {"kind": "correction", "unit": "00688", "round": 1, "column": "completed", "delta": -66, "labelled": True},
            "Đính chính Phường Quang Trung, Tuần 1: −66 lượt thi (có ghi “đã điều chỉnh”)",
            "Corrected Phường Quang Trung, Week 1: −66 entries (marked “corrected”)",
        ),
        ({"kind": "milestone", "value": 10_000}, "Đã vượt mốc 10.000 lượt thi", "10,000 entries passed"),
        ({"kind": "contest", "contest": {}}, "Nạp thông tin cuộc thi", "Loaded the contest"),
    ],
)
def test_a_decision_is_a_sentence(body: dict[str, Any], vi: str, en: str) -> None:
    assert [say(lang, **body).what for lang in LANGS] == [vi, en]


def test_it_names_who_when_why_and_the_numbers_then_on_air() -> None:
    it = say(kind="hold", unit="026", reason="đối soát", shown=SHOWN)
    assert (it.seq, it.at, it.by, it.reason) == (91, "10:05:37 08/9/2022", "Nguyễn Thị Ánh", "đối soát")
    assert (it.completed, it.participants, it.shown_seq, it.rows) == ("12.734", "10.577", 88, 90)
    assert say(kind="hold", unit=None, by="account:9").by == "account:9"
    rule = say(kind="hold", unit="026", by="system", rule="unit_pace")
    assert (rule.by, rule.reason, rule.completed) == ("Hệ thống", "Quy tắc unit_pace", "–")


def test_no_cell_of_the_file_is_worked_out() -> None:
    body = as_csv([say(kind="hold", unit=None, reason='=HYPERLINK("x")', shown=SHOWN), say(kind="hold", unit=None)])
    assert body.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"))))
    assert list(rows[0]) == list(HEADINGS)
    assert rows[0]["reason"] == '\'=HYPERLINK("x")'
    assert rows[0]["what"] == "Tạm giữ tất cả"
    assert rows[1]["shown_seq"] == ""
