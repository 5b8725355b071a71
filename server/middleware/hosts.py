"""The server's host names: a request for any other is refused before routing.

An attacker can point a domain at this server (DNS rebinding). To the browser its page and this server are then one
origin, and the page reads what only this network may. The Host header reveals it, because the browser sends the name
that it resolved. So Host must be a name that no stranger can register: a literal address, a name without a dot, this
machine's own, or one that a setting names.
"""

import socket
from collections.abc import Collection
from http import HTTPStatus

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from server.middleware.refusals import Refusals
from server.web.host_names import is_address, name_of, own_names
from server.web.paths import PROGRAM_PATHS
from server.web.problems import Problem, problem_response

REMEMBERED_MAX = 256
"""Spellings of our names (capitals, ports) that are cached as accepted."""

_SAYS = (
    "Máy chủ này không mang tên mà trình duyệt vừa hỏi. Xin mở lại bằng đúng địa chỉ đã được cung cấp.\n"
    "This server does not have the name that was asked for. Please open the address that you were given.\n"
)


class Hosts:
    """Answers 421 to a request for a foreign name and 400 to an invalid one; sockets too. Plain ASGI.

    ``hosts`` are the names in the settings, ``machine`` is the machine's own name.
    """

    def __init__(self, app: ASGIApp, hosts: Collection[str] = (), machine: str | None = None) -> None:
        self._app = app
        named = {name for each in hosts if (name := name_of(each)) is not None}
        self._names = own_names(socket.gethostname() if machine is None else machine) | named
        self._remembered: set[bytes] = set()
        self._refusals = Refusals()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        for name, value in scope["headers"]:
            if name == b"host":
                if value not in self._remembered and (problem := self._objection(value)) is not None:
                    self._refusals.note(problem.code, scope["path"])
                    await _refusal(problem, scope)(scope, receive, send)
                    return
                break
        await self._app(scope, receive, send)

    def _objection(self, host: bytes) -> Problem | None:
        name = name_of(host.decode("latin-1"))
        if name is None:
            return Problem(HTTPStatus.BAD_REQUEST, "wrong_host", "Host: expected a name or an address, and a port")
        if not (name in self._names or "." not in name or is_address(name) or name.endswith(".localhost")):
            detail = "this server does not have the name in Host; the setting `hosts` gives it names"
            return Problem(HTTPStatus.MISDIRECTED_REQUEST, "unknown_host", detail)
        if len(self._remembered) < REMEMBERED_MAX:
            self._remembered.add(host)
        return None


def _refusal(problem: Problem, scope: Scope) -> ASGIApp:
    if scope["type"] == "websocket" or scope["path"].startswith(PROGRAM_PATHS):
        return problem_response(problem)
    return PlainTextResponse(_SAYS, problem.status, {"Cache-Control": "no-store"})
