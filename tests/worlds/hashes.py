"""Hashes of passwords that cost next to nothing: what the shipped ones cost, on purpose, is a test's own matter.

A hash says itself how it was made, so servers verify these as they verify any other.
"""

import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from argon2 import PasswordHasher

from server.auth import passwords

SHIPPED = {"_hasher": passwords._hasher, "DUMMY": passwords.DUMMY}
_quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


def quick_hash(password: str) -> str:
    """A hash of a password, as `passwords.hash_now` would make it, but for its cost."""
    return _quick.hash(unicodedata.normalize("NFC", password))


@contextmanager
def quick_hashes() -> Iterator[None]:
    """Let this process hash and verify at no cost, what does not exist too."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(passwords, "_hasher", _quick)
        patched.setattr(passwords, "DUMMY", quick_hash("of nobody"))
        yield


@contextmanager
def shipped_hashes() -> Iterator[None]:
    """Within ``quick_hashes``, hash as the product does."""
    with pytest.MonkeyPatch.context() as patched:
        for name, value in SHIPPED.items():
            patched.setattr(passwords, name, value)
        yield
