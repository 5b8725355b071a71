"""The control room's live pages; evidence, accounts and the presenter's page have files of their own."""

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from dashboard.pages.control import PAGES, frame
from dashboard.words.words import Words
from server.auth.roles import Right, account_of, needs
from server.routes.language import lang_of
from server.routes.pages.room import live_of, person_of
from server.state import state_of
from server.web.render import page

LIVE_PAGES = ("room", "gate", "sources", "corrections")


def routes() -> list[BaseRoute]:
    """A route for each page."""
    return [Route(path, needs(Right.SEE_ROOM)(_show(key)), name=key) for key, path in PAGES if key in LIVE_PAGES]


def _show(key: str) -> Callable[[Request], Awaitable[Response]]:
    async def show(request: Request) -> Response:
        state = state_of(request)
        store = state.shown
        words = Words(lang_of(request), store.contest.timezone)
        person = person_of(account_of(request, Right.SEE_ROOM))
        return page(f"control/{key}.html", frame(state.folder, words, person, key, live_of(store), made=state.made))

    return show
