"""The page of what was shown on an output: the last changes, the file, and a button that marks a moment."""

import asyncio
from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from dashboard.pages.control import frame, output_title
from dashboard.pages.program import OutputLine
from dashboard.pages.shown import Line, Telling
from server.auth.roles import Right, account_of, check_bound, needs
from server.routes.api.shown import Names, run_of, telling
from server.routes.language import lang_of
from server.routes.live import OUT
from server.routes.pages.room import live_of, person_of
from server.state import State, state_of
from server.web.forms import or_busy
from server.web.render import page
from streaming.program.names import HALL, NAMES
from streaming.program.shown import MARK_CHARS_MAX

PAGE_LINES = 200
"""Lines on the page; the file has all."""
PAGE_RUNS = 20


class Run(NamedTuple):
    """A run, and when it began."""

    run: int
    text: str


def routes(names: Names) -> list[BaseRoute]:
    """The one route."""

    async def show_shown(request: Request) -> Response:
        """Show the latest changes of the output that ``?out=`` names, the hall's without it, or the one that who asks
        is bound to; those of one run with ``?run=``.

        Raises:
            NoRight: If who asks is bound to another.
            UnknownOutput: If there is no such output.
        """
        account, state = account_of(request, Right.SEE_OUTPUTS), state_of(request)
        name = request.query_params.get(OUT, account.bound_to or HALL)
        check_bound(account, name)
        output, run = state.outputs.of(name).name, run_of(request)
        edition = state.editions.of(lang_of(request))
        person = person_of(account)
        live = live_of(state.shown, sees_room=person.sees_room)
        told = telling(state, edition.lang, names)
        async with state.files.turn():
            lines, runs = await or_busy(asyncio.to_thread(_read, state, told, output, run))
        values = frame(state.folder, edition.words, person, "shown", live, made=state.made)
        seen = (each.name for each in state.outputs.all if account.bound_to in {None, each.name})
        shown = sorted(seen, key=NAMES.index)
        return page("control/shown.html", values | {
            "asked": f"out={output}&",
            "output": output,
            "output_title": output_title(edition.lang, output),
            "outputs": [OutputLine(it, output_title(edition.lang, it, "short"), it == output) for it in shown],
            "run": run,
            "runs": runs,
            "lines": lines,
            "latest": values["t"]["shown_latest"].replace("{n}", edition.words.number(len(lines))),
            "may_steer": account.may(Right.STEER),
            "mark_chars_max": MARK_CHARS_MAX,
            "words": edition.words,
        })  # fmt: skip

    return [Route("/control/shown", needs(Right.SEE_OUTPUTS)(show_shown), name="page of what was shown")]


def _read(state: State, told: Telling, output: str, run: int | None) -> tuple[list[Line], list[Run]]:
    """The latest lines and the latest runs, the newest first."""
    rows = state.shown_log.rows(output)
    runs = sorted({row.run for row in rows if row.run is not None}, reverse=True)[:PAGE_RUNS]
    lines = list(told.lines(rows, run))[-PAGE_LINES:]
    return lines[::-1], [Run(each, told.moment(each)) for each in runs]
