"""Passwords: argon2 hashes, made outside the event loop and few at once.

A login that does not exist is verified too, against DUMMY, so that it costs the same work as a wrong password.
"""

import asyncio
import unicodedata
from collections import Counter, deque
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from enum import IntEnum
from types import MappingProxyType

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from server.errors import SignInBusy
from streaming.errors import DiemCauError

PASSWORD_CHARS_MIN = 10
PASSWORD_CHARS_MAX = 128
DIFFERENT_MIN = 4
LOGIN_CHARS_TELLING = 4
"""A login as short as "an" is part of many good passwords."""
MEMORY_KIB = 64 * 1024
ROUNDS = 3
HASHES_AT_ONCE = 1
"""Each takes 0.2 s of a core and MEMORY_KIB; a ceremony's machine may have two cores and other work."""


class Lane(IntEnum):
    """The lanes that wait for a hash, in the order of service."""

    KNOWN = 0
    """Signed in, with a one-time link, or at a known browser."""
    NEAR = 1
    """From an address from which somebody has signed in before."""
    STRANGE = 2


PLACES = MappingProxyType({Lane.KNOWN: 60, Lane.NEAR: 20, Lane.STRANGE: 20})
"""How many may wait in each lane; more are told to retry. 60 wait 12 s at most, and hold no memory meanwhile."""
PLACES_EACH = MappingProxyType({Lane.KNOWN: 2, Lane.NEAR: 20, Lane.STRANGE: 10})
"""How many of them one account, browser or address may be, so that none fills a lane."""
DUMMY = "$argon2id$v=19$m=65536,t=3,p=1$ASc4nvVK7i0/g/oPCb4IOQ$oC2PK5IzJTEgEVlsPw7kLPFnx42NYM1MuwYJjofkzKo"
"""The hash of a random text that nobody kept."""

_hasher = PasswordHasher(time_cost=ROUNDS, memory_cost=MEMORY_KIB, parallelism=1)


class PasswordError(DiemCauError):
    """A password that is not allowed."""


def checked_password(password: str, login: str) -> str:
    """The password in the form in which it is hashed.

    Raises:
        PasswordError: If it is too short, too long, or is the login.
    """
    text = _normal(password)
    if not PASSWORD_CHARS_MIN <= len(text) <= PASSWORD_CHARS_MAX:
        raise PasswordError(f"password: expected {PASSWORD_CHARS_MIN} to {PASSWORD_CHARS_MAX} characters")
    holds_login = len(login) >= LOGIN_CHARS_TELLING and login in text.lower()
    if holds_login or len(set(text)) < DIFFERENT_MIN:
        expected = f"one without the login in it, and with {DIFFERENT_MIN} different characters at least"
        raise PasswordError(f"password: expected {expected}")
    return text


def hash_now(password: str) -> str:
    """The hash of a password; blocks for 0.2 s."""
    return _hasher.hash(_normal(password))


def verify_now(kept: str | None, password: str) -> bool:
    """Whether the password is the one of the hash; blocks for 0.2 s, for None too, which is no password's."""
    text = _normal(password)
    try:
        _hasher.verify(kept or DUMMY, text[:PASSWORD_CHARS_MAX])
    except (VerificationError, InvalidHashError):
        return False
    return kept is not None and len(text) <= PASSWORD_CHARS_MAX


class Passwords:
    """Hashing beside the event loop: HASHES_AT_ONCE at once, the others in lanes of PLACES.

    A lane is served only while no earlier one waits. Tries in the earlier lanes are limited, so strangers get their
    turn too; in any other order strangers could keep operators waiting.
    """

    def __init__(self) -> None:
        self._hashing = 0
        self._lanes: tuple[deque[asyncio.Future[None]], ...] = tuple(deque() for _ in Lane)
        self._places: Counter[Lane] = Counter()
        self._places_of: Counter[tuple[Lane, str]] = Counter()

    @contextmanager
    def place(self, lane: Lane, who: str) -> Iterator[None]:
        """A place in a lane for an account, browser or address; taken before anything is looked up for it.

        Raises:
            SignInBusy: If there is none.
        """
        if self._places[lane] >= PLACES[lane] or self._places_of[lane, who] >= PLACES_EACH[lane]:
            raise SignInBusy
        self._places[lane] += 1
        self._places_of[lane, who] += 1
        try:
            yield
        finally:
            self._places[lane] -= 1
            self._places_of[lane, who] -= 1
            if not self._places_of[lane, who]:
                del self._places_of[lane, who]

    async def hash(self, password: str, lane: Lane = Lane.KNOWN) -> str:
        """The hash of a password; the caller holds a place in the lane."""
        async with self._turn(lane):
            return await asyncio.to_thread(hash_now, password)

    async def verify(self, kept: str | None, password: str, lane: Lane = Lane.KNOWN) -> bool:
        """Whether the password matches the hash; the caller holds a place in the lane."""
        async with self._turn(lane):
            return await asyncio.to_thread(verify_now, kept, password)

    @asynccontextmanager
    async def _turn(self, lane: Lane) -> AsyncIterator[None]:
        if self._hashing < HASHES_AT_ONCE:
            self._hashing += 1
        else:
            turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._lanes[lane].append(turn)
            try:
                await turn
            except asyncio.CancelledError:
                if turn in self._lanes[lane]:
                    self._lanes[lane].remove(turn)
                elif not turn.cancelled():
                    # The turn was handed over at the same moment.
                    self._next()
                raise
        try:
            yield
        finally:
            self._next()

    def _next(self) -> None:
        """Hand the turn on."""
        for waiting in self._lanes:
            while waiting:
                turn = waiting.popleft()
                if not turn.done():
                    turn.set_result(None)
                    return
        self._hashing -= 1


def _normal(password: str) -> str:
    # A keyboard may send "ế" as one character or as three; RFC 8265 §4.2 takes NFC.
    return unicodedata.normalize("NFC", password)
