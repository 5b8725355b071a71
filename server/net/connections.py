"""The bounds that all HTTP connections of one server share: how many in total and per address, and their deadlines."""

import asyncio
from collections.abc import Iterable
from ipaddress import ip_address, ip_network
from itertools import islice
from typing import Protocol

import structlog

from server.web.request import neighbourhood

HEAD_TIMEOUT_S = 10.0
"""A request's head must be whole this long after the connection opened or, on a used connection, after the first byte
behind the last answer. A refused client has the same time to read the refusal and close."""
ANSWER_STALLED_S = 60.0
"""How long a client may take for ANSWER_BYTES_MIN of its answer, or for what is left of it."""
SWEEP_S = 1.0
CONNECTIONS_SHARE = 0.9
"""Share of the open-file limit that connections may take in all, sockets included; the rest is for the ledger."""
DISPLACED_LOOK = 32
"""How many of an address's oldest connections are searched for an idle one; if none is idle, the oldest is closed."""

log = structlog.get_logger(__name__)


class Client(Protocol):
    """What the bounds need to know of a connection."""

    @property
    def is_known(self) -> bool:
        """Whether a request has shown a session, a key or the secret of a source."""

    @property
    def is_busy(self) -> bool:
        """Whether a request is being answered."""

    def goes_on(self) -> bool:
        """Whether its client still reads what it is sent."""

    def cut_off(self) -> None:
        """Close it at once."""


class Connections:
    """The bounds of one server's connections, and which of them are late.

    ``connections_max`` bounds those that are open, WebSockets included; one beyond it is closed at once.
    ``per_address_max`` bounds those of one address that are neither sockets nor known: one more closes the oldest,
    preferably an idle one, so that newcomers are let in and no client holds all. ``proxies`` are networks each of whose
    addresses speaks for many, and is not counted.
    """

    def __init__(
        self,
        connections_max: int,
        per_address_max: int | None = None,
        *,
        proxies: Iterable[str] = (),
        head_timeout_s: float = HEAD_TIMEOUT_S,
        answer_stalled_s: float = ANSWER_STALLED_S,
        sweep_s: float = SWEEP_S,
    ) -> None:
        self.connections_max = connections_max
        self.per_address_max = connections_max if per_address_max is None else per_address_max
        self.refused = 0
        """Connections closed at once, as there were ``connections_max``."""
        self.displaced = 0
        """Connections closed for a newer one, as their address had ``per_address_max``."""
        self.late = 0
        """Connections cut off because a deadline had passed."""
        self._proxies = [ip_network(each) for each in proxies]
        self._of_address: dict[str, dict[Client, None]] = {}
        self._head_timeout_s = head_timeout_s
        self._answer_stalled_s = answer_stalled_s
        self._sweep_s = sweep_s
        self._told: tuple[int, int] = 0, 0
        self._is_sweeping = False
        # Since when, in the loop's seconds; dictionaries keep their order, so the oldest comes first.
        self.heads: dict[Client, float] = {}
        self.answers: dict[Client, float] = {}

    def count(self, client: Client, address: str) -> str | None:
        """Count a connection of a peer; returns the argument for ``discount``, None if it is not counted."""
        if self._proxies and self._is_proxy(address):
            return None
        address = neighbourhood(address)
        counted = self._of_address.setdefault(address, {})
        if len(counted) >= self.per_address_max:
            self._displace(counted, address)
            # The last one may be closed, and its address removed.
            counted = self._of_address.setdefault(address, {})
        counted[client] = None
        return address

    def discount(self, client: Client, address: str) -> None:
        """No longer count a connection: it is gone, a socket, or known."""
        counted = self._of_address.get(address)
        if counted is not None and client in counted:
            del counted[client]
            if not counted:
                del self._of_address[address]

    def counted(self, address: str) -> int:
        """Connections that count for an address."""
        return len(self._of_address.get(neighbourhood(address), ()))

    def _displace(self, counted: dict[Client, None], address: str) -> None:
        known = [client for client in islice(counted, DISPLACED_LOOK) if client.is_known]
        for client in known:
            self.discount(client, address)
        oldest = [*islice(counted, DISPLACED_LOOK)]
        if known or not oldest:
            return
        self.displaced += 1
        next((client for client in oldest if not client.is_busy), oldest[0]).cut_off()

    def _is_proxy(self, address: str) -> bool:
        try:
            parsed = ip_address(address)
        except ValueError:
            return False
        parsed = getattr(parsed, "ipv4_mapped", None) or parsed
        return any(parsed in network for network in self._proxies)

    def watch(self, loop: asyncio.AbstractEventLoop) -> None:
        """Make sure that a sweep is scheduled."""
        if not self._is_sweeping:
            self._is_sweeping = True
            loop.call_later(self._sweep_s, self._sweep, loop)

    def _sweep(self, loop: asyncio.AbstractEventLoop) -> None:
        """Cut off connections past a deadline; repeats while there is any to watch."""
        self._is_sweeping = False
        now_s = loop.time()
        late = self._late(self.heads, now_s - self._head_timeout_s)
        stalled = [
            client for client in self._late(self.answers, now_s - self._answer_stalled_s) if not client.goes_on()
        ]
        for client in (*late, *stalled):
            client.cut_off()
        refused, displaced = self.refused - self._told[0], self.displaced - self._told[1]
        self._told = self.refused, self.displaced
        if late or stalled or refused or displaced:
            # One line for all, so that a storm does not flood the log.
            log.warning(
                "connections cut off", late=len(late), stalled=len(stalled), refused=refused, displaced=displaced
            )
        self.late += len(late) + len(stalled)
        if self.heads or self.answers:
            self.watch(loop)

    @staticmethod
    def _late(watched: dict[Client, float], since_s: float) -> list[Client]:
        late = []
        for client, began_s in watched.items():
            if began_s > since_s:
                break
            late.append(client)
        return late
