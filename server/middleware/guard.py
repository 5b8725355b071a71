"""The guard: which other sites' pages may ask, and the security headers of every answer. Plain ASGI.

A browser tells where a page comes from, and only a browser lets a page act for its user. So a request without Origin
is no browser's, or a browser's plain GET, and may read what is public. Starlette's own middleware for this does not
look at WebSockets, which browsers open across origins without asking.

Whoever is signed in shows a cookie. Its session counts for our own pages alone: a page of an allowed origin reads what
is public, like anybody, even in the browser of an operator. It writes nothing: else it could sign somebody out, or in
as another. For a socket a browser always tells the origin, so one without is nobody's, whatever cookie it shows.

A page of the room goes on in a browser in which somebody else has signed in since. So it names the account that it was
opened for (``?as=account:7``), and what it asks for counts as nobody's once the session is another's.

A device that steers an output shows a control key in a header, which no page of another site can make a browser send
unasked. So its request needs no origin, and a cookie beside it counts for nothing.

A tablet on stage shows a pass in a cookie, after its link was opened. It counts on the page of that link, and for what
the page asks by the link's name (``?as=key:mc``); whoever is signed in on the same tablet is somebody else.

The browser of a connection point shows a pass in a cookie too, after the point's link or code was used. It counts on
the pages of that point, and for what these ask by its name (``?as=point:00688``).

A page that pages of others hold (an overlay, an embedded number) asks as nobody (``?as=nobody``): no cookie is read,
and it may follow what is public whatever its origin is said to be, which is "null" in a sandbox and for a file.

An overlay on another origin shows a screen key (``/live/board?key=K``), which admits it to read whatever its origin. A
key that is not in force is refused and never counts as none: whoever shows one would take silence for success.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from types import MappingProxyType
from urllib.parse import parse_qsl

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.auth.cookies import Cookies
from server.auth.keys import KEY_IN_SCOPE
from server.auth.roles import (
    ACCOUNT_IN_SCOPE,
    CONTROL_KEY_IN_SCOPE,
    POINT_BY,
    POINT_KEY_IN_SCOPE,
    POINT_PAGES,
    STAGE_KEY_IN_SCOPE,
    STAGE_PATHS,
    STAGES,
    Account,
    ControlKey,
    PointKey,
    Stage,
    StageKey,
)
from server.auth.sessions import SESSION_IN_SCOPE, Session
from server.middleware.policies import policy_of, security_headers
from server.middleware.refusals import Refusals
from server.web.origins import asked_origin, origin_of, origins_of
from server.web.problems import Problem, problem_response

LIVE_PATHS = "/live/"
REPORT_PATH = "/live/screen"
"""Where a screen that polls reports of itself: who may follow a topic may do that."""
BEARER_PATHS = frozenset({"/api/v1/participations"})
"""Endpoints that authenticate by a secret in the request itself, not by a cookie, so a cross-site request gains
nothing."""
STEERING_PATHS = "/api/v1/outputs"
"""The address of outputs, and what stands below it: what control keys are for."""
READING = frozenset({"GET", "HEAD", "OPTIONS"})
OWN_FETCHES = frozenset({"same-origin", "none"})
"""Sec-Fetch-Site of requests made by our own pages or by the user directly."""

KEY = "key"
"""The parameter that carries a screen's key."""
AS = "as"
"""The parameter that names the account, or the key of a tablet or a point, for which a page was opened."""
AS_IN_SCOPE = "diemcau.as"
"""The scope key that marks a request that reads a topic and names an account."""
NOBODY = "nobody"
"""Whom a page names that asks as nobody."""
NOBODY_IN_SCOPE = "diemcau.nobody"
"""The scope key that marks a request that reads a topic as nobody."""
ANY_ORIGIN = "*"
ASKED_AS = ("/api/", LIVE_PATHS)
"""Paths that scripts of pages request; the pages themselves show who is signed in."""
EXPOSED = "ETag, Diem-Cau-At, Diem-Cau-Made, Diem-Cau-Show, Retry-After"
"""Headers of an answer that a page on another origin may read besides the plain ones."""


@dataclass(frozen=True)
class Objection:
    """Why a request is refused: ``reason`` is for the log, ``code`` and ``detail`` are for the client."""

    reason: str
    code: str = "foreign_origin"
    detail: str = "pages of another site may not ask for this"
    status: int = HTTPStatus.FORBIDDEN


class Guard:
    """Refuses forbidden cross-site requests with 403, before the application sees them.

    ``allowed_origins`` are written as "https://tv.example.vn"; see server/web/origins.py. ``find_key`` gives the name
    of a screen key that is in force, which goes into the scope under KEY_IN_SCOPE; ``on_wrong_key`` hears of one that
    is not, and of the path. ``find_control_key`` gives a control key, ``find_session`` the session of a token (its
    account and its digest go into the scope), ``find_pass`` the key of a tablet's pass, ``find_point_pass`` that of a
    connection point's; each None for one that is not in force. ``cookies`` are the data folder's, once it is open.
    ``told`` are headers of every answer below LIVE_PATHS, refusals included: what pages must hear whatever becomes of
    their topic.
    """

    def __init__(
        self,
        app: ASGIApp,
        allowed_origins: Collection[str] = (),
        find_key: Callable[[str], str | None] = lambda _key: None,
        find_session: Callable[[str], Session | None] = lambda _token: None,
        cookies: Callable[[], Cookies | None] = lambda: None,
        told: Mapping[str, str] = MappingProxyType({}),
        find_control_key: Callable[[str], ControlKey | None] = lambda _key: None,
        find_pass: Callable[[Stage, str], StageKey | None] = lambda _stage, _shown: None,
        find_point_pass: Callable[[str, str], PointKey | None] = lambda _unit, _shown: None,
        on_wrong_key: Callable[[str, str], None] = lambda _key, _path: None,
    ) -> None:
        self._app = app
        self._find_session = find_session
        self._cookies = cookies
        self._allowed = origins_of(allowed_origins)
        self._find_key = find_key
        self._find_control_key = find_control_key
        self._find_pass = find_pass
        self._find_point_pass = find_point_pass
        self._on_wrong_key = on_wrong_key
        self._told = told
        self._refusals = Refusals()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        # The first header of each name: participations pass here without a closer look.
        first_headers: dict[bytes, bytes] = dict(reversed(scope["headers"]))
        policy = policy_of(scope["path"])
        objection = reader = None
        bearer = _control_key(scope, first_headers)
        varies = bearer is None and _depends_on_origin(scope)
        if bearer is not None:
            objection = self._let_steer(scope, bearer)
        elif varies:
            headers = Headers(scope=scope)
            if _is_live(scope) and (asked_as := _values(scope["query_string"], AS)):
                scope[NOBODY_IN_SCOPE if asked_as == [NOBODY] else AS_IN_SCOPE] = True
            objection = self._objection(scope, headers)
            reader = None if objection or not _is_live(scope) else self._reader(scope, headers)
        if scope["type"] == "http":
            told = self._told if varies and scope["path"].startswith(LIVE_PATHS) else {}
            secure = security_headers(first_headers.get(b"host", b""), policy)
            send = _with_headers(send, secure, told=told, varies=varies, reader=reader)
        if objection:
            self._refusals.note(objection.reason, scope["path"])
            response = problem_response(Problem(objection.status, objection.code, objection.detail))
            if objection.status == HTTPStatus.UNAUTHORIZED:
                response.headers["WWW-Authenticate"] = "Bearer"
            await response(scope, receive, send)
            return
        if b"cookie" in first_headers and bearer is None:
            if policy.knows_cookies and NOBODY_IN_SCOPE not in scope:
                self._recognise(scope, Headers(scope=scope))
            else:
                scope["headers"] = [header for header in scope["headers"] if header[0] != b"cookie"]
        await self._app(scope, receive, send)

    def _let_steer(self, scope: Scope, bearer: str) -> Objection | None:
        """Put the control key into the scope, if it is in force."""
        if (key := self._find_control_key(bearer)) is None:
            detail = "this control key is wrong or has been revoked"
            return Objection("control_key_not_in_force", "wrong_key", detail, HTTPStatus.UNAUTHORIZED)
        scope[CONTROL_KEY_IN_SCOPE] = key
        return None

    def _recognise(self, scope: Scope, headers: Headers) -> None:
        """Put the account of the request's session, or the key of its pass, into the scope, unless a page of another
        origin makes the request."""
        cookies = self._cookies()
        if cookies is None or not self._asks_for_itself(scope, headers):
            return
        if (key := self._stage_key(cookies, scope, headers)) is not None:
            scope[STAGE_KEY_IN_SCOPE] = key
            return
        if (point := self._point_key(cookies, scope, headers)) is not None:
            scope[POINT_KEY_IN_SCOPE] = point
            return
        if (token := cookies.session(scope["scheme"], headers)) is None:
            return
        session = self._find_session(token)
        if session is not None and _is_as(session.account, scope):
            scope[ACCOUNT_IN_SCOPE] = session.account
            scope[SESSION_IN_SCOPE] = session.digest

    def _stage_key(self, cookies: Cookies, scope: Scope, headers: Headers) -> StageKey | None:
        """The tablet's key for which a page is opened, or a page asks, None where it is not one."""
        path = scope["path"]
        is_asked_as = path.startswith(ASKED_AS)
        named = set(_values(scope["query_string"], AS)) if is_asked_as else set()
        for stage in STAGES:
            if not named if is_asked_as else path != STAGE_PATHS[stage]:
                continue
            shown = cookies.stage(stage, scope["scheme"], headers)
            key = self._find_pass(stage, shown) if shown else None
            if key is not None and named <= {key.by}:
                return key
        return None

    def _point_key(self, cookies: Cookies, scope: Scope, headers: Headers) -> PointKey | None:
        """The key of the point whose page is opened, or asks, None where it is none's."""
        if (unit := _point_named(scope)) is None:
            return None
        shown = cookies.point(unit, scope["scheme"], headers)
        return self._find_point_pass(unit, shown) if shown else None

    def _asks_for_itself(self, scope: Scope, headers: Headers) -> bool:
        """Whether no page of another origin makes the request. Links to our pages are allowed from anywhere: they only
        read."""
        origins = headers.getlist("origin")
        if origins:
            return len(origins) == 1 and _is_own(origins[0], scope, headers)
        if scope["type"] == "websocket":
            return False
        is_page = _reads(scope) and not _depends_on_origin(scope)
        return is_page or headers.get("sec-fetch-site", "none") in OWN_FETCHES

    def _objection(self, scope: Scope, headers: Headers) -> Objection | None:
        """The reason to refuse the request, None if there is none."""
        if not _depends_on_origin(scope):
            return None
        origins = headers.getlist("origin")
        if len(origins) > 1:
            return Objection("several_origins")
        if _is_live(scope) and (keys := _values(scope["query_string"], KEY)):
            name = self._find_key(keys[0]) if len(keys) == 1 else None
            if name is None:
                self._on_wrong_key(keys[0], scope["path"])
                return Objection("key_not_in_force", "wrong_key", "this screen key is wrong or has been revoked")
            scope[KEY_IN_SCOPE] = name
            return None
        if NOBODY_IN_SCOPE in scope:
            return None
        if origins:
            return None if self._may_ask(origins[0], scope, headers) else Objection("foreign_origin")
        fetched_by = headers.get("sec-fetch-site")
        if fetched_by is not None:
            # Browsers send no Origin with a plain GET, whatever page it comes from.
            return None if fetched_by in OWN_FETCHES else Objection("fetched_by_another_site")
        return None if _reads(scope) else Objection("tells_no_site")

    def _reader(self, scope: Scope, headers: Headers) -> str | None:
        """The other origin whose page may read the answer, None if there is none."""
        if NOBODY_IN_SCOPE in scope:
            return ANY_ORIGIN
        origin = headers.get("origin")
        is_admitted = KEY_IN_SCOPE in scope or origin_of(origin or "") in self._allowed
        return origin if origin and is_admitted else None

    def _may_ask(self, origin: str, scope: Scope, headers: Headers) -> bool:
        return _is_own(origin, scope, headers) or (_reads(scope) and origin_of(origin) in self._allowed)


def _is_own(origin: str, scope: Scope, headers: Headers) -> bool:
    hosts, found = headers.getlist("host"), origin_of(origin)
    return found is not None and len(hosts) == 1 and found == asked_origin(scope["scheme"], hosts[0])


def _reads(scope: Scope) -> bool:
    return scope["type"] == "websocket" or scope["method"] in READING


def _is_live(scope: Scope) -> bool:
    """Whether the request reads a topic, or reports as who reads one does, which is what a screen key allows."""
    path: str = scope["path"]
    return path.startswith(LIVE_PATHS) and (_reads(scope) or path == REPORT_PATH)


def _is_as(account: Account, scope: Scope) -> bool:
    """Whether the account is the one that the page was opened for; a page that names none is not checked."""
    if not scope["path"].startswith(ASKED_AS):
        return True
    return all(named == account.by for named in _values(scope["query_string"], AS))


def _point_named(scope: Scope) -> str | None:
    """The unit of the point that a page is of, or asks as."""
    path: str = scope["path"]
    if path.startswith(POINT_PAGES):
        return path.removeprefix(POINT_PAGES).partition("/")[0]
    if not path.startswith(ASKED_AS):
        return None
    named = set(_values(scope["query_string"], AS))
    by = named.pop() if len(named) == 1 else ""
    return by.removeprefix(POINT_BY) if by.startswith(POINT_BY) else None


def _control_key(scope: Scope, headers: Mapping[bytes, bytes]) -> str | None:
    """The control key that a request shows, None if it shows none, or asks for something else. Another scheme is none:
    it may be that of a proxy in front of us."""
    if scope["type"] != "http" or b"authorization" not in headers or not scope["path"].startswith(STEERING_PATHS):
        return None
    scheme, _, key = headers[b"authorization"].decode("latin-1").partition(" ")
    return key.strip() if scheme.lower() == "bearer" else None


def _values(query: bytes, wanted: str) -> list[str]:
    """The values of a parameter in a query string, empty ones included."""
    if wanted.encode() not in query and b"%" not in query:
        return []
    return [value for name, value in parse_qsl(query.decode("latin-1"), keep_blank_values=True) if name == wanted]


def _depends_on_origin(scope: Scope) -> bool:
    """Whether the request's origin matters: sockets, topics, and every write that does not bring its own secret."""
    if scope["type"] == "websocket" or scope["path"].startswith(LIVE_PATHS):
        return True
    return not _reads(scope) and scope["path"] not in BEARER_PATHS


def _with_headers(
    send: Send,
    secure: tuple[tuple[bytes, bytes], ...],
    *,
    told: Mapping[str, str],
    varies: bool,
    reader: str | None,
) -> Send:
    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            own = message.get("headers", ())
            names = {name for name, _ in own}
            message["headers"] = [*own, *(each for each in secure if each[0] not in names)]
            if varies:
                headers = MutableHeaders(scope=message)
                for name, value in told.items():
                    headers[name] = value
                headers.add_vary_header("Origin, Sec-Fetch-Site")
                if reader is not None:
                    # Without Access-Control-Allow-Credentials, so a page of another site never acts with a cookie.
                    headers["access-control-allow-origin"] = reader
                    headers["access-control-expose-headers"] = EXPOSED
        await send(message)

    return send_with_headers
