"""Upgrade offers in a request (RFC 9110 §7.8): which is accepted, and how a head reads without one that is not.

The parser stops after a head that offers an upgrade and takes what follows for the other protocol, so the body would be
lost or read as the next request. Java's own HTTP client offers h2c with every request over plain HTTP.
"""

from collections.abc import Sequence

Headers = Sequence[tuple[bytes, bytes]]
"""Names in lower case, and values, in the order in which they came."""


def is_handshake(method: str, http_version: str, headers: Headers) -> bool:
    """Whether a request asks for a WebSocket (RFC 6455 §4.1). Any other offer is ignored, and the request is what it
    would be without: another token, several of them, another method, HTTP/1.0."""
    if method != "GET" or http_version != "1.1":
        return False
    # A list may stand in several lines (RFC 9110 §5.3).
    return tokens(headers, b"upgrade") == [b"websocket"] and b"upgrade" in tokens(headers, b"connection")


def tokens(headers: Headers, name: bytes) -> list[bytes]:
    """The tokens of a list, in lower case, from all of its lines."""
    values = b",".join(value for each, value in headers if each == name)
    return [token for each in values.split(b",") if (token := each.strip().lower())]


def without_offer(method: str, target: bytes, http_version: str, headers: Headers) -> bytes:
    """The head of a request without its upgrade offer.

    What the parser has let through holds no line break, so it cannot mean anything else when it is read again.
    """
    lines = [b"%s %s HTTP/%s" % (method.encode(), target, http_version.encode())]
    lines += [name + b": " + value for name, value in headers if name != b"upgrade"]
    return b"\r\n".join([*lines, b"", b""])
