"""The phone page of a connection point: for whoever has opened its link or typed its code."""

from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from dashboard.pages import point_phone
from server.auth.points import door_of
from server.auth.roles import POINT_KEY_IN_SCOPE, PointKey
from server.routes.language import lang_of
from server.routes.pages.point_doors import with_pass
from server.state import state_of
from server.web.problems import Problem
from server.web.render import page
from streaming.points.point import point_in


def routes() -> list[BaseRoute]:
    """The one route."""
    return [Route("/points/{code}/phone", show, name="point-phone")]


async def show(request: Request) -> Response:
    """The page; without the point's pass the way leads to its door.

    Raises:
        Problem: 404, if there is no such point.
    """
    state, code, lang = state_of(request), request.path_params["code"], lang_of(request)
    topic = None if point_in(state.folder.contest.tree, code) is None else state.points.topic(code)
    if topic is None:
        raise Problem(404, "unknown_point", "there is no such connection point")
    key: PointKey | None = request.scope.get(POINT_KEY_IN_SCOPE)
    if key is None:
        return RedirectResponse(f"{door_of(code)}?{urlencode({'lang': lang})}", 303)
    values = point_phone.page(topic.view(), state.editions.of(lang), code, me=key.by)
    return with_pass(request, key, page("points/phone.html", values))
