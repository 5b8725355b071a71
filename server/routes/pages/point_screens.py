"""The screen of a connection point: what its output shows, and a band about the point. It is for all to look at, so a
key that is taken back takes no picture away."""

from functools import partial

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from dashboard import page as pages
from dashboard.pages import hall, point, unit
from dashboard.screens import BY_PATH, FRAME
from dashboard.words.words import Words
from server.auth.roles import POINT_BY, POINT_KEY_IN_SCOPE, PointKey
from server.routes.language import lang_of
from server.routes.live import OUT
from server.routes.pages.point_doors import with_pass
from server.routes.pages.screens import following, frame_of, held, picture_ms, title_of_unit, told
from server.state import state_of
from server.web.problems import Problem
from server.web.render import page
from streaming.points.point import point_in
from streaming.program.names import POINTS
from streaming.program.output import Output

SCREEN = BY_PATH["/points/{code}"]


def routes() -> list[BaseRoute]:
    """The one route."""
    screen = held(SCREEN, show, title_of, output_of)

    async def answer(request: Request) -> Response:
        response: Response = await screen(request)
        key: PointKey | None = request.scope.get(POINT_KEY_IN_SCOPE)
        # The screen itself is the same answer for all who ask.
        return response if key is None or FRAME in request.query_params else with_pass(request, key, response)

    return [Route(SCREEN.path, answer, name=SCREEN.template)]


def title_of(request: Request, words: Words) -> str:
    """What the window is called.

    Raises:
        Problem: 404, if the unit is no connection point.
    """
    if point_in(state_of(request).shown.contest.tree, request.path_params["code"]) is None:
        raise Problem(404, "unknown_point", "there is no such connection point")
    return title_of_unit(request, words)


def output_of(request: Request) -> Output:
    """The output that a point follows, another where its address says so.

    Raises:
        UnknownOutput: If there is no such output.
    """
    return state_of(request).outputs.of(request.query_params.get(OUT, POINTS))


async def show(request: Request) -> Response:
    """A point's screen.

    Raises:
        UnknownOutput: If there is no such output.
    """
    state = state_of(request)
    code, lang, output = request.path_params["code"], lang_of(request), output_of(request)
    if point_in(state.store(rehearsal=output.store == "rehearsal").contest.tree, code) is None:
        values = pages.gone_page(lang, made=state.made, rehearsal=state.shown.rehearsal)
        return page("errors/error.html", values, 404)
    edition, follows = state.editions.of(lang), following(state, output)
    numbers = state.outputs.numbers

    def make() -> Response:
        values = point.page(
            numbers.board(output.name).view(),
            numbers.unit(output.name, code).view(),
            edition,
            code,
            me=f"{POINT_BY}{code}",
            follows=follows,
            now_ms=picture_ms(state, follows),
            frame_of=partial(frame_of, state, output),
        )
        return page(SCREEN.template, values)

    async def prepare() -> None:
        if not hall.is_prepared(edition):
            await state.workshop.do(partial(hall.prepare, edition))
        # The map of its own is wanted as soon as somebody chooses it.
        if not unit.is_prepared(edition, code):
            await state.workshop.do(partial(unit.prepare, edition, code))

    def position() -> str:
        return f"{numbers.board(output.name).etag} {numbers.unit(output.name, code).etag}"

    return await state.pages.get(("/points", code, lang, told(follows)), position, make, prepare=prepare)
