"""Origins, parsed into scheme, host and port, so that different spellings of one compare equal.

A browser leaves the scheme's own port out of ``Origin``, writes it in lower case and an international name in ASCII;
a proxy's ``Host`` may have the port, capitals and the final dot of a name that is whole. RFC 6454 compares the three.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv6Address

DEFAULT_PORTS = {"http": 80, "https": 443}
PORT_MAX = 65_535
HOST_CHARS_MAX = 253

_SOCKETS = {"ws": "http", "wss": "https"}
_ORIGIN = re.compile(r"(https?)://(.+)", re.IGNORECASE)
# Underscores are not allowed in host names, but machines on local networks have them.
_HOST = re.compile(r"(?:([A-Za-z0-9._\-]+)|\[([0-9A-Fa-f:.]{2,45})\])(?::([0-9]{0,5}))?")


@dataclass(frozen=True)
class Origin:
    """Scheme (http or https), host (lower case, no final dot, no brackets) and port."""

    scheme: str
    host: str
    port: int

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}" + ("" if self.port == DEFAULT_PORTS[self.scheme] else f":{self.port}")


def origin_of(text: str) -> Origin | None:
    """The origin of an ``Origin`` header; None for "null", which equals nothing, and for anything else that is not an
    origin, such as an address with a path."""
    found = _ORIGIN.fullmatch(text)
    return None if found is None else asked_origin(found[1].lower(), found[2])


def asked_origin(scheme: str, host: str) -> Origin | None:
    """The origin that a request addresses, by its scheme (http, https, ws, wss) and ``Host``; None if that is not a
    host."""
    scheme = _SOCKETS.get(scheme, scheme)
    found = _HOST.fullmatch(host)
    if found is None or scheme not in DEFAULT_PORTS:
        return None
    name = _name(found[1]) if found[2] is None else _six(found[2])
    port = int(found[3] or DEFAULT_PORTS[scheme])
    return Origin(scheme, name, port) if name and 0 < port <= PORT_MAX else None


def written_origin(text: str) -> Origin | None:
    """The origin written in a setting; an international name may be in its own letters."""
    scheme, separator, rest = text.strip().partition("://")
    try:
        # The codec would also split at other dots, and the port is not part of the name.
        host, colon, port = rest.partition(":") if not rest.startswith("[") else (rest, "", "")
        ascii_host = host if host.isascii() else host.encode("idna").decode("ascii")
    except UnicodeError:
        return None
    return origin_of(f"{scheme}{separator}{ascii_host}{colon}{port}")


def origins_of(texts: Iterable[str]) -> frozenset[Origin]:
    """The origins of a list; anything else in it is left out."""
    return frozenset(origin for origin in map(written_origin, texts) if origin is not None)


def _name(text: str) -> str:
    """A name without its final dot, "" if it is not valid."""
    name = text.lower().removesuffix(".")
    is_name = name and len(name) <= HOST_CHARS_MAX and all(name.split("."))
    return name if is_name else ""


def _six(text: str) -> str:
    try:
        return str(IPv6Address(text))
    except AddressValueError:
        return ""
