"""Decisions in words, and as a file that a spreadsheet takes without working anything out."""

import csv
import inspect
import io
import re
from typing import Any

import msgspec
import pytest

from dashboard.pages.control import texts
from dashboard.pages.evidence import HEADINGS, as_csv, told
from dashboard.words.words import LANGS, Words
from streaming.contests.contest import load_contest, shipped_contest
from streaming.decisions.decision import Decision
from streaming.decisions.kinds import KINDS, read_decision
from streaming.ledger.rows import Row

CONTEST = load_contest(shipped_contest()).contest
AT_MS = 1_662_606_337_000
SHOWN = {"rows": 90, "seq": 88, "completed": 12_734, "participants": 10_577}
NAMES = {3: "Nguyễn Thị Ánh"}


def say(lang: str = "vi", by: str = "account:3", **body: Any) -> Any:
    row = Row(91, "decision", AT_MS, by, None, None, msgspec.json.encode(body))
    return told(row, read_decision(row), CONTEST, NAMES, Words(lang, CONTEST.timezone))


@pytest.mark.parametrize(
    ("body", "vi", "en"),
    [
        ({"kind": "hold", "unit": None}, "Tạm giữ tất cả", "Held everything"),
        ({"kind": "hold", "unit": "026"}, "Tạm giữ Huyện Đồng Văn", "Held Huyện Đồng Văn"),
        ({"kind": "hold", "unit": None, "final": True}, "Chốt số", "Froze the figures as final"),
        ({"kind": "release", "unit": "026"}, "Cho số chạy tiếp: Huyện Đồng Văn", "Released Huyện Đồng Văn"),
        (
            {"kind": "void", "entries": [["a", "b"], ["a", "c"]]},
            "Loại bỏ 2 lượt: a b, a c",
            "2 entries voided: a b, a c",
        ),
        ({"kind": "quarantine", "entries": [["a", "b"]]}, "Chờ xác minh 1 lượt: a b", "1 entries to be verified: a b"),
        ({"kind": "delay", "delay_ms": 120_000}, "Cho số hiện chậm 2 phút", "On air 2 min late"),
        ({"kind": "delay", "delay_ms": 0}, "Bỏ mức chậm của số", "No delay any more"),
        (
            {"kind": "schedule", "round": 1, "before_close_ms": 7_200_000, "delay_ms": None},
            "Đặt lịch: Tuần 1, chốt số 2 giờ trước giờ đóng",
            "Scheduled: Week 1, final figures 2 h before closing",
        ),
        (
            {"kind": "round", "n": 1, "opens_ms": AT_MS - 37_000, "closes_ms": AT_MS + 86_400_000},
            "Đổi giờ Tuần 1: 10h05 08/9/2022 – 10:05:37 09/9/2022",
            "Moved Week 1: 10:05 8 Sep 2022 – 10:05:37 9 Sep 2022",
        ),
        (
            {"kind": "round", "n": 1, "opens_ms": AT_MS - 37_000, "closes_ms": AT_MS + 7},
            "Đổi giờ Tuần 1: 10h05 08/9/2022 – 10:05:37,007 08/9/2022",
            "Moved Week 1: 10:05 8 Sep 2022 – 10:05:37.007 8 Sep 2022",
        ),
        (
            {"kind": "correction", "unit": "00688", "round": 1, "column": "completed", "delta": -66, "labelled": True},
            "Đính chính Phường Quang Trung, Tuần 1: −66 lượt thi (có ghi “đã điều chỉnh”)",
            "Corrected Phường Quang Trung, Week 1: −66 entries (marked “corrected”)",
        ),
        (
            {"kind": "round", "n": 1, "opens_ms": 1_663_209_000_000, "closes_ms": 1_663_209_000_000},
            "Tuần 1 mở khi bấm nút phát động",
            "Week 1 opens when the launch button is pressed",
        ),
        (
            {"kind": "round", "n": 1, "opens_ms": 1_662_604_842_200, "closes_ms": 1_663_209_000_000, "cue": 7},
            "Phát động: Tuần 1 mở lúc 09:40:42,200 08/9/2022",
            "Launch: Week 1 opened at 09:40:42.200 8 Sep 2022",
        ),
        ({"kind": "milestone", "value": 10_000}, "Đã vượt mốc 10.000 lượt thi", "10,000 entries passed"),
        ({"kind": "contest", "contest": {}}, "Nạp thông tin cuộc thi", "Loaded the contest"),
    ],
)
def test_a_decision_is_a_sentence(body: dict[str, Any], vi: str, en: str) -> None:
    assert [say(lang, **body).what for lang in LANGS] == [vi, en]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: str(kind.__struct_config__.tag))
@pytest.mark.parametrize("lang", LANGS)
def test_every_kind_has_the_words_of_its_sentence(kind: type[Decision], lang: str) -> None:
    source = inspect.getsource(kind.sentence)
    keys = set(re.findall(r'(?:Sentence|Phrase)\("(\w+)"', source))
    if 'f"did_{self.kind}"' in source or not keys:
        keys.add(f"did_{kind.__struct_config__.tag}")
    assert keys - texts(lang).keys() == set()


def test_it_names_who_when_why_and_the_numbers_then_on_air() -> None:
    it = say(kind="hold", unit="026", reason="đối soát", shown=SHOWN)
    assert (it.seq, it.at, it.by, it.reason) == (91, "10:05:37 08/9/2022", "Nguyễn Thị Ánh", "đối soát")
    assert (it.completed, it.participants, it.shown_seq, it.rows) == ("12.734", "10.577", 88, 90)
    assert say(kind="hold", unit=None, by="account:9").by == "account:9"
    rule = say(kind="hold", unit="026", by="system", rule="unit_pace")
    assert (rule.by, rule.reason, rule.completed) == ("Hệ thống", f"Tự động: {texts('vi')['rule_unit_pace']}", "–")


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize(
    ("rule", "detail", "alarm", "figures"),
    [
        ("unit_pace", {"pace": 1_250, "past": 3}, "unit_pace", {"pace": 1_250, "times": 417, "past": 3}),
        ("unit_pace", {"pace": 50, "past": 4}, "unit_pace", {"pace": 50, "times": 13, "past": 4}),
        ("unit_pace", {"pace": 120, "past": 0}, "unit_pace_new", {"pace": 120}),
        ("population", {"people": 4_100, "population": 4_000}, "population", {"people": 4_100, "population": 4_000}),
        ("person_rate", {"entries": 9}, "person_rate", {"entries": 9}),
    ],
)
def test_why_a_rule_held_is_told_with_its_figures(
    lang: str, rule: str, detail: dict[str, int], alarm: str, figures: dict[str, int]
) -> None:
    words = Words(lang, CONTEST.timezone)
    said = {name: words.number(figure) for name, figure in figures.items()} | {"unit": "Huyện Đồng Văn"}
    found = say(lang, kind="hold", unit="026", by="system", rule=rule, detail=detail)
    known = texts(lang)
    by_rule = words.say("by_rule", rule=known[f"rule_{rule}"])
    assert found.reason == f"{by_rule}. {known[f'alarm_{alarm}'].format_map(said)}"


def test_a_rule_that_is_known_no_more_or_without_figures_is_told_by_its_name() -> None:
    assert say(kind="hold", unit="026", by="system", rule="moon", detail={"phase": 3}).reason == "Tự động: moon"
    bare = say(kind="hold", unit="026", by="system", rule="population", detail={"people": 3})
    assert bare.reason == f"Tự động: {texts('vi')['rule_population']}"


def test_which_entries_were_named_stands_in_words_and_all_of_them_in_the_file() -> None:
    entries = [["web", f"e{number}"] for number in range(7)] + [["fan page", "100% x\n;=1"], ["=1", "+1"]]
    void = say(kind="void", entries=entries, reason="trùng")
    assert void.what == "Loại bỏ 9 lượt: web e0, web e1, web e2, web e3, web e4, …"
    assert say(kind="clear", entries=entries[4:9]).what.endswith(
        ": web e4, web e5, web e6, fan page 100% x\\n;=1, =1 +1"
    )
    long = say(kind="void", entries=[["web", "x" * 200]], reason="trùng")
    assert long.what == f"Loại bỏ 1 lượt: web {'x' * 76}…"
    assert rows_of(as_csv([long], "en"))[0]["entries"] == f"web:{'x' * 200}"
    first, second, third = rows_of(
        as_csv([void, say(kind="clear", entries=entries[8:]), say(kind="hold", unit=None)], "en")
    )
    assert first["entries"] == ("web:e0 web:e1 web:e2 web:e3 web:e4 web:e5 web:e6 fan%20page:100%25%20x%0A;'=1 =1:+1")
    assert (second["entries"], third["entries"]) == ("'=1:+1", "")


@pytest.mark.parametrize(
    ("minutes", "vi", "en"), [(90, "1 giờ 30 phút", "1 h 30 min"), (150, "2 giờ 30 phút", "2 h 30 min")]
)
def test_how_long_is_told_whole(minutes: int, vi: str, en: str) -> None:
    ms = minutes * 60_000
    assert [say(lang, kind="delay", delay_ms=ms).what for lang in LANGS] == [
        f"Cho số hiện chậm {vi}",
        f"On air {en} late",
    ]
    for lang, duration in (("vi", vi), ("en", en)):
        schedule = say(lang, kind="schedule", round=1, before_close_ms=ms, delay_ms=ms).what
        assert schedule.count(duration) == 2


def rows_of(body: bytes) -> list[dict[str, str]]:
    """The rows of the file as a program reads it."""
    assert body.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"))))


@pytest.mark.parametrize("lang", LANGS)
def test_the_file_has_times_numbers_and_accounts_as_programs_read_them(lang: str) -> None:
    rows = rows_of(as_csv([say(lang, kind="hold", unit="026", shown=SHOWN), say(lang, kind="hold", unit=None)], "en"))
    assert list(rows[0]) == list(HEADINGS)
    assert rows[0] | {"what": "", "reason": ""} == {
        "seq": "91", "time": "2022-09-08T10:05:37.000+07:00", "account": "account:3", "by": "Nguyễn Thị Ánh",
        "kind": "hold", "what": "", "reason": "", "shown_seq": "88", "shown_completed": "12734",
        "shown_participants": "10577", "shown_rows": "90", "entries": "",
    }  # fmt: skip
    assert {rows[1][name] for name in HEADINGS if name.startswith("shown")} == {""}


@pytest.mark.parametrize(
    ("reason", "kept"),
    [
        ('=HYPERLINK("x")', '\'=HYPERLINK("x")'),
        ("+84 912", "'+84 912"),
        (" \t=1", "' \t'=1"),
        ("@x", "'@x"),
        ("＝1", "'＝1"),
        ("đếm lại;=1+1", "đếm lại;'=1+1"),
        ("đếm lại\n-1", "đếm lại\n'-1"),
        ("tăng 5 - 6 lượt; đã rõ", "tăng 5 - 6 lượt; đã rõ"),
    ],
)
def test_no_cell_of_the_file_is_worked_out(reason: str, kept: str) -> None:
    (row,) = rows_of(as_csv([say(kind="hold", unit=None, reason=reason)], "en"))
    assert row["reason"] == kept
    assert row["what"] == "Tạm giữ tất cả"
    (row,) = rows_of(as_csv([say(kind="hold", unit=None, by="=1+1")], "en"))
    assert row["by"] == row["account"] == "'=1+1"
