"""The load generator sends what it says, reads answers however they arrive, and does not hide a fault."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import msgspec
import pytest

from tests.bench.load import Plan, requests, run

SECRET = "whsec_testx"  # noqa: S105 - of nothing
UNITS = ("00688", "00691")
ANSWER = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}"
SERVER_ERROR = ANSWER.replace(b"200 OK", b"503 Busy")


@asynccontextmanager
async def answering(answer: bytes, bodies: list[bytes]) -> AsyncIterator[int]:
    """A server that gives this answer in two pieces and keeps the bodies; gives its port."""

    writers: list[asyncio.StreamWriter] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers.append(writer)
        while head := await reader.read(65_536):
            head, _, body = head.partition(b"\r\n\r\n")
            length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
            while len(body) < length:
                body += await reader.read(65_536)
            bodies.append(body)
            writer.write(answer[:30])
            await writer.drain()
            await asyncio.sleep(0)
            writer.write(answer[30:])
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]
        for writer in writers:
            await writer.wait_closed()


@pytest.mark.parametrize("items", [1, 3])
async def test_every_item_has_an_id_of_its_own(items: int) -> None:
    bodies: list[bytes] = []
    async with answering(ANSWER, bodies) as port:
        report = await run(Plan("r", port, UNITS, ("/in", "/empty"), 2, 0.02, 2, items), SECRET)
    decoded = [msgspec.json.decode(body) for body in bodies]
    ids = [item["id"] for body in decoded for item in (body if items > 1 else [body])]
    assert len(ids) == len(set(ids))
    assert all(len(body) == items for body in decoded if items > 1)
    assert len(report.rounds) == 2
    assert all(rate > 0 for round_ in report.rounds for rate in round_.items_per_s)
    assert 0 < report.sent < len(ids)


async def test_an_answer_other_than_200_ends_the_run() -> None:
    async with answering(SERVER_ERROR, []) as port:
        with pytest.raises(RuntimeError, match="503 Busy"):
            await run(Plan("r", port, UNITS, ("/in",), 1, 0.02, 2, 1), SECRET)


def test_a_request_says_how_long_its_body_is() -> None:
    make = requests(Plan("r", 1, UNITS, ("/in",), 1, 1, 1, 2), "/in", SECRET, [7])
    for whole in (make(), make()):
        head, _, body = whole.partition(b"\r\n\r\n")
        assert f"content-length: {len(body)}".encode() in head
        assert b"authorization: Bearer whsec_testx" in head
        assert [item["unit"] for item in msgspec.json.decode(body)] == ["00691", "00688"]
