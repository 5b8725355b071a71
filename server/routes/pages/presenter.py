"""The presenter's page: what the host reads out."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from dashboard.pages import presenter
from server.auth.roles import Right, account_of, needs
from server.routes.language import lang_of
from server.state import state_of
from server.web.render import page


def routes() -> list[BaseRoute]:
    """The one route."""
    return [Route("/control/presenter", needs(Right.PRESENT)(show_presenter), name="presenter")]


async def show_presenter(request: Request) -> Response:
    """Show the public numbers in figures and words."""
    state = state_of(request)
    lang = lang_of(request)
    account = account_of(request, Right.PRESENT)
    values = presenter.page(
        state.shown.topic("board").view(),
        state.editions.of(lang),
        me=account.by,
        sees_room=account.may(Right.SEE_ROOM),
        now_ms=state.now_ms(),
    )
    return page("control/presenter.html", values)
