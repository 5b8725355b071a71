"""The self-test of a machine: for any screen, and for that of a connection point. It needs no key and tells nothing."""

from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from dashboard.pages import self_test
from server.auth.roles import POINT_PAGES
from server.routes.language import lang_of
from server.state import state_of
from server.web.problems import Problem
from server.web.render import page
from streaming.points.point import point_in


def routes() -> list[BaseRoute]:
    """Both routes."""
    return [
        Route("/test", show, name="self-test"),
        Route("/points/{code}/test", show, name="point-self-test"),
    ]


async def show(request: Request) -> Response:
    """The page.

    Raises:
        Problem: 404, if there is no such point.
    """
    state, lang = state_of(request), lang_of(request)
    code = request.path_params.get("code")
    unit = None if code is None else point_in(state.folder.contest.tree, code)
    if code is not None and unit is None:
        raise Problem(404, "unknown_point", "there is no such connection point")
    screen = f"/?lang={lang}" if unit is None else f"{POINT_PAGES}{quote(unit.code)}?lang={lang}"

    def make() -> Response:
        return page("points/test.html", self_test.page(state.editions.of(lang), unit, screen))

    return await state.pages.get(("/test", code or "", lang), lambda: "", make)
