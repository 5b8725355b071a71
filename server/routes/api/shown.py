"""GET /api/v1/outputs/{output}/shown.csv: what an output showed; POST …/mark marks a moment of it."""

import asyncio
from collections.abc import Callable, Mapping

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from dashboard.pages.shown import Telling, as_csv
from dashboard.scenes.scenes import scenes_of
from server.auth.roles import Right, asker_of, needs
from server.routes.api.outputs import BODY_BYTES_MAX, BODY_WAIT_S, NOTHING_ASKED, hand_of, once, opened, output_of
from server.routes.language import LANG, lang_of
from server.state import State, state_of
from server.web.forms import json_of, or_busy
from server.web.problems import Problem, wrong_value
from streaming.program.output import Output

Names = Callable[[], Mapping[int, str]]
"""Gives the names of accounts by number."""
RUN = "run"
MS_DIGITS_MAX = 15


class MarkAsked(msgspec.Struct, forbid_unknown_fields=True):
    """What the mark says."""

    text: str = ""


_mark = msgspec.json.Decoder(MarkAsked)


def routes(names: Names) -> list[BaseRoute]:
    """The routes."""

    async def show_file(request: Request) -> Response:
        """Answer with what the output showed, the oldest first; of one run with ``?run=``."""
        asker = asker_of(request, Right.SEE_OUTPUTS)
        output = output_of(request, asker, "read", (RUN, LANG))
        state, run = state_of(request), run_of(request)
        lang = lang_of(request)
        async with state.files.turn():
            body = await or_busy(asyncio.to_thread(_file, state, telling(state, lang, names), output, run, lang))
        name = f"{state.folder.contest.id}-{output}-shown.csv"
        headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
        return Response(body, headers=headers, media_type="text/csv; charset=utf-8")

    of_one = "/api/v1/outputs/{output}"
    return [
        Route(f"{of_one}/shown.csv", needs(Right.SEE_OUTPUTS)(show_file), name="file of what was shown"),
        Route(f"{of_one}/mark", needs(Right.STEER)(mark), methods=["POST"], name="mark"),
    ]


async def mark(request: Request) -> Response:
    """Mark this moment of the output, for whoever cuts the recording."""
    asker = asker_of(request, Right.STEER)
    output = output_of(request, asker)
    asked = await json_of(request, _mark, BODY_BYTES_MAX, BODY_WAIT_S, otherwise=NOTHING_ASKED)
    state = opened(request)

    async def act() -> Output:
        rates = state.mark_rates
        if wait_s := rates.wait_s(asker.by):
            raise Problem(429, "busy", f"more than {rates.per_s} marks a second", retry_after_s=wait_s)
        rates.pay(asker.by, 1)
        return state.outputs.mark(output, hand_of(asker), asked.text)

    return await once(request, asker, asked, act)


def telling(state: State, lang: str, names: Names) -> Telling:
    """Who tells rows in the words of a language."""
    return Telling(state.editions.of(lang), scenes_of(state.folder), names())


def run_of(request: Request) -> int | None:
    """The run that is asked for, None for all.

    Raises:
        Problem: If it cannot be one.
    """
    said = request.query_params.get(RUN)
    if said is None:
        return None
    if not (said.isascii() and said.isdigit() and len(said) <= MS_DIGITS_MAX):
        raise wrong_value(RUN, said, "when a run began, in ms since the epoch")
    return int(said)


def _file(state: State, telling: Telling, output: str, run: int | None, lang: str) -> bytes:
    return as_csv(telling.lines(state.shown_log.rows(output), run), lang)
