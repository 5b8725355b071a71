"""The printed sheet of the evening: keys, addresses and telephone numbers on one page of A4."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from dashboard.page import common
from dashboard.pages.control import output_title, texts
from dashboard.words.words import Words
from streaming.contests.contest import ContestFolder
from streaming.program.names import HALL
from streaming.program.rundown import Rundown

KEYS = (
    ("key_name_blank", "take"),
    ("↑ ↓", "move"),
    ("M", "unlock"),
    ("L", "launch"),
    ("C", "count"),
    ("← →", "step"),
    ("T", "hold_count"),
    ("0", "backdrop"),
    ("1", "final"),
    ("2", "hold"),
    ("3", "release"),
    ("key_name_still", "still"),
    ("G", "withdraw"),
)
"""What is printed on a key, or the text that says so, and what the key does."""
OF_NUMBERS = frozenset({"final", "hold", "release"})
"""What is done to the numbers, and so to every output."""
CHECKS = 8
"""Lines to be ticked by hand."""


class Key(NamedTuple):
    """A key: what is on it, what it does, what comes of that, and to which outputs."""

    key: str
    name: str
    what: str
    of: str


class Address(NamedTuple):
    """A screen, and where it is opened."""

    title: str
    address: str


class Phone(NamedTuple):
    """Somebody to be called; without a number there is room to write it."""

    title: str
    number: str


def sheet(
    folder: ContestFolder,
    words: Words,
    *,
    output: str,
    outputs: Iterable[str],
    rundown: Rundown,
    base: str,
    made: str,
    now_ms: int,
    rehearsal: bool,
) -> dict[str, Any]:
    """The values of control/sheet.html; ``base`` is the address of the server as it was reached, ``outputs`` are those
    whose screens are named."""
    t, contest = texts(words.lang), folder.contest
    first = next((item.at_ms for item in rundown.items if item.at_ms is not None), now_ms)
    is_english = words.lang == "en"
    screens = [
        Address(output_title(words.lang, name, "short"), f"{base}/" if name == HALL else f"{base}/?out={name}")
        for name in outputs
    ]
    return common(folder, words, made=made, rehearsal=rehearsal, is_screen=False) | {
        "t": t,
        "organisers": (contest.organisers_en or contest.organisers) if is_english else contest.organisers,
        "output_title": output_title(words.lang, output),
        "day": words.date(first),
        "ends": "" if rundown.ends_ms is None else words.time(rundown.ends_ms),
        "keys": [
            Key(
                t.get(key, key),
                t[f"key_{name}"],
                t[f"key_{name}_what"],
                t["all_outputs"] if name in OF_NUMBERS else output_title(words.lang, output, "short"),
            )
            for key, name in KEYS
        ],
        "addresses": [
            *screens,
            Address(t["sheet_room"], f"{base}/control"),
            Address(t["sheet_presenter"], f"{base}/control/presenter"),
        ],
        "phones": [
            Phone(t["sheet_hotline"], contest.hotline),
            Phone(t["sheet_hall_phone"], ""),
            Phone(t["sheet_director"], ""),
        ],
        "checks": [t[f"sheet_check_{number}"] for number in range(1, CHECKS + 1)],
    }
