"""What a proxy says of its clients counts only if the proxy is named."""

from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx2
import pytest
import websockets
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.types import Message, Receive, Scope, Send
from websockets.exceptions import InvalidStatus
from websockets.sync.client import ClientConnection, connect

from server.app import starlette_of
from server.auth.roles import Role
from server.middleware.guard import Guard
from server.middleware.proxies import FOR, PROTO, Proxies
from server.routes import live
from server.settings import Settings
from tests.worlds.apps import app_of
from tests.worlds.people import PASSWORD, account
from tests.worlds.process import Serving, served
from tests.worlds.serving import Contest, a_hub, frame_of, serving

ELSEWHERE = "192.0.2.7"


@pytest.fixture
def behind(tmp_path: Path) -> Iterator[Serving]:
    """A server to which this machine is a named proxy; two sockets for each address."""
    with served(tmp_path / "data", DIEMCAU_PROXIES="127.0.0.1", DIEMCAU_SOCKETS_PER_ADDRESS_MAX="2") as server:
        yield server


@pytest.fixture
def alone(tmp_path: Path) -> Iterator[Serving]:
    """A server that knows of another proxy."""
    with served(tmp_path / "data", DIEMCAU_PROXIES=ELSEWHERE, DIEMCAU_SOCKETS_PER_ADDRESS_MAX="2") as server:
        yield server


def opened(server: Serving, forwarded_for: str) -> ClientConnection:
    return connect(
        f"ws://127.0.0.1:{server.port}/live/board",
        additional_headers={"X-Forwarded-For": forwarded_for},
        compression=None,
        proxy=None,
    )


def is_refused(server: Serving, forwarded_for: str) -> bool:
    with pytest.raises(InvalidStatus) as refusal:
        opened(server, forwarded_for)
    return refusal.value.response.status_code == 503


def metrics_status(server: Serving, **headers: str) -> int:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx2.get(f"{server.url}/metrics", headers=named, trust_env=False).status_code


def test_the_clients_of_a_named_proxy_have_each_their_own_room(behind: Serving) -> None:
    with ExitStack() as held:
        for address in ("203.0.113.1", "203.0.113.1", "203.0.113.2", "2001:db8::1", "203.0.113.2:4711"):
            held.enter_context(opened(behind, address))
        assert is_refused(behind, "203.0.113.1")
        # What the client itself had sent stands left of what the proxy has seen.
        assert is_refused(behind, "198.51.100.9, 203.0.113.1")
        assert is_refused(behind, "127.0.0.1, 203.0.113.1")
        assert is_refused(behind, "203.0.113.1, 127.0.0.1")
        held.enter_context(opened(behind, "203.0.113.1, 2001:db8::1"))
        assert "203.0.113" not in behind.log_path.read_text()


def test_what_others_say_of_their_clients_counts_for_nothing(alone: Serving) -> None:
    with ExitStack() as held:
        held.enter_context(opened(alone, "203.0.113.1"))
        held.enter_context(opened(alone, "203.0.113.2"))
        assert is_refused(alone, "203.0.113.3")
        assert is_refused(alone, ELSEWHERE)
        assert "203.0.113" not in alone.log_path.read_text()


@pytest.mark.parametrize(
    ("forwarded_for", "forwarded_proto", "client", "scheme"),
    [
        (["203.0.113.1"], ["https"], "203.0.113.1", "https"),
        (["203.0.113.1", "10.1.2.3"], ["https", "http"], "203.0.113.1", "https"),
        (["203.0.113.1, 10.1.2.3"], ["https"], "203.0.113.1", "https"),
        (["203.0.113.1"], ["https, http"], "203.0.113.1", "https"),
        # What the client itself had sent stands left of what the proxies have added.
        (["198.51.100.9", "203.0.113.1, 10.1.2.3"], ["https", "http,http"], "203.0.113.1", "http"),
        (["10.9.9.9, 203.0.113.1"], ["https, http"], "203.0.113.1", "http"),
        (["10.9.9.9, 10.1.2.3"], ["https, http"], "10.9.9.9", "https"),
        # Empty elements of a list are none.
        (["", "203.0.113.1, ,"], [",https"], "203.0.113.1", "https"),
        ([", 203.0.113.1,,10.1.2.3"], ["https, ,", "http"], "203.0.113.1", "https"),
        (["203.0.113.1:4711"], [], "203.0.113.1", "http"),
        (["[2001:db8::1]:4711"], ["WSS"], "2001:db8::1", "https"),
        (['"[2001:db8::1]"'], ["ftp"], "2001:db8::1", "http"),
        (["2001:db8::1, ::ffff:10.1.2.3"], ["HTTPS , http"], "2001:db8::1", "https"),
        ([""], [""], "127.0.0.1", "http"),
        ([], ["https"], "127.0.0.1", "https"),
        (["x," * 5_000 + "203.0.113.1"], ["http," * 5_000 + "https"], "203.0.113.1", "https"),
    ],
)
async def test_lists_are_read_as_lists(
    forwarded_for: list[str], forwarded_proto: list[str], client: str, scheme: str
) -> None:
    sent = [(FOR, each) for each in forwarded_for] + [(PROTO, each) for each in forwarded_proto]
    for kind, named, peer in [
        ("http", True, "127.0.0.1"),
        ("websocket", True, "::ffff:127.0.0.1"),
        ("http", False, "127.0.0.1"),
    ]:
        headers = [
            (name.encode(), value.encode()) for name, value in [*sent, ("forwarded", "for=192.0.2.1;proto=https")]
        ]
        plain = "ws" if kind == "websocket" else "http"
        scope: Scope = {"type": kind, "client": (peer, 4711), "scheme": plain, "headers": headers}
        heard: list[Scope] = []

        async def app(scope: Scope, receive: Receive, send: Send, heard: list[Scope] = heard) -> None:
            heard.append(scope)

        await Proxies(app, ["127.0.0.1/32", "10.0.0.0/8"] if named else [f"{ELSEWHERE}/32"])(scope, no_message, no_send)
        told = client if named and client != "127.0.0.1" else peer
        assert (heard[0]["client"][0], heard[0]["scheme"]) == (told, scheme.replace("http", plain) if named else plain)


async def no_message() -> Message:
    raise AssertionError("nobody listens")


async def no_send(_message: Message) -> None:
    raise AssertionError("nobody answers")


def test_metrics_are_for_this_machine_and_not_for_who_comes_through_its_proxy(behind: Serving) -> None:
    assert metrics_status(behind) == 200
    assert metrics_status(behind, X_Forwarded_For="203.0.113.1") == 403
    assert metrics_status(behind, X_Forwarded_For="127.0.0.1") == 403
    assert metrics_status(behind, X_Forwarded_For="203.0.113.1, 127.0.0.1") == 403
    assert metrics_status(behind, X_Forwarded_For="") == 403


def test_metrics_stay_closed_to_a_proxy_that_nobody_named(alone: Serving) -> None:
    assert metrics_status(alone) == 200
    assert metrics_status(alone, X_Forwarded_For="127.0.0.1") == 403
    assert metrics_status(alone, Forwarded="for=127.0.0.1") == 403


@pytest.fixture(params=[True, False], ids=["named", "unnamed"])
async def host(request: pytest.FixtureRequest) -> AsyncIterator[tuple[str, bool]]:
    hub, is_named = a_hub(), bool(request.param)
    named = Settings(proxies=("127.0.0.0/8" if is_named else ELSEWHERE,)).proxies
    middleware = [Middleware(Proxies, named), Middleware(Guard)]
    async with serving(
        Starlette(routes=live.routes(Contest().topics.find, hub), middleware=middleware), hub
    ) as address:
        yield address, is_named


@pytest.mark.parametrize(
    ("scheme", "forwarded", "if_named"),
    [
        ("https", "https", True),
        ("https", "wss", True),
        ("http", "https", False),
        ("https", "http", False),
        ("https", "HTTPS", True),
        ("https", "HTTPS; http", False),
        ("https", "https,http", True),
        ("https", "https, http", True),
        ("https", "http, https", False),
    ],
)
async def test_a_page_that_came_by_https_is_ours_if_a_named_proxy_says_so(
    host: tuple[str, bool], scheme: str, forwarded: str, if_named: bool
) -> None:
    address, is_named = host
    headers = {"Origin": f"{scheme}://{address}", "X-Forwarded-Proto": forwarded, "X-Forwarded-For": "203.0.113.1"}
    is_admitted = if_named if is_named else scheme == "http"
    async with httpx2.AsyncClient(trust_env=False) as client:
        answer = await client.get(f"http://{address}/live/board", headers=headers)
    assert answer.status_code == (200 if is_admitted else 403)
    if is_admitted:
        async with websockets.connect(f"ws://{address}/live/board", additional_headers=headers) as socket:
            assert (await frame_of(socket))["type"] == "snapshot"
    else:
        with pytest.raises(InvalidStatus) as refusal:
            await websockets.connect(f"ws://{address}/live/board", additional_headers=headers)
        assert refusal.value.response.status_code == 403


@pytest.mark.parametrize("is_named", [True, False])
async def test_who_signs_in_by_https_gets_a_cookie_for_https_alone(tmp_path: Path, is_named: bool) -> None:
    app = app_of(tmp_path, proxies=("127.0.0.1",) if is_named else (ELSEWHERE,))
    account(app, "lan", Role.VIEWER)
    form, forwarded = {"login": "lan", "password": PASSWORD}, {"X-Forwarded-Proto": "https"}
    async with (
        serving(starlette_of(app), app.hub, lifespan="on") as address,
        httpx2.AsyncClient(base_url=f"http://{address}", headers=forwarded, trust_env=False) as client,
    ):
        by = {scheme: {"Origin": f"{scheme}://{address}"} for scheme in ("http", "https")}
        answers = {scheme: await client.post("/sign-in", data=form, headers=by[scheme]) for scheme in by}
        used, other = ("https", "http") if is_named else ("http", "https")
        assert (answers[used].status_code, answers[other].status_code) == (303, 403)
        assert ("secure" in answers[used].headers["set-cookie"].lower()) == is_named
        assert "set-cookie" not in answers[other].headers
