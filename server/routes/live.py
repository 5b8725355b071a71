"""GET and WS /live/{topic}: one path, the current snapshot over HTTP, what follows a position over a WebSocket."""

from collections.abc import Callable, Mapping
from functools import partial
from http import HTTPStatus
from typing import NamedTuple
from urllib.parse import parse_qsl
from weakref import WeakKeyDictionary

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.types import Receive, Scope, Send

from server.auth.keys import KEY_IN_SCOPE
from server.auth.roles import POINT_KEY_IN_SCOPE, STAGE_KEY_IN_SCOPE, Asker, PointKey, StageKey, asker_in
from server.auth.sessions import SESSION_IN_SCOPE
from server.auth.topic_rights import named_for, topic_right
from server.control.renderer_faults import FaultTold, Renderer
from server.errors import NoRight, NotSignedIn
from server.live.audience import Asked
from server.live.hub import Hub
from server.live.paced import pace_of
from server.live.reports import Reports, let_in_by
from server.live.visit import Visit
from server.middleware.guard import AS_IN_SCOPE
from server.middleware.preflight import answer_preflight
from server.net.websocket import EXTENSION, Socket
from server.web.compressed import VARY, CompressedResponse, Gzipped, gzipped
from server.web.conditional import has_it
from server.web.problems import Problem, problem_of, problem_response
from server.web.request import neighbourhood
from streaming.errors import Declined
from streaming.points.screens import Screens
from streaming.topics.topic import Topic

FindTopic = Callable[[str], Topic | None]
"""Raises an error of Declined if there is a topic of that name but not now."""
FindNumbers = Callable[[str, str], Topic | None]
"""The topic of a name as an output shows it. Raises an error of Declined if there is no such output."""
MayFollow = Callable[[Asker | None, str], None]
"""Raises an error of Declined if the account, or the tablet's key, may not follow the topic of a name."""
HearFault = Callable[[str, Renderer, FaultTold], None]
"""Hears of a topic what a screen that follows it tells of itself."""

PATH = "/live/{topic:path}"
OUT = "out"
"""The parameter that names the output whose numbers are asked for."""
PACE = "pace_ms"
"""The parameter by which a socket asks for at most one frame in so many ms."""
PACE_DIGITS_MAX = 6
TOPIC_NAME_MAX = 64
"""Characters of a topic's name; a longer one names nothing."""
QUERY_BYTES_MAX = 512
"""Longest query of a socket that is read; a screen's position, its key and its release are 150."""

TIME_HEADER = "diem-cau-at"
"""The server's clock when it answered, ms since the epoch, UTC."""
MADE_HEADER, SHOW_HEADER = "diem-cau-made", "diem-cau-show"
"""What pages are made of now, and the store that they show: of every answer here, whatever its status."""

RETRY_AFTER_S = 5
"""The wait that a full or stopping server asks for."""


def only_public(_asker: Asker | None, name: str) -> None:
    """Let everybody follow what is public, and nobody anything else.

    Raises:
        NoRight: Of a topic that needs a right.
    """
    if topic_right(name) is not None:
        raise NoRight("this topic is not public")


def no_outputs(_output: str, _name: str) -> Topic | None:
    """Where there are no outputs, nothing is shown by one."""
    return None


def unheard(_topic: str, _renderer: Renderer, _told: FaultTold) -> None:
    """Where nobody directs anything, nobody hears of faults."""


def routes(
    find: FindTopic,
    hub: Hub,
    may_follow: MayFollow = only_public,
    find_numbers: FindNumbers = no_outputs,
    reports: Reports | None = None,
    hear: HearFault = unheard,
) -> list[BaseRoute]:
    """The routes; ``find`` gives the topic of a name ("board", "rehearsal/unit/024"), None if there is none, and
    ``find_numbers`` that of a name as an output shows it (``?out=tv1``). ``reports`` takes what screens say of
    themselves, ``hear`` what goes wrong on them."""
    live = Live(find, hub, may_follow, find_numbers, reports, hear)
    return [
        Route(PATH, live.show),
        Route(PATH, answer_preflight, methods=["OPTIONS"]),
        WebSocketRoute(PATH, live),
    ]


class Named(NamedTuple):
    """What a socket's query names: where its screen stands, None for what is missing or unreadable, and what the page
    takes pages to be made of, in the words of a beat, as far as it says so."""

    epoch: str | None
    seq: int | None
    told: Mapping[str, str]


def _out(scope: Scope) -> str | None:
    """The output that a query names, None if it names none."""
    query: bytes = scope["query_string"]
    return dict(parse_qsl(query.decode("latin-1"))).get(OUT) if len(query) <= QUERY_BYTES_MAX else None


def asked_pace(query: bytes) -> int:
    """The pace that a socket's query asks for, 0 for every frame.

    Raises:
        Problem: 400, if it is no number of ms.
    """
    asked = dict(parse_qsl(query.decode("latin-1"))).get(PACE, "0") if len(query) <= QUERY_BYTES_MAX else "0"
    if not (asked.isascii() and asked.isdigit() and len(asked) <= PACE_DIGITS_MAX):
        raise Problem(400, "bad_pace", f"a whole number of milliseconds, at most {PACE_DIGITS_MAX} digits", field=PACE)
    return pace_of(int(asked))


def named(query: bytes) -> Named:
    """What a query string names."""
    if len(query) > QUERY_BYTES_MAX:
        return Named(None, None, {})
    parameters = dict(parse_qsl(query.decode("latin-1")))
    seq = parameters.get("seq", "")
    is_number = seq.isascii() and seq.isdigit() and len(seq) <= 18
    return Named(parameters.get("epoch"), int(seq) if is_number else None, parameters)


class Live:
    """The two ways into one topic; as an ASGI application it is the WebSocket one."""

    def __init__(
        self,
        find: FindTopic,
        hub: Hub,
        may_follow: MayFollow = only_public,
        find_numbers: FindNumbers = no_outputs,
        reports: Reports | None = None,
        hear: HearFault = unheard,
    ) -> None:
        self._find = find
        self._find_numbers = find_numbers
        self._hub = hub
        self._may_follow = may_follow
        self._reports = reports or Reports(Screens(), hub.now_ms)
        self._hear = hear
        self._packings: WeakKeyDictionary[Topic, tuple[bytes, Gzipped | None]] = WeakKeyDictionary()

    def find(self, scope: Scope) -> Topic | Response:
        """The topic of a name from outside; a refusal if there is none now, or whoever asks may not follow it."""
        name = named_for(asker_in(scope), scope["path_params"]["topic"])
        if not 0 < len(name) <= TOPIC_NAME_MAX:
            return _NO_TOPIC
        try:
            asker = asker_in(scope)
            if AS_IN_SCOPE in scope and asker is None:
                # A page that names whose it is wants to hear when it is so no more, over a public topic too.
                raise NotSignedIn
            self._may_follow(asker, name)
            topic = self._named(name, _out(scope))
        except Declined as declined:
            # No handler above turns a socket's error into an answer.
            return problem_response(problem_of(declined))
        # A topic that is missing in TOPIC_RIGHTS must not become public by that.
        if topic is None or not (topic.is_public or topic_right(name)):
            return _NO_TOPIC
        return topic

    def _named(self, name: str, output: str | None) -> Topic | None:
        return self._find(name) if output is None else self._find_numbers(output, name)

    async def show(self, request: Request) -> Response:
        """Answer with the topic's snapshot, or 304 if the client has it."""
        topic = self.find(request.scope)
        if isinstance(topic, Response):
            return topic
        if (point := _point_in(request.scope)) is not None:
            self._hub.presence.hear(point)
        # With the time of the answer a screen that polls can measure its clock.
        is_for_all = topic_right(topic.name) is None and AS_IN_SCOPE not in request.scope
        cached = "no-cache" if is_for_all else "private, no-cache"
        headers = {"etag": topic.etag, "cache-control": cached, TIME_HEADER: str(self._hub.now_ms())}
        if has_it(request.headers, topic.etag):
            varies = {"vary": VARY} if is_for_all else {}
            return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers | varies)
        snapshot = topic.snapshot()
        if not is_for_all:
            return Response(snapshot, media_type="application/json", headers=headers)
        packing = self._packing(topic, snapshot)
        return CompressedResponse(snapshot, media_type="application/json", headers=headers, packing=packing)

    def _packing(self, topic: Topic, snapshot: bytes) -> Gzipped | None:
        """A topic's snapshot to be packed, the same one for all who poll it at this position."""
        known = self._packings.get(topic)
        if known is None or known[0] is not snapshot:
            known = self._packings[topic] = snapshot, gzipped(snapshot)
        return known[1]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a socket follow the topic, or refuse it over HTTP before it opens.

        An open socket is handed over to its Visit: nothing of this call remains while it follows.
        """
        topic = self.find(scope)
        if isinstance(topic, Response):
            await topic(scope, receive, send)
            return
        try:
            pace_ms = asked_pace(scope["query_string"])
        except Problem as problem:
            await problem_response(problem)(scope, receive, send)
            return
        address = neighbourhood((scope.get("client") or ("", 0))[0])
        held: StageKey | PointKey | None = scope.get(STAGE_KEY_IN_SCOPE) or scope.get(POINT_KEY_IN_SCOPE)
        key = held.name if held else scope.get(KEY_IN_SCOPE)
        session = scope.get(SESSION_IN_SCOPE)
        is_known = key is not None or session is not None
        renderer = Renderer(address) if key is None else Renderer(key, has_key=True)
        if self._hub.let_in(address, is_known=is_known) is not None:
            await _NO_ROOM(scope, receive, send)
            return
        has_begun = False
        try:
            await receive()
            await send({"type": "websocket.accept"})
            socket: Socket = scope["extensions"][EXTENSION]
            # While the handshake was answered a topic that nobody followed may have been left behind, or forgotten.
            name, output = named_for(asker_in(scope), scope["path_params"]["topic"]), _out(scope)
            topic = self._named(name, output) or topic
            if socket.is_open:
                hear = partial(self._hear, topic.name, renderer)
                visit = Visit(self._hub, socket, topic.name, address, self._reports, let_in_by(scope), hear)
                # A big screen needs no session, so it goes on when an operator signs out in the same browser.
                needs_session = AS_IN_SCOPE in scope or topic_right(name) is not None
                bound = session if needs_session else None
                asked = named(scope["query_string"])
                visit.greet(asked.told)
                follows = None if output is None else Asked(output, name)
                visit.begin(
                    topic,
                    asked.epoch,
                    asked.seq,
                    key=key,
                    session=bound,
                    is_known=is_known,
                    asked=follows,
                    pace_ms=pace_ms,
                    point=_point_in(scope),
                )
                has_begun = True
        finally:
            # From its beginning on, the visit gives the place back itself.
            if not has_begun:
                self._hub.let_go(address)


def _point_in(scope: Scope) -> str | None:
    """The connection point whose key a request shows, None for anybody else's."""
    key: PointKey | None = scope.get(POINT_KEY_IN_SCOPE)
    return None if key is None else key.unit


_NO_TOPIC = problem_response(Problem(404, "no_such_topic", "there is no such topic"))
_NO_ROOM = problem_response(Problem(503, "no_room", "there is no room for another socket", retry_after_s=RETRY_AFTER_S))
