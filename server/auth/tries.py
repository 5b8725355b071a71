"""How often somebody may try to sign in, before a password is looked at.

Knowing a login must not be enough to lock its holder out, so tries are counted apart by what comes with
them: a browser in which this very account has signed in before, an address from which somebody has, or nothing.
"""

import time
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass

TRIES_PER_ADDRESS = 30
"""A hall's people may share one address; known browsers are not counted by it."""
TRIES_PER_LOGIN = 10
"""Of strangers together, at each known address, and of each known browser."""
TRIES_PER_LOGIN_NEAR = 60
"""At all known addresses together: bounds the guesses at one account, however many addresses become known."""
TRIES_WINDOW_S = 300.0
"""The window within which tries are counted; successful ones do not count."""
TRIED_MAX = 10_000
"""Keys remembered of one kind. None is forgotten within its window, else somebody with many addresses could flush a
count. While the table is full, new keys share one count: they are slowed down, those in the table are not."""


class Counts:
    """Recent tries by key, at most ``most`` of each within TRIES_WINDOW_S; the least recently used keys come first."""

    def __init__(self, most: int, monotonic_s: Callable[[], float]) -> None:
        self._most = most
        self._monotonic_s = monotonic_s
        self._tries: dict[Hashable, list[float]] = {}

    def __len__(self) -> int:
        return len(self._tries)

    def wait_s(self, key: Hashable) -> float:
        """How long a key must wait, 0 if it may be tried now."""
        now_s = self._monotonic_s()
        tries = self._of_late(self._counted(key), now_s)
        return tries[-self._most] + TRIES_WINDOW_S - now_s if len(tries) >= self._most else 0.0

    def take(self, key: Hashable) -> Hashable:
        """Count a try; returns the key under which it is counted."""
        now_s = self._monotonic_s()
        key = self._counted(key)
        tries = self._of_late(key, now_s)
        self._tries.pop(key, None)
        self._tries[key] = [*tries, now_s]
        return key

    def give_back(self, key: Hashable) -> None:
        """Forget a try of a key that ``take`` has returned."""
        if tries := self._tries.get(key):
            tries.pop()
            if not tries:
                del self._tries[key]

    def _counted(self, key: Hashable) -> Hashable:
        while self._tries:
            oldest, tries = next(iter(self._tries.items()))
            if tries[-1] > self._monotonic_s() - TRIES_WINDOW_S:
                break
            del self._tries[oldest]
        return key if key in self._tries or len(self._tries) < TRIED_MAX else _OTHERS

    def _of_late(self, key: Hashable, now_s: float) -> list[float]:
        return [at_s for at_s in self._tries.get(key, ()) if at_s > now_s - TRIES_WINDOW_S]


_OTHERS = ("others",)


@dataclass(frozen=True)
class Try:
    """A try that was counted, or refused because ``wait_s`` must pass first."""

    wait_s: float
    taken: Sequence[tuple[Counts, Hashable]] = ()

    def give_back(self) -> None:
        """Undo it: the password was right, or was never checked."""
        for counts, key in self.taken:
            counts.give_back(key)


class Tries:
    """Recent tries. Addresses are neighbourhoods."""

    def __init__(self, monotonic_s: Callable[[], float] = time.monotonic) -> None:
        self._addresses = Counts(TRIES_PER_ADDRESS, monotonic_s)
        self._strange = Counts(TRIES_PER_LOGIN, monotonic_s)
        self._near = Counts(TRIES_PER_LOGIN, monotonic_s)
        self._near_together = Counts(TRIES_PER_LOGIN_NEAR, monotonic_s)
        self._devices = Counts(TRIES_PER_LOGIN, monotonic_s)
        self._own = Counts(TRIES_PER_LOGIN, monotonic_s)

    def address_wait_s(self, address: str) -> float:
        """How long an address must wait, 0 if it may try now; counts nothing."""
        return self._addresses.wait_s(address)

    def sign_in(self, login: str, address: str, *, is_near: bool, device: str | None) -> Try:
        """A try to sign in. ``device`` names the known browser of this very account, None if it is none.

        ``is_near`` is an address from which somebody has signed in before. Anybody, not that login: otherwise the count
        would reveal whether the login exists.
        """
        if device is not None:
            return _counted((self._devices, device))
        if is_near:
            return _counted((self._addresses, address), (self._near, (login, address)), (self._near_together, login))
        return _counted((self._addresses, address), (self._strange, login))

    def own(self, number: int, device: str | None) -> Try:
        """A signed-in account's try to confirm its own password, counted apart from strangers' tries. At a known
        browser it counts as a sign-in."""
        return _counted((self._own, number) if device is None else (self._devices, device))


def _counted(*keys: tuple[Counts, Hashable]) -> Try:
    wait_s = max(counts.wait_s(key) for counts, key in keys)
    return Try(wait_s) if wait_s else Try(0.0, [(counts, counts.take(key)) for counts, key in keys])
