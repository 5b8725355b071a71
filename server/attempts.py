"""How often somebody may try to sign in, before a password is looked at."""

import time
from collections.abc import Callable

TRIES_PER_ADDRESS = 30
"""A hall's people may share one address."""
TRIES_PER_LOGIN = 10
TRIES_WINDOW_S = 300.0
"""As many tries at most within this time; those that succeed do not count."""
TRIED_MAX = 10_000
"""Addresses and logins remembered; the oldest are forgotten first."""


class Attempts:
    """The tries of late, by address and by login.

    A login is counted apart at an address from which somebody has signed in before: else anybody could keep an operator
    out by trying his name. Somebody, not that login: else the count would tell whether there is such a login.
    """

    def __init__(self, monotonic_s: Callable[[], float] = time.monotonic) -> None:
        self._monotonic_s = monotonic_s
        self._tries: dict[tuple[str, str, str], list[float]] = {}

    def wait_s(self, address: str) -> float:
        """How long an address must wait, 0 if it may try now; takes a try."""
        return self._take(("address", "", address), TRIES_PER_ADDRESS)

    def wait_login_s(self, login: str, address: str, *, is_known: bool) -> float:
        """How long a login must wait, 0 if it may be tried now; takes a try."""
        return self._take(("login", login, address if is_known else ""), TRIES_PER_LOGIN)

    def succeeded(self, login: str, address: str, *, is_known: bool) -> None:
        """Give the two tries of a sign-in back."""
        self._give_back(("address", "", address))
        self.was_right(login, address, is_known=is_known)

    def was_right(self, login: str, address: str, *, is_known: bool) -> None:
        """Give the login's try back, which was none: the password was right."""
        self._give_back(("login", login, address if is_known else ""))

    def _give_back(self, key: tuple[str, str, str]) -> None:
        if tries := self._tries.get(key):
            tries.pop()

    def _take(self, key: tuple[str, str, str], most: int) -> float:
        now_s = self._monotonic_s()
        # At the end again: the first are the oldest.
        tries = [at_s for at_s in self._tries.pop(key, ()) if at_s > now_s - TRIES_WINDOW_S]
        self._tries[key] = tries
        if len(self._tries) > TRIED_MAX:
            del self._tries[next(iter(self._tries))]
        if len(tries) >= most:
            return tries[-most] + TRIES_WINDOW_S - now_s
        tries.append(now_s)
        return 0.0
