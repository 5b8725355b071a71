"""The contest's theme, below the digest of its files: an address never changes its content, as with static files."""

from pathlib import PurePosixPath

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from dashboard.theme.theme import theme_of
from server.routes.static import IMMUTABLE, MEDIA_TYPES
from server.state import state_of
from server.web.problems import Problem


def routes() -> list[BaseRoute]:
    """The one route."""
    return [Route("/theme/{digest}/{name}", show_file, name="theme")]


async def show_file(request: Request) -> Response:
    """A file of the theme, from memory: a screen gets what was checked, whatever is on disk by now."""
    theme, name = theme_of(state_of(request).folder), request.path_params["name"]
    if f"/theme/{request.path_params['digest']}" != theme.prefix or name not in theme.files:
        raise Problem(404, "not_found", "there is no such file in this theme")
    media_type = MEDIA_TYPES[PurePosixPath(name).suffix]
    return Response(theme.files[name], headers={"Cache-Control": IMMUTABLE}, media_type=media_type)
