"""The guard: who may open a socket, read a topic or write, and the headers of every answer."""

from collections.abc import AsyncIterator

import httpx2
import pytest
import websockets
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send
from structlog.testing import capture_logs

from server.auth.keys import KEY_IN_SCOPE
from server.middleware.guard import Guard
from server.routes import live
from tests.worlds.serving import Contest, a_hub, frame_of, serving

ALLOWED = "https://tv.example.vn"
FOREIGN = [
    "null",
    "",
    "http://{host}.evil.example",
    "http://evil-{host}",
    "http://{host}@evil.example",
    "http://127.0.0.1:1",
    "http://127.0.0.1",
    "http://localhost:{port}",
    "https://{host}",
    "http://{host}/",
    "file://",
    "https://tv.example.vn:8443",
    "http://tv.example.vn",
    "https://tv.example.vn.evil.example",
    "https://xtv.example.vn",
    "HTTP://{host}.EVIL.EXAMPLE",
    "http://{host}, http://{host}",
    "ws://{host}",
    "//{host}",
    "{host}",
]
OURS = ["http://{host}", "HTTP://{host}", ALLOWED, ALLOWED.upper(), f"{ALLOWED}:443", f"{ALLOWED}."]
OVERLAY = "http://overlay.example"
KEY = "dck_of-tv1"
WRONG_KEYS = [
    "?key=", "?key", "?key=dck_of-tv2", f"?key={KEY}x", f"?key={KEY[:-1]}", f"?key={KEY.upper()}", f"?key={KEY}%00",
    f"?key={KEY}&key={KEY}", f"?key={KEY}&key=", f"?epoch=1&key=&key={KEY}", "?ke%79=x", "?key=%ff%fe",
]  # fmt: skip


async def written(request: Request) -> Response:
    return PlainTextResponse("written")


async def page(request: Request) -> Response:
    return PlainTextResponse("page")


async def shown_key(request: Request) -> Response:
    return PlainTextResponse(request.scope.get(KEY_IN_SCOPE, "none"))


@pytest.fixture
async def host() -> AsyncIterator[str]:
    hub = a_hub()
    routes = [
        Route("/live/scope", shown_key, methods=["GET", "POST"]),
        *live.routes(Contest().topics.find, hub),
        Route("/", page),
        Route("/form", written, methods=["POST"]),
        Route("/api/v1/participations", written, methods=["POST"]),
    ]
    async with serving(
        Starlette(routes=routes, middleware=[Middleware(Guard, [ALLOWED], {KEY: "tv1"}.get)]), hub
    ) as address:
        yield address


async def asked(method: str, url: str, headers: dict[str, str]) -> httpx2.Response:
    async with httpx2.AsyncClient(trust_env=False) as client:
        return await client.request(method, url, headers=headers)


@pytest.mark.parametrize("origin", FOREIGN)
async def test_a_foreign_origin_opens_no_socket_and_reads_no_topic(host: str, origin: str) -> None:
    headers = {"Origin": origin.format(host=host, port=host.partition(":")[2])}
    with pytest.raises(websockets.InvalidStatus) as refusal:
        await websockets.connect(f"ws://{host}/live/board", additional_headers=headers)
    assert refusal.value.response.status_code == 403
    assert (await asked("GET", f"http://{host}/live/board", headers)).status_code == 403


@pytest.mark.parametrize("origin", [*OURS, None])
async def test_our_own_pages_those_allowed_and_programs_open_sockets_and_read_topics(
    host: str, origin: str | None
) -> None:
    headers = {} if origin is None else {"Origin": origin.format(host=host)}
    async with websockets.connect(f"ws://{host}/live/board", additional_headers=headers) as socket:
        assert (await frame_of(socket))["type"] == "snapshot"
    answer = await asked("GET", f"http://{host}/live/board", headers)
    assert answer.status_code == 200
    assert answer.headers["vary"] == "Origin, Sec-Fetch-Site"


async def test_two_origins_are_refused(host: str) -> None:
    headers = [("Origin", f"http://{host}"), ("Origin", "http://evil.example")]
    with pytest.raises(websockets.InvalidStatus) as refusal:
        await websockets.connect(f"ws://{host}/live/board", additional_headers=headers)
    assert refusal.value.response.status_code == 400
    async with httpx2.AsyncClient(trust_env=False) as client:
        assert (await client.get(f"http://{host}/live/board", headers=headers)).status_code == 403


@pytest.mark.parametrize(
    ("method", "path", "headers", "status"),
    [
        ("GET", "/", {"Origin": "http://evil.example"}, 200),
        ("GET", "/", {"Sec-Fetch-Site": "cross-site"}, 200),
        ("GET", "/live/board", {"Sec-Fetch-Site": "cross-site"}, 403),
        ("GET", "/live/board", {"Sec-Fetch-Site": "same-site"}, 403),
        ("GET", "/live/board", {"Sec-Fetch-Site": "same-origin"}, 200),
        ("GET", "/live/board", {"Sec-Fetch-Site": "none"}, 200),
        ("POST", "/form", {"Origin": "http://evil.example"}, 403),
        ("POST", "/form", {"Origin": "null", "Sec-Fetch-Site": "same-origin"}, 403),
        # What the settings allow is to read.
        ("POST", "/form", {"Origin": ALLOWED}, 403),
        ("POST", "/live/board", {"Origin": ALLOWED}, 403),
        ("POST", "/form", {"Origin": "http://{host}"}, 200),
        ("POST", "/form", {"Sec-Fetch-Site": "same-origin"}, 200),
        ("POST", "/form", {"Sec-Fetch-Site": "cross-site"}, 403),
        ("POST", "/form", {}, 403),
        ("POST", "/api/v1/participations", {"Origin": "http://evil.example"}, 200),
        ("POST", "/api/v1/participations", {}, 200),
    ],
)
async def test_who_may_ask_what(host: str, method: str, path: str, headers: dict[str, str], status: int) -> None:
    sent = {name: value.format(host=host) for name, value in headers.items()}
    answer = await asked(method, f"http://{host}{path}", sent)
    assert answer.status_code == status


@pytest.mark.parametrize("origin", ["", "null", "https://{host}", "http://{host}", ALLOWED, OVERLAY, None])
async def test_a_key_in_force_reads_and_opens_sockets_whatever_the_origin(host: str, origin: str | None) -> None:
    headers = {} if origin is None else {"Origin": origin.format(host=host, port=host.partition(":")[2])}
    headers["Sec-Fetch-Site"] = "cross-site"
    async with websockets.connect(f"ws://{host}/live/board?key={KEY}", additional_headers=headers) as socket:
        assert (await frame_of(socket))["type"] == "snapshot"
    answer = await asked("GET", f"http://{host}/live/board?key={KEY}", headers)
    assert answer.status_code == 200
    assert answer.headers.get("access-control-allow-origin") == (headers["Origin"] if origin else None)
    assert "access-control-allow-credentials" not in answer.headers
    assert answer.headers["vary"] == "Origin, Sec-Fetch-Site"
    assert answer.headers["referrer-policy"] == "strict-origin"


@pytest.mark.parametrize("origin", ["http://{host}", ALLOWED, OVERLAY, None])
async def test_a_wrong_key_is_refused_whatever_the_origin(host: str, origin: str | None) -> None:
    headers = {} if origin is None else {"Origin": origin.format(host=host)}
    answer = await asked("GET", f"http://{host}/live/board?key=dck_other", headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "wrong_key")
    assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize("query", WRONG_KEYS)
async def test_a_wrong_key_never_counts_as_none(host: str, query: str) -> None:
    headers = {"Origin": f"http://{host}"}
    with pytest.raises(websockets.InvalidStatus) as refusal:
        await websockets.connect(f"ws://{host}/live/board{query}", additional_headers=headers)
    assert refusal.value.response.status_code == 403
    answer = await asked("GET", f"http://{host}/live/board{query}", headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "wrong_key")


async def test_two_origins_are_refused_with_a_key_too(host: str) -> None:
    async with httpx2.AsyncClient(trust_env=False) as client:
        headers = [("Origin", OVERLAY), ("Origin", f"http://{host}")]
        assert (await client.get(f"http://{host}/live/board?key={KEY}", headers=headers)).status_code == 403


@pytest.mark.parametrize(
    ("method", "path", "status", "name"),
    [
        ("GET", f"/live/scope?key={KEY}", 200, "tv1"),
        ("GET", "/live/scope", 200, "none"),
        ("GET", "/live/scope?monkey=x&keys=y", 200, "none"),
        ("GET", f"/?key={KEY}", 200, "page"),
        ("GET", "/?key=wrong", 200, "page"),
        # A key only reads: what writes is judged as if there were none.
        ("POST", f"/live/scope?key={KEY}", 403, None),
        ("POST", f"/form?key={KEY}", 403, None),
    ],
)
async def test_a_key_is_for_reading_topics(host: str, method: str, path: str, status: int, name: str | None) -> None:
    answer = await asked(method, f"http://{host}{path}", {})
    assert answer.status_code == status
    assert name is None or answer.text == name


@pytest.mark.parametrize(
    ("path", "origin", "reader"),
    [
        ("/live/board", ALLOWED, ALLOWED),
        ("/live/none", ALLOWED, ALLOWED),
        ("/live/board", "http://{host}", None),
        ("/live/board", OVERLAY, None),
        ("/live/board", None, None),
        ("/", ALLOWED, None),
        ("/", OVERLAY, None),
        (f"/?key={KEY}", OVERLAY, None),
    ],
)
async def test_which_pages_of_other_origins_may_read_the_answer(
    host: str, path: str, origin: str | None, reader: str | None
) -> None:
    headers = {} if origin is None else {"Origin": origin.format(host=host)}
    answer = await asked("GET", f"http://{host}{path}", headers)
    assert answer.headers.get("access-control-allow-origin") == reader


async def test_a_page_that_polls_with_a_key_is_told_that_nothing_is_new(host: str) -> None:
    url, headers = f"http://{host}/live/board?key={KEY}", {"Origin": OVERLAY}
    first = await asked("GET", url, headers)
    assert "ETag" in first.headers["access-control-expose-headers"]
    again = await asked("GET", url, headers | {"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.headers["access-control-allow-origin"]) == (304, OVERLAY)


async def test_a_storm_of_what_is_refused_writes_a_line_and_not_one_for_each(host: str) -> None:
    with capture_logs() as lines:
        async with httpx2.AsyncClient(trust_env=False) as client:
            for _ in range(20):
                await client.get(f"http://{host}/live/board", headers={"Origin": OVERLAY})
                await client.get(f"http://{host}/live/board?key=dck_other")
    refused = [line for line in lines if line["event"] == "refused"]
    assert refused[0]["first_path"] == "/live/board"
    assert refused[0]["foreign_origin"] == 1
    # A line for each second that the asking took, on a slow machine some; not one for each of forty.
    assert len(refused) < 15


@pytest.mark.parametrize("path", ["/", "/live/board", "/live/none", "/nothing"])
async def test_every_answer_has_the_security_headers(host: str, path: str) -> None:
    headers = (await asked("GET", f"http://{host}{path}", {})).headers
    policy = headers["content-security-policy"]
    for part in ("default-src 'self'", "object-src 'none'", "base-uri 'none'", "frame-ancestors '"):
        assert part in policy
    assert policy.endswith(f"connect-src 'self' ws://{host} wss://{host}")
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "strict-origin"
    assert headers["cross-origin-opener-policy"] == "same-origin"


async def test_each_answer_names_the_host_that_was_asked_and_what_a_route_says_itself_stays() -> None:
    async def plain(scope: Scope, receive: Receive, send: Send) -> None:
        await PlainTextResponse("", headers={"Referrer-Policy": "no-referrer"})(scope, receive, send)

    transport = httpx2.ASGITransport(Guard(plain))
    async with httpx2.AsyncClient(transport=transport) as client:
        for _ in range(2):
            for name in ("one", "other:8000"):
                headers = (await client.get(f"http://{name}/")).headers
                policy = headers["content-security-policy"]
                assert policy.endswith(f"connect-src 'self' ws://{name} wss://{name}")
                assert headers.get_list("referrer-policy") == ["no-referrer"]


@pytest.mark.parametrize("origin", ["null", "file://", OVERLAY, "http://{host}", None])
async def test_who_asks_as_nobody_follows_and_reads_what_is_public_whatever_the_origin(
    host: str, origin: str | None
) -> None:
    headers = {} if origin is None else {"Origin": origin.format(host=host, port=host.partition(":")[2])}
    headers["Sec-Fetch-Site"] = "cross-site"
    async with websockets.connect(f"ws://{host}/live/board?as=nobody", additional_headers=headers) as socket:
        assert (await frame_of(socket))["type"] == "snapshot"
    answer = await asked("GET", f"http://{host}/live/board?as=nobody", headers)
    assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (200, "*")
    assert "access-control-allow-credentials" not in answer.headers
    assert (await asked("GET", f"http://{host}/live/control?as=nobody", headers)).status_code == 403


async def test_as_nobody_nobody_writes(host: str) -> None:
    for path in ("/live/board", "/form"):
        assert (await asked("POST", f"http://{host}{path}?as=nobody", {"Origin": "null"})).status_code == 403


@pytest.mark.parametrize("query", ["as=nobody&as=account:1", "as=nobody&as=nobody", "as=Nobody", "as=nobody%00", "as="])
async def test_who_names_anybody_beside_nobody_does_not_ask_as_nobody(host: str, query: str) -> None:
    assert (await asked("GET", f"http://{host}/live/board?{query}", {"Origin": OVERLAY})).status_code == 403


async def test_a_wrong_key_is_refused_to_nobody_too(host: str) -> None:
    answer = await asked("GET", f"http://{host}/live/board?as=nobody&key=dck_other", {"Origin": OVERLAY})
    assert (answer.status_code, answer.json()["code"]) == (403, "wrong_key")
