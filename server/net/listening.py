"""The sockets on which the server listens: every address of the host's name, on one port."""

import errno
import socket
from collections.abc import Sequence
from typing import Any, Self

from server.errors import SettingsError
from streaming.errors import DiemCauError

BACKLOG = 2_048
"""Connections that may wait while a hall full of screens comes back at once."""
TRIES = 10
"""To find a port that is free on every address of the name, where the system is to choose it."""
LACKS = {errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT}
"""A machine without IPv6 may still have ::1 under the name localhost."""

Found = tuple[socket.AddressFamily, socket.SocketKind, int, str, tuple[Any, ...]]
"""A result of getaddrinfo."""


class Listeners:
    """Listening sockets of one port, the first address first; a context that closes them."""

    def __init__(self, sockets: Sequence[socket.socket]) -> None:
        self.sockets = [*sockets]

    @property
    def port(self) -> int:
        """The port of all of them."""
        port: int = self.sockets[0].getsockname()[1]
        return port

    def close(self) -> None:
        """Close the sockets."""
        for each in self.sockets:
            each.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def bound(host: str, port: int) -> Listeners:
    """Binds the port before the replay, so that a port in use is reported at once.

    Raises:
        DiemCauError: If the port is taken.
        SettingsError: If the address is none of this machine.
    """
    try:
        addresses = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise SettingsError(f"host {host}: {error.strerror}, expected an address of this machine") from None
    try:
        return listening(addresses)
    except OSError as error:
        raise DiemCauError(f"port {port} on {host}: {error.strerror}, choose another with --port") from None


def listening(
    addresses: Sequence[Found],
) -> Listeners:
    """Listen on every address that this machine has.

    Raises:
        OSError: If the port is taken on one of them, or none is of this machine.
    """
    for tries_left in reversed(range(TRIES)):
        try:
            return _listening(addresses)
        except OSError as error:
            # The system chose a port for the first address that another program holds on the second.
            if addresses[0][4][1] != 0 or error.errno != errno.EADDRINUSE or not tries_left:
                raise
    raise AssertionError("unreachable")


def _listening(
    addresses: Sequence[Found],
) -> Listeners:
    made = Listeners([])
    lacking: OSError | None = None
    seen = set()
    try:
        for family, kind, protocol, _, address in addresses:
            if (family, address) in seen:
                continue
            seen.add((family, address))
            try:
                listener = socket.socket(family, kind, protocol)
            except OSError as error:
                lacking = error
                continue
            try:
                _listen(listener, address, made, is_alone=len(addresses) == 1)
            except OSError as error:
                listener.close()
                if error.errno not in LACKS:
                    raise
                lacking = error
        if not made.sockets and lacking is not None:
            raise lacking
    except OSError:
        made.close()
        raise
    return made


def _listen(listener: socket.socket, address: tuple[Any, ...], made: Listeners, *, is_alone: bool) -> None:
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if listener.family == socket.AF_INET6 and not is_alone:
        # IPv4 has its own listener.
        listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    port = made.port if made.sockets else address[1]
    listener.bind((address[0], port, *address[2:]))
    # Without this a second server could bind too, and only fail when it listens.
    listener.listen(BACKLOG)
    listener.setblocking(False)
    made.sockets.append(listener)
