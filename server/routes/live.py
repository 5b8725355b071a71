"""GET and WS /live/{topic}: one path, the current snapshot over HTTP, what follows a position over a WebSocket."""

import time
from collections import deque
from collections.abc import Callable
from http import HTTPStatus
from urllib.parse import parse_qsl

import structlog
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.types import Receive, Scope, Send

from server.errors import Problem, problem_response
from server.fanout import Hub
from server.protocol import CLOSE_TALKATIVE, EXTENSION, Socket
from streaming.topics import Topic

FindTopic = Callable[[str], Topic | None]

TOPIC_NAME_MAX = 64
"""Characters of a topic's name or of a position that are looked at; a longer one names nothing."""

INBOUND_MESSAGES_MAX = 20
INBOUND_WINDOW_S = 10.0
"""A viewer has nothing to say. More than INBOUND_MESSAGES_MAX messages within this time close its socket."""

RETRY_AFTER_S = 5
"""Told to those who meet a full or a stopping server."""

log = structlog.get_logger(__name__)


def routes(find: FindTopic, hub: Hub) -> list[BaseRoute]:
    """The routes; ``find`` gives the topic of a public name ("board", "rehearsal/unit/024"), None if there is none."""
    live = Live(find, hub)
    return [Route("/live/{topic:path}", live.show), WebSocketRoute("/live/{topic:path}", live)]


def position(query: bytes) -> tuple[str | None, int | None]:
    """The position that a query string names: epoch and seq, None for what is missing or unreadable."""
    if len(query) > 4 * TOPIC_NAME_MAX:
        return None, None
    given = dict(parse_qsl(query.decode("latin-1")))
    seq = given.get("seq", "")
    is_number = seq.isascii() and seq.isdigit() and len(seq) <= 18
    return given.get("epoch"), int(seq) if is_number else None


class Live:
    """The two ways into one topic; as an ASGI application it is the WebSocket one."""

    def __init__(self, find: FindTopic, hub: Hub, monotonic_s: Callable[[], float] = time.monotonic) -> None:
        self._find = find
        self._hub = hub
        self._monotonic_s = monotonic_s

    def find(self, name: str) -> Topic | None:
        """The topic of a name from outside."""
        return self._find(name) if 0 < len(name) <= TOPIC_NAME_MAX else None

    async def show(self, request: Request) -> Response:
        """Answer with the topic's snapshot, or 304 if the client has it."""
        topic = self.find(request.path_params["topic"])
        if topic is None:
            return _NO_TOPIC
        headers = {"etag": topic.etag, "cache-control": "no-cache"}
        if topic.etag in map(str.strip, request.headers.get("if-none-match", "").split(",")):
            return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
        return Response(topic.snapshot(), media_type="application/json", headers=headers)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a socket follow the topic until either side closes, or refuse it over HTTP before it opens."""
        address = (scope.get("client") or ("", 0))[0]
        topic = self.find(scope["path_params"]["topic"])
        if topic is None:
            await _NO_TOPIC(scope, receive, send)
            return
        if self._hub.let_in(address) is not None:
            await _NO_ROOM(scope, receive, send)
            return
        try:
            await receive()
            await send({"type": "websocket.accept"})
            socket: Socket = scope["extensions"][EXTENSION]
            if socket.is_open:
                await self._follow(topic, socket, position(scope["query_string"]), receive)
        finally:
            self._hub.let_go(address)

    async def _follow(self, topic: Topic, socket: Socket, at: tuple[str | None, int | None], receive: Receive) -> None:
        opened_at_s = self._monotonic_s()
        code = None
        log.info("socket opened", topic=topic.name)
        try:
            self._hub.join(topic, socket, *at)
            code = await self._listen(socket, receive)
        finally:
            log.info("socket closed", topic=topic.name, code=code, open_s=round(self._monotonic_s() - opened_at_s, 1))

    async def _listen(self, socket: Socket, receive: Receive) -> int | None:
        """Read and ignore what the client says until it goes; returns the close code."""
        heard_at_s: deque[float] = deque(maxlen=INBOUND_MESSAGES_MAX)
        while (message := await receive())["type"] == "websocket.receive":
            now_s = self._monotonic_s()
            if len(heard_at_s) == INBOUND_MESSAGES_MAX and now_s - heard_at_s[0] < INBOUND_WINDOW_S:
                socket.close(CLOSE_TALKATIVE, "too many messages")
            heard_at_s.append(now_s)
        code: int | None = message.get("code")
        return code


_NO_TOPIC = problem_response(Problem(404, "no_such_topic", "there is no such topic"))
_NO_ROOM = problem_response(Problem(503, "no_room", "there is no room for another socket", retry_after_s=RETRY_AFTER_S))
