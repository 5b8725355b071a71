"""The page of one output: what every output shows, and all that can be done to this one."""

from collections.abc import Callable, Mapping

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from dashboard.pages.control import Person, frame
from dashboard.pages.hall import cut_of, scenes_in
from dashboard.pages.program import OutputsData, program
from server.auth.roles import Right, account_of, check_bound, needs
from server.routes.language import lang_of
from server.routes.live import OUT
from server.routes.pages import preview
from server.routes.pages.room import live_of, person_of
from server.state import state_of
from server.web.render import page
from streaming.program.names import HALL, NAMES
from streaming.program.output import Output


def routes(names: Callable[[], Mapping[int, str]]) -> list[BaseRoute]:
    """Its route, and that of the preview in it; ``names`` gives the names of accounts by number."""

    async def show_program(request: Request) -> Response:
        """Show the output that ``?out=`` names, with every scene that may be put there; without it the hall's, or the
        one that who asks is bound to.

        Raises:
            NoRight: If who asks is bound to another.
            UnknownOutput: If there is no such output.
        """
        state = state_of(request)
        edition = state.editions.of(lang_of(request))
        person, output = _asked(request)
        live = live_of(state.shown, sees_room=person.sees_room)
        values = frame(state.folder, edition.words, person, "program", live, made=state.made)
        # By the numbers of its own store: a rehearsal's decide nothing for the ceremony.
        board = state.store(rehearsal=output.store == "rehearsal").topic("board").view()
        cut = cut_of(board, edition, state.now_ms())
        shown = _outputs(request, output.name, names)
        return page("control/program.html", values | program(scenes_in(edition).values(), cut, shown, edition.lang))

    return [Route("/control/program", needs(Right.SEE_OUTPUTS)(show_program), name="program"), *preview.routes()]


def _asked(request: Request) -> tuple[Person, Output]:
    account = account_of(request, Right.SEE_OUTPUTS)
    name = request.query_params.get(OUT, account.bound_to or HALL)
    check_bound(account, name)
    return person_of(account), state_of(request).outputs.of(name)


def _outputs(request: Request, output: str, names: Callable[[], Mapping[int, str]]) -> OutputsData:
    account, outputs = account_of(request, Right.SEE_OUTPUTS), state_of(request).outputs
    bound = account.bound_to
    shown = sorted((each.name for each in outputs.all if bound in {None, each.name}), key=NAMES.index)
    return OutputsData(
        output,
        {name: outputs.program(name).control.view() for name in shown},
        may_steer=account.may(Right.STEER),
        may_break=account.may(Right.BREAK_LOCKS),
        bound=bound,
        names={} if bound is None else {str(number): name for number, name in names().items()},
    )
