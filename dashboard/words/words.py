"""Words: numbers, dates, ages and names as a screen says them, in Vietnamese or English.

``static/js/lib/words.js`` follows the same rules; both are held to ``tests/golden/words.json``.
"""

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from dashboard.words.english import plural
from dashboard.words.spoken import ABOUT_FROM, rounded, spoken
from streaming.contests.contest import Contest, Named, Round
from streaming.contests.units import Unit
from streaming.topics.state import Frozen, RoundTimes

LANGS = ("vi", "en")
CLOCK_FRESH_MS = 15 * 60_000
"""Figures younger than this are told by the clock alone; older ones by time and date, as nobody can guess the day."""
AGE_STEP_S = 5
"""An age is told in steps of this, so that a mark on air does not tick."""

SHORT_KINDS = {
    "Thành phố ": "TP. ", "Thị xã ": "TX. ", "Thị trấn ": "TT. ", "Phường ": "P. ", "Xã ": "X. ", "Huyện ": "H. ",
    "Quận ": "Q. ",
}  # fmt: skip
"""How a full name is shortened where it does not fit: its kind by the usual mark, its own name never."""

KIND_ORDER = ("tỉnh", "huyện", "quận", "thị xã", "thành phố", "xã", "phường", "thị trấn", "đặc khu")
"""The order in which officials name the kinds of units: "xã, phường, thị trấn"."""

KINDS_NAMED_MAX = 3
"""More kinds than this are called "đơn vị"."""

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MONTHS_WHOLE = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_TONES = "\u0300\u0309\u0303\u0301\u0323"


def lang_of(asked: str | None) -> str:
    """The language asked for, Vietnamese where it is none of ours."""
    return asked if asked in LANGS else LANGS[0]


@cache
def texts(lang: str) -> Mapping[str, str]:
    """The texts that every page may use, by key: the common ones and those of scenes.

    Raises:
        FileNotFoundError: If the language is none of LANGS.
    """
    return read_texts("common", lang) | read_texts("scenes", lang)


def read_texts(name: str, lang: str) -> dict[str, str]:
    """The texts of one file of the locale, by key."""
    path = Path(__file__).parent.parent / "locale" / f"{name}.{lang}.json"
    loaded: dict[str, str] = json.loads(path.read_text("utf-8"))
    return loaded


@dataclass(frozen=True)
class Words:
    """How one screen speaks: its language and the contest's time zone."""

    lang: str
    timezone: str

    def say(self, key: str, **values: str) -> str:
        """The text of a key with its {values} filled in."""
        # In one pass, so that braces within a value are not replaced.
        return re.sub(r"\{(\w+)\}", lambda found: values[found[1]], texts(self.lang)[key])

    def has(self, key: str) -> bool:
        """Whether there is a text of a key."""
        return key in texts(self.lang)

    def count(self, key: str, n: int, **values: str) -> str:
        """The text of a key for a number, in its own form for 1 where the language has one."""
        form = f"{key}_one" if n == 1 and f"{key}_one" in texts(self.lang) else key
        return self.say(form, n=self.number(n), **values)

    def number(self, n: int | float | None) -> str:
        """1234567 → "1.234.567" (vi), "1,234,567" (en); None → a dash."""
        if n is None:
            return self.say("none")
        grouped = f"{abs(round(n)):,}"
        sign = "−" if round(n) < 0 else ""
        return sign + (grouped if self.lang == "en" else grouped.replace(",", "."))

    def spoken(self, n: int) -> str:
        """33394 → "ba mươi ba nghìn ba trăm chín mươi tư" (vi)."""
        return spoken(n, self.lang)

    def about(self, n: int) -> str:
        """33394 → "khoảng ba mươi ba nghìn" (vi): what a host can say of a number that still grows."""
        said = self.spoken(rounded(n)) if n >= ABOUT_FROM else ""
        return self.say("about", n=said) if said else self.spoken(n)

    def percent(self, fraction: float | None) -> str:
        """0.2361 → "23,6%" (vi), "23.6%" (en), rounded half away from 0; None → a dash."""
        return self.say("none") if fraction is None else self.points(fraction) + "%"

    def points(self, fraction: float) -> str:
        """0.2361 → "23,6": percentage points."""
        # Rounded to four digits first, the precision of rates: 0.1005 × 1000 would otherwise fall below the half.
        tenths = int(round(abs(fraction) * 10_000) / 10 + 0.5)
        sign = "−" if fraction < 0 and tenths else ""
        mark = "." if self.lang == "en" else ","
        return f"{sign}{self.number(tenths // 10)}{mark}{tenths % 10}"

    def _local(self, at_ms: int) -> datetime:
        return datetime.fromtimestamp(at_ms // 1000, ZoneInfo(self.timezone))

    def clock(self, at_ms: int) -> str:
        """09:42:17 in the contest's zone."""
        return self._local(at_ms).strftime("%H:%M:%S")

    def time(self, at_ms: int) -> str:
        """9h30 (vi), 9:30 (en)."""
        at = self._local(at_ms)
        return f"{at.hour}{':' if self.lang == 'en' else 'h'}{at.minute:02}"

    def set_time(self, at_ms: int) -> str:
        """A time that somebody has set, to the millisecond where it is so fine: "9h30", "23:59:59", "23:59:59,999"."""
        if at_ms % 60_000 == 0:
            return self.time(at_ms)
        ms = at_ms % 1000
        return self.clock(at_ms) + (f"{'.' if self.lang == 'en' else ','}{ms:03}" if ms else "")

    def day(self, at_ms: int) -> str:
        """08/9 (vi): a zero before days under 10 and months 1 and 2 (Decree 30/2020); 8 Sep (en)."""
        at = self._local(at_ms)
        if self.lang == "en":
            return f"{at.day} {_MONTHS[at.month - 1]}"
        return f"{at.day:02}/{at.month:02}" if at.month <= 2 else f"{at.day:02}/{at.month}"

    def date(self, at_ms: int) -> str:
        """08/9/2022 (vi), 8 Sep 2022 (en)."""
        year = self._local(at_ms).year
        return f"{self.day(at_ms)} {year}" if self.lang == "en" else f"{self.day(at_ms)}/{year}"

    def long_date(self, at_ms: int) -> str:
        """ngày 08 tháng 9 năm 2022 (vi), 8 September 2022 (en): as a letter's head has it."""
        at = self._local(at_ms)
        if self.lang == "en":
            return self.say("day_long", day=str(at.day), month=_MONTHS_WHOLE[at.month - 1], year=str(at.year))
        month = f"{at.month:02}" if at.month <= 2 else str(at.month)
        return self.say("day_long", day=f"{at.day:02}", month=month, year=str(at.year))

    def heard(self, heard_ms: int | None, now_ms: int) -> str:
        """How current the figures are: by the clock while they are fresh, else with the date."""
        if heard_ms is None:
            return self.say("heard_none")
        if now_ms - heard_ms <= CLOCK_FRESH_MS:
            return self.say("heard_clock", clock=self.clock(heard_ms))
        return self.say("heard_date", time=self.time(heard_ms), date=self.date(heard_ms))

    def as_of(self, frozen: Frozen | None, heard_ms: int | None, now_ms: int) -> str:
        """Since when the figures are final, or how current they are."""
        return self.frozen(frozen.at, now_ms) if frozen else self.heard(heard_ms, now_ms)

    def frozen(self, at_ms: int, now_ms: int) -> str:
        """Since when the figures are final: by the time alone on the same day, else with the date."""
        date = self.date(at_ms)
        if date == self.date(now_ms):
            return self.say("frozen_time", time=self.time(at_ms))
        return self.say("frozen_date", time=self.time(at_ms), date=date)

    def corrected(self, corrected: Sequence[str] | bool | None) -> str:
        """That somebody has corrected figures: those of these units, or (True) of the unit itself; "" if nobody has."""
        if not corrected:
            return ""
        return self.say("corrected") if corrected is True else self.count("corrected_units", len(corrected))

    def age(self, age_ms: int) -> str:
        """An age to the nearest 5 seconds, minute or hour."""
        seconds = _nearest(age_ms, AGE_STEP_S * 1000) * AGE_STEP_S
        if seconds < 60:
            return self.say("age_seconds", n=self.number(seconds))
        minutes = _nearest(age_ms, 60_000)
        if minutes < 60:
            return self.say("age_minutes", n=self.number(minutes))
        return self.say("age_hours", n=self.number(_nearest(age_ms, 3_600_000)))

    def ago(self, age_ms: int) -> str:
        """How long ago something was: "cách đây 10 giây", and "vừa xong" rather than 0 seconds."""
        if _nearest(age_ms, AGE_STEP_S * 1000) == 0:
            return self.say("just_now")
        return self.say("ago", age=self.age(age_ms))

    def duration(self, ms: int) -> str:
        """A length of time that somebody has set, whole: "1 giờ 30 phút", "10 phút", "45 giây"."""
        seconds = max(0, ms) // 1000
        parts = (("age_hours", seconds // 3600), ("age_minutes", seconds // 60 % 60), ("age_seconds", seconds % 60))
        said = [self.say(key, n=self.number(n)) for key, n in parts if n]
        return " ".join(said) or self.say("age_seconds", n=self.number(0))

    def moment(self, at_ms: int, now_ms: int) -> str:
        """When something was: by the clock alone on the same day, else with the day: "09:42:17", "09:42:17 08/9"."""
        clock = self.clock(at_ms)
        return clock if self.date(at_ms) == self.date(now_ms) else f"{clock} {self.day(at_ms)}"

    def kinds(self, units: Iterable[Unit]) -> str:
        """The kinds present, as one noun: "huyện, thành phố"; "đơn vị" where they are many."""
        # "Xã" and "xã" are one kind, whoever wrote the list.
        present = dict.fromkeys(unit.kind if unit.kind.isupper() else unit.kind.lower() for unit in units)
        named = [kind for kind in KIND_ORDER if kind in present] + [kind for kind in present if kind not in KIND_ORDER]
        if self.lang == "en":
            named = [self._kind_in_english(kind) for kind in named]
        if not 1 <= len(named) <= KINDS_NAMED_MAX or "" in named:
            return self.say("units_word")
        return self.say("kinds_last").join(filter(None, (self.say("kinds_join").join(named[:-1]), named[-1])))

    def kind_above(self, unit: Unit) -> str:
        """What a unit is, as those below it speak of it: "tỉnh"; "cấp trên" where we have no word for its kind."""
        kind = unit.kind.lower()
        if kind not in KIND_ORDER:
            return self.say("unit_above")
        return self.say(f"kind_one_{kind}") if self.lang == "en" else kind

    def _kind_in_english(self, kind: str) -> str:
        """The plural of a kind; "" for a Vietnamese one that we have no word for, which its marks tell from English."""
        if kind in KIND_ORDER:
            return self.say(f"kind_{kind}")
        return plural(kind) if kind.isascii() else ""

    def round_line(self, contest: Contest, rounds: Sequence[RoundTimes], at_ms: int) -> str:
        """Which round is open at a time, opens next, by a button perhaps, or that all are over. `rounds` are
        [n, opens_ms, closes_ms]."""
        names: Mapping[int, Round] = {round_.n: round_ for round_ in contest.rounds}
        for n, opens_ms, closes_ms in sorted(rounds, key=lambda round_: (round_[1], round_[2])):
            if at_ms < closes_ms:
                name = self.name(names[n])
                if opens_ms == closes_ms:
                    return self.say("round_waits", name=name)
                key = "round_open" if at_ms >= opens_ms else "round_next"
                return self.say(key, name=name, time=self.time(opens_ms), day=self.day(opens_ms))
        if not rounds:
            return ""
        closes_ms = max(round_[2] for round_ in rounds)
        return self.say("round_over", time=self.time(closes_ms), date=self.date(closes_ms))

    def name(self, thing: Named | Round) -> str:
        """The name of a round, channel or group in this language."""
        return (thing.name_en or thing.name) if self.lang == "en" else thing.name

    def full_name(self, unit: Unit) -> str:
        """The name of a unit in this language, with its kind."""
        return (unit.name_en or unit.full_name) if self.lang == "en" else unit.full_name

    def bare_name(self, unit: Unit) -> str:
        """The name of a unit without its kind, for a list whose head says what all are: "Huyện Mèo Vạc" → "Mèo Vạc"."""
        whole = self.full_name(unit)
        if self.lang == "en" and unit.name_en:
            return whole
        return next((whole.removeprefix(kind) for kind in SHORT_KINDS if whole.startswith(kind)), whole)

    def short_name(self, unit: Unit) -> str:
        """The name of a unit where the full one does not fit: the one that the contest gives, else shortened by its
        kind. A Vietnamese one is none in English where the unit has a name of its own there."""
        given = unit.short_name or ""
        if self.lang == "en":
            given = unit.short_name_en or ("" if unit.name_en else given)
        return given or short_name(self.full_name(unit))


def _nearest(age_ms: int, unit_ms: int) -> int:
    return (max(0, age_ms) + unit_ms // 2) // unit_ms


def short_name(full_name: str) -> str:
    """ "Thành phố Hà Giang" → "TP. Hà Giang"; a name without a known kind stays as it is."""
    for kind, mark in SHORT_KINDS.items():
        if full_name.startswith(kind):
            return mark + full_name.removeprefix(kind)
    return full_name


def collation_key(text: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The key that sorts Vietnamese names: by letters (Đ after D, Ơ after Ô), then by tone marks."""
    letters: list[int] = []
    tones: list[int] = []
    for char in unicodedata.normalize("NFC", text.casefold()):
        plain = unicodedata.normalize("NFD", char)
        tone = next((mark for mark in plain if mark in _TONES), "")
        base = unicodedata.normalize("NFC", "".join(mark for mark in plain if mark not in _TONES))
        at = _LETTERS.find(base) if len(base) == 1 else -1
        letters.append(at + 1_000 if at >= 0 else min(ord(base[0]), 999) if base else 0)
        tones.append(_TONES.find(tone) + 1 if tone else 0)
    return tuple(letters), tuple(tones)
