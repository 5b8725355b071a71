"""GET /api/v1/units: the contest's units, for programs that send or show numbers."""

import hashlib
from http import HTTPStatus

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from server.state import state_of
from server.web.compressed import VARY, CompressedResponse, Gzipped, gzipped
from server.web.conditional import has_it
from streaming.contests.units import Unit

DIGEST_BYTES = 16


class Units(msgspec.Struct):
    """Every unit, in official order."""

    units: tuple[Unit, ...]


def routes() -> list[BaseRoute]:
    """The one route."""
    return [Route("/api/v1/units", List().show, name="units")]


class List:
    """The list as it is sent, made once for as long as the contest has these units."""

    def __init__(self) -> None:
        self._made: tuple[tuple[Unit, ...], bytes, Gzipped | None, str] | None = None

    async def show(self, request: Request) -> Response:
        """Answer with the list, or 304 if the client has it; it changes only when the server starts again."""
        body, packing, etag = self._of(state_of(request).live.contest.units)
        headers = {"Cache-Control": "no-cache", "ETag": etag}
        if has_it(request.headers, etag):
            return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers | {"Vary": VARY})
        return CompressedResponse(body, headers=headers, media_type="application/json", packing=packing)

    def _of(self, units: tuple[Unit, ...]) -> tuple[bytes, Gzipped | None, str]:
        if self._made is None or self._made[0] is not units:
            body = msgspec.json.encode(Units(units))
            # Weak: the list is the same, whether its bytes travel packed or not.
            etag = f'W/"{hashlib.blake2b(body, digest_size=DIGEST_BYTES).hexdigest()}"'
            self._made = units, body, gzipped(body), etag
        return self._made[1:]
