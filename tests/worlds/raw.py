"""A client that writes bytes as it likes and reads the server's frames one by one."""

import asyncio
from dataclasses import dataclass

from tests.worlds.serving import WAIT_S

HANDSHAKE = (
    b"GET /live/board HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)
CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0x0, 0x1, 0x2, 0x8, 0x9, 0xA
MASK = b"\x37\xfa\x21\x3d"
HUGE = 2**63
GONE = "gone"
"""The connection ends without a close frame."""
STILL_OPEN = "still open"


def frame(
    opcode: int, payload: bytes = b"", *, fin: bool = True, reserved: int = 0, masked: bool = True, claims: int = 0
) -> bytes:
    """A client's frame; ``claims`` is the length that its head names instead of the payload's."""
    size = claims or len(payload)
    first = bytes(((0x80 if fin else 0) | reserved << 4 | opcode,))
    mask_bit = 0x80 if masked else 0
    if size < 126:
        head = first + bytes((mask_bit | size,))
    elif size < 0x10000:
        head = first + bytes((mask_bit | 126,)) + size.to_bytes(2, "big")
    else:
        head = first + bytes((mask_bit | 127,)) + size.to_bytes(8, "big")
    if not masked:
        return head + payload
    return head + MASK + bytes(byte ^ MASK[at % 4] for at, byte in enumerate(payload))


def parts(opcode: int, payload: bytes, count: int) -> bytes:
    """A message in ``count`` fragments of about the same size."""
    step = -(-len(payload) // count)
    pieces = [payload[at : at + step] for at in range(0, len(payload), step)]
    last = len(pieces) - 1
    return b"".join(frame(CONTINUATION if at else opcode, each, fin=at == last) for at, each in enumerate(pieces))


def close_payload(code: int, reason: bytes = b"") -> bytes:
    return code.to_bytes(2, "big") + reason


@dataclass
class Raw:
    """A client that sends what it likes and reads frames byte by byte."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    def send(self, data: bytes) -> None:
        self.writer.write(data)

    async def frame(self) -> tuple[int, bytes]:
        """The server's next frame: opcode and payload.

        Raises:
            IncompleteReadError, ConnectionError: If there is none any more.
        """
        async with asyncio.timeout(WAIT_S):
            first, size = await self.reader.readexactly(2)
            assert first & 0xF0 == 0x80, "the server sends whole frames without extensions"
            assert size < 128, "a server's frames are not masked"
            if size == 126:
                size = int.from_bytes(await self.reader.readexactly(2), "big")
            elif size == 127:
                size = int.from_bytes(await self.reader.readexactly(8), "big")
            return first & 0x0F, await self.reader.readexactly(size)

    async def until(self, opcode: int, having: bytes = b"") -> bytes:
        """The payload of the next frame of an opcode that has these bytes in it."""
        while True:
            found, payload = await self.frame()
            if found == opcode and having in payload:
                return payload

    async def end(self) -> int | str:
        """What the server closes with; after that, and our own close frame, it must send nothing and hang up."""
        try:
            payload = await self.until(CLOSE)
        except (asyncio.IncompleteReadError, ConnectionError):
            return GONE
        except TimeoutError:
            return STILL_OPEN
        self.send(frame(CLOSE, payload))
        try:
            async with asyncio.timeout(WAIT_S):
                assert await self.reader.read(1) == b"", "something came after the close frame"
        except ConnectionError:
            pass  # It hung up on bytes of ours that it had not read.
        return int.from_bytes(payload[:2], "big") if payload else 1005

    async def status(self) -> int | str:
        """The status with which the server answers a request, GONE if it hangs up without a word."""
        async with asyncio.timeout(WAIT_S):
            line = await self.reader.readline()
        return int(line.split()[1]) if line else GONE
