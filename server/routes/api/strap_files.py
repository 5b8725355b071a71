"""The straps of people as a workbook, out and in: what it would change is told before it is taken."""

import asyncio
from collections.abc import Mapping
from http import HTTPStatus
from typing import Literal

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from dashboard.exports.rundown_rows import RowFault
from dashboard.exports.strap_rows import NoStraps, StrapsRead, read_straps
from dashboard.exports.strap_xlsx import straps_xlsx
from dashboard.exports.workbook import Sheet
from dashboard.overlays.straps import Strap, StrapList, StrapText
from server.auth.roles import Right, needs
from server.errors import Starting
from server.middleware.guard import AS
from server.routes.api.rundown_files import FILE_BYTES_MAX, FILE_WAIT_S, HEARD_OUT_BYTES, XLSX, check_rows, sheets_of
from server.routes.api.straps import SEEN, seen_of
from server.routes.language import LANG, lang_of
from server.state import state_of
from server.web.answers import answer, refuse_unknown
from server.web.forms import body_of, or_busy
from server.web.problems import Problem

PATH = "/api/v1/straps.xlsx"

Did = Literal["added", "removed", "changed", "moved"]


class StrapChange(msgspec.Struct):
    """What a workbook changes of a person: ``fields`` are those that differ, ``row`` is where it stands in the sheet;
    ``ends_approval`` is whether it was approved and is not any more."""

    did: Did
    name: str
    note: str
    row: int | None
    fields: tuple[str, ...] = ()
    ends_approval: bool = False


class StrapsFileRead(msgspec.Struct):
    """What a workbook would change in the list at ``version``, and what is wrong with it; ``done`` is whether that has
    been changed."""

    version: int
    people: int
    changes: list[StrapChange]
    faults: list[RowFault]
    done: bool


def routes() -> list[BaseRoute]:
    """The routes."""
    return [
        Route(PATH, needs(Right.SEE_OUTPUTS)(give), name="straps file"),
        Route(PATH, needs(Right.STRAPS)(take), methods=["POST"], name="take straps file"),
    ]


async def give(request: Request) -> Response:
    """Answer with the list as a workbook; of an empty one, with that to be filled in."""
    refuse_unknown(request.query_params, (AS, LANG))
    state, lang = state_of(request), lang_of(request)
    async with state.files.turn():
        body = await asyncio.to_thread(straps_xlsx, state.straps.list, lang)
    said = f'attachment; filename="{state.folder.contest.id}-bang-ten.xlsx"'
    return Response(body, HTTPStatus.OK, {"Content-Disposition": said, "Cache-Control": "no-store"}, XLSX)


async def take(request: Request) -> Response:
    """Tell what the workbook that is the body would change; with ``?seen=``, the version of the list for which that was
    told, change it."""
    refuse_unknown(request.query_params, (AS, LANG, SEEN))
    state, seen, lang = state_of(request), seen_of(request), lang_of(request)
    if state.hub.is_draining or not state.is_ready:
        raise Starting
    async with state.uploads.turn():
        body = await body_of(request, FILE_BYTES_MAX, FILE_WAIT_S, heard_out=HEARD_OUT_BYTES)
        sheets = await sheets_of(state, body)
        # As it is now: a file may have taken its time.
        now = state.straps.list
        read = await asyncio.to_thread(_read, sheets, now, lang)
        changes = await asyncio.to_thread(_changes, now, state.straps.coming(read.texts), read)
    told = StrapsFileRead(now.version, len(read.texts), changes, read.faults, done=False)
    if seen is None:
        return answer(told)
    check_rows(read.faults)
    told.version = (await or_busy(state.straps.replace(read.texts, seen))).version
    told.done = True
    return answer(told)


def _read(sheets: tuple[Sheet, ...], now: StrapList, lang: str) -> StrapsRead:
    try:
        return read_straps(sheets, now, lang)
    except NoStraps as error:
        lacks = ", ".join(error.lacks)
        detail = f"the file: expected a sheet with the heads of a list of straps; missing: {lacks}"
        expected = "the heads of a list of straps"
        raise Problem(422, "no_straps", detail, field="file", value=lacks, expected=expected) from None


def _changes(old: StrapList, new: StrapList, read: StrapsRead) -> list[StrapChange]:
    before: Mapping[str, Strap] = {each.id: each for each in old.straps}
    there = {each.id for each in new.straps}
    kept = [each.id for each in old.straps if each.id in there]
    order = [each.id for each in new.straps if each.id in before]
    found: list[StrapChange] = []
    for strap, row in zip(new.straps, read.rows, strict=True):
        was = before.get(strap.id)
        if was is None:
            found.append(StrapChange("added", strap.name, strap.note, row))
            continue
        fields = tuple(name for name in StrapText.__struct_fields__ if getattr(strap, name) != getattr(was, name))
        if fields:
            ends = was.approved is not None and strap.approved is None
            found.append(StrapChange("changed", strap.name, strap.note, row, fields, ends))
        elif kept.index(strap.id) != order.index(strap.id):
            found.append(StrapChange("moved", strap.name, strap.note, row))
    gone = (each for each in old.straps if each.id not in there)
    return found + [
        StrapChange("removed", each.name, each.note, None, ends_approval=each.approved is not None) for each in gone
    ]
