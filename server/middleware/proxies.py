"""Takes a client's address and scheme from the headers of a trusted proxy. Plain ASGI.

``X-Forwarded-For`` and ``X-Forwarded-Proto`` are lists: every proxy on the way may add to their end. The address
furthest to the right that is no named proxy is the client's. Where both lists are equally long, each proxy has added to
both, and the scheme stands at the client's place; else the first one counts, because some proxy on the way adds to only
one of them. A client gains nothing by a false scheme: no page can make a browser send the header.

``Forwarded`` (RFC 7239) is not read: most proxies pass on what a client wrote there.
"""

from collections.abc import Iterable
from ipaddress import IPv6Address, ip_address, ip_network

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

FOR = "x-forwarded-for"
PROTO = "x-forwarded-proto"
LISTED_MAX = 50
"""Elements of a list that are read, from its end; no chain of proxies is longer."""

_SECURE = {"http": False, "ws": False, "https": True, "wss": True}


class Proxies:
    """Puts the client's address and scheme into the scope of requests from proxies in ``networks``."""

    def __init__(self, app: ASGIApp, networks: Iterable[str]) -> None:
        self._app = app
        self._networks = tuple(map(ip_network, networks))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        client = scope.get("client")
        if client and scope["type"] in {"http", "websocket"} and self._are(client[0]):
            self._tell(scope)
        await self._app(scope, receive, send)

    def _tell(self, scope: Scope) -> None:
        headers = Headers(scope=scope)
        addresses, schemes = _listed(headers, FOR), _listed(headers, PROTO)
        place = self._place(addresses)
        if addresses and (address := host_of(addresses[place])):
            scope["client"] = (address, 0)
        if schemes:
            said = schemes[place if len(schemes) == len(addresses) else 0].lower()
            if said in _SECURE:
                kind = "ws" if scope["type"] == "websocket" else "http"
                scope["scheme"] = f"{kind}s" if _SECURE[said] else kind

    def _place(self, addresses: list[str]) -> int:
        """The index of the client's own address: the last that is not a proxy's, or the first if all are."""
        strangers = (place for place in reversed(range(len(addresses))) if not self._are(host_of(addresses[place])))
        return next(strangers, 0)

    def _are(self, address: str) -> bool:
        try:
            parsed = ip_address(address.partition("%")[0])
        except ValueError:
            return False
        if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is not None:
            # A listener on :: reports an IPv4 peer like this.
            parsed = parsed.ipv4_mapped
        return any(parsed in network for network in self._networks)


def host_of(text: str) -> str:
    """The address of an element of X-Forwarded-For, without quotes, port and brackets."""
    text = text.strip('"')
    if text.startswith("["):
        return text[1:].partition("]")[0]
    return text.partition(":")[0] if text.count(":") == 1 else text


def _listed(headers: Headers, name: str) -> list[str]:
    """The elements of all headers of a name, as one list without the empty ones (RFC 9110 §5.6.1.2)."""
    elements = (each.strip() for each in ",".join(headers.getlist(name)).split(","))
    return [each for each in elements if each][-LISTED_MAX:]
