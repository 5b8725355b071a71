"""Clients that break RFC 6455 and HTTP: what each is answered, and that nobody else notices.

Raw bytes go to the server's own protocols; beside them one well-behaved screen follows the topic.
"""

import asyncio
import logging
from collections.abc import Iterator

import pytest

from server.live.hub import PING_BEATS
from server.net.websocket import CLOSE_TALKATIVE, INBOUND_BYTES_MAX, INBOUND_ROUND_BYTES_MAX
from tests.worlds.nasty import nasty
from tests.worlds.raw import (
    BINARY,
    CLOSE,
    CONTINUATION,
    GONE,
    HUGE,
    PING,
    PONG,
    TEXT,
    close_payload,
    frame,
    parts,
)
from tests.worlds.serving import WAIT_S

TOO_LONG = b"x" * (INBOUND_BYTES_MAX + 1)
FITS = b"x" * INBOUND_BYTES_MAX
ASK = b'{"type":"time","id":7}'
TOLD = b'"type":"time","id":7,'
NAME = "Điểm Cầu".encode()
BROKEN_OFF = NAME[:-2]

ROWS: dict[str, tuple[bytes, int | str]] = {
    "a text that is not masked": (frame(TEXT, b"hello", masked=False), 1002),
    "a ping that is not masked": (frame(PING, masked=False), 1002),
    "a close that is not masked": (frame(CLOSE, close_payload(1000), masked=False), 1002),
    **{f"reserved bit {bit}": (frame(TEXT, b"hello", reserved=bit), 1002) for bit in (4, 2, 1)},
    "a reserved bit on a ping": (frame(PING, reserved=4), 1002),
    "a reserved bit on a fragment": (frame(TEXT, b"a", fin=False) + frame(CONTINUATION, b"b", reserved=4), 1002),
    **{f"opcode {code}": (frame(code, b"x"), 1002) for code in (3, 4, 5, 6, 7, 11, 12, 13, 14, 15)},
    "a continuation of nothing": (frame(CONTINUATION, b"x"), 1002),
    "a continuation of a whole message": (frame(TEXT, b"x") + frame(CONTINUATION, b"y"), 1002),
    "a text inside a text": (frame(TEXT, b"a", fin=False) + frame(TEXT, b"b"), 1002),
    "a binary inside a text": (frame(TEXT, b"a", fin=False) + frame(BINARY, b"b"), 1002),
    "a ping in fragments": (frame(PING, b"a", fin=False), 1002),
    "a pong in fragments": (frame(PONG, b"a", fin=False), 1002),
    "a close in fragments": (frame(CLOSE, close_payload(1000), fin=False), 1002),
    "a ping of 126 bytes": (frame(PING, b"x" * 126), 1002),
    "a pong of 126 bytes": (frame(PONG, b"x" * 126), 1002),
    "a close of 126 bytes": (frame(CLOSE, close_payload(1000, b"x" * 124)), 1002),
    "a ping that claims 64 KiB": (frame(PING, claims=0x10000), 1009),
    "no UTF-8": (frame(TEXT, b"\xff\xfe"), 1007),
    "UTF-8 that breaks off": (frame(TEXT, BROKEN_OFF), 1007),
    "a surrogate": (frame(TEXT, b"\xed\xa0\x80"), 1007),
    "an overlong slash": (frame(TEXT, b"\xc0\xaf"), 1007),
    "beyond Unicode": (frame(TEXT, b"\xf4\x90\x80\x80"), 1007),
    "no UTF-8, in fragments": (parts(TEXT, b"abc\xffdef", 7), 1007),
    "UTF-8 that breaks off in the last of its fragments": (parts(TEXT, BROKEN_OFF, len(BROKEN_OFF)), 1007),
    "a long text": (frame(TEXT, TOO_LONG), 1009),
    "a long binary": (frame(BINARY, TOO_LONG), 1009),
    "a long text in two": (parts(TEXT, TOO_LONG, 2), 1009),
    "a long text in a thousand": (parts(TEXT, TOO_LONG, 1_000), 1009),
    "empty fragments without end, then a long one": (
        frame(TEXT, fin=False) + frame(CONTINUATION, fin=False) * 1_000 + frame(CONTINUATION, TOO_LONG), 1009,
    ),
    "the head of a long text": (frame(TEXT, claims=len(TOO_LONG)), 1009),
    "the head of 2^63 - 1 bytes": (frame(BINARY, claims=HUGE - 1), 1009),
    "the head of 2^63 bytes": (frame(TEXT, claims=HUGE), 1009),
    "the head of 2^64 - 1 bytes": (frame(TEXT, claims=2 * HUGE - 1), 1009),
    "a close of one byte": (frame(CLOSE, b"\x03"), 1002),
    **{f"close code {code}": (frame(CLOSE, close_payload(code)), 1002) for code in (0, 999, 1004, 1005, 1006, 1015)},
    **{f"close code {code}": (frame(CLOSE, close_payload(code)), 1002) for code in (1016, 2999, 5000, 65535)},
    "a close reason that is no UTF-8": (frame(CLOSE, close_payload(1000, b"\xff")), 1007),
    "a close without a code": (frame(CLOSE), 1005),
    **{f"a close {code}": (frame(CLOSE, close_payload(code)), code) for code in (1000, 1001, 1011, 3000, 4999)},
    "a close with a reason": (frame(CLOSE, close_payload(1000, NAME)), 1000),
    # RFC 6455 §5.4 lets a close stand there; the library takes the message that stays unfinished for the fault.
    "a close between fragments": (frame(TEXT, b"a", fin=False) + frame(CLOSE, close_payload(1000)), 1002),
    "words after the close": (frame(CLOSE, close_payload(1000)) + frame(TEXT, ASK) + b"\xff" * 100, 1000),
    "a message after a broken one": (frame(TEXT, b"\xff") + frame(TEXT, ASK), 1007),
    "a flood of texts": (frame(TEXT, b"x") * 100, CLOSE_TALKATIVE),
    "a flood of pings": (frame(PING, b"x" * 100) * (INBOUND_ROUND_BYTES_MAX // 100), CLOSE_TALKATIVE),
    "a flood of empty fragments": (
        frame(TEXT, fin=False) + frame(CONTINUATION, fin=False) * (INBOUND_ROUND_BYTES_MAX // 6), CLOSE_TALKATIVE,
    ),
}  # fmt: skip


@pytest.fixture(autouse=True)
def no_traceback(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Nothing that a client sends may write a traceback, or an error at all."""
    caplog.set_level(logging.WARNING)
    yield
    assert [
        record.getMessage() for record in caplog.records if record.exc_info or record.levelno >= logging.ERROR
    ] == []


async def test_what_breaks_the_protocol_is_closed_with_its_code_and_nobody_else_notices() -> None:
    codes: dict[str, int | str] = {}
    async with nasty() as show:
        for name, (sent, _) in ROWS.items():
            client = await show.opened()
            client.send(sent)
            codes[name] = await client.end()
            await show.goes_on()
    wrong = {name: (code, ROWS[name][1]) for name, code in codes.items() if code != ROWS[name][1]}
    assert not wrong, "found, expected"


TALK: dict[str, tuple[bytes, list[tuple[int, bytes]]]] = {
    "a ping": (frame(PING, b"abc"), [(PONG, b"abc")]),
    "a ping without payload": (frame(PING), [(PONG, b"")]),
    "a ping of 125 bytes": (frame(PING, b"x" * 125), [(PONG, b"x" * 125)]),
    "pings in a row": (frame(PING, b"1") + frame(PING, b"2"), [(PONG, b"1"), (PONG, b"2")]),
    "a pong that nobody asked for": (frame(PONG, b"abc") + frame(PING, b"d"), [(PONG, b"d")]),
    "a question": (frame(TEXT, ASK), [(TEXT, TOLD)]),
    "a question in fragments": (parts(TEXT, ASK, 5), [(TEXT, TOLD)]),
    "a question and a ping in its midst": (
        frame(TEXT, ASK[:9], fin=False) + frame(PING, b"now") + frame(CONTINUATION, ASK[9:]),
        [(PONG, b"now"), (TEXT, TOLD)],
    ),
    "empty fragments around a question": (
        frame(TEXT, fin=False) + frame(CONTINUATION, ASK, fin=False) + frame(CONTINUATION), [(TEXT, TOLD)],
    ),
    "letters that fragments cut in two": (parts(TEXT, NAME, len(NAME)) + frame(PING, b"e"), [(PONG, b"e")]),
    "the longest text": (frame(TEXT, FITS) + frame(PING, b"f"), [(PONG, b"f")]),
    "the longest text in fragments": (parts(TEXT, FITS, 100) + frame(PING, b"g"), [(PONG, b"g")]),
    "no text at all": (frame(TEXT) + frame(BINARY) + frame(PING, b"h"), [(PONG, b"h")]),
    "bytes": (frame(BINARY, b"\xff\xfe\x00") + frame(PING, b"i"), [(PONG, b"i")]),
}  # fmt: skip


@pytest.mark.parametrize("piece_bytes", [1, 2, 10_000])
async def test_what_the_protocol_allows_is_answered_however_it_is_cut(piece_bytes: int) -> None:
    async with nasty() as show:
        for name, (sent, answers) in TALK.items():
            client = await show.opened()
            for at in range(0, len(sent), piece_bytes):
                client.send(sent[at : at + piece_bytes])
                if len(sent) < 200:
                    await asyncio.sleep(0)  # So that small ones arrive in pieces too.
            for opcode, having in answers:
                found, payload = await client.frame()
                assert (found, having in payload) == (opcode, True), name
            client.send(frame(CLOSE, close_payload(1000)))
            assert await client.end() == 1000, name
        await show.goes_on()


async def test_a_ping_in_the_midst_of_a_message_is_answered_before_its_end() -> None:
    async with nasty() as show:
        client = await show.opened()
        client.send(frame(TEXT, ASK[:9], fin=False) + frame(PING, b"now"))
        assert await client.frame() == (PONG, b"now")
        client.send(frame(CONTINUATION, ASK[9:]))
        assert TOLD in (await client.frame())[1]


@pytest.mark.parametrize(
    "said",
    [b"", b"\x81", frame(TEXT, b"hello")[:-1], frame(TEXT, b"a", fin=False)],
    ids=["nothing", "half a head", "half a frame", "half a message"],
)
async def test_a_client_that_falls_silent_is_cut_off_after_two_pings(said: bytes) -> None:
    async with nasty() as show:
        client = await show.opened()
        client.send(said)
        for _ in range(3 * PING_BEATS):
            show.hub.beat()
            async with asyncio.timeout(WAIT_S):
                await show.screen.recv()  # Its library answers the pings that come before.
        assert await client.end() == GONE
        assert show.hub.counters.silent == 1
        await show.goes_on()


START = b"GET /live/board HTTP/1.1\r\n"
HOST = b"Host: x\r\n"
UPGRADE = b"Upgrade: websocket\r\nConnection: Upgrade\r\n"
KEY = b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
VERSION = b"Sec-WebSocket-Version: 13\r\n"
REST = HOST + UPGRADE + KEY + VERSION
END = b"\r\n"

HANDSHAKES: dict[str, tuple[bytes, int | str]] = {
    "a handshake": (START + REST + END, 101),
    "half a handshake": (START + REST, GONE),
    "a handshake without its last byte": (START + REST + END[:1], GONE),
    "nothing": (b"", GONE),
    "blank lines": (END * 10, GONE),
    "a TLS hello": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(100), 400),
    "noise": (bytes(range(256)) * 4, 400),
    "words": (b"hello, is anybody there?\r\n\r\n", 400),
    "HTTP/2": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400),
    "a request of HTTP/0.9": (b"GET /live/board\r\n\r\n", 400),
    "a request that says so": (b"GET /live/board HTTP/0.9\r\nHost: x\r\n\r\n", 400),
    "HTTP/2.0": (START.replace(b"1.1", b"2.0") + REST + END, 505),
    # RFC 9110 §7.8: there, and with any method but GET, the offer counts for nothing.
    "HTTP/1.0": (START.replace(b"1.1", b"1.0") + REST + END, 200),
    "version 8": (START + HOST + UPGRADE + KEY + b"Sec-WebSocket-Version: 8\r\n" + END, 426),
    "version 130": (START + HOST + UPGRADE + KEY + b"Sec-WebSocket-Version: 130\r\n" + END, 426),
    "no version": (START + HOST + UPGRADE + KEY + END, 400),
    "two versions": (START + REST + b"Sec-WebSocket-Version: 8\r\n" + END, 400),
    "no key": (START + HOST + UPGRADE + VERSION + END, 400),
    "two keys": (START + REST + KEY + END, 400),
    "a key of 3 bytes": (START + HOST + UPGRADE + VERSION + b"Sec-WebSocket-Key: YWJj\r\n" + END, 400),
    "a key that is no base64": (START + HOST + UPGRADE + VERSION + b"Sec-WebSocket-Key: \xff%%%\r\n" + END, 400),
    "no Host": (START + UPGRADE + KEY + VERSION + END, 400),
    "two Hosts": (START + REST + b"Host: y\r\n" + END, 400),
    "two Connections": (START + HOST + b"Connection: keep-alive\r\n" + UPGRADE + KEY + VERSION + END, 101),
    "two Connections, the other way round": (
        START + HOST + UPGRADE + b"Connection: keep-alive\r\n" + KEY + VERSION + END,
        101,
    ),
    "two Upgrades": (START + REST + b"Upgrade: h2c\r\n" + END, 200),
    "no Connection": (START + HOST + b"Upgrade: websocket\r\n" + KEY + VERSION + END, 200),
    "another upgrade": (START + HOST + b"Upgrade: h2c\r\nConnection: Upgrade\r\n" + END, 200),
    "a Connection that is no list": (
        START + HOST + b"Upgrade: websocket\r\nConnection: Upgrade, ;\r\n" + KEY + END,
        400,
    ),
    "POST": (START.replace(b"GET", b"POST") + REST + END, 405),
    "POST with a body": (START.replace(b"GET", b"POST") + REST + b"Content-Length: 3\r\n" + END + b"abc", 405),
    "OPTIONS *": (b"OPTIONS * HTTP/1.1\r\n" + REST + END, 404),
    "CONNECT": (b"CONNECT x:80 HTTP/1.1\r\n" + REST + END, 501),
    "a body": (START + REST + b"Content-Length: 3\r\n" + END + b"abc", 400),
    "a body in chunks": (START + REST + b"Transfer-Encoding: chunked\r\n" + END + b"0\r\n\r\n", 400),
    "both lengths": (START + REST + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n" + END, 400),
    "200 headers": (START + REST + b"X-A: b\r\n" * 200 + END, 400),
    "a cookie of 9 KB": (START + REST + b"Cookie: " + b"a" * 9_000 + END + END, 400),
    "an address of 9 KB": (b"GET /live/" + b"a" * 9_000 + b" HTTP/1.1\r\n" + REST + END, 414),
    "a header that is folded": (START + REST + b"X-A: b\r\n c\r\n" + END, 400),
    "a header with a zero byte": (START + REST + b"X-A: b\x00c\r\n" + END, 400),
    "a name with a blank": (START + REST + b"X A: b\r\n" + END, 400),
    "lines without CR": ((START + REST + END).replace(b"\r\n", b"\n"), 400),
    "an address that is no ASCII": ("GET /live/điểm HTTP/1.1\r\n".encode() + REST + END, 400),
    "an address of broken letters": (b"GET /live/%ff%00 HTTP/1.1\r\n" + REST + END, 404),
    "a header of Vietnamese letters": (START + REST + "X-A: Điểm Cầu\r\n".encode() + END, 101),
    "an extension": (START + REST + b"Sec-WebSocket-Extensions: permessage-deflate\r\n" + END, 101),
    "a subprotocol": (START + REST + b"Sec-WebSocket-Protocol: x\r\n" + END, 101),
    "a subprotocol that is no name": (START + REST + b"Sec-WebSocket-Protocol: ;\r\n" + END, 400),
    "a frame that does not wait for the answer": (START + REST + END + frame(TEXT, ASK), 101),
}


async def test_what_is_no_handshake_is_answered_or_cut_off_and_nobody_else_notices() -> None:
    async with nasty() as show:
        clients = {name: await show.raw() for name in HANDSHAKES}
        for name, client in clients.items():
            client.send(HANDSHAKES[name][0])
        found = {name: await client.status() for name, client in clients.items()}
        await show.goes_on()
    wrong = {name: (status, HANDSHAKES[name][1]) for name, status in found.items() if status != HANDSHAKES[name][1]}
    assert not wrong, "found, expected"


async def test_the_answer_to_another_version_names_ours() -> None:
    async with nasty() as show:
        client = await show.raw()
        client.send(HANDSHAKES["version 8"][0])
        async with asyncio.timeout(WAIT_S):
            answer = await client.reader.read()
        assert b"\r\nsec-websocket-version: 13\r\n" in answer


async def test_extensions_and_subprotocols_that_we_lack_are_not_promised() -> None:
    async with nasty() as show:
        client = await show.raw()
        client.send(
            START + REST + b"Sec-WebSocket-Extensions: permessage-deflate\r\nSec-WebSocket-Protocol: x\r\n" + END
        )
        async with asyncio.timeout(WAIT_S):
            head = (await client.reader.readuntil(b"\r\n\r\n")).lower()
        assert head.startswith(b"http/1.1 101")
        assert b"s3pplmbitxaq9kygzzhzrbk+xoo=" in head
        assert b"extensions" not in head
        assert b"protocol:" not in head
