"""Answers that travel compressed: what is public and the same for all who ask, packed once.

An answer with a secret in it, beside words that whoever asks may choose, would tell of the secret by its length
(BREACH). So this is no middleware over everything: what is for one account alone, or is not kept, goes as it is.
"""

import asyncio
import gzip
from collections.abc import Callable, Mapping
from functools import lru_cache

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

COMPRESSED_FROM_BYTES = 1_400
"""A smaller body fits into one packet as it is."""
ASIDE_FROM_BYTES = 16 * 1024
"""Larger bodies are packed in another thread: 16 KB take zlib 0.3 ms, in which it lets go of the interpreter."""
LEVEL = 4
"""Of the big screen of 30 districts and 579 wards, 140 KB, it leaves 38.5, in 2.1 ms; 6 leaves 37.2, in 4.9, and 1
leaves 42.4, in 1.2."""
VARY = "Accept-Encoding"
SAYINGS_KEPT = 64
"""How many wordings of Accept-Encoding are remembered; browsers have a handful."""


class Gzipped:
    """What ``read`` gives, packed with gzip when it is first asked for, and kept.

    With ``aside`` both are done in another thread, and the event loop goes on.
    """

    __slots__ = ("_aside", "_level", "_lock", "_packed", "_read")

    def __init__(self, read: Callable[[], bytes], *, aside: bool, level: int = LEVEL) -> None:
        self._read = read
        self._aside = aside
        self._level = level
        self._packed: bytes | None = None
        self._lock = asyncio.Lock()

    async def packed(self) -> bytes:
        """The packed bytes; all who ask meanwhile wait for the same ones."""
        if self._packed is None:
            async with self._lock:
                if self._packed is None:
                    self._packed = await asyncio.to_thread(self._pack) if self._aside else self._pack()
        return self._packed

    def _pack(self) -> bytes:
        # Without the time, so that the same bytes are packed alike, and by zlib in one go.
        return gzip.compress(self._read(), self._level, mtime=0)


def gzipped(body: bytes) -> Gzipped | None:
    """A body to be packed, None if it is not worth it."""
    if len(body) < COMPRESSED_FROM_BYTES:
        return None
    return Gzipped(lambda: body, aside=len(body) >= ASIDE_FROM_BYTES)


class CompressedResponse(Response):
    """An answer whose body goes packed to whoever takes gzip."""

    def __init__(
        self,
        body: bytes,
        status_code: int = 200,
        headers: Mapping[str, str] | None = None,
        media_type: str | None = None,
        *,
        packing: Gzipped | None,
    ) -> None:
        super().__init__(body, status_code, headers, media_type)
        self.packing = packing
        if packing is not None:
            self.headers.add_vary_header(VARY)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it as the asker takes it."""
        if self.packing is None or not takes_gzip(scope):
            await super().__call__(scope, receive, send)
            return
        body = await self.packing.packed()
        start: Message = {
            "type": "http.response.start",
            "status": self.status_code,
            "headers": packed_headers(self.headers, len(body)),
        }
        await send(start)
        await send({"type": "http.response.body", "body": body})


def compressed(response: Response) -> Response:
    """The same answer, to be sent packed where that is worth it."""
    body = bytes(response.body)
    packing = gzipped(body)
    if packing is None:
        return response
    made = CompressedResponse(body, response.status_code, packing=None)
    made.raw_headers, made.packing = response.raw_headers, packing
    made.headers.add_vary_header(VARY)
    return made


def packed_headers(headers: MutableHeaders, size: int) -> list[tuple[bytes, bytes]]:
    """The headers of an answer when its body goes packed, in so many bytes."""
    packed = MutableHeaders(raw=[*headers.raw])
    packed["content-length"] = str(size)
    packed["content-encoding"] = "gzip"
    etag = packed.get("etag")
    if etag is not None and not etag.startswith("W/"):
        # A strong tag names the bytes that travel, and these are others.
        packed["etag"] = f"W/{etag}"
    return packed.raw


def takes_gzip(scope: Scope) -> bool:
    """Whether whoever asks takes gzip (RFC 9110 §12.5.3); who says nothing may not know it."""
    said = Headers(scope=scope).getlist("accept-encoding")
    return bool(said) and _takes_gzip(",".join(said))


@lru_cache(SAYINGS_KEPT)
def _takes_gzip(said: str) -> bool:
    weights = {}
    for element in said.lower().split(","):
        name, *parameters = (part.strip() for part in element.split(";"))
        weights[name] = next((part[2:].strip() for part in parameters if part.startswith("q=")), "1")
    weight = next((weights[name] for name in ("gzip", "x-gzip", "*") if name in weights), "0")
    try:
        return float(weight) > 0
    except ValueError:
        return False
