"""The page of one output: what every output shows, and all that can be done to this one."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from dashboard.pages.control import frame
from dashboard.pages.hall import cut_of, scenes_in
from dashboard.pages.program import OutputsData, program
from server.auth.roles import Account, Right, account_of, needs
from server.routes.language import lang_of
from server.routes.live import OUT
from server.routes.pages.room import live_of, person_of
from server.state import State, state_of
from server.web.render import page
from streaming.program.names import HALL, NAMES


def routes() -> list[BaseRoute]:
    """The one route."""
    return [Route("/control/program", needs(Right.SEE_ROOM)(show_program), name="program")]


async def show_program(request: Request) -> Response:
    """Show the output that ``?out=`` names, the hall's without it, with every scene that may be put there.

    Raises:
        UnknownOutput: If there is no such output.
    """
    state = state_of(request)
    edition = state.editions.of(lang_of(request))
    account = account_of(request, Right.SEE_ROOM)
    output = state.outputs.of(request.query_params.get(OUT, HALL))
    values = frame(state.folder, edition.words, person_of(account), "program", live_of(state.shown), made=state.made)
    # By the numbers of its own store: a rehearsal's decide nothing for the ceremony.
    board = state.store(rehearsal=output.store == "rehearsal").topic("board").view()
    cut = cut_of(board, edition, state.now_ms())
    shown = _outputs(state, account, output.name)
    return page("control/program.html", values | program(scenes_in(edition).values(), cut, shown, edition.lang))


def _outputs(state: State, account: Account, output: str) -> OutputsData:
    names = sorted((each.name for each in state.outputs.all), key=NAMES.index)
    frames = {name: state.outputs.program(name).control.view() for name in names}
    return OutputsData(
        output,
        frames,
        may_steer=account.may(Right.STEER),
        may_break=account.may(Right.BREAK_LOCKS),
    )
