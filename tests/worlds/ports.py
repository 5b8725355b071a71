"""Ports that the servers of a process have one after the other: by its address a browser knows what it has fetched."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_left: list[int] = []


def free_port() -> int:
    """A port of loopback that nobody holds now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        found: int = probe.getsockname()[1]
        return found


@contextmanager
def kept_port() -> Iterator[int]:
    """A port that a server of this process had before, while none has it; else a free one."""
    port = 0
    if _left:
        with suppress(OSError):  # Somebody else may hold it by now.
            port = _bound(_left.pop())
    port = port or free_port()
    try:
        yield port
    finally:
        _left.append(port)


def _bound(port: int) -> int:
    with socket.socket() as probe:
        # As a server does: what is left of connections that were closed is nothing to it.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", port))
        found: int = probe.getsockname()[1]
        return found
