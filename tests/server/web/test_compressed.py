"""What is public travels compressed, packed once; nothing that is for one account alone does."""

import asyncio
import gzip
from collections.abc import Callable
from typing import Any

import pytest
from starlette.responses import Response
from starlette.testclient import TestClient
from starlette.types import Message, Scope

from dashboard import static
from server.app import App
from server.auth.roles import Role
from server.routes.static import TEXTS
from server.web.compressed import (
    ASIDE_FROM_BYTES,
    COMPRESSED_FROM_BYTES,
    CompressedResponse,
    Gzipped,
    compressed,
    gzipped,
    takes_gzip,
)
from tests.worlds.people import account, sign_in

LONG = b"<p>14.774</p>" * 200
UNIT = "/units/P1?frame=1"


def asking(*said: str) -> Scope:
    return {"type": "http", "headers": [(b"accept-encoding", each.encode()) for each in said]}


async def sent(response: Response, scope: Scope) -> tuple[dict[str, str], bytes]:
    messages: list[Message] = []

    async def send(message: Message) -> None:
        messages.append(message)

    async def receive() -> Message:
        raise AssertionError("nobody asks")

    await response(scope, receive, send)
    start, body = messages
    return {name.decode(): value.decode() for name, value in start["headers"]}, body["body"]


@pytest.mark.parametrize(
    ("said", "takes"),
    [
        (("gzip, deflate, br, zstd",), True),
        (("br;q=1.0, GZIP;q=0.8, *;q=0.1",), True),
        (("identity", "gzip"), True),
        (("x-gzip",), True),
        (("*",), True),
        (("gzip ; q=0.001",), True),
        (("gzip;q=0",), False),
        (("gzip;q=0.000, *",), False),
        (("*;q=0",), False),
        (("br",), False),
        (("gzip;q=much",), False),
        (("",), False),
        ((), False),
    ],
)
def test_who_takes_gzip(said: tuple[str, ...], takes: bool) -> None:
    assert takes_gzip(asking(*said)) is takes


async def test_an_answer_goes_packed_to_whoever_takes_it_and_as_it_is_to_others() -> None:
    headers = {"ETag": '"abc"', "Cache-Control": "no-cache"}
    answer = CompressedResponse(LONG, headers=headers, media_type="text/html", packing=gzipped(LONG))
    packed, body = await sent(answer, asking("gzip"))
    assert gzip.decompress(body) == LONG
    assert (packed["content-encoding"], packed["content-length"]) == ("gzip", str(len(body)))
    plain, body = await sent(answer, asking())
    assert body == LONG
    assert plain["content-length"] == str(len(LONG))
    assert "content-encoding" not in plain
    for each in (packed, plain):
        assert (each["vary"], each["cache-control"]) == ("Accept-Encoding", "no-cache")
    # A strong tag names bytes: the packed ones are others, so theirs is weak.
    assert (plain["etag"], packed["etag"]) == ('"abc"', 'W/"abc"')


async def test_a_small_answer_goes_as_it_is() -> None:
    small = Response(b"x" * (COMPRESSED_FROM_BYTES - 1))
    assert compressed(small) is small
    headers, _ = await sent(small, asking("gzip"))
    assert "vary" not in headers


async def test_another_header_of_an_answer_stays() -> None:
    answer = compressed(Response(LONG, 201, {"Vary": "Origin", "X-Own": "1"}, "text/plain"))
    headers, _ = await sent(answer, asking("gzip"))
    assert (answer.status_code, headers["vary"], headers["x-own"]) == (201, "Origin, Accept-Encoding", "1")


@pytest.mark.parametrize("size", [COMPRESSED_FROM_BYTES, ASIDE_FROM_BYTES])
async def test_a_body_is_packed_once_for_all_who_ask_at_the_same_time(size: int) -> None:
    reads: list[int] = []

    def read() -> bytes:
        reads.append(size)
        return b"x" * size

    packing = Gzipped(read, aside=size >= ASIDE_FROM_BYTES)
    asked = await asyncio.gather(*(packing.packed() for _ in range(20)))
    assert reads == [size]
    assert all(each is asked[0] for each in asked)


async def test_one_who_gives_up_leaves_the_packing_to_the_next() -> None:
    packing = Gzipped(lambda: LONG, aside=True)
    gone = asyncio.create_task(packing.packed())
    await asyncio.sleep(0)
    gone.cancel()
    assert gzip.decompress(await packing.packed()) == LONG


@pytest.mark.parametrize("path", ["/?frame=1", UNIT, "/live/board", "/api/v1/units", static.url("css/hall.css")])
def test_what_is_public_is_packed(client: TestClient, path: str) -> None:
    plain = client.get(path, headers={"Accept-Encoding": "identity"})
    packed = client.get(path, headers={"Accept-Encoding": "gzip"})
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert int(packed.headers["content-length"]) < len(plain.content) / 2
    assert packed.content == plain.content
    for answer in (plain, packed):
        assert answer.status_code == 200
        assert "Accept-Encoding" in answer.headers["vary"]
    assert packed.headers["cache-control"] == plain.headers["cache-control"]
    assert packed.headers["content-type"] == plain.headers["content-type"]


@pytest.mark.parametrize("path", ["/live/board", "/api/v1/units", "/api/v1/standings"])
def test_whoever_has_the_packed_bytes_is_told_so(client: TestClient, path: str) -> None:
    tag = client.get(path, headers={"Accept-Encoding": "gzip"}).headers["etag"]
    again = client.get(path, headers={"Accept-Encoding": "gzip", "If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    assert "Accept-Encoding" in again.headers["vary"]


def test_a_poll_at_the_same_position_gets_the_same_packed_bytes(client: TestClient, monkeypatch: Any) -> None:
    packs = counted(monkeypatch)
    for _ in range(3):
        client.get("/live/board", headers={"Accept-Encoding": "gzip"})
    assert len(packs) == 1


def test_a_page_is_packed_once_for_a_hall_that_opens_it_together(client: TestClient, monkeypatch: Any) -> None:
    packs = counted(monkeypatch)
    for _ in range(3):
        client.get(UNIT, headers={"Accept-Encoding": "gzip"})
    assert len(packs) == 1


def counted(monkeypatch: Any) -> list[int]:
    """The bytes of each body that is packed from now on."""
    packs: list[int] = []
    pack: Callable[..., bytes] = gzip.compress

    def count(body: bytes, *rest: Any, **more: Any) -> bytes:
        packs.append(len(body))
        return pack(body, *rest, **more)

    monkeypatch.setattr("server.web.compressed.gzip.compress", count)
    return packs


@pytest.mark.parametrize("path", ["/control", "/control/presenter", "/account", "/live/control"])
def test_what_is_for_one_account_alone_goes_as_it_is(app: App, client: TestClient, path: str) -> None:
    account(app, "op", Role.OPERATOR)
    assert sign_in(client, "op") == 303
    answer = client.get(path, headers={"Accept-Encoding": "gzip", "Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == 200
    assert len(answer.content) > COMPRESSED_FROM_BYTES
    assert "content-encoding" not in answer.headers


def test_fonts_are_packed_already(client: TestClient) -> None:
    answer = client.get(static.url("fonts/BeVietnamPro-Bold.woff2"), headers={"Accept-Encoding": "gzip"})
    assert "content-encoding" not in answer.headers
    assert ".woff2" not in TEXTS
