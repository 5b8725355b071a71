"""Signatures: what no secret can have made is told from the headers alone; what one made is found by hashing once."""

import base64
import hashlib
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks.webhooks import Webhook

from server.auth.signatures import HEADERS, ID_BYTES_MAX, SIGNATURES_MAX, TOLERANCE_S, Malformed, Signer, read_signature

NOW_S = 1_662_604_200.5
SECRET = "whsec_" + base64.b64encode(b"k" * 35).decode()
ONE = "v1," + base64.b64encode(b"x" * 32).decode()


def headers(id_: str = "msg_1", at_s: Any = int(NOW_S), signatures: str = ONE) -> dict[bytes, bytes]:
    return dict(zip(HEADERS, (id_.encode(), str(at_s).encode(), signatures.encode()), strict=True))


@given(st.binary(max_size=5_000).filter(bool), st.text("abc_-.1", min_size=1, max_size=20))
def test_what_the_standards_own_library_signs_is_right_and_nothing_else(body: bytes, id_: str) -> None:
    text = base64.b64encode(body).decode()
    signed = Webhook(SECRET).sign(id_, datetime.fromtimestamp(int(NOW_S), UTC), text)
    signature = read_signature(headers(id_, signatures=f"{ONE} v1a,abc= {signed}"), NOW_S)
    assert Signer(SECRET).has_made(signature, text.encode())
    assert not Signer(SECRET).has_made(signature, text.encode() + b" ")
    assert not Signer(SECRET[:-4]).has_made(signature, text.encode())
    for other in (headers(id_ + "x", signatures=signed), headers(id_, int(NOW_S) + 1, signed), headers(id_)):
        assert not Signer(SECRET).has_made(read_signature(other, NOW_S), text.encode())


@pytest.mark.parametrize(
    ("off_s", "is_timely"),
    [(-TOLERANCE_S, False), (-TOLERANCE_S + 1, True), (0, True), (TOLERANCE_S, True), (TOLERANCE_S + 1, False)],
)
def test_a_time_within_five_minutes_is_timely(off_s: int, *, is_timely: bool) -> None:
    signature = read_signature(headers(at_s=int(NOW_S) + off_s), NOW_S)
    assert signature.prefix == f"msg_1.{int(NOW_S) + off_s}.".encode()
    assert (signature.is_timely, signature.ahead_s) == (is_timely, off_s - 0.5)


@pytest.mark.parametrize(
    ("given", "part"),
    [
        *[({name: b""}, f"needs the header {name.decode()} too") for name in HEADERS],
        (headers(id_="i" * (ID_BYTES_MAX + 1)), "webhook-id has 301 bytes, expected at most 300"),
        *[(headers(at_s=at), "expected whole seconds since 1970")
          for at in ("soon", "inf", "-1", "1.5", "1e9", "9" * 30, " 1", "0x10")],
        (headers(signatures=" ".join([ONE] * (SIGNATURES_MAX + 1))), "has 11 signatures, expected at most 10"),
        *[(headers(signatures=text), "expected v1, and base64 behind it")
          for text in ("v1", "v1,", "x y", "v1 " + ONE)],
        *[(headers(signatures=text), "expected 32 bytes as base64 behind v1,")
          for text in ("v1,%%%", "v1,AAAA", ONE[:-1], ONE + "AAAA", "v1,é",
                       ONE + " v1,AAAA", "v1," + "A" * 60_000)],
        *[(headers(signatures=text), "none of version v1") for text in ("v1a," + ONE[3:], "v2,x v3,y", "   ")],
    ],
)  # fmt: skip
def test_what_no_secret_can_have_made_is_told_from_the_headers(given: dict[bytes, bytes], part: str) -> None:
    with pytest.raises(Malformed) as caught:
        read_signature(headers() | given, NOW_S)
    assert part in str(caught.value)


def test_several_lines_of_the_header_are_one_list() -> None:
    other = "v1," + base64.b64encode(b"y" * 32).decode()
    for text in (f"{ONE}, {other}", f"{ONE} {other}", f"{ONE},  {other}, v2,x"):
        assert read_signature(headers(signatures=text), NOW_S).digests == (b"x" * 32, b"y" * 32)


def test_a_body_is_hashed_without_being_copied(monkeypatch: pytest.MonkeyPatch) -> None:
    body = b"b" * 100_000
    taken: list[bytes] = []

    class Mac:
        def copy(self) -> "Mac":
            return self

        def update(self, part: bytes) -> None:
            taken.append(part)

        def digest(self) -> bytes:
            return hashlib.sha256().digest()

    signer = Signer(SECRET)
    monkeypatch.setattr(signer, "_begun", Mac())
    signer.has_made(read_signature(headers(), NOW_S), body)
    assert [part is body for part in taken] == [False, True]
