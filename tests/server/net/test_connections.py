"""How many connections one address may hold, who is spared, and what waits behind an answer."""

import asyncio
import gc
import re
import weakref
from pathlib import Path
from typing import Any

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from server.auth.keys import KEY_IN_SCOPE
from server.auth.roles import POINT_KEY_IN_SCOPE, STAGE_KEY_IN_SCOPE
from server.auth.sessions import SESSION_IN_SCOPE
from server.auth.sources import SOURCE_IN_SCOPE
from server.net.connections import Connections
from server.net.http1 import PIECE_BYTES, REFUSED_BYTES_MAX, protocol_of
from server.settings import CONNECTIONS_PER_ADDRESS_MAX, Settings
from tests.worlds.http_site import GET, Client, site
from tests.worlds.process import served
from tests.worlds.raw import HANDSHAKE
from tests.worlds.serving import WAIT_S, serving, until

HERE = "127.0.0.1"
BLANK = b"\r\n"


async def test_one_connection_too_many_of_an_address_ends_its_oldest_that_waits() -> None:
    async with site(per_address_max=3) as it:
        asking, idle, used = [await it.connect() for _ in range(3)]
        await until(lambda: it.connections.counted(HERE) == 3)
        asking.send(b"GET /never HTTP/1.1\r\nHost: x\r\n\r\n")
        used.send(GET)
        await used.answer()
        newcomer = await it.connect()
        newcomer.send(GET)
        await newcomer.answer()
        assert await idle.until_closed() == b""
        newest = await it.connect()
        newest.send(GET)
        await newest.answer()
        assert await used.until_closed() == b""
        assert (it.connections.displaced, it.connections.counted(HERE)) == (2, 3)
        assert not asking.reader.at_eof()


async def test_where_all_are_busy_the_oldest_goes() -> None:
    async with site(per_address_max=2) as it:
        oldest, other = [await it.connect() for _ in range(2)]
        for client in (oldest, other):
            client.send(b"GET /never HTTP/1.1\r\nHost: x\r\n\r\n")
        await until(lambda: it.connections.counted(HERE) == 2 and not it.connections.heads)
        newcomer = await it.connect()
        newcomer.send(GET)
        await newcomer.answer()
        assert await oldest.until_closed() == b""
        assert not other.reader.at_eof()


@pytest.mark.parametrize(
    "shown", [SESSION_IN_SCOPE, KEY_IN_SCOPE, SOURCE_IN_SCOPE, STAGE_KEY_IN_SCOPE, POINT_KEY_IN_SCOPE]
)
async def test_who_has_shown_who_it_is_is_not_counted(shown: str) -> None:
    asked = asyncio.Event()

    async def known(request: Request) -> Response:
        # As the guard and the intake do, in the very scope of the request.
        request.scope[shown] = "somebody"
        if "waits" in request.query_params:
            asked.set()
            await asyncio.Event().wait()
        return PlainTextResponse("page")

    connections = Connections(100, 1)
    app = Starlette(routes=[Route("/", known)])
    async with serving(app, http=protocol_of(connections), timeout_graceful_shutdown=0) as address:
        host, _, port = address.partition(":")
        clients = [Client(*await asyncio.open_connection(host, int(port))) for _ in range(2)]
        try:
            clients[1].send(GET)
            await clients[1].answer()
            assert connections.counted(HERE) == 0
            assert connections.displaced == 1  # The first of the two, which said nothing.
            waits = Client(*await asyncio.open_connection(host, int(port)))
            clients.append(waits)
            waits.send(GET.replace(b"/ ", b"/?waits=1 "))
            await asked.wait()
            # One whose first request is being answered is known by then.
            last = Client(*await asyncio.open_connection(host, int(port)))
            clients.append(last)
            await until(lambda: connections.counted(HERE) == 1)
            assert connections.displaced == 1
        finally:
            for client in clients:
                client.writer.transport.abort()


async def test_a_proxy_is_not_counted_and_others_of_its_kind_are() -> None:
    connections = Connections(100, 2, proxies=["10.0.0.0/8", "2001:db8::1"])
    async with site() as it:
        await it.connect()
        await until(lambda: bool(it.connections.heads))
        (one,) = it.connections.heads
        for address in ("10.1.2.3", "::ffff:10.1.2.3", "2001:db8::1"):
            assert connections.count(one, address) is None
        assert connections.count(one, "2001:db8::2") == "2001:db8::/64"
        assert connections.count(one, "pipe") == "pipe"
        assert (connections.counted("10.1.2.3"), connections.counted("2001:db8::3")) == (0, 1)


async def test_connections_that_have_gone_or_are_sockets_are_not_counted() -> None:
    async with site(per_address_max=2) as it:
        screen = await it.connect()
        screen.send(HANDSHAKE)
        await screen.answer(ends_with=b"snapshot")
        gone = await it.connect()
        await until(lambda: it.connections.counted(HERE) == 1)
        gone.writer.transport.abort()
        await until(lambda: it.connections.counted(HERE) == 0)
        assert it.connections.displaced == 0


def test_the_bound_of_an_address_bites_before_the_files_are_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(data=tmp_path)
    for files, bound in ((5, 1), (1_024, 102), (20_000, 2_000), (1_048_576, CONNECTIONS_PER_ADDRESS_MAX)):
        monkeypatch.setattr("server.settings.open_files_max", lambda files=files: files)
        assert settings.connections_per_address_cap == bound
    assert Settings(data=tmp_path, connections_per_address_max=7).connections_per_address_cap == 7


def test_a_server_counts_by_its_settings_and_says_so(tmp_path: Path) -> None:
    with (
        served(tmp_path / "data", DIEMCAU_CONNECTIONS_PER_ADDRESS_MAX="2") as server,
        httpx2.Client(trust_env=False) as one,
        httpx2.Client(trust_env=False) as two,
    ):
        for client in (one, two):
            assert client.get(f"{server.url}/healthz").status_code == 200
        text = httpx2.get(f"{server.url}/metrics", trust_env=False).text
    assert "diemcau_connections_displaced_total 1.0" in text


# What waits behind an answer.


async def test_no_more_requests_are_read_than_begin_in_one_piece_while_one_is_answered() -> None:
    asked, go_on = asyncio.Event(), asyncio.Event()

    async def late(request: Request) -> Response:
        asked.set()
        await go_on.wait()
        return PlainTextResponse("page")

    connections = Connections(100)
    async with serving(Starlette(routes=[Route("/", late)]), http=protocol_of(connections)) as address:
        host, _, port = address.partition(":")
        client = Client(*await asyncio.open_connection(host, int(port)))
        await until(lambda: bool(connections.heads))
        connection: Any = next(iter(connections.heads))
        client.send(GET * 10_000)
        await asked.wait()
        most = 0
        for _ in range(200):
            await asyncio.sleep(0)
            most = max(most, len(connection.pipeline))
        assert 0 < most <= PIECE_BYTES // len(GET) + 1
        assert connection.flow.read_paused
        # Whoever is answered asks for what comes next, and must not be read on for either.
        connection.flow.resume_reading()
        assert connection.flow.read_paused
        client.writer.transport.abort()
        go_on.set()


async def test_requests_in_a_row_are_all_answered_however_many() -> None:
    async with site() as it:
        client = await it.connect()
        client.send(GET * 1_000)
        for _ in range(1_000):
            await client.answer()
        assert it.connections.late == 0


async def test_what_a_client_says_last_is_answered_before_it_is_hung_up_on() -> None:
    async with site() as it:
        for asked, answers in ((GET, 1), (GET * 3, 3), (GET * 300, 300), (GET + GET[:-5], 1), (GET + BLANK, 1)):
            client = await it.connect()
            client.send(asked)
            client.writer.write_eof()
            assert (await client.until_closed()).count(b"HTTP/1.1 200 OK") == answers, asked
        silent = await it.connect()
        silent.writer.write_eof()
        assert await silent.until_closed() == b""


async def test_what_came_before_a_request_that_cannot_be_read_is_answered_first() -> None:
    async with site() as it:
        for wrong in (b"hello\r\n\r\n", GET.replace(b"Host: x\r\n", b""), b"GET / HTTP/1.1\r\nA: " + b"a" * 80_000):
            client = await it.connect()
            client.send(GET + GET + wrong + GET)
            said = await client.until_closed()
            statuses = re.findall(rb"HTTP/1\.1 (\d+) ", said)
            assert statuses[:2] == [b"200", b"200"], wrong
            assert len(statuses) == 3, wrong
            assert statuses[2] in {b"400", b"431"}
            client.writer.close()


async def test_a_refused_client_may_go_on_for_a_while_but_not_for_ever() -> None:
    async with site(head_timeout_s=0.3) as it:
        patient = await it.connect()
        patient.send(b"hello\r\n\r\n")
        assert (await patient.until_closed()).startswith(b"HTTP/1.1 400 ")
        await until(lambda: it.connections.late == 1)
    async with site() as it:
        talkative = await it.connect()
        talkative.send(b"hello\r\n\r\n" + b"x" * (REFUSED_BYTES_MAX + 1))
        async with asyncio.timeout(WAIT_S):
            while not talkative.writer.is_closing():
                talkative.send(b"x" * 10_000)
                await asyncio.sleep(0)


@pytest.mark.parametrize(
    "around",
    [b"1;" + b"a" * 70_000, b"0\r\nT: " + b"a" * 70_000, b"0\r\n" + b"T: a\r\n" * 20_000],
    ids=["an extension of a chunk", "a trailer", "trailers"],
)
async def test_what_stands_around_chunks_has_an_end(around: bytes) -> None:
    async with site() as it:
        client = await it.connect()
        client.send(b"POST /never HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" + around)
        async with asyncio.timeout(WAIT_S):
            assert (await client.reader.readline()).startswith(b"HTTP/1.1 4")


@pytest.mark.parametrize(
    "sent",
    [
        GET,
        b"",
        GET[:-5],
        GET * 30,
        b"hello\r\n\r\n",
        b"POST /never HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nabc",
        GET.replace(b"/", b"/" + b"a" * 5_000, 1),
        b"POST / HTTP/1.1\r\n\r\n",
        b"GET ftp://x/ HTTP/1.1\r\nHost: x\r\n\r\n",
    ],
    ids=[
        "a request",
        "nothing",
        "half a head",
        "requests in a row",
        "no request",
        "half a body",
        "an address too long",
        "no Host",
        "an address of nobody's",
    ],
)
async def test_a_connection_that_has_gone_leaves_nothing_to_the_collector(sent: bytes) -> None:
    async with site() as it:
        client = await it.connect()
        await until(lambda: bool(it.connections.heads))
        connection: Any = next(iter(it.connections.heads))
        left = weakref.ref(connection)
        gc.disable()
        try:
            client.send(sent)
            await asyncio.sleep(0.05)
            del connection
            await it.close()
            await until(lambda: left() is None)
        finally:
            gc.enable()
