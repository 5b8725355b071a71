"""The page of people's straps: the list in protocol order, and for the office what edits and approves it."""

from collections.abc import Callable, Mapping

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from dashboard.page import data_block
from dashboard.pages.control import frame
from dashboard.words.words import Words
from server.auth.roles import Right, account_of, needs
from server.routes.api.straps import StrapsShown, shown
from server.routes.language import lang_of
from server.routes.pages.room import live_of, person_of
from server.state import state_of
from server.web.render import page


class StrapsData(msgspec.Struct):
    """What the page's script reads: the list, whether who looks may change it, and the names of accounts by number."""

    shown: StrapsShown
    may_edit: bool
    names: Mapping[str, str]


def routes(names: Callable[[], Mapping[int, str]]) -> list[BaseRoute]:
    """The one route; ``names`` gives the names of accounts by number."""

    async def show_straps(request: Request) -> Response:
        """Show the list."""
        state, account = state_of(request), account_of(request, Right.SEE_OUTPUTS)
        person, words = person_of(account), Words(lang_of(request), state.shown.contest.timezone)
        live = live_of(state.shown, sees_room=person.sees_room)
        found = StrapsData(
            shown(state), account.may(Right.STRAPS), {str(number): name for number, name in names().items()}
        )
        values = frame(state.folder, words, person, "straps", live, made=state.made)
        return page(
            "control/straps.html",
            values | {"straps": data_block(found), "may_edit": found.may_edit, "bounds": found.shown},
        )

    return [Route("/control/straps", needs(Right.SEE_OUTPUTS)(show_straps), name="page of straps")]
