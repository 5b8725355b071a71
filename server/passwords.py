"""Passwords: argon2 hashes, made apart from the event loop and few at once.

What does not exist is verified too, against DUMMY: a wrong name costs the same work as a wrong password.
"""

import asyncio
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from server.errors import Problem
from streaming.errors import DiemCauError

PASSWORD_CHARS_MIN = 10
PASSWORD_CHARS_MAX = 128
DIFFERENT_MIN = 4
LOGIN_CHARS_TELLING = 4
"""A login as short as "an" stands in many a good password."""
MEMORY_KIB = 64 * 1024
ROUNDS = 3
HASHES_AT_ONCE = 1
"""Each takes 0.2 s of a core and MEMORY_KIB; a ceremony's machine may have two cores and other work."""
HASHES_WAITING_MAX = 20
"""More are told to come back: a storm of sign-ins waits 4 s at most, and holds no memory meanwhile."""
DUMMY = "$argon2id$v=19$m=65536,t=3,p=1$ASc4nvVK7i0/g/oPCb4IOQ$oC2PK5IzJTEgEVlsPw7kLPFnx42NYM1MuwYJjofkzKo"
"""The hash of a random text that nobody kept."""

_hasher = PasswordHasher(time_cost=ROUNDS, memory_cost=MEMORY_KIB, parallelism=1)


class PasswordError(DiemCauError):
    """A password that cannot be taken."""


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
    """Hashing beside the event loop: HASHES_AT_ONCE at once, HASHES_WAITING_MAX in a queue."""

    def __init__(self) -> None:
        self._room = asyncio.Semaphore(HASHES_AT_ONCE)
        self._waiting = 0

    async def hash(self, password: str) -> str:
        """The hash of a password.

        Raises:
            Problem: 429 if HASHES_WAITING_MAX wait already.
        """
        self._enter()
        try:
            async with self._room:
                return await asyncio.to_thread(hash_now, password)
        finally:
            self._waiting -= 1

    async def verify(self, kept: str | None, password: str) -> bool:
        """Whether the password is the one of the hash.

        Raises:
            Problem: 429 if HASHES_WAITING_MAX wait already.
        """
        self._enter()
        try:
            async with self._room:
                return await asyncio.to_thread(verify_now, kept, password)
        finally:
            self._waiting -= 1

    def _enter(self) -> None:
        if self._waiting >= HASHES_WAITING_MAX:
            raise Problem(429, "busy", "too many sign in at once", retry_after_s=5)
        self._waiting += 1


def _normal(password: str) -> str:
    # A keyboard may send "ế" as one character or as three; RFC 8265 §4.2 takes NFC.
    return unicodedata.normalize("NFC", password)
