"""The page of the roll call: of all points, and for who is bound to a unit of it and those below it."""

from functools import partial

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from dashboard.pages import unit
from dashboard.pages.control import frame
from dashboard.pages.points import RollCallData, levels_of, points_page
from dashboard.words.words import Words
from server.auth.roles import Right, account_of, needs, unit_of
from server.errors import NoRight
from server.routes.language import lang_of
from server.routes.pages.room import Names, live_of, person_of
from server.state import state_of
from server.web.render import page


def routes(names: Names) -> list[BaseRoute]:
    """The one route; ``names`` gives the names of accounts by number."""

    async def show_points(request: Request) -> Response:
        """Show the roll call.

        Raises:
            NoRight: To an account of a unit that the contest has no more.
        """
        state, account = state_of(request), account_of(request, Right.SEE_ROLL_CALL)
        person, words = person_of(account), Words(lang_of(request), state.shown.contest.timezone)
        tree = state.folder.contest.tree
        scope = unit_of(account) or tree.root.code
        topic = state.points.topic(scope)
        if topic is None:
            raise NoRight("this account is of a unit that is no connection point")
        found = RollCallData(
            frame=topic.view(),
            points=levels_of(tree, scope),
            may_tick=account.may(Right.ROLL_CALL),
            may_moderate=account.may(Right.MODERATE),
            # Whoever sees the room hears them from the watch.
            names={} if person.sees_room else {str(account.number): names().get(account.number, "")},
        )
        edition = state.editions.of(lang_of(request))
        if not tree.is_leaf(scope) and not unit.is_prepared(edition, scope):
            await state.workshop.do(partial(unit.prepare, edition, scope))
        live = live_of(state.shown, sees_room=person.sees_room)
        return page(
            "control/points.html",
            frame(state.folder, words, person, "points", live, made=state.made) | points_page(found, edition, scope),
        )

    return [Route("/control/points", needs(Right.SEE_ROLL_CALL)(show_points), name="page of points")]
