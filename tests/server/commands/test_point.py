"""`point`: the links and codes of connection points, on the command line."""

import stat
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from server.cli import cli
from server.commands import point as command
from streaming.contests.contest import load_contest
from streaming.points.point import points_of
from tests.worlds.apps import FOUR_LEVELS, UNIT
from tests.worlds.data_folder import fill
from tests.worlds.qr_reader import codes_on, pages_of

URL = "http://10.0.0.5:8000"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return fill(tmp_path / "data")


def run(data: Path, *arguments: str) -> Result:
    return CliRunner().invoke(cli, ["point", *arguments, "--data", str(data), "--contest", str(FOUR_LEVELS)])


def listed(data: Path) -> dict[str, list[str]]:
    said = run(data, "list", "--url", URL)
    assert said.exit_code == 0, said.output
    return {line.split("\t")[0]: line.split("\t")[1:] for line in said.stdout.splitlines()}


def test_the_list_has_every_point_with_its_code_and_link(data: Path) -> None:
    found = listed(data)
    assert list(found) == [unit.code for unit in points_of(load_contest(FOUR_LEVELS).contest.tree)]
    name, code, link = found[UNIT]
    assert (name, len(code), code[3]) == ("Huyện thử 1.1", 7, "-")
    assert link.startswith(f"{URL}/points/{UNIT}/enter#dcu_")
    assert listed(data) == found, "it can be made again at any time"


def test_a_key_is_changed_and_revoked(data: Path) -> None:
    before = listed(data)
    rotated = run(data, "rotate", UNIT, "--url", URL)
    assert rotated.exit_code == 0
    after = listed(data)
    assert rotated.stdout == "\t".join((UNIT, *after[UNIT])) + "\n"
    assert after[UNIT][1:] != before[UNIT][1:]
    assert {**after, UNIT: []} == {**before, UNIT: []}, "no other has changed"
    assert run(data, "revoke", UNIT).exit_code == 0
    assert listed(data)[UNIT] == ["Huyện thử 1.1", "revoked"]
    assert run(data, "rotate", UNIT, "--url", URL).exit_code == 0
    assert listed(data)[UNIT][2] not in {before[UNIT][2], after[UNIT][2]}


def test_the_sheet_is_written_as_a_document_and_as_a_workbook(data: Path, tmp_path: Path) -> None:
    for name, begins in (("diem-cau.pdf", b"%PDF-"), ("diem-cau.XLSX", b"PK")):
        file = tmp_path / name
        file.write_text("of before")
        made = run(data, "sheet", str(file), "--url", f"{URL}/", "--of", UNIT)
        assert made.exit_code == 0, made.output
        assert made.stdout == ""
        assert f"4 points, links below {URL}\n" in made.stderr
        assert file.read_bytes().startswith(begins)
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert sorted(each.name for each in tmp_path.glob("diem-cau*")) == ["diem-cau.XLSX", "diem-cau.pdf"]
    links = [code for page in pages_of((tmp_path / "diem-cau.pdf").read_bytes())[1:] for code in codes_on(page)]
    found = listed(data)
    assert links == [found[unit][2] for unit in (UNIT, "P1D1X1", "P1D1X2", "P1D1X3")]


def test_without_an_address_links_begin_with_the_machines_own(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = run(data, "list")
    assert "links begin with http://" in said.stderr
    assert ":8000; --url says otherwise" in said.stderr
    monkeypatch.setenv("DIEMCAU_HOSTS", "so-lieu.example.vn")
    assert "\thttp://so-lieu.example.vn:8000/points/VN/enter#dcu_" in run(data, "list").stdout
    monkeypatch.setattr(command, "ELSEWHERE", ("256.0.0.1", 9))
    assert command._own_address() == "127.0.0.1"


@pytest.mark.parametrize(
    ("arguments", "exit_code", "said"),
    [
        (["sheet", "{tmp}/a.doc"], 2, "expected a name that ends with .pdf or .xlsx"),
        (["sheet", "{tmp}/a.pdf", "--url", "nowhere"], 2, "--url nowhere: expected an origin as https://"),
        (["sheet", "{tmp}/a.pdf", "--url", "http://a/b"], 2, "--url http://a/b: expected an origin"),
        (["sheet", "{tmp}/a.pdf", "--of", "P1D"], 1, '--of "P1D": expected the code of a unit that is a place'),
        (["sheet", "{tmp}/none/a.xlsx", "--url", URL], 1, "No such file or directory, expected a file that can be"),
        (["rotate", "CQ", "--url", URL], 1, 'point "CQ": expected the code of a unit that is a place'),
        (["revoke", "nowhere"], 1, 'point "nowhere": expected the code of a unit that is a place'),
    ],
)
def test_what_cannot_be_done_is_named(
    data: Path, tmp_path: Path, arguments: list[str], exit_code: int, said: str
) -> None:
    answer = run(data, *(each.replace("{tmp}", str(tmp_path)) for each in arguments))
    assert (answer.exit_code, answer.stdout) == (exit_code, "")
    assert said in answer.stderr
    assert not list(tmp_path.glob("a.*"))


def test_a_folder_that_was_never_served_is_told_what_to_do(tmp_path: Path) -> None:
    answer = run(tmp_path / "new", "list", "--url", URL)
    assert answer.exit_code == 1
    assert "no person.key yet, expected a data folder; start it once: run.py serve" in answer.stderr
    assert not (tmp_path / "new").exists()
