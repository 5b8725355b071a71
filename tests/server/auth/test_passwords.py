"""Passwords and their hashes."""

import unicodedata

from server.auth import passwords
from tests.worlds.hashes import shipped_hashes
from tests.worlds.people import PASSWORD


def test_the_dummy_costs_what_a_password_costs() -> None:
    with shipped_hashes():
        hashed = passwords.hash_now(PASSWORD)
        assert passwords.DUMMY.split("$")[1:4] == hashed.split("$")[1:4]
        assert f"m={passwords.MEMORY_KIB},t={passwords.ROUNDS}," in hashed
        assert passwords.verify_now(hashed, PASSWORD)
        assert not passwords.verify_now(None, "")


def test_a_long_password_is_the_same_however_its_marks_are_sent() -> None:
    password = "ế" * (passwords.PASSWORD_CHARS_MAX - 4) + "abcd"
    kept = passwords.hash_now(password)
    assert passwords.verify_now(kept, unicodedata.normalize("NFD", password))
    assert not passwords.verify_now(kept, password + "x")
