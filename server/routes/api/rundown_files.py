"""The rundown of an output as a workbook, out and in, and the host's script as a document."""

import asyncio
from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import Literal

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from dashboard.edition import Edition
from dashboard.exports.rundown_rows import NoRundown, Reader, RowFault, RowsRead
from dashboard.exports.rundown_xlsx import rundown_xlsx
from dashboard.exports.script_docx import script_docx
from dashboard.exports.workbook import TOLD_BYTES_MAX, Sheet, Told
from dashboard.words.words import LANGS
from server.apart import CameToNothing
from server.auth.roles import Right, asker_of, needs
from server.control.asked_evening import RundownAsked
from server.routes.api.outputs import hand_of, opened, output_of
from server.routes.language import LANG, lang_of
from server.state import State, state_of
from server.web.answers import answer
from server.web.forms import body_of
from server.web.problems import Problem, wrong_value
from streaming.program.rundown import Rundown

READER = "dashboard.exports.workbook"
READ_WITHIN_S = 20.0
FILE_BYTES_MAX = 4 * 1024 * 1024
"""Largest workbook; one of 200 items with all that may be said is 300 KB."""
HEARD_OUT_BYTES = 80 * 1024 * 1024
FILE_WAIT_S = 60.0
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SEEN = "seen"

Did = Literal["added", "removed", "changed", "moved"]


class ItemChange(msgspec.Struct):
    """What a workbook changes of an item: ``fields`` are those that differ, ``row`` is where it stands in the sheet."""

    did: Did
    id: str
    title: str
    row: int | None
    fields: tuple[str, ...] = ()


class RundownRead(msgspec.Struct):
    """What a workbook would change in the rundown of an output at ``version``, and what is wrong with it; ``done`` is
    whether that has been changed."""

    version: int
    items: int
    changes: list[ItemChange]
    ends_changes: bool
    faults: list[RowFault]
    done: bool


def routes() -> list[BaseRoute]:
    """The routes."""
    of_one = "/api/v1/outputs/{output}"
    return [
        Route(f"{of_one}/rundown.xlsx", needs(Right.SEE_OUTPUTS)(give_rundown), name="rundown file"),
        Route(f"{of_one}/rundown.xlsx", needs(Right.STEER)(take_rundown), methods=["POST"], name="take rundown file"),
        Route(f"{of_one}/script.docx", needs(Right.SEE_OUTPUTS)(give_script), name="script"),
    ]


async def give_rundown(request: Request) -> Response:
    """Answer with the rundown as a workbook."""
    return await _given(request, rundown_xlsx, XLSX, "kich-ban.xlsx")


async def give_script(request: Request) -> Response:
    """Answer with the host's script as a document."""
    return await _given(request, script_docx, DOCX, "kich-ban-mc.docx")


async def _given(
    request: Request, make: Callable[[Rundown, Edition, int], bytes], media_type: str, name: str
) -> Response:
    output, state = output_of(request, asker_of(request, Right.SEE_OUTPUTS), "read", (LANG,)), state_of(request)
    edition = state.editions.of(lang_of(request))
    async with state.files.turn():
        body = await asyncio.to_thread(make, state.outputs.of(output).rundown, edition, state.now_ms())
    said = f'attachment; filename="{state.folder.contest.id}-{output}-{name}"'
    return Response(body, HTTPStatus.OK, {"Content-Disposition": said, "Cache-Control": "no-store"}, media_type)


async def take_rundown(request: Request) -> Response:
    """Tell what the workbook that is the body would change; with ``?seen=``, the version of the output for which that
    was told, change it."""
    asker = asker_of(request, Right.STEER)
    name, seen, state = output_of(request, asker, "write", (SEEN, LANG)), _seen(request), opened(request)
    async with state.uploads.turn():
        body = await body_of(request, FILE_BYTES_MAX, FILE_WAIT_S, heard_out=HEARD_OUT_BYTES)
        sheets = await sheets_of(state, body)
        # As it is now: a file may have taken its time.
        output = state.outputs.of(name)
        editions = [state.editions.of(each) for each in LANGS]
        check_item = state.outputs.choosing.item_check(output)
        reader = Reader(editions, lang_of(request), output.rundown, state.now_ms(), check_item)
        read = await asyncio.to_thread(_read, reader, sheets)
    changed = RundownRead(
        output.version,
        len(read.rundown.items),
        _changes(output.rundown, read),
        read.rundown.ends_ms != output.rundown.ends_ms,
        read.faults,
        done=False,
    )
    if seen is None:
        return answer(changed)
    check_rows(read.faults)
    asked = RundownAsked(items=read.rundown.items, ends_ms=read.rundown.ends_ms, seen=seen)
    changed.version = state.outputs.steer(name, hand_of(asker), asked).version
    changed.done = True
    return answer(changed)


def check_rows(faults: Sequence[RowFault]) -> None:
    """See whether a workbook can be taken.

    Raises:
        Problem: 422, naming its first fault by row and column.
    """
    if faults:
        first = faults[0]
        where = f"row {first.row}" + (f", {first.column}" if first.column else "")
        detail = f"{where}: expected {first.expected}"
        raise Problem(422, "wrong_rows", detail, field=where, value=first.found, expected=first.expected)


async def sheets_of(state: State, body: bytes) -> tuple[Sheet, ...]:
    """The cells of a workbook, read apart.

    Raises:
        Problem: 422, if there is none that can be read.
    """
    try:
        said = await state.apart.run(READER, body, within_s=READ_WITHIN_S, answer_bytes_max=TOLD_BYTES_MAX)
        # Some megabytes, which would hold up the loop.
        told = await asyncio.to_thread(msgspec.json.decode, said, type=Told)
    except (CameToNothing, msgspec.DecodeError):
        told = Told(code="large_workbook", expected="a workbook that is read within its bounds")
    if told.code:
        where = f"the file: {f'found {told.found}, ' if told.found else ''}expected {told.expected}"
        raise Problem(422, told.code, where, field="file", value=told.found or None, expected=told.expected)
    return told.sheets


def _read(reader: Reader, sheets: tuple[Sheet, ...]) -> RowsRead:
    try:
        return reader.read(sheets)
    except NoRundown as error:
        lacks = ", ".join(error.lacks)
        detail = f"the file: expected a sheet with the heads of a rundown; missing: {lacks}"
        raise Problem(422, "no_rundown", detail, field="file", value=lacks, expected="the heads of a rundown") from None


def _changes(old: Rundown, read: RowsRead) -> list[ItemChange]:
    new = read.rundown
    rows = read.rows
    kept = [item.id for item in old.items if item.id in rows]
    order = [item.id for item in new.items if old.find(item.id) is not None]
    found: list[ItemChange] = []
    for item in new.items:
        before = old.find(item.id)
        if before is None:
            found.append(ItemChange("added", item.id, item.title, rows[item.id]))
        elif fields := tuple(name for name in item.__struct_fields__ if getattr(item, name) != getattr(before, name)):
            found.append(ItemChange("changed", item.id, item.title, rows[item.id], fields))
        elif kept.index(item.id) != order.index(item.id):
            found.append(ItemChange("moved", item.id, item.title, rows[item.id]))
    removed = (item for item in old.items if item.id not in rows)
    return found + [ItemChange("removed", item.id, item.title, None) for item in removed]


def _seen(request: Request) -> int | None:
    text = request.query_params.get(SEEN)
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 15):
        raise wrong_value(SEEN, text, "the version of the output that was looked at")
    return int(text)
