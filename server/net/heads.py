"""Request heads: how large one may be, what makes one invalid here, and the answer to those."""

from collections.abc import Iterable
from dataclasses import dataclass
from http import HTTPStatus

import httptools

from server.web.problems import Problem, problem_response

HEAD_BYTES_MAX = 64 * 1024
"""Bytes of a head, or of what stands around and behind the chunks of a body, to the nearest PIECE_BYTES."""
TARGET_BYTES_MAX = 4 * 1024
"""Longest path with query: no page needs a longer one, and parsing a query takes the loop's time."""
VERSIONS = {"1.0", "1.1"}


@dataclass(frozen=True)
class Refused:
    """Why a head is refused, and the last answer on its connection. ``code`` is its name for programs, ``headers`` are
    the lines that end the connection.

    Not an exception: one instance raised again and again would keep every connection that raised it alive.
    """

    status: int
    code: str
    detail: str
    headers: bytes = b"connection: close\r\n"

    def answer(self, defaults: Iterable[tuple[bytes, bytes]]) -> bytes:
        """The answer as it is written, a problem as everywhere; ``defaults`` are headers of every answer."""
        response = problem_response(Problem(self.status, self.code, self.detail))
        lines = b"".join(b"%s: %s\r\n" % each for each in (*defaults, *response.raw_headers))
        phrase = HTTPStatus(self.status).phrase.encode()
        return b"HTTP/1.1 %d %s\r\n%s%s\r\n%s" % (self.status, phrase, lines, self.headers, response.body)


UNREADABLE = Refused(400, "unreadable", "this is no request of HTTP/1.1")
BROKEN_OFF = Refused(400, "unreadable", "the body is shorter than its head says")
NO_HANDSHAKE = Refused(400, "unreadable", "this is no handshake of a WebSocket")
TOO_LONG = Refused(414, "address_too_long", f"the address is longer than {TARGET_BYTES_MAX} bytes")
OTHER_VERSION = Refused(
    426,
    "websocket_version",
    "another version of the WebSocket protocol was offered, expected 13",
    b"upgrade: websocket\r\nconnection: Upgrade, close\r\nsec-websocket-version: 13\r\n",
)
TOO_LARGE = Refused(431, "head_too_large", f"the head is larger than {HEAD_BYTES_MAX} bytes")
NO_TUNNEL = Refused(501, "no_tunnel", "there are no tunnels here")


def fault_of(version: str, hosts: int, head_bytes: int, target: bytes) -> Refused | None:
    """Why a head is refused, by its HTTP version, its number of Host headers, its size and its target; None if it is
    not."""
    if version not in VERSIONS:
        detail = f"HTTP/{version} is not spoken here, expected HTTP/1.1"
        return Refused(400 if version == "0.9" else 505, "http_version", detail)
    if hosts > 1 or (hosts == 0 and version == "1.1"):
        return Refused(400, "wrong_host", f"expected one Host, found {hosts}")
    if head_bytes > HEAD_BYTES_MAX:
        return TOO_LARGE
    if len(target) > TARGET_BYTES_MAX:
        return TOO_LONG
    return None


def take_host(target: bytes, headers: list[tuple[bytes, bytes]]) -> bytes | Refused:
    """Move the host of an absolute-form target into the headers, whatever Host says (RFC 9112 §3.2.2); returns the rest
    of the target, or why it is refused."""
    try:
        parsed = httptools.parse_url(target)
    except httptools.HttpParserInvalidURLError:
        return UNREADABLE
    if not parsed.host or parsed.userinfo or parsed.schema.lower() not in {b"http", b"https"}:
        return UNREADABLE
    host = b"[%s]" % parsed.host if b":" in parsed.host else parsed.host
    host += b":%d" % parsed.port if parsed.port else b""
    # In place, because the scope holds this very list.
    headers[:] = [(b"host", host), *((name, value) for name, value in headers if name != b"host")]
    return (parsed.path or b"/") + (b"?" + parsed.query if parsed.query is not None else b"")
