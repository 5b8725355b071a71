"""A request that offers another protocol is what it would be without the offer: its body is its body, whatever comes in
which pieces and behind what."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from server.net.connections import Connections
from server.net.http1 import protocol_of
from server.net.offers import is_handshake, without_offer
from tests.worlds.raw import Raw
from tests.worlds.serving import WAIT_S, serving

METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND"]
H2C = b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAEAAEAA\r\n"
"""What Java's own client sends over plain HTTP."""
OFFERS = {
    "none": b"",
    "h2c": H2C,
    "TLS": b"Upgrade: TLS/1.0\r\nConnection: Upgrade\r\n",
    "several": b"Upgrade: websocket, h2c\r\nConnection: keep-alive, Upgrade\r\n",
    "in two lines": b"Upgrade: h2c\r\nConnection: keep-alive\r\nUpgrade: websocket\r\nConnection: UPGRADE\r\n",
    "without a name": b"Upgrade:\r\nConnection: Upgrade\r\n",
    "a socket, though it is no GET": b"Upgrade: WebSocket\r\nConnection: Upgrade\r\n",
}
BODY = b'{"id":"a1"}\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n'
"""Read as anything but a body it would be a request of its own."""


def with_length(body: bytes) -> tuple[bytes, bytes]:
    return b"Content-Length: %d\r\n" % len(body), body


def in_chunks(body: bytes) -> tuple[bytes, bytes]:
    chunks = b"".join(b"%x;a=b\r\n%s\r\n" % (len(part), part) for part in (body[:7], body[7:]) if part)
    return b"Transfer-Encoding: chunked\r\n", chunks + b"0\r\nHost: trailer\r\n\r\n"


FRAMINGS = {"a length": with_length, "chunks": in_chunks}


@dataclass(frozen=True)
class Asked:
    """A request, and what the application must see of it."""

    method: str
    offer: str
    framing: str
    body: bytes = BODY

    @property
    def path(self) -> str:
        return f"/{self.method}/{self.offer}/{self.framing}".replace(" ", "-").replace(",", "")

    @property
    def sent(self) -> bytes:
        length, body = FRAMINGS[self.framing](self.body)
        head = f"{self.method} {self.path} HTTP/1.1\r\nHost: x\r\n".encode()
        return head + OFFERS[self.offer] + length + b"\r\n" + body


ALL = [
    Asked(method, offer, framing)
    for method, offer, framing in itertools.product(METHODS, OFFERS, FRAMINGS)
    # That one is a handshake, if a broken one.
    if not (method == "GET" and offer.startswith("a socket"))
]


class Seen(msgspec.Struct):
    """What the application saw of a request."""

    method: str
    path: str
    host: list[str]
    body: str


@dataclass
class Echo:
    """An application that says what it has seen; a body that broke off it counts apart."""

    address: str = ""
    seen: int = 0
    broken_off: int = 0
    clients: list[Raw] = field(default_factory=list)

    async def show(self, request: Request) -> Response:
        try:
            body = (await request.body()).decode("latin-1")
        except ClientDisconnect:
            self.broken_off += 1
            raise
        self.seen += 1
        return JSONResponse(
            {
                "method": request.method,
                "path": request.url.path,
                "host": request.headers.getlist("host"),
                "body": body,
            }
        )

    async def connect(self) -> Raw:
        host, _, port = self.address.partition(":")
        self.clients.append(Raw(*await asyncio.open_connection(host, int(port))))
        return self.clients[-1]


@asynccontextmanager
async def echo() -> AsyncIterator[Echo]:
    made = Echo()
    app = Starlette(routes=[Route("/{path:path}", made.show, methods=METHODS)])
    async with serving(app, http=protocol_of(Connections(10_000))) as made.address:
        try:
            yield made
        finally:
            for client in made.clients:
                client.writer.transport.abort()


async def answer(client: Raw) -> Seen:
    """The next answer on a connection."""
    async with asyncio.timeout(WAIT_S):
        head = await client.reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200"), head
        length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
        return msgspec.json.decode(await client.reader.readexactly(length), type=Seen)


async def refusal(client: Raw) -> tuple[int | str, bytes]:
    """The status of the one answer that is left on a connection, and all behind its first line."""
    status = await client.status()
    async with asyncio.timeout(WAIT_S):
        rest = await client.reader.read()
    client.writer.close()
    return status, rest


def is_right(seen: Seen, asked: Asked) -> bool:
    return seen == Seen(asked.method, asked.path, ["x"], asked.body.decode("latin-1"))


@pytest.mark.parametrize("is_apart", [False, True], ids=["with its head", "after its head"])
async def test_the_body_is_the_body_whatever_is_offered(is_apart: bool) -> None:
    async with echo() as it:

        async def one_by_one(offer: str) -> None:
            client = await it.connect()
            for asked in (each for each in ALL if each.offer == offer):
                head, end, body = asked.sent.partition(b"\r\n\r\n")
                for part in [head + end, body] if is_apart else [asked.sent]:
                    client.send(part)
                    await asyncio.sleep(0)
                assert is_right(await answer(client), asked), asked

        async with asyncio.TaskGroup() as group:
            for offer in OFFERS:
                group.create_task(one_by_one(offer))
        assert it.seen == len(ALL)


async def test_requests_behind_one_another_are_answered_in_their_order() -> None:
    async with echo() as it:
        client = await it.connect()
        client.send(b"".join(asked.sent for asked in ALL))
        for asked in ALL:
            assert is_right(await answer(client), asked), asked
        assert it.seen == len(ALL)


def cuts(size: int) -> Iterator[list[int]]:
    """Every way to cut bytes in two, and byte by byte."""
    yield from ([at] for at in range(1, size))
    yield [*range(1, size)]


async def answers(it: Echo, sent: bytes, cut: list[int], count: int) -> list[Seen]:
    """The answers to bytes that arrive in pieces, as they were cut."""
    client = await it.connect()
    for begin, end in itertools.pairwise([0, *cut, len(sent)]):
        client.send(sent[begin:end])
        await asyncio.sleep(0)
    return [await answer(client) for _ in range(count)]


@pytest.mark.parametrize("framing", FRAMINGS)
async def test_where_a_request_is_cut_means_nothing(framing: str) -> None:
    asked = Asked("POST", "h2c", framing, BODY[:20])
    behind = Asked("POST", "TLS", framing, b"x")
    async with echo() as it:
        for cut in cuts(len(asked.sent)):
            seen = await answers(it, asked.sent + behind.sent, cut, 2)
            assert is_right(seen[0], asked), cut
            assert is_right(seen[1], behind), cut


@settings(max_examples=20, deadline=None)
@given(
    asked=st.lists(
        st.builds(
            Asked,
            st.sampled_from(METHODS[1:]),
            st.sampled_from([*OFFERS]),
            st.sampled_from([*FRAMINGS]),
            st.binary(max_size=6_000),
        ),
        min_size=1,
        max_size=6,
    ),
    data=st.data(),
)
def test_any_requests_in_any_pieces_are_seen_as_they_were_sent(asked: list[Asked], data: st.DataObject) -> None:
    sent = b"".join(each.sent for each in asked)
    cut = sorted(data.draw(st.sets(st.integers(1, len(sent) - 1), max_size=8)))

    async def run() -> list[Seen]:
        async with echo() as it:
            return await answers(it, sent, cut, len(asked))

    assert all(map(is_right, asyncio.run(run()), asked))


@pytest.mark.parametrize("offer", ["none", "h2c"])
async def test_a_large_body_that_comes_with_the_end_of_its_head_is_no_large_head(offer: str) -> None:
    asked = Asked("POST", offer, "a length", b"x" * 1_000_000)
    async with echo() as it:
        client = await it.connect()
        client.send(asked.sent[: asked.sent.index(b"\r\n\r\n")])
        await asyncio.sleep(0.01)
        client.send(asked.sent[asked.sent.index(b"\r\n\r\n") :] + asked.sent)
        assert is_right(await answer(client), asked)
        assert is_right(await answer(client), asked)


BROKEN_OFF = {
    f"{offer}, {framing}": Asked("POST", offer, framing).sent[:-cut]
    for offer in ("none", "h2c")
    for framing, cut in (("a length", 1), ("chunks", 30))
}


@pytest.mark.parametrize("name", BROKEN_OFF)
async def test_a_body_that_ends_too_soon_is_an_error_and_never_a_shorter_body(name: str) -> None:
    async with echo() as it:
        client = await it.connect()
        client.send(BROKEN_OFF[name])
        client.writer.write_eof()
        status, rest = await refusal(client)
        assert (status, b"shorter than its head says" in rest) == (400, True)
        assert (it.seen, it.broken_off) == (0, 1)


@pytest.mark.parametrize("body", [b"", b"Content-Length: 3\r\n\r\nabc"])
@pytest.mark.parametrize("target", [b"x:80", b"/", b"http://x/"])
async def test_there_are_no_tunnels_and_nothing_behind_one_is_a_request(target: bytes, body: bytes) -> None:
    async with echo() as it:
        client = await it.connect()
        head = b"CONNECT " + target + b" HTTP/1.1\r\nHost: x\r\n"
        client.send(head + (body or b"\r\n") + Asked("POST", "none", "a length").sent)
        status, rest = await refusal(client)
        assert (status, b"HTTP/1.1" in rest, it.seen) == (501, False, 0)


async def test_what_an_offer_cannot_have_is_refused_as_without_it() -> None:
    async with echo() as it:
        for fault in (
            b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n",
            b"Transfer-Encoding: identity\r\n",
            b"Host: y\r\n",
        ):
            client = await it.connect()
            client.send(b"POST / HTTP/1.1\r\nHost: x\r\n" + H2C + fault + b"\r\nabc" + BODY)
            assert (await refusal(client))[0] == 400, fault
        assert it.seen == 0


HANDSHAKE = [(b"upgrade", b"websocket"), (b"connection", b"Upgrade")]


@pytest.mark.parametrize(
    ("method", "version", "headers", "is_one"),
    [
        ("GET", "1.1", HANDSHAKE, True),
        ("GET", "1.1", [(b"connection", b"keep-alive"), *HANDSHAKE], True),
        ("GET", "1.1", [*HANDSHAKE, (b"connection", b"keep-alive")], True),
        ("GET", "1.1", [(b"upgrade", b" WebSocket "), (b"connection", b"a ,\tUPGRADE, b")], True),
        ("POST", "1.1", HANDSHAKE, False),
        ("GET", "1.0", HANDSHAKE, False),
        ("GET", "1.1", [*HANDSHAKE, (b"upgrade", b"h2c")], False),
        ("GET", "1.1", [(b"upgrade", b"websocket, h2c"), (b"connection", b"Upgrade")], False),
        ("GET", "1.1", [(b"upgrade", b"websocket")], False),
        ("GET", "1.1", [(b"upgrade", b"websocket"), (b"connection", b"upgrades")], False),
        ("GET", "1.1", [(b"connection", b"Upgrade")], False),
    ],
)
def test_what_is_a_handshake(method: str, version: str, headers: list[tuple[bytes, bytes]], is_one: bool) -> None:
    assert is_handshake(method, version, headers) is is_one


def test_a_head_without_its_offer_is_the_rest_of_it() -> None:
    headers = [(b"host", b"x"), (b"upgrade", b"h2c"), (b"connection", b"Upgrade, close"), (b"content-length", b"3")]
    assert without_offer("POST", b"/a?b", "1.0", headers) == (
        b"POST /a?b HTTP/1.0\r\nhost: x\r\nconnection: Upgrade, close\r\ncontent-length: 3\r\n\r\n"
    )
