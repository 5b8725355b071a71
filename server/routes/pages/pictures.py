"""The page of files: the rundown out and in, the pictures that are there, and a form for another."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from dashboard.page import data_block
from dashboard.pages.control import frame, output_title
from dashboard.pages.program import OutputLine
from dashboard.words.words import Words
from server.auth.roles import Right, account_of, needs
from server.routes.api.pictures import shown
from server.routes.language import lang_of
from server.routes.live import OUT
from server.routes.pages.room import live_of, person_of
from server.state import state_of
from server.web.render import page
from streaming.program.names import HALL, NAMES


def routes() -> list[BaseRoute]:
    """The one route."""
    return [Route("/control/pictures", needs(Right.SEE_ROOM)(show_pictures), name="page of pictures")]


async def show_pictures(request: Request) -> Response:
    """Show every picture, and the rundown of the output that ``?out=`` names, or the hall's; whoever may upload has the
    forms.

    Raises:
        UnknownOutput: If there is no such output.
    """
    state = state_of(request)
    store, account = state.shown, account_of(request, Right.SEE_ROOM)
    output = state.outputs.of(request.query_params.get(OUT, HALL)).name
    names = sorted((each.name for each in state.outputs.all), key=NAMES.index)
    words = Words(lang_of(request), store.contest.timezone)
    values = frame(state.folder, words, person_of(account), "pictures", live_of(store), made=state.made)
    return page(
        "control/pictures.html",
        values
        | {
            "pictures": data_block(shown(state)),
            "output": output,
            "asked": f"out={output}&",
            "may_upload": account.may(Right.PICTURES),
            "outputs": [OutputLine(name, output_title(words.lang, name), name == output) for name in names],
        },
    )
