"""The page of takes: which scene is on air, and the buttons that put another there."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from dashboard.pages.control import frame
from dashboard.pages.hall import cut_of, scenes_in
from dashboard.pages.program import program
from server.auth.roles import Right, account_of, needs
from server.routes.language import lang_of
from server.routes.pages.room import live_of, person_of
from server.state import state_of
from server.web.render import page
from streaming.program.names import HALL


def routes() -> list[BaseRoute]:
    """The one route."""
    return [Route("/control/program", needs(Right.SEE_ROOM)(show_program), name="program")]


async def show_program(request: Request) -> Response:
    """Show what is on air, and every scene that may be put there."""
    state = state_of(request)
    edition = state.editions.of(lang_of(request))
    person = person_of(account_of(request, Right.SEE_ROOM))
    live = live_of(state.shown)
    values = frame(state.folder, edition.words, person, "program", live, made=state.made)
    cut = cut_of(live.board, edition, state.now_ms())
    on_air = state.outputs.program(HALL).control.view()
    return page("control/program.html", values | program(scenes_in(edition).values(), cut, on_air, edition.lang, HALL))
