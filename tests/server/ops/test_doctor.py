"""What `check` finds on a good machine and on poor ones, and the fix that it names."""

import hashlib
import resource
import shutil
import socket
import unicodedata
from datetime import timedelta
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]  # it ships no types

from server.ops import doctor
from server.ops.doctor import Check
from streaming.contests.contest import load_contest, shipped_contest
from streaming.errors import ContestError
from streaming.ledger.ledger import Ledger
from streaming.ledger.rows import Draft
from tests.suite import ROOT
from tests.worlds.contest_folder import folder

FONTS = ROOT / "dashboard" / "static" / "fonts"
NOON_MS = 1_662_604_200_000 + 4 * 365 * 86_400_000  # in September 2026


@pytest.mark.parametrize(
    ("version", "verdict"),
    [
        ((3, 23, 1), "fail"),
        ((3, 24, 0), "warn"),
        ((3, 40, 1), "warn"),
        ((3, 44, 5), "warn"),
        ((3, 44, 6), "ok"),
        ((3, 45, 0), "warn"),
        ((3, 50, 6), "warn"),
        ((3, 50, 7), "ok"),
        ((3, 51, 0), "warn"),
        ((3, 51, 2), "warn"),
        ((3, 51, 3), "ok"),
        ((3, 52, 0), "ok"),
    ],
)
def test_the_wal_reset_fault_is_known_by_version(version: tuple[int, int, int], verdict: str) -> None:
    found = doctor.check_sqlite(version)
    assert found.verdict == verdict
    assert ("WAL-reset" in found.found) == (verdict == "warn")


@pytest.mark.parametrize(
    ("found", "verdict", "says"),
    [
        (doctor.check_python((3, 11, 0)), "ok", "3.11.0"),
        (doctor.check_python((3, 10, 9)), "fail", "install Python 3.11"),
        (doctor.check_disk(Path("d"), 499 * 2**20), "fail", "expected 500 MiB"),
        (doctor.check_disk(Path("d"), 500 * 2**20), "warn", "500 MiB free for d"),
        (doctor.check_disk(Path("d"), 2_000 * 2**20), "ok", "2000 MiB free"),
        (doctor.check_clock(NOON_MS, True), "ok", "2026-09-07 02:30:00 UTC"),
        (doctor.check_clock(NOON_MS, None), "ok", "2026"),
        (doctor.check_clock(NOON_MS, False), "warn", "kept by no time service"),
        (doctor.check_clock(0, True), "fail", "set the machine's date"),
        (doctor.check_timezone("Asia/Ho_Chi_Minh"), "ok", "Asia/Ho_Chi_Minh"),
        (doctor.check_timezone("Asia/Hà_Giang"), "fail", "no data for Asia/Hà_Giang"),
        (doctor.check_timezone("../etc/passwd"), "fail", "no data"),
        (doctor.check_open_files(255), "fail", "ulimit -n"),
        (doctor.check_open_files(1024), "warn", "at most 1024"),
        (doctor.check_open_files(4096), "ok", "at most 4096"),
        (doctor.check_open_files(resource.RLIM_INFINITY), "ok", "no limit"),
        (doctor.check_contest(ContestError("a root", file="units.csv", row=2)), "fail", "units.csv, row 2"),
        (doctor.check_contest(doctor.load_contest_folder(Path("/nowhere"))), "fail", "/nowhere"),
        (doctor.check_contest(doctor.load_contest_folder(shipped_contest())), "ok", "193 places on the map"),
    ],
)
def test_each_line_stands_where_it_should(found: Check, verdict: str, says: str) -> None:
    assert (found.verdict, says in str(found)) == (verdict, True), str(found)
    assert "\n" not in str(found)
    assert bool(found.fix) == (verdict != "ok"), "what is not right names its fix, what is right needs none"


def test_a_data_folder_that_is_not_there_yet_will_be_made(tmp_path: Path) -> None:
    assert str(doctor.check_data(tmp_path / "a" / "b")) == f"ok    Data folder: {tmp_path / 'a' / 'b'} will be made"
    assert doctor.check_data(tmp_path) == Check("Data folder", "ok", str(tmp_path))


def test_a_data_folder_below_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a").touch()
    found = doctor.check_data(tmp_path / "a" / "b")
    assert found.verdict == "fail"
    assert f"{tmp_path / 'a'} is no folder" in found.found


def test_a_font_that_is_missing_or_altered_is_named(tmp_path: Path) -> None:
    assert doctor.check_fonts(FONTS).verdict == "ok"
    shutil.copytree(FONTS, tmp_path / "fonts")
    bold = tmp_path / "fonts" / "BeVietnamPro-Bold.woff2"
    bold.write_bytes(bold.read_bytes()[:-1])
    assert "BeVietnamPro-Bold.woff2 is not as it was shipped" in doctor.check_fonts(tmp_path / "fonts").found
    bold.unlink()
    assert "BeVietnamPro-Bold.woff2" in doctor.check_fonts(tmp_path / "fonts").found
    (tmp_path / "fonts" / "SHA256SUMS").write_text("")
    assert doctor.check_fonts(tmp_path / "fonts").verdict == "fail"


def test_every_shipped_font_has_its_sum() -> None:
    lines = (FONTS / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    fonts = sorted(path.name for path in FONTS.iterdir() if path.suffix in {".woff2", ".ttf", ".woff", ".otf"})
    assert sorted(line.split()[1] for line in lines) == fonts
    assert hashlib.sha256((FONTS / fonts[0]).read_bytes()).hexdigest() in lines[0]


def test_a_port_that_is_taken_is_a_failure_and_a_free_one_is_let_go() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert f"127.0.0.1:{port} is taken" in doctor.check_port("127.0.0.1", port).found
    assert doctor.check_port("127.0.0.1", port).verdict == "ok"
    assert doctor.check_port("127.0.0.1", port).verdict == "ok", "the first look let it go"


def test_an_address_of_another_machine_is_a_failure() -> None:
    assert doctor.check_port("192.0.2.1", 8000).verdict == "fail"


def test_a_port_for_root_is_named() -> None:
    def refuse(host: str, port: int) -> None:
        raise PermissionError(13, "Permission denied")

    assert "is for root" in doctor.check_port("127.0.0.1", 80, refuse).found


def test_a_good_machine_passes_whole(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    found = doctor.checks(tmp_path, shipped_contest(), FONTS, "127.0.0.1", port, NOON_MS)
    machine = {"Disk", "Open files", "SQLite", "Clock"}  # theirs to be, here or elsewhere
    (over,) = [check for check in found if check.verdict != "ok" and check.name not in machine]
    assert str(over).startswith("warn  Contest folder: contest.toml: the last round closed on 2022-10-05")
    assert not doctor.has_failed([check for check in found if check.name not in machine])
    assert doctor.has_failed([Check("x", "ok", ""), Check("y", "fail", "")])
    assert not doctor.has_failed([Check("x", "warn", "")])


VOWELS = "aăâeêioôơuưy"
TONES = "\u0300\u0301\u0303\u0309\u0323"
VIETNAMESE = {unicodedata.normalize("NFC", vowel + tone) for vowel in VOWELS for tone in ["", *TONES]} | {"đ"}


@pytest.mark.parametrize("font", sorted(FONTS.glob("BeVietnamPro-*.woff2")), ids=lambda font: font.stem)
def test_a_shipped_font_has_every_vietnamese_letter(font: Path) -> None:
    """A web subset that misses ậ or ể lets single letters fall back to another face."""
    drawn = TTFont(font).getBestCmap()
    wanted = VIETNAMESE | {letter.upper() for letter in VIETNAMESE} | set("0123456789.,%:+−–·()₫")
    assert len(VIETNAMESE) == 73
    assert sorted(letter for letter in wanted if ord(letter) not in drawn) == []


@pytest.mark.parametrize("ahead_ms", [7 * 3_600_000, 3_600_000, 90_000])
def test_rows_of_the_future_and_a_clock_that_was_set_back_are_told(tmp_path: Path, ahead_ms: int) -> None:
    assert [check.verdict for check in doctor.check_rows(tmp_path, NOON_MS)] == ["ok"]
    clock = [NOON_MS + ahead_ms]
    ledger = Ledger(tmp_path / "ledger.db", now_ms=lambda: clock[0])
    ledger.open()
    ledger.append_now([Draft("decision", "system", None, None, b"{}")])
    length = str(timedelta(milliseconds=ahead_ms))
    (ahead,) = doctor.check_rows(tmp_path, NOON_MS)
    assert (ahead.verdict, ahead.found) == ("warn", f"the last row of ledger.db lies {length} in the future")
    clock[0] = NOON_MS
    ledger.append_now([Draft("decision", "system", None, None, b"{}")])
    (back,) = doctor.check_rows(tmp_path, NOON_MS + 60_000)
    assert (back.verdict, back.found) == ("warn", f"row 2 of ledger.db: the clock was set back by {length}")
    assert [check.verdict for check in doctor.check_rows(tmp_path, NOON_MS + doctor.JUMP_TOLD_MS)] == ["ok"]
    ledger.close()


def test_a_theme_of_overlays_that_is_none_is_a_failure_and_one_that_is_hard_to_read_a_warning(tmp_path: Path) -> None:
    themes = folder(tmp_path) / "theme" / "overlays"
    themes.mkdir(parents=True)
    (themes / "faint.toml").write_text('[colours]\nsoft = "#8093a3"\nground = "#1a3a5a"', "utf-8")
    (themes / "wrong.toml").write_text("[shape]\nradius_px = 99", "utf-8")
    found = {check.verdict: check for check in doctor.check_theme(load_contest(tmp_path))}
    assert set(found) == {"fail", "warn"}
    assert "wrong.toml, row 2, column shape[1].radius_px: found “99”" in found["fail"].found
    assert "faint.toml: colours.soft has a contrast of" in found["warn"].found
