"""Bounds on what senders of signed bodies may cost before their signature is verified.

A signature covers the whole body, so anybody can make us read and hash one. Bodies of strangers are bounded in memory
and in bytes a second, per address and in total; a body that verifies no longer counts. An address from which a secret
was verified lately is known, and strangers' bodies do not count against it.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from server.web.request import neighbourhood

MIB = 1024 * 1024
HELD_BYTES_MAX = 32 * MIB
"""Bytes of bodies in memory that are not verified yet: of all strangers together, and of each known address."""
STRANGERS_BYTES_PER_S = 8 * MIB
STRANGER_BYTES_PER_S = 2 * MIB
"""Of one address."""
BURST_S = 4.0
"""This many seconds' worth may come at once, or one body of the largest size if that is more."""
STRANGERS_MAX = 10_000
"""Addresses whose bytes are remembered. A forgotten one starts afresh, within the bound on all together."""
KNOWN_FOR_S = 7 * 86_400.0
KNOWN_MAX = 1_000
"""Known addresses that are remembered; it takes a secret to make one known."""
NOTED_AGAIN_S = 60.0
RETRY_S = 5


class Full(Exception):  # noqa: N818 - an answer: not now
    """Too many unverified bytes are here already."""


class Bytes:
    """Bytes that may come: ``per_s``, and ``burst`` at once."""

    def __init__(self, per_s: float, burst: float, now_s: float) -> None:
        self._per_s, self._burst = per_s, burst
        self._left, self._at_s = burst, now_s

    def left(self, now_s: float) -> float:
        """How many bytes may come now."""
        self._left = min(self._burst, self._left + (now_s - self._at_s) * self._per_s)
        self._at_s = now_s
        return self._left

    def take(self, size: int) -> None:
        """Count bytes that came; a negative size gives some back."""
        self._left -= size


class Senders:
    """The senders of one server. ``body_bytes_max`` is the largest body; the bounds always allow one of these."""

    def __init__(
        self,
        body_bytes_max: int,
        *,
        held_bytes_max: int = HELD_BYTES_MAX,
        strangers_bytes_per_s: int = STRANGERS_BYTES_PER_S,
        stranger_bytes_per_s: int = STRANGER_BYTES_PER_S,
        monotonic_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self._held_bytes_max = max(held_bytes_max, body_bytes_max)
        self._stranger_bytes_per_s = stranger_bytes_per_s
        self._body_bytes_max = body_bytes_max
        self._monotonic_s = monotonic_s
        self._together = self._bytes(strangers_bytes_per_s)
        self._strangers: dict[str, Bytes] = {}
        self._known: dict[str, tuple[float, str | None]] = {}
        self._held: dict[str | None, int] = {}

    def _bytes(self, per_s: int) -> Bytes:
        return Bytes(per_s, max(per_s * BURST_S, self._body_bytes_max), self._monotonic_s())

    def prove(self, address: str, digest: str | None = None) -> None:
        """Note that a secret was verified from an address; ``digest`` names it where several were tried."""
        now_s = self._monotonic_s()
        address = neighbourhood(address)
        at_s, last = self._known.get(address, (float("-inf"), None))
        if now_s - at_s < NOTED_AGAIN_S and (digest is None or digest == last):
            return
        # In order of use, so that the first is the one to forget.
        self._known.pop(address, None)
        self._known[address] = (now_s, digest or last)
        if len(self._known) > KNOWN_MAX:
            del self._known[next(iter(self._known))]

    @contextmanager
    def reserve(self, address: str) -> Iterator["Reserve"]:
        """Reserve bytes for a body from an address until it is known whose it is."""
        address = neighbourhood(address)
        at_s, digest = self._known.get(address, (float("-inf"), None))
        if self._monotonic_s() - at_s <= KNOWN_FOR_S:
            reserve = Reserve(self, address, (), digest)
        else:
            reserve = Reserve(self, None, (self._together, self._stranger(address)), None)
        try:
            yield reserve
        finally:
            reserve.leave()

    def _stranger(self, address: str) -> Bytes:
        found = self._strangers.pop(address, None) or self._bytes(self._stranger_bytes_per_s)
        self._strangers[address] = found
        if len(self._strangers) > STRANGERS_MAX:
            del self._strangers[next(iter(self._strangers))]
        return found

    def has_room(self, whose: str | None, size: int, bounds: tuple[Bytes, ...]) -> bool:
        """Whether so many bytes more may come."""
        now_s = self._monotonic_s()
        is_held = self._held.get(whose, 0) + size <= self._held_bytes_max
        return is_held and all(bound.left(now_s) >= size for bound in bounds)

    def hold(self, whose: str | None, size: int) -> None:
        """Count bytes in memory; a negative size means that they are gone."""
        held = self._held.get(whose, 0) + size
        if held:
            self._held[whose] = held
        else:
            self._held.pop(whose, None)


class Reserve:
    """Bytes reserved for one body. ``is_known`` if its address is; ``digest`` names the secret last proved there."""

    def __init__(self, senders: Senders, whose: str | None, bounds: tuple[Bytes, ...], digest: str | None) -> None:
        self.is_known = whose is not None
        self.digest = digest
        self._senders = senders
        self._whose = whose
        self._bounds = bounds
        self._size = 0

    def expect(self, size: int) -> None:
        """See that there is room for a body of a size before it is read.

        Raises:
            Full: If there is not.
        """
        if not self._senders.has_room(self._whose, size, self._bounds):
            raise Full

    def take(self, size: int) -> None:
        """Take in a part of the body.

        Raises:
            Full: If there is no room for it.
        """
        self.expect(size)
        self._size += size
        self._senders.hold(self._whose, size)
        for bound in self._bounds:
            bound.take(size)

    def give_back(self) -> None:
        """The body is verified: its bytes no longer count."""
        for bound in self._bounds:
            bound.take(-self._size)
        self._bounds = ()

    def leave(self) -> None:
        """The body is done with: free its bytes."""
        self._senders.hold(self._whose, -self._size)
        self._size = 0
