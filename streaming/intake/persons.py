"""Persons: a digest made on arrival, so that the same person counts once and nobody can be named."""

import hashlib
import os
import secrets
import unicodedata
from collections.abc import Callable
from pathlib import Path

from streaming.errors import LedgerMismatch

KEY_BYTES = 32
DIGEST_BYTES = 16
FILE_MODE = 0o600


def read_key(path: Path, *, may_make: bool) -> bytes:
    """The data folder's digest key; made on the first start, when ``may_make`` says that no row depends on one yet.

    Raises:
        LedgerMismatch: If it is missing or damaged while rows depend on it: with another everybody would count again.
    """
    if not path.exists() and may_make:
        _make_key(path)
    if path.exists() and not path.is_file():
        raise _damaged(path, "it is no file")  # To read from a pipe would wait for ever.
    try:
        key = bytes.fromhex(path.read_text().strip())
    except FileNotFoundError:
        raise LedgerMismatch(
            f"{path}: the person digest key is missing but the ledger has rows, and with a new one everybody would "
            f"count again; put it back from a backup; if it is lost for good: run.py lost {path.name}"
        ) from None
    except (ValueError, OSError) as error:
        raise _damaged(path, str(error)) from None
    if len(key) != KEY_BYTES:
        raise _damaged(path, f"found {len(key)} bytes")
    return key


def _damaged(path: Path, found: str) -> LedgerMismatch:
    return LedgerMismatch(
        f"{path}: {found}, expected {KEY_BYTES * 2} hexadecimal digits; put it back from a backup; if it is lost for "
        f"good: run.py lost {path.name}"
    )


def check_of(key: bytes) -> str:
    """What tells this key from every other, and says nothing of it: the ledgers keep it, so that no other key is taken
    for theirs."""
    return hashlib.blake2b(b"", key=key, digest_size=DIGEST_BYTES, person=b"check").hexdigest()


def _make_key(path: Path) -> None:
    """Whole and on disk before any row depends on it, whenever the power goes."""
    new = path.with_suffix(".new")
    new.unlink(missing_ok=True)
    new.touch(mode=FILE_MODE)
    with new.open("w") as file:
        file.write(secrets.token_hex(KEY_BYTES) + "\n")
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def digester(key: bytes, scope: str) -> Callable[[str], str]:
    """What makes a person's id of this scope (a source, or several joined by name) into the digest that is kept."""
    keyed = hashlib.blake2b(scope.encode() + b"\0", key=key, digest_size=DIGEST_BYTES)

    def digest(person: str) -> str:
        one = keyed.copy()
        one.update((person if person.isascii() else unicodedata.normalize("NFC", person)).encode())
        return one.hexdigest()

    return digest
