"""The page of the links of connection points: the list, and each point's own."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from dashboard.pages import accounts
from dashboard.pages.accounts import moment
from dashboard.point_sheet import PointLine, PointSheet, said
from dashboard.qr import qr
from dashboard.words.words import Words
from streaming.contests.contest import Contest


class KeyState(NamedTuple):
    """How the key of a point stands: when it was changed, None for its first, and revoked, None while it is in
    force."""

    changed_ms: int | None
    revoked_ms: int | None


def texts(lang: str) -> Mapping[str, str]:
    """The texts of the page by key, with those of pages of accounts."""
    return {**accounts.texts(lang), **said(lang)}


def list_values(
    contest: Contest, sheet: PointSheet, states: Mapping[str, KeyState], *, of: str, base_own: bool, typed: str
) -> dict[str, Any]:
    """What points/sheet.html needs beside its frame. ``of`` is the unit that the list is of, "" for all;
    ``base_own`` says that only this machine reaches the address of the links; ``typed`` is an address that cannot be
    used."""
    words = Words(sheet.lang, contest.timezone)
    t = texts(sheet.lang)
    heads = [unit for unit in contest.tree.children(contest.tree.root.code) if contest.tree.children(unit.code)]
    return {
        "sheet": sheet,
        "rows": [_row(contest, sheet.lang, line, states[line.unit]) for line in sheet.lines],
        "heads": [(unit.code, words.full_name(unit)) for unit in heads if unit.place],
        "of": of,
        "base_error": t["sheet_base_wrong"].format(typed=typed) if typed else "",
        "base_note": t["sheet_base_own"].format(base=sheet.base) if base_own and not typed else "",
    }


def point_values(contest: Contest, sheet: PointSheet, states: Mapping[str, KeyState]) -> dict[str, Any]:
    """What points/sheet_point.html needs beside its frame, for a sheet of one point."""
    t, (line,) = texts(sheet.lang), sheet.lines
    return {
        "sheet": sheet,
        "row": _row(contest, sheet.lang, line, states[line.unit]),
        "picture": qr(line.link) if line.link else None,
        "picture_name": t["sheet_picture"].format(unit=line.name),
        "rotate_help": t["sheet_rotate_help"].format(unit=line.name),
        "revoke_help": t["sheet_revoke_help"].format(unit=line.name),
    }


def _row(contest: Contest, lang: str, line: PointLine, state: KeyState) -> dict[str, Any]:
    t = texts(lang)
    if state.revoked_ms is not None:
        told = t["sheet_revoked_at"].format(time=moment(contest, state.revoked_ms))
    elif state.changed_ms is not None:
        told = t["sheet_changed"].format(time=moment(contest, state.changed_ms))
    else:
        told = t["sheet_first"]
    return {
        "line": line,
        "state": told,
        "copied_link": t["sheet_copied_link"].format(unit=line.name),
        "copied_message": t["sheet_copied_message"].format(unit=line.name),
    }
