"""POST /api/v1/points/bridge/list: who is on the video bridge, as a list that somebody has: pasted, or a workbook.

What it would tick is told before it is taken; lines that name no point, or one twice, are named and keep no other out.
"""

import asyncio
import codecs

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from dashboard.exports.workbook import Sheet, text_of
from server.auth.roles import Right, asker_of, needs, unit_of
from server.middleware.guard import AS
from server.routes.api.outputs import opened
from server.routes.api.rundown_files import FILE_BYTES_MAX, FILE_WAIT_S, HEARD_OUT_BYTES, sheets_of
from server.state import State
from server.web.answers import answer, refuse_unknown
from server.web.forms import body_of
from server.web.problems import Problem, wrong_value
from streaming.points.actions import TickBridge
from streaming.points.finding import FoundFault
from streaming.points.roll_call import NOTHING

TAKE = "take"
"""The parameter, 1, by which the list is taken."""
LINES_MAX = 20_000
"""Lines that are read: all points that a contest can have."""
ZIP = b"PK\x03\x04"


class ListRead(msgspec.Struct):
    """What a list says: its ``rows``, the points that it ticks, how many of them are not connected yet, and what is
    wrong with other rows; ``done`` is whether they have been ticked."""

    rows: int
    codes: tuple[str, ...]
    changes: int
    faults: tuple[FoundFault, ...]
    done: bool


def routes() -> list[BaseRoute]:
    """The one route."""
    path = "/api/v1/points/bridge/list"
    return [Route(path, needs(Right.ROLL_CALL)(take_list), methods=["POST"], name="take list of points")]


async def take_list(request: Request) -> Response:
    """Tell what the list that is the body would tick; with ``?take=1``, tick it."""
    state, asker = opened(request), asker_of(request, Right.ROLL_CALL)
    refuse_unknown(request.query_params, (AS, TAKE))
    takes = request.query_params.get(TAKE, "0")
    if takes not in {"0", "1"}:
        raise wrong_value(TAKE, takes, "1 to take the list, or 0")
    async with state.uploads.turn():
        body = await body_of(request, FILE_BYTES_MAX, FILE_WAIT_S, heard_out=HEARD_OUT_BYTES)
        lines = await _lines(state, body)
        # A list of something else may take a second.
        found = await asyncio.to_thread(state.points.find, lines, unit_of(asker))
    fresh = [code for code in found.codes if state.points.known.entries.get(code, NOTHING).bridge is not True]
    read = ListRead(found.rows, found.codes, len(fresh), found.faults, done=takes == "1")
    if read.done:
        state.points.act(TickBridge(codes=found.codes, connected=True), asker.by)
        await state.points.written()
    return answer(read)


async def _lines(state: State, body: bytes) -> list[str]:
    if body.startswith(ZIP):
        return _rows(await sheets_of(state, body))
    encoding = "utf-16" if body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"
    try:
        lines = body.decode(encoding).splitlines()
    except UnicodeDecodeError:
        expected = "text in UTF-8, or a workbook (.xlsx)"
        raise Problem(422, "no_list", f"the list: expected {expected}", field="file", expected=expected) from None
    if len(lines) > LINES_MAX:
        expected = f"at most {LINES_MAX} lines"
        raise Problem(422, "long_list", f"the list: expected {expected}", field="file", expected=expected)
    return lines


def _rows(sheets: tuple[Sheet, ...]) -> list[str]:
    """The rows of a workbook's first sheet that has any, each as a line.

    Raises:
        Problem: 422, if it has more than are read: those behind would go without a word.
    """
    for sheet in sheets:
        rows = ["\t".join(filter(None, (text_of(cell).strip() for cell in row))) for row in sheet.rows]
        if any(rows):
            if sheet.rows_total > len(rows):
                expected = f"a sheet of at most {len(rows)} rows (it has {sheet.rows_total}); paste a longer list"
                raise Problem(422, "long_list", f"the list: expected {expected}", field="file", expected=expected)
            return rows
    return []
