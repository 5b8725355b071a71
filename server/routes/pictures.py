"""The pictures that operators have uploaded, below the digest of their bytes: an address never changes its content."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from dashboard.pictures.gallery import PREFIX
from server.routes.static import IMMUTABLE
from server.state import state_of
from server.web.pieces import InPieces
from server.web.problems import Problem

MEDIA_TYPES = {"png": "image/png", "jpg": "image/jpeg", "webp": "image/webp", "svg": "image/svg+xml"}
ALONE = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
"""What a drawing may do that somebody opens by its address, as a page of its own: be seen."""


def routes() -> list[BaseRoute]:
    """The one route."""
    return [Route(f"{PREFIX}/{{digest}}.{{ext}}", show_picture, name="picture")]


async def show_picture(request: Request) -> Response:
    """A picture as it was made when it came; the file that was uploaded is not kept."""
    pictures, digest, ext = state_of(request).pictures, request.path_params["digest"], request.path_params["ext"]
    if pictures.find(digest).ext != ext:
        raise Problem(404, "unknown_picture", "there is no such picture")
    headers = {
        "Cache-Control": IMMUTABLE,
        "Content-Security-Policy": ALONE,
        "Content-Disposition": "inline",
        "X-Content-Type-Options": "nosniff",
    }
    return InPieces(await pictures.body(digest), headers=headers, media_type=MEDIA_TYPES[ext])
