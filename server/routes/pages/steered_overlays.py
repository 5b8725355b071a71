"""The page of an output's overlays, for whoever shows and hides them."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from dashboard.pages.control import frame
from dashboard.pages.hall import scenes_in
from dashboard.pages.steered_overlays import steered_overlays
from server.auth.roles import Right, needs
from server.routes.language import lang_of
from server.routes.pages.room import Names, live_of, output_of, outputs_of
from server.state import state_of
from server.web.render import page


def routes(names: Names) -> list[BaseRoute]:
    """Its one route; ``names`` gives the names of accounts by number."""

    async def show_overlays(request: Request) -> Response:
        """Show the overlays of the output that ``?out=`` names; without it the hall's, or those of the output that who
        asks is bound to.

        Raises:
            NoRight: If who asks is bound to another.
            UnknownOutput: If there is no such output.
        """
        state = state_of(request)
        edition = state.editions.of(lang_of(request))
        person, output = output_of(request)
        live = live_of(state.shown, sees_room=person.sees_room)
        values = frame(state.folder, edition.words, person, "overlays", live, made=state.made)
        shown = outputs_of(request, output.name, names)
        return page("control/overlays.html", values | steered_overlays(scenes_in(edition).values(), edition, shown))

    return [Route("/control/overlays", needs(Right.SEE_OUTPUTS)(show_overlays), name="page of overlays")]
