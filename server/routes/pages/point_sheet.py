"""The links of connection points at /control/points/sheet: a list to send from, and files to print or to share."""

import asyncio
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlencode

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from dashboard.exports import point_sheet_pdf as pdf
from dashboard.exports.point_sheet_xlsx import point_sheet_xlsx
from dashboard.pages import point_sheet as pages
from dashboard.pages.control import frame
from dashboard.point_sheet import PointSheet, sheet_of
from dashboard.words.words import Words
from server.apart import CameToNothing
from server.auth.points import PointKeyState, opening_of
from server.auth.roles import Right, account_of, needs
from server.errors import UnknownUnit
from server.routes.api.rundown_files import XLSX
from server.routes.language import lang_of
from server.routes.pages.room import live_of, person_of
from server.routes.pages.sign_in import led_to
from server.state import State, state_of
from server.web.forms import kept
from server.web.origins import written_origin
from server.web.problems import Problem, wrong_value
from server.web.render import page
from streaming.points.point import point_in, points_of

HERE = "/control/points/sheet"
MAKER = "dashboard.exports.point_sheet_pdf"
PDF = "application/pdf"
PRINTED_MAX = 1_000
"""Points of one PDF that is made beside a running ceremony; more are printed unit by unit, or by the command line."""
URL, OF, DONE = "url", "of", "done"
URL_CHARS_MAX = 300
DONE_TEXTS = frozenset({"done_point_rotated", "done_point_revoked"})


def routes() -> list[BaseRoute]:
    """The routes."""
    may = needs(Right.LINKS)
    return [
        Route(HERE, may(show_list), name="point-sheet"),
        Route(f"{HERE}.pdf", may(give_pdf), name="point-sheet-pdf"),
        Route(f"{HERE}.xlsx", may(give_xlsx), name="point-sheet-xlsx"),
        Route(f"{HERE}/{{code}}", may(show_point), name="point-sheet-point"),
        Route(f"{HERE}/{{code}}/rotate", may(rotate), methods=["POST"]),
        Route(f"{HERE}/{{code}}/revoke", may(revoke), methods=["POST"]),
    ]


async def show_list(request: Request) -> Response:
    """The list of all points, or with ``?of=`` of a unit and those below it."""
    state, typed = state_of(request), request.query_params.get(URL, "")
    base = _base(request)
    code = _code(request)
    sheet, states = await _sheet(request, base or _here(request), code)
    around, status = _frame(request, state), HTTPStatus.OK if base else HTTPStatus.UNPROCESSABLE_ENTITY

    def make() -> Response:
        values = pages.list_values(
            state.folder.contest, sheet, states,
            of=code or "", base_own=_is_own(sheet.base), typed=typed[:URL_CHARS_MAX] if base is None else "",
        )  # fmt: skip
        return page("points/sheet.html", around | values, status)

    # That of a whole country takes half a second, which nothing on air is to wait for.
    async with state.files.turn():
        return await asyncio.to_thread(make)


async def show_point(request: Request) -> Response:
    """One point: its QR code and message, and what ends its key.

    Raises:
        UnknownUnit: If there is no such point.
    """
    state, code = state_of(request), request.path_params["code"]
    if point_in(state.folder.contest.tree, code) is None:
        raise UnknownUnit("unit", code)
    sheet, states = await _sheet(request, _base(request) or _here(request), code, alone=True)
    values = _frame(request, state, f"{HERE}/{code}") | pages.point_values(state.folder.contest, sheet, states)
    return page("points/sheet_point.html", values)


async def rotate(request: Request) -> Response:
    """Give the point another key.

    Raises:
        UnknownUnit: If there is no such point.
    """
    code = request.path_params["code"]
    await kept(state_of(request).point_keys.rotate, code)
    return _back(request, code, "done_point_rotated")


async def revoke(request: Request) -> Response:
    """End the key of the point.

    Raises:
        UnknownUnit: If there is no such point.
    """
    code = request.path_params["code"]
    await kept(state_of(request).point_keys.revoke, code)
    return _back(request, code, "done_point_revoked")


async def give_pdf(request: Request) -> Response:
    """Answer with the list and the slips, to print.

    Raises:
        Problem: 400 for a wrong address or unit, or one with too many points; 503 if the document was not made in time.
    """
    state, sheet = state_of(request), await _asked(request)
    if len(sheet.lines) > PRINTED_MAX:
        expected = f"a unit with at most {PRINTED_MAX} points; for more: run.py point sheet FILE.pdf"
        raise wrong_value(OF, _code(request) or "", expected)
    body = msgspec.json.encode(sheet)
    async with state.files.turn():
        try:
            made = await state.apart.run(MAKER, body, within_s=pdf.WITHIN_S, answer_bytes_max=pdf.PDF_BYTES_MAX)
        except CameToNothing as error:
            raise Problem(503, "not_made", "the document was not made in time", retry_after_s=60) from error
    return _file(state, made, PDF, "pdf")


async def give_xlsx(request: Request) -> Response:
    """Answer with the sheet as a workbook.

    Raises:
        Problem: 400 for a wrong address or unit.
    """
    state, sheet = state_of(request), await _asked(request)
    async with state.files.turn():
        made = await asyncio.to_thread(point_sheet_xlsx, sheet)
    return _file(state, made, XLSX, "xlsx")


def _file(state: State, body: bytes, media_type: str, ext: str) -> Response:
    said = f'attachment; filename="{state.folder.contest.id}-diem-cau.{ext}"'
    return Response(body, HTTPStatus.OK, {"Content-Disposition": said, "Cache-Control": "no-store"}, media_type)


async def _asked(request: Request) -> PointSheet:
    base = _base(request)
    if base is None:
        raise wrong_value(URL, request.query_params[URL], "an origin as https://name or http://10.0.0.5:8000")
    sheet, _ = await _sheet(request, base, _code(request))
    return sheet


async def _sheet(
    request: Request, base: str, code: str | None, *, alone: bool = False
) -> tuple[PointSheet, Mapping[str, pages.KeyState]]:
    """The sheet of all points, of a unit and those below it, or of one alone; and how their keys stand."""
    state = state_of(request)
    found = {each.unit: each for each in await kept(state.point_keys.list)}
    contest = state.folder.contest
    codes = [code] if alone and code else [unit.code for unit in points_of(contest.tree, code)]
    lang, now_ms = lang_of(request), state.now_ms()

    def make() -> PointSheet:
        openings = [opening_of(state.point_keys, found[each], base) for each in codes]
        return sheet_of(contest, lang, base, openings, now_ms)

    return await asyncio.to_thread(make), _states([found[each] for each in codes])


def _states(states: Sequence[PointKeyState]) -> Mapping[str, pages.KeyState]:
    return {each.unit: pages.KeyState(each.changed_ms, each.revoked_ms) for each in states}


def _frame(request: Request, state: State, here: str = HERE) -> dict[str, Any]:
    words = Words(lang_of(request), state.folder.contest.timezone)
    person = person_of(account_of(request, Right.LINKS))
    t, done = pages.texts(words.lang), request.query_params.get(DONE, "")
    kept_ = _query(request)
    return frame(state.folder, words, person, "links", live_of(state.shown), made=state.made) | {
        "a": t,
        "page_title": t["sheet_title"],
        "list_at": HERE,
        "here": here,
        "asked": f"{kept_}&" if kept_ else "",
        "query": f"{kept_}&lang={words.lang}" if kept_ else f"lang={words.lang}",
        "done": t[done] if done in DONE_TEXTS else "",
        "url": request.query_params.get(URL, "")[:URL_CHARS_MAX],
    }


def _query(request: Request) -> str:
    """What the page was asked with beside its language, for the links on it."""
    kept_ = {name: request.query_params[name][:URL_CHARS_MAX] for name in (URL, OF) if request.query_params.get(name)}
    return urlencode(kept_)


def _back(request: Request, code: str, done: str) -> Response:
    asked = _query(request)
    return led_to(f"{HERE}/{code}?{asked + '&' if asked else ''}{DONE}={done}&lang={lang_of(request)}")


def _base(request: Request) -> str | None:
    """The address of which links are made, None for one that cannot be used."""
    typed = request.query_params.get(URL, "").strip().rstrip("/")
    if not typed:
        return _here(request)
    origin = written_origin(typed) if len(typed) <= URL_CHARS_MAX else None
    return None if origin is None else str(origin)


def _here(request: Request) -> str:
    return str(request.base_url).rstrip("/")


def _is_own(base: str) -> bool:
    """Whether this machine alone reaches an address."""
    origin = written_origin(base)
    if origin is None or origin.host == "localhost":
        return True
    try:
        return ip_address(origin.host).is_loopback
    except ValueError:
        return False


def _code(request: Request) -> str | None:
    """The unit whose points are asked for, None for all.

    Raises:
        Problem: 400, if there is no such point.
    """
    code = request.query_params.get(OF, "")
    if code and point_in(state_of(request).folder.contest.tree, code) is None:
        raise wrong_value(OF, code, "the code of a unit that is a place")
    return code or None
