"""What is readable in a contest folder but looks like a slip: lost zeros, an old encoding, a calendar that is over."""

import unicodedata
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from streaming.contests.contest import Contest, ContestFolder
from streaming.contests.units import Unit
from streaming.contests.units_csv import rows_of

_MARKS = {
    "a": "\u0306\u0302", "e": "\u0302", "o": "\u0302\u031b", "u": "\u031b", "i": "", "y": "",
}  # fmt: skip
"""The vowels, each with the marks besides a tone that Vietnamese writes on it."""
_TONES = "\u0300\u0301\u0303\u0309\u0323"


def doubts(folder: ContestFolder, now_ms: int) -> Iterator[str]:
    """Yield each doubt as one line, with the row that it is about; nothing of it keeps a server from starting."""
    contest = folder.contest
    rows = rows_of(folder.path / "units.csv")
    yield from _over(contest, now_ms)
    yield from _lost_zeros(contest, rows)
    yield from _decimals(contest, rows)
    yield from _twins(contest, rows)
    yield from _letters(contest, rows)


def _over(contest: Contest, now_ms: int) -> Iterator[str]:
    closes_ms = max(round_.closes_ms for round_ in contest.rounds)
    if closes_ms <= now_ms:
        closed = datetime.fromtimestamp(closes_ms / 1000, ZoneInfo(contest.timezone))
        yield (
            f"contest.toml: the last round closed on {closed:%Y-%m-%d %H:%M}, "
            "so whatever is sent now counts in no public figure"
        )


def _lost_zeros(contest: Contest, rows: dict[str, int]) -> Iterator[str]:
    """Codes of digits are of one length among siblings, unless a spreadsheet took them for numbers."""
    for parent, group in groupby(sorted(contest.units, key=_parent), key=_parent):
        numbers = [unit for unit in group if unit.place and unit.code.isdigit()]
        lengths = Counter(len(unit.code) for unit in numbers)
        if len(lengths) > 1:
            short = next(unit for unit in numbers if len(unit.code) == min(lengths))
            told = " and ".join(map(str, sorted(lengths)))
            yield (
                f"units.csv, row {rows[short.code]}, column code: “{short.code}” has fewer digits than others below "
                f"“{parent}” ({told}): were leading zeros lost"
            )


def _decimals(contest: Contest, rows: dict[str, int]) -> Iterator[str]:
    for unit in contest.units:
        if unit.code.endswith(".0") and unit.code.removesuffix(".0").isdigit():
            yield (
                f"units.csv, row {rows[unit.code]}, column code: “{unit.code}” looks like a number that a "
                "spreadsheet wrote, not a code"
            )
            return


def _twins(contest: Contest, rows: dict[str, int]) -> Iterator[str]:
    first: dict[tuple[str, str], Unit] = {}
    for unit in contest.units:
        twin = first.setdefault((_parent(unit), unit.full_name.casefold()), unit)
        if twin is not unit:
            yield (
                f"units.csv, row {rows[unit.code]}, column full_name: “{unit.full_name}” stands in row "
                f"{rows[twin.code]} too, below the same unit"
            )


def _letters(contest: Contest, rows: dict[str, int]) -> Iterator[str]:
    """Letters that Vietnamese lacks come from VNI or TCVN3 read as if it were Unicode; what is neither letter, figure
    nor a mark of writing is in no font of ours and leaves a gap on the wall."""
    foreign: list[tuple[Unit, str]] = []
    unseen: list[tuple[Unit, str]] = []
    for unit in contest.units:
        for char in unicodedata.normalize("NFC", unit.full_name + unit.name):
            if char.isalpha() and not _is_vietnamese(char):
                foreign.append((unit, char))
                break
            if unicodedata.category(char) in {"So", "Sk"}:
                unseen.append((unit, char))
                break
    for found, what in (
        (foreign, "a letter that Vietnamese does not write: is it in VNI or TCVN3"),
        (unseen, "in no font of the screens, and leaves a gap"),
    ):
        if found:
            unit, char = found[0]
            more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
            yield (
                f"units.csv, row {rows[unit.code]}, column full_name: “{unit.full_name}” has “{char}” "
                f"(U+{ord(char):04X}), {what}{more}"
            )


def _is_vietnamese(letter: str) -> bool:
    plain = unicodedata.normalize("NFD", letter.lower())
    if plain == "đ" or (plain.isascii() and len(plain) == 1):
        return True
    base, marks = plain[0], [mark for mark in plain[1:] if mark not in _TONES]
    return base in _MARKS and len(plain) - 1 - len(marks) <= 1 and all(mark in _MARKS[base] for mark in marks)


def _parent(unit: Unit) -> str:
    return unit.parent or ""
