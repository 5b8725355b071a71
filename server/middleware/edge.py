"""The edge: errors leave as problem+json for programs, and as a quiet page for people."""

from collections.abc import Mapping
from types import MappingProxyType

import structlog
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.web.error_page import error_page
from server.web.paths import PROGRAM_PATHS, path_logged
from server.web.problems import problem_of, problem_response, retry_after

log = structlog.get_logger(__name__)


async def answer_error(request: Request, error: Exception) -> Response:
    """Answer a request that ended in an error: a page for a person, problem+json for a program."""
    problem = problem_of(error)
    if problem.status == 500:
        # The one place where unforeseen errors are logged; the path without its query, which may hold a secret.
        log.error("request failed", method=request.method, path=path_logged(request.url.path), exc_info=error)
    if request.url.path.startswith(PROGRAM_PATHS):
        response = problem_response(problem)
    else:
        response = error_page(request, problem.status)
        if problem.retry_after_s is not None:
            response.headers["Retry-After"] = retry_after(problem.retry_after_s)
    if isinstance(error, HTTPException) and error.headers:
        response.headers.update(error.headers)
    return response


class Edge:
    """The edge of a request: whatever is raised below becomes an answer here.

    Starlette's own handler answers too, but raises again, and uvicorn then logs the error a second time. A socket's
    error is left to uvicorn, which closes the socket and logs it.

    ``direct`` maps paths to endpoints that are called without routing, which would cost more than the answer itself for
    one that is called thousands of times a second.
    """

    def __init__(self, app: ASGIApp, direct: Mapping[str, ASGIApp] = MappingProxyType({})) -> None:
        self._app = app
        self._direct = direct

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        has_started = False

        async def send_seen(message: Message) -> None:
            nonlocal has_started
            has_started = True
            await send(message)

        try:
            await self._direct.get(scope["path"], self._app)(scope, receive, send_seen)
        except Exception as error:
            if has_started:
                raise
            response = await answer_error(Request(scope), error)
            await response(scope, receive, send)
