"""The names of the server: a request for another is refused before any route, and links are made of ours.

A page of an attacker can have its own name point to this server (DNS rebinding). To the browser both are then one
origin, and the page reads what only this network may. The name in Host gives it away: a browser sends the one that it
asked for. So a Host must be one that no stranger can register: a literal address, a name without a dot, this machine's
own, or one that a setting names.
"""

import socket
from collections.abc import Collection
from http import HTTPStatus

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from server.middleware.refusals import Refusals
from server.web.host_names import is_address, name_of, own_names
from server.web.problems import PROGRAM_PATHS, Problem, problem_response

REMEMBERED_MAX = 256
"""Spellings of our names (capitals, ports) that are recognised without reading them again."""

_SAYS = (
    "Máy chủ này không mang tên mà trình duyệt vừa hỏi. Xin mở lại bằng đúng địa chỉ đã được cung cấp.\n"
    "This server does not have the name that was asked for. Please open the address that you were given.\n"
)


class Hosts:
    """Answers 421 to a request for a name that is nobody's here, 400 to one that is none; sockets too. Plain ASGI.

    ``hosts`` are the names of the setting, ``machine`` is what the machine calls itself.
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
