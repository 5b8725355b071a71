"""The presenter's page: what the host reads out, for whoever is signed in or has opened a link."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from dashboard.page import Following
from dashboard.pages import presenter
from dashboard.pages.presenter import Reader
from server.auth.roles import Right, StageKey, account_of, check_bound, needs
from server.routes.language import lang_of
from server.routes.live import OUT
from server.state import state_of
from server.web.render import page
from streaming.program.names import HALL


def routes() -> list[BaseRoute]:
    """The one route for accounts; a link's is a door (``stage``)."""
    return [Route("/control/presenter", needs(Right.PRESENT)(show_presenter), name="presenter")]


async def show_presenter(request: Request) -> Response:
    """Show what the presenter of an output reads: of the one that ``?out=`` names, else of the one that who asks is
    bound to, else of the hall.

    Raises:
        NoRight: If who asks is bound to another.
        UnknownOutput: If there is no such output.
    """
    account = account_of(request, Right.PRESENT)
    output = request.query_params.get(OUT, account.bound_to or HALL)
    check_bound(account, output)
    return _shown(request, output, Reader(account.by, by_link=False, sees_room=account.may(Right.SEE_ROOM)))


async def show_for_key(request: Request, key: StageKey) -> Response:
    """Show what the presenter of the key's output reads.

    Raises:
        UnknownOutput: If somebody has taken the output away.
    """
    return _shown(request, key.output, Reader(key.by, by_link=True))


def _shown(request: Request, name: str, reader: Reader) -> Response:
    state = state_of(request)
    output, program = state.outputs.of(name), state.outputs.program(name)
    scene = output.scene if output.still is None else output.still.scene
    values = presenter.page(
        state.outputs.numbers.board(name).view(),
        program.presenter.view(),
        state.editions.of(lang_of(request)),
        reader,
        Following(name, output.shows, scene),
        now_ms=output.shows.picture_ms(state.now_ms()),
    )
    return page("stage/presenter.html", values)
