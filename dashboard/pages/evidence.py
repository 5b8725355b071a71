"""Evidence: every decision with who, when, why, at which row, and the numbers then on air; as words and as a file."""

import csv
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from dashboard.pages.control import texts
from dashboard.words.words import Words
from streaming.contests.contest import Contest
from streaming.contests.units import UnitCode
from streaming.decisions.decisions import entry_keys
from streaming.decisions.gate import EntryKey
from streaming.errors import one_line

SYSTEM = "system"
ACCOUNT = "account:"
OF_ENTRIES = frozenset({"quarantine", "clear", "void"})
ENTRIES_NAMED_MAX = 5
ENTRY_CHARS_MAX = 80
"""Entries of one decision that its sentence names, and of each as much; the file names all, in full."""
_FORMULA = re.compile(r"(^|[;\t\r\n])(?=\s*[=+\-@＝＋－＠])")
"""Where a spreadsheet would begin to work something out: at the head of a cell, and, as those of many countries part
cells at semicolons whatever quotes say, behind one."""

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


@dataclass(frozen=True)
class Decision:
    """A decision of the ledger: its row, and its body as it was read."""

    seq: int
    at_ms: int
    by: str
    body: Mapping[str, Any]


@dataclass(frozen=True)
class Evidence:
    """One decision in words, and as the file has it.

    The numbers are those on air when it was made, None where it does not say: ``completed`` and ``participants`` as
    words, ``shown`` as they stand in the row. ``time`` is ``at`` in ISO 8601, ``account`` who ``by`` is in the ledger.
    ``entries`` are those that the decision names.
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
    shown: Mapping[str, int]
    entries: tuple[EntryKey, ...]


def who(by: str, names: Mapping[int, str], words: Words) -> str:
    """The name of who decided; the account's number where its name is gone."""
    if by == SYSTEM:
        return words.say("by_system")
    number = by.removeprefix(ACCOUNT)
    return names.get(int(number), by) if number.isdigit() else by


def told(decision: Decision, contest: Contest, names: Mapping[int, str], words: Words) -> Evidence:
    """A decision in words."""
    body = decision.body
    shown: Mapping[str, int] = body.get("shown") or {}
    reason = str(body.get("reason") or (_rule(body, contest, words) if body.get("rule") else ""))
    return Evidence(
        seq=decision.seq,
        at=f"{words.clock(decision.at_ms)} {words.date(decision.at_ms)}",
        time=_iso(decision.at_ms, words.timezone),
        account=decision.by,
        by=who(decision.by, names, words),
        kind=str(body.get("kind")),
        what=what(body, contest, words),
        reason=reason,
        shown_seq=shown.get("seq"),
        completed=words.number(shown.get("completed")),
        participants=words.number(shown.get("participants")),
        rows=shown.get("rows"),
        shown=shown,
        entries=_entries(body),
    )


def _iso(at_ms: int, timezone: str) -> str:
    return datetime.fromtimestamp(at_ms / 1000, ZoneInfo(timezone)).isoformat(timespec="milliseconds")


def _rule(body: Mapping[str, Any], contest: Contest, words: Words) -> str:
    """What a rule found, with its figures; its name alone where a later run knows it no more."""
    rule = str(body["rule"])
    said = words.say("by_rule", rule=texts(words.lang).get(f"rule_{rule}", rule))
    figures = _figures(rule, _unit(body.get("unit"), contest, words), body.get("detail") or {}, words)
    return f"{said}. {figures}" if figures else said


def _figures(rule: str, unit: str, detail: Mapping[str, int], words: Words) -> str:
    """A rule's figures as its alarm says them; nothing where the row has them not."""
    match rule, detail:
        case "unit_pace", {"pace": pace, "past": 0}:
            return _alarm("unit_pace_new", words, unit=unit, n=pace)
        case "unit_pace", {"pace": pace, "past": past}:
            return _alarm(rule, words, unit=unit, n=pace, times=int(pace / past + 0.5), past=past)
        case "population", {"people": people, "population": population}:
            return _alarm(rule, words, unit=unit, n=people, population=population)
        case "person_rate", {"entries": entries}:
            return _alarm(rule, words, unit=unit, n=entries)
    return ""


def _alarm(key: str, words: Words, *, unit: str, **figures: int) -> str:
    values = {name: words.number(figure) for name, figure in figures.items()} | {"unit": unit}
    return re.sub(r"\{(\w+)\}", lambda found: values[found[1]], texts(words.lang)[f"alarm_{key}"])


def _entries(body: Mapping[str, Any]) -> tuple[EntryKey, ...]:
    return tuple(entry_keys(dict(body))) if body.get("kind") in OF_ENTRIES else ()


def what(body: Mapping[str, Any], contest: Contest, words: Words) -> str:
    """What was decided, as a sentence."""
    unit = _unit(body.get("unit"), contest, words)
    match body.get("kind"):
        case "hold":
            return words.say("did_final" if body.get("final") else "did_hold", unit=unit)
        case "release":
            return words.say("did_release", unit=unit)
        case "quarantine" | "clear" | "void":
            return _of_entries(body, words)
        case "delay":
            delay_ms = int(body["delay_ms"])
            return words.say("did_delay", age=words.duration(delay_ms)) if delay_ms else words.say("did_no_delay")
        case "schedule":
            return _schedule(body, contest, words)
        case "round":
            opens, closes = (f"{words.set_time(at)} {words.date(at)}" for at in (body["opens_ms"], body["closes_ms"]))
            return words.say("did_round", round=_round(body["n"], contest, words), opens=opens, closes=closes)
        case "correction":
            delta = int(body["delta"])
            label = words.say("did_labelled" if body.get("labelled") else "did_silent")
            return words.say(
                "did_correct",
                unit=unit,
                round=_round(body["round"], contest, words),
                column=words.say(f"corrected_{body['column']}"),
                delta=("+" if delta > 0 else "") + words.number(delta),
                label=label,
            )
        case "milestone":
            return words.say("milestone", n=words.number(int(body["value"])))
        case "contest":
            return words.say("did_contest")
        case kind:
            return str(kind)


def _of_entries(body: Mapping[str, Any], words: Words) -> str:
    entries = _entries(body)
    named = [_named(entry) for entry in entries[:ENTRIES_NAMED_MAX]]
    more = ["…"] if len(entries) > len(named) else []
    said = words.say(f"did_{body['kind']}", n=words.number(len(entries)))
    return f"{said}: {', '.join(named + more)}"


def _named(entry: EntryKey) -> str:
    text = one_line(" ".join(entry))
    return text if len(text) <= ENTRY_CHARS_MAX else text[:ENTRY_CHARS_MAX] + "…"


def _schedule(body: Mapping[str, Any], contest: Contest, words: Words) -> str:
    round_ = _round(body["round"], contest, words)
    if body["before_close_ms"] is None:
        return words.say("did_no_schedule", round=round_)
    age = words.duration(int(body["before_close_ms"]))
    if body.get("delay_ms") is None:
        return words.say("did_schedule_freeze", round=round_, age=age)
    return words.say("did_schedule_delay", round=round_, age=age, delay=words.duration(int(body["delay_ms"])))


def _unit(code: str | None, contest: Contest, words: Words) -> str:
    if code is None:
        return words.say("everything")
    return words.full_name(contest.tree[UnitCode(code)]) if UnitCode(code) in contest.tree else code


def _round(number: int, contest: Contest, words: Words) -> str:
    return next((words.name(round_) for round_ in contest.rounds if round_.n == number), str(number))


def as_csv(evidence: Iterable[Evidence]) -> bytes:
    """The evidence as CSV in UTF-8 with a byte order mark, so that spreadsheets read its Vietnamese. Times and numbers
    are written as programs read them, whatever the language of the words."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(HEADINGS)
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
            it.shown.get("completed"),
            it.shown.get("participants"),
            it.rows,
            " ".join(_cell(entry) for entry in it.entries),
        )
        writer.writerow([_harmless(cell) for cell in cells])
    return text.getvalue().encode("utf-8-sig")


def _cell(entry: EntryKey) -> str:
    """source:id, with any blank in it as a URL would have it, since blanks divide them."""
    return re.sub(r"[\s%]", lambda found: quote(found[0]), ":".join(entry))


def _harmless(cell: str | int | None) -> str | int | None:
    return _FORMULA.sub(r"\1'", cell) if isinstance(cell, str) else cell
