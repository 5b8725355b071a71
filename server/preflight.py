"""The preflight: what a browser asks before it sends a page's conditional request across origins. Plain ASGI.

It stands behind the guard, which has refused by then whoever may not read: a preflight tells nobody more than the GET
that follows it. The guard names the origin in the answer, too.
"""

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Receive, Scope, Send

from server.guard import LIVE_PATHS

METHODS = "GET, HEAD"
HEADERS = "If-None-Match, Cache-Control, Pragma"
"""What a page that polls may send besides the headers that every page may."""
MAX_AGE_S = 7_200
"""How long a browser need not ask again, as long as any takes it. Who may read is asked of every GET anew."""
VARY = "Access-Control-Request-Method, Access-Control-Request-Headers, Access-Control-Request-Private-Network"


class Preflight:
    """Answers the preflight of a topic."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "OPTIONS" or not scope["path"].startswith(LIVE_PATHS):
            await self._app(scope, receive, send)
            return
        asked = Headers(scope=scope)
        if "origin" not in asked or "access-control-request-method" not in asked:
            await self._app(scope, receive, send)
            return
        headers = MutableHeaders(
            {
                "access-control-allow-methods": METHODS,
                "access-control-allow-headers": HEADERS,
                "access-control-max-age": str(MAX_AGE_S),
                "vary": VARY,
            }
        )
        if asked.get("access-control-request-private-network") == "true":
            # A page of the internet asks a server in the hall: what counts is who may read, and that is known.
            headers["access-control-allow-private-network"] = "true"
        await send({"type": "http.response.start", "status": 204, "headers": headers.raw})
        await send({"type": "http.response.body", "body": b""})
