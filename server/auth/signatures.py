"""Standard Webhooks signatures: checks their form before a body is read, and verifies one against a secret.

Own code, because the libraries copy the body several times per secret and check the form only after that.
"""

import base64
import binascii
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass

from streaming.errors import DiemCauError

HEADERS = (b"webhook-id", b"webhook-timestamp", b"webhook-signature")
TOLERANCE_S = 300
"""How far a signature's time may be from ours, either way, which bounds how long a recorded one can be replayed."""
ID_BYTES_MAX = 300
SIGNATURES_MAX = 10
"""Signatures in one request: a sender sends two while it rotates its secret."""
DIGEST_BYTES = 32
_VERSION = b"v1"
_TIMESTAMP = re.compile(rb"[0-9]{1,12}")


class Malformed(DiemCauError):  # noqa: N818 - says what the headers are
    """Headers that cannot be a signature; the text says why."""


@dataclass(frozen=True)
class Signature:
    """``prefix`` is signed before the body; ``digests`` are those of version 1, one of which has to be right;
    ``ahead_s`` is by how much its time lies ahead of our clock, below 0 behind."""

    prefix: bytes
    digests: tuple[bytes, ...]
    ahead_s: float

    @property
    def is_timely(self) -> bool:
        """Whether its time is near enough to our clock to be accepted."""
        return abs(self.ahead_s) <= TOLERANCE_S


def read_signature(headers: Mapping[bytes, bytes], now_s: float) -> Signature:
    """Parse the three headers.

    Raises:
        Malformed: If one is missing or not of its form.
    """
    for name in HEADERS:
        if not headers.get(name):
            raise Malformed(f"a signature needs the header {name.decode()} too")
    id_, timestamp, signatures = (headers[name] for name in HEADERS)
    if len(id_) > ID_BYTES_MAX:
        raise Malformed(f"webhook-id has {len(id_)} bytes, expected at most {ID_BYTES_MAX}")
    if not _TIMESTAMP.fullmatch(timestamp):
        raise Malformed("webhook-timestamp is none, expected whole seconds since 1970")
    return Signature(b"%b.%b." % (id_, timestamp), _digests(signatures), int(timestamp) - now_s)


def _digests(signatures: bytes) -> tuple[bytes, ...]:
    # Several lines of the header are joined by commas, which a signature has as well: "v1,A= v1,B=" and "v1,A=, v1,B=".
    listed = [each.removesuffix(b",") for each in signatures.split()]
    if len(listed) > SIGNATURES_MAX:
        raise Malformed(f"webhook-signature has {len(listed)} signatures, expected at most {SIGNATURES_MAX}")
    digests = []
    for each in listed:
        version, separator, text = each.partition(b",")
        if not separator:
            raise Malformed("webhook-signature is none, expected v1, and base64 behind it")
        if version == _VERSION:
            digests.append(_digest(text))
    if not digests:
        raise Malformed("webhook-signature has none of version v1")
    return tuple(digests)


def _digest(text: bytes) -> bytes:
    try:
        digest = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        digest = b""
    if len(digest) != DIGEST_BYTES:
        raise Malformed(f"webhook-signature is none, expected {DIGEST_BYTES} bytes as base64 behind v1,")
    return digest


class Signer:
    """A secret that signatures are made with."""

    def __init__(self, secret: str) -> None:
        key = base64.b64decode(secret.removeprefix("whsec_") + "==")
        self._begun = hmac.new(key, digestmod="sha256")

    def has_made(self, signature: Signature, body: bytes) -> bool:
        """Whether it made a signature over a body, which is hashed once and not copied; bodies above 2 KiB are hashed
        without the GIL."""
        mac = self._begun.copy()
        mac.update(signature.prefix)
        mac.update(body)
        made = mac.digest()
        return any(hmac.compare_digest(made, each) for each in signature.digests)
