"""CORS preflight: what a browser asks before a cross-origin conditional request.

The guard has already refused origins that may not read, so a preflight reveals no more than the GET after it. The guard
also adds the origin to the answer.
"""

from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from server.middleware.guard import NOBODY_IN_SCOPE

METHODS = "GET, HEAD"
HEADERS = "If-None-Match, Cache-Control, Pragma"
"""Headers that a polling page may send beyond those that need no permission."""
MAX_AGE_S = 7_200
"""How long a browser may cache the answer, the longest that any accepts. Every GET is checked again anyway."""
VARY = "Access-Control-Request-Method, Access-Control-Request-Headers, Access-Control-Request-Private-Network"


async def answer_preflight(request: Request) -> Response:
    """Answer the preflight of a topic.

    Raises:
        HTTPException: 405 for an OPTIONS request that is not a preflight.
    """
    asked = request.headers
    if "origin" not in asked or "access-control-request-method" not in asked:
        raise HTTPException(HTTPStatus.METHOD_NOT_ALLOWED, headers={"Allow": METHODS})
    headers = {
        "access-control-allow-methods": METHODS,
        "access-control-allow-headers": HEADERS,
        "access-control-max-age": str(MAX_AGE_S),
        "vary": VARY,
    }
    if asked.get("access-control-request-private-network") == "true" and NOBODY_IN_SCOPE not in request.scope:
        # A page on the internet asks a server on a private network; the guard has already decided that it may read.
        # Any page may ask as nobody, so that is for those who could come by themselves.
        headers["access-control-allow-private-network"] = "true"
    return Response(status_code=HTTPStatus.NO_CONTENT, headers=headers)
