"""The page of one output: what every output shows, and all that can be done to this one."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from dashboard.pages.control import frame
from dashboard.pages.hall import cut_of, scenes_in
from dashboard.pages.program import program
from server.auth.roles import Right, needs
from server.routes.language import lang_of
from server.routes.pages import preview
from server.routes.pages.room import Names, live_of, output_of, outputs_of
from server.state import state_of
from server.web.render import page


def routes(names: Names) -> list[BaseRoute]:
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
        person, output = output_of(request)
        live = live_of(state.shown, sees_room=person.sees_room)
        values = frame(state.folder, edition.words, person, "program", live, made=state.made)
        # By the numbers of its own store: a rehearsal's decide nothing for the ceremony.
        board = state.store(rehearsal=output.store == "rehearsal").topic("board").view()
        cut = cut_of(board, edition, state.now_ms())
        shown = outputs_of(request, output.name, names)
        return page("control/program.html", values | program(scenes_in(edition).values(), cut, shown, edition.lang))

    return [Route("/control/program", needs(Right.SEE_OUTPUTS)(show_program), name="program"), *preview.routes()]
