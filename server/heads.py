"""Heads of requests: how large one may be, and what in it makes it none of ours."""

import httptools

HEAD_BYTES_MAX = 64 * 1024
"""Bytes of a head, or of what stands around and behind the chunks of a body, to the nearest PIECE_BYTES."""
TARGET_BYTES_MAX = 4 * 1024
"""Of an address with its query: no page of ours has a longer one, and to take a query apart costs the loop its time."""
VERSIONS = {"1.0", "1.1"}


class Refused(Exception):  # noqa: N818 - an answer, never leaves server/http.py
    """A head that is no request of ours."""

    def __init__(self, status: int, detail: str) -> None:
        self.status = status
        self.detail = detail
        super().__init__(detail)


UNREADABLE = Refused(400, "This is no request of HTTP/1.1.")
BROKEN_OFF = Refused(400, "The body is shorter than its head says.")
TOO_LONG = Refused(414, f"The address is longer than {TARGET_BYTES_MAX} bytes.")
TOO_LARGE = Refused(431, f"The head is larger than {HEAD_BYTES_MAX} bytes.")
NO_TUNNEL = Refused(501, "There are no tunnels here.")


def fault_of(version: str, hosts: int, head_bytes: int, target: bytes) -> Refused | None:
    """Why a head is none of ours, by its version of HTTP, how many times it has Host, its size and its target."""
    if version not in VERSIONS:
        return Refused(400 if version == "0.9" else 505, f"HTTP/{version} is not spoken here, but HTTP/1.1.")
    if hosts > 1 or (hosts == 0 and version == "1.1"):
        return Refused(400, f"Expected one Host, found {hosts}.")
    if head_bytes > HEAD_BYTES_MAX:
        return TOO_LARGE
    if len(target) > TARGET_BYTES_MAX:
        return TOO_LONG
    return None


def take_host(target: bytes, headers: list[tuple[bytes, bytes]]) -> bytes | Refused:
    """Take the host of a target that is a whole address, whatever Host says (RFC 9112 §3.2.2), into the headers;
    returns the rest of the target, or why it is no address of ours."""
    try:
        parsed = httptools.parse_url(target)
    except httptools.HttpParserInvalidURLError:
        return UNREADABLE
    if not parsed.host or parsed.userinfo or parsed.schema.lower() not in {b"http", b"https"}:
        return UNREADABLE
    host = b"[%s]" % parsed.host if b":" in parsed.host else parsed.host
    host += b":%d" % parsed.port if parsed.port else b""
    # In place: the scope has this very list.
    headers[:] = [(b"host", host), *((name, value) for name, value in headers if name != b"host")]
    return (parsed.path or b"/") + (b"?" + parsed.query if parsed.query is not None else b"")
