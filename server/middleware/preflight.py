"""The preflight: what a browser asks before it sends a page's conditional request across origins.

The guard has refused by then whoever may not read: a preflight tells nobody more than the GET that follows it. The
guard names the origin in the answer, too.
"""

from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

METHODS = "GET, HEAD"
HEADERS = "If-None-Match, Cache-Control, Pragma"
"""What a page that polls may send besides the headers that every page may."""
MAX_AGE_S = 7_200
"""How long a browser need not ask again, as long as any takes it. Who may read is asked of every GET anew."""
VARY = "Access-Control-Request-Method, Access-Control-Request-Headers, Access-Control-Request-Private-Network"


async def answer_preflight(request: Request) -> Response:
    """Answer the preflight of a topic.

    Raises:
        HTTPException: 405 for OPTIONS that is none.
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
    if asked.get("access-control-request-private-network") == "true":
        # A page of the internet asks a server in the hall: what counts is who may read, and that is known.
        headers["access-control-allow-private-network"] = "true"
    return Response(status_code=HTTPStatus.NO_CONTENT, headers=headers)
