"""Evidence: every decision with who, when, why, at which row, and the numbers then on air; as words and as a file."""

import csv
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never
from urllib.parse import quote
from zoneinfo import ZoneInfo

from dashboard.pages.control import texts
from dashboard.words.cells import harmless
from dashboard.words.words import Words
from streaming.contests.contest import Contest
from streaming.contests.units import UnitCode
from streaming.decisions.decision import Decision
from streaming.decisions.gate import EntryKey
from streaming.decisions.holds import Held
from streaming.decisions.sentence import Gap, OfRound, OfUnit, Phrase, Quantity, Style, Verbatim
from streaming.errors import one_line
from streaming.ledger.rows import Row

SYSTEM = "system"
ACCOUNT = "account:"
ENTRIES_NAMED_MAX = 5
ENTRY_CHARS_MAX = 80
"""Entries of one decision that its sentence names, and of each as much; the file names all, in full."""

HEADINGS = (
    "seq",
    "time",
    "account",
    "by",
    "kind",
    "what",
    "reason",
    "shown_seq",
    "shown_completed",
    "shown_participants",
    "shown_rows",
    "entries",
)
"""The columns of the file; in English by these names."""


@dataclass(frozen=True)
class Evidence:
    """One decision in words, and as the file has it.

    The numbers are those on air when it was made, None where it does not say: ``completed`` and ``participants`` as
    words, ``shown_…`` as they stand in the row. ``time`` is ``at`` in ISO 8601, ``account`` who ``by`` is in the
    ledger. ``entries`` are those that the decision names.
    """

    seq: int
    at: str
    time: str
    account: str
    by: str
    kind: str
    what: str
    reason: str
    shown_seq: int | None
    completed: str
    participants: str
    rows: int | None
    shown_completed: int | None
    shown_participants: int | None
    entries: tuple[EntryKey, ...]


PLACEHOLDER = re.compile(r"\{(\w+)\}")


def who(by: str, names: Mapping[int, str], words: Words) -> str:
    """The name of who decided; the account's number where its name is gone."""
    if by == SYSTEM:
        return words.say("by_system")
    number = by.removeprefix(ACCOUNT)
    return names.get(int(number), by) if number.isdigit() else by


def told(row: Row, decision: Decision, contest: Contest, names: Mapping[int, str], words: Words) -> Evidence:
    """A decision in words."""
    shown = decision.on_air
    return Evidence(
        seq=row.seq,
        at=f"{words.clock(row.received_ms)} {words.date(row.received_ms)}",
        time=_iso(row.received_ms, words.timezone),
        account=row.by,
        by=who(row.by, names, words),
        kind=decision.kind,
        what=what(decision, contest, words),
        reason=decision.reason or _rule(decision, contest, words),
        shown_seq=shown.seq if shown else None,
        completed=words.number(shown.completed if shown else None),
        participants=words.number(shown.participants if shown else None),
        rows=shown.rows if shown else None,
        shown_completed=shown.completed if shown else None,
        shown_participants=shown.participants if shown else None,
        entries=decision.entries_named or (),
    )


def _iso(at_ms: int, timezone: str) -> str:
    return datetime.fromtimestamp(at_ms / 1000, ZoneInfo(timezone)).isoformat(timespec="milliseconds")


def _rule(decision: Decision, contest: Contest, words: Words) -> str:
    """What a rule found that had something held, with its figures; its name alone where a later run knows it no
    more."""
    if not isinstance(decision, Held) or not decision.rule:
        return ""
    rule = decision.rule
    said = words.say("by_rule", rule=texts(words.lang).get(f"rule_{rule}", rule))
    figures = _figures(rule, _unit(decision.unit, contest, words), decision.detail, words)
    return f"{said}. {figures}" if figures else said


def _figures(rule: str, unit: str, detail: Mapping[str, int], words: Words) -> str:
    """A rule's figures as its alarm says them, each by its name; nothing where the row lacks one of them."""
    pace, past = detail.get("pace"), detail.get("past")
    values = {name: words.number(figure) for name, figure in detail.items()} | {"unit": unit}
    if pace is not None and past:
        values["times"] = words.number(int(pace / past + 0.5))
    text = texts(words.lang).get(f"alarm_{rule}_new" if past == 0 else f"alarm_{rule}", "")
    if not set(PLACEHOLDER.findall(text)) <= values.keys():
        return ""
    return PLACEHOLDER.sub(lambda found: values[found[1]], text)


def what(decision: Decision, contest: Contest, words: Words) -> str:
    """What was decided, as a sentence; the name of its kind where a later run knows it no more."""
    sentence = decision.sentence()
    if not sentence.key:
        return decision.kind
    said = words.say(sentence.key, **{name: _gap(gap, contest, words) for name, gap in sentence.gaps.items()})
    if (entries := decision.entries_named) is None:
        return said
    named = [_named(entry) for entry in entries[:ENTRIES_NAMED_MAX]]
    more = ["…"] if len(entries) > len(named) else []
    return f"{said}: {', '.join(named + more)}"


def _gap(gap: Gap, contest: Contest, words: Words) -> str:
    """What stands in a gap of a sentence."""
    match gap:
        case OfUnit(code):
            return _unit(code, contest, words)
        case OfRound(n):
            return _round(n, contest, words)
        case Phrase(key):
            return words.say(key)
        case Quantity(value, style):
            return _quantity(value, style, words)
        case Verbatim(text):
            return text
    assert_never(gap)


def _quantity(value: int, style: Style, words: Words) -> str:
    match style:
        case "count":
            return words.number(value)
        case "change":
            return ("+" if value > 0 else "") + words.number(value)
        case "age":
            return words.duration(value)
        case "instant":
            return f"{words.set_time(value)} {words.date(value)}"
    assert_never(style)


def _named(entry: EntryKey) -> str:
    text = one_line(" ".join(entry))
    return text if len(text) <= ENTRY_CHARS_MAX else text[:ENTRY_CHARS_MAX] + "…"


def _unit(code: str | None, contest: Contest, words: Words) -> str:
    if code is None:
        return words.say("everything")
    return words.full_name(contest.tree[UnitCode(code)]) if UnitCode(code) in contest.tree else code


def _round(number: int, contest: Contest, words: Words) -> str:
    return next((words.name(round_) for round_ in contest.rounds if round_.n == number), str(number))


def as_csv(evidence: Iterable[Evidence], lang: str) -> bytes:
    """The evidence as CSV in UTF-8 with a byte order mark, so that spreadsheets read its Vietnamese. Heads are for
    people, in the language of the words; times and numbers are written as programs read them in either."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([texts(lang)[f"evidence_csv_{heading}"] for heading in HEADINGS])
    for it in evidence:
        cells = (
            it.seq,
            it.time,
            it.account,
            it.by,
            it.kind,
            it.what,
            it.reason,
            it.shown_seq,
            it.shown_completed,
            it.shown_participants,
            it.rows,
            " ".join(_cell(entry) for entry in it.entries),
        )
        writer.writerow([harmless(cell) for cell in cells])
    return text.getvalue().encode("utf-8-sig")


def _cell(entry: EntryKey) -> str:
    """source:id, with any blank in it as a URL would have it, since blanks divide them."""
    return re.sub(r"[\s%]", lambda found: quote(found[0]), ":".join(entry))
