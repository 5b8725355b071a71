"""The edge: errors leave as problem+json for programs, and as a quiet page for people."""

from collections.abc import Mapping
from types import MappingProxyType

import structlog
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.web.error_page import error_page
from server.web.problems import PROGRAM_PATHS, path_logged, problem_of, problem_response, retry_after

log = structlog.get_logger(__name__)


async def answer_error(request: Request, error: Exception) -> Response:
    """Answer a request that ended in an error: with words for a person, or a body for a program."""
    problem = problem_of(error)
    if problem.status == 500:
        # The one place where an unforeseen error is logged; path without query, for a query may hold a secret.
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

    Starlette's own for unforeseen errors answers too, but then raises again, and uvicorn logs it a second time. A
    socket's error goes on to uvicorn, which closes the socket and logs it.

    ``direct`` are endpoints by their path that are called at once: to look for the route of one that is asked
    thousands of times a second costs more than many an answer.
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
