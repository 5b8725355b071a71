"""Static files, below one digest of them all: an address never changes its content, so it may be kept for ever."""

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Route

from dashboard import static
from server.web.problems import Problem

IMMUTABLE = "public, max-age=31536000, immutable"
MEDIA_TYPES = {
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".css": "text/css",
    ".woff2": "font/woff2",
    ".svg": "image/svg+xml",
    ".json": "application/json",
}
"""Named here, because the machine's mime tables differ, and browsers refuse module scripts of a wrong type."""


def routes() -> list[BaseRoute]:
    """The one route."""
    return [Route("/static/{digest}/{path:path}", show_file, name="static")]


async def show_file(request: Request) -> Response:
    """A file of the table; nothing is ever looked up on disk by a name from outside."""
    path = static.files().get(request.path_params["path"])
    if request.path_params["digest"] != static.digest() or path is None:
        raise Problem(404, "not_found", "there is no such file in this version")
    headers = {"Cache-Control": IMMUTABLE, "X-Content-Type-Options": "nosniff"}
    return FileResponse(path, headers=headers, media_type=MEDIA_TYPES.get(path.suffix, "application/octet-stream"))
