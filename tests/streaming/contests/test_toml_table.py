"""contest.toml: every fault is named by line, key, value and what was expected."""

import json
from pathlib import Path

import pytest

from streaming.contests.contest import load_contest
from streaming.errors import ContestError
from tests.worlds.contest_folder import TOML, folder

TOML_FAULTS = [
    (
        "no TOML, with the line",
        'id = "thu"',
        "id = thu",
        "contest.toml, row 1: expected valid TOML (Invalid value (at line 1, column 6))",
    ),
    (
        "naive time",
        "opens = 2022-09-08T09:30:00+07:00",
        "opens = 2022-09-08T09:30:00",
        (
            "contest.toml, row 7, column rounds[1].opens: found “2022-09-08 09:30:00”, expected a time with its"
            " offset, such as 2022-09-08T09:30:00+07:00"
        ),
    ),
    (
        "naive time as a string",
        '"2022-09-15T02:30:00Z"',
        '"2022-09-15T02:30:00"',
        "contest.toml, row 11, column rounds[2].opens: found “2022-09-15T02:30:00”, expected a time with its",
    ),
    (
        "a date alone",
        "opens = 2022-09-08T09:30:00+07:00",
        "opens = 2022-09-08",
        "contest.toml, row 7, column rounds[1].opens: found “2022-09-08”, expected a time with its offset",
    ),
    (
        "another age",
        "2022-09-22T09:30:00+07:00",
        "0001-01-01T00:00:00+07:00",
        (
            "contest.toml, row 12, column rounds[2].closes: found “0001-01-01 00:00:00+07:00”, expected a time in"
            " the years 2000 to 2099"
        ),
    ),
    (
        "rounds that overlap",
        '"2022-09-15T02:30:00Z"',
        '"2022-09-15T02:29:59Z"',
        (
            "contest.toml, row 11, column rounds[2].opens: found “2022-09-15T02:29:59Z”, expected a time not"
            " before round 1 closes: rounds stand in order, apart"
        ),
    ),
    (
        "closed before it opened",
        "closes = 2022-09-15T09:30:00+07:00",
        "closes = 2022-09-08T09:30:00+07:00",
        (
            "contest.toml, row 8, column rounds[1].closes: found “2022-09-08 09:30:00+07:00”, expected a time"
            " after the round's opening"
        ),
    ),
    (
        "no closing",
        "closes = 2022-09-15T09:30:00+07:00",
        "",
        "contest.toml, row 5, column rounds[1].closes: expected a time with its offset",
    ),
    (
        "unknown ranking rule",
        "[[channels]]",
        '[ranking]\nby = "complete"\n\n[[channels]]',
        (
            "contest.toml, row 15, column ranking[1].by: found “complete”, expected one of completed,"
            " participants, rate (did you mean “completed”?)"
        ),
    ),
    (
        "ranking by rate without targets",
        "[[channels]]",
        '[ranking]\nby = "rate"\n\n[[channels]]',
        "units.csv, row 4, column target: expected a target for “b” Xã Pờ Ly Ngài, as contest.toml ranks by rate",
    ),
    (
        "apart is no flag",
        "[[channels]]",
        '[ranking]\napart = "no"\n\n[[channels]]',
        "contest.toml, row 15, column ranking[1].apart: found “no”, expected true or false",
    ),
    (
        "mistyped key",
        "organisers =",
        "organizers =",
        "contest.toml, row 3, column organizers: found “organizers”, expected one of the keys id, title,",
    ),
    (
        "mistyped key, the near one",
        "organisers =",
        "organizers =",
        "(did you mean “organisers”?)",
    ),
    (
        "mistyped key of a round",
        'name = "Tuần 1"',
        'nam = "Tuần 1"',
        (
            "contest.toml, row 6, column rounds[1].nam: found “nam”, expected one of the keys name, name_en, opens,"
            " closes (did you mean “name”?)"
        ),
    ),
    ("no id", 'id = "thu"', "", "contest.toml, column id: expected a string"),
    (
        "an id with a blank",
        '"thu"',
        '"thu 1"',
        "contest.toml, row 1, column id: found “thu 1”, expected a value of the form [a-z0-9][a-z0-9-]{0,31}",
    ),
    (
        "empty title",
        '"Cuộc thi thử"',
        '"  "',
        "contest.toml, row 2, column title: found “  ”, expected some text",
    ),
    (
        "a title that turns round",
        '"Cuộc thi thử"',
        '"Cuộc \\u202Ethi"',
        "row 2, column title: found “Cuộc \\u202ethi”, expected no control, bidi or other invisible character",
    ),
    (
        "over-long title",
        '"Cuộc thi thử"',
        f'"{"a" * 201}"',
        "expected at most 200 characters (it has 201)",
    ),
    (
        "organisers that are no list",
        '["Sở Thông tin"]',
        '"Sở Thông tin"',
        "contest.toml, row 3, column organisers: found “Sở Thông tin”, expected an array of strings",
    ),
    (
        "doubled channel",
        "[[channels]]",
        '[[channels]]\ncode = "website"\nname = "A"\n\n[[channels]]',
        "contest.toml, row 19, column channels[2].code: found “website”, expected a code used once in channels",
    ),
    (
        "unknown time zone",
        'id = "thu"',
        'id = "thu"\ntimezone = "Asia/Ha_Giang"',
        "contest.toml, row 2, column timezone: found “Asia/Ha_Giang”, expected the name of a time zone",
    ),
    (
        "steps that fall",
        'id = "thu"',
        'id = "thu"\nsteps = [1, 50, 10]',
        "contest.toml, row 2, column steps: found “[1, 50, 10]”, expected 1 to 6 rising whole numbers from 1",
    ),
    (
        "steps that are none",
        'id = "thu"',
        'id = "thu"\nsteps = [true]',
        "contest.toml, row 2, column steps: found “[True]”, expected an array of whole numbers",
    ),
    (
        "a link that runs a script",
        "[[channels]]",
        '[[links]]\nname = "A"\nurl = "javascript:alert(1)"\n\n[[channels]]',
        "contest.toml, row 16, column links[1].url: found “javascript:alert(1)”, expected a value of the form",
    ),
    (
        "too many organisers",
        '["Sở Thông tin"]',
        json.dumps(["A"] * 101),
        "column organisers: found “101 items”, expected at most 100 of them",
    ),
]


@pytest.mark.parametrize(
    ("old", "new", "message"), [case[1:] for case in TOML_FAULTS], ids=[case[0] for case in TOML_FAULTS]
)
def test_a_fault_of_contest_toml_is_named(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert old in TOML
    with pytest.raises(ContestError) as caught:
        load_contest(folder(tmp_path, toml=TOML.replace(old, new, 1)))
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "toml", [f"{'[' * 100_000}", f"a = {'[' * 100_000}", f"a = {'9' * 10_000}", "a = 2022-13-45T00:00:00Z"]
)
def test_hostile_toml_is_a_fault_as_any_other(tmp_path: Path, toml: str) -> None:
    with pytest.raises(ContestError, match=r"contest\.toml.*expected valid TOML"):
        load_contest(folder(tmp_path, toml=toml))


def test_a_contest_without_rounds_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ContestError, match=r"column rounds: expected at least one table \[\[rounds\]\]"):
        load_contest(folder(tmp_path, toml='id = "a"\ntitle = "A"\n'))


def test_contest_toml_in_another_encoding_is_named(tmp_path: Path) -> None:
    path = folder(tmp_path)
    (path / "contest.toml").write_bytes(TOML.encode("utf-16-le"))
    with pytest.raises(ContestError, match=r"contest\.toml: expected UTF-8 \(this is no text, or UTF-16"):
        load_contest(path)


def test_no_folder_and_no_file_are_named(tmp_path: Path) -> None:
    with pytest.raises(ContestError, match=r"nirgends: expected a contest folder with contest\.toml"):
        load_contest(tmp_path / "nirgends")
    with pytest.raises(ContestError, match=r"contest\.toml: expected a file that can be read"):
        load_contest(tmp_path)
