"""The printed sheet of the evening."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from dashboard.pages.sheet import sheet
from server.auth.roles import Right, needs
from server.routes.language import lang_of
from server.routes.live import OUT
from server.state import state_of
from server.web.render import page
from streaming.program.names import HALL


def routes() -> list[BaseRoute]:
    """The one route."""
    return [Route("/control/sheet", needs(Right.SEE_ROOM)(show_sheet), name="sheet")]


async def show_sheet(request: Request) -> Response:
    """Show the sheet for whoever steers the output of ``?out=``, the hall's without it.

    Raises:
        UnknownOutput: If there is no such output.
    """
    state = state_of(request)
    output = state.outputs.of(request.query_params.get(OUT, HALL))
    values = sheet(
        state.folder,
        state.editions.of(lang_of(request)).words,
        output=output.name,
        outputs=[each.name for each in state.outputs.all],
        rundown=output.rundown,
        base=str(request.base_url).rstrip("/"),
        made=state.made,
        now_ms=state.now_ms(),
        rehearsal=output.store == "rehearsal",
    )
    return page("control/sheet.html", values)
