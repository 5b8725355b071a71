"""Static files, below one digest of them all: an address never changes its content, so it may be kept for ever.

Texts travel compressed; each is packed once, when it is first asked for. Fonts and pictures are packed already.
"""

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Route

from dashboard import static
from server.web.compressed import VARY, Gzipped, takes_gzip
from server.web.pieces import InPieces
from server.web.problems import Problem

IMMUTABLE = "public, max-age=31536000, immutable"
MEDIA_TYPES = {
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".css": "text/css",
    ".woff2": "font/woff2",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".webp": "image/webp",
    ".json": "application/json",
}
"""Named here, because the machine's mime tables differ, and browsers refuse module scripts of a wrong type."""
TEXTS = frozenset(MEDIA_TYPES) - {".woff2", ".png", ".webp"}
LEVEL = 9
"""Packed once for a server's whole life, so as small as it gets: half a second for the largest, in another thread."""


def routes() -> list[BaseRoute]:
    """The one route."""
    return [Route("/static/{digest}/{path:path}", Files().show, name="static")]


class Files:
    """The files of the table, and the texts among them packed."""

    def __init__(self) -> None:
        self._packed: dict[str, Gzipped] = {}

    async def show(self, request: Request) -> Response:
        """A file of the table; nothing is ever looked up on disk by a name from outside."""
        name = request.path_params["path"]
        path = static.files().get(name)
        if request.path_params["digest"] != static.digest() or path is None:
            raise Problem(404, "not_found", "there is no such file in this version")
        headers = {"Cache-Control": IMMUTABLE, "X-Content-Type-Options": "nosniff"}
        media_type = MEDIA_TYPES.get(path.suffix, "application/octet-stream")
        is_text = path.suffix in TEXTS
        if is_text:
            headers["Vary"] = VARY
        if not (is_text and takes_gzip(request.scope)):
            return FileResponse(path, headers=headers, media_type=media_type)
        if name not in self._packed:
            self._packed[name] = Gzipped(path.read_bytes, aside=True, level=LEVEL)
        body = await self._packed[name].packed()
        return InPieces(body, headers=headers | {"Content-Encoding": "gzip"}, media_type=media_type)
