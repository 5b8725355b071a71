"""Known browsers: those in which an account has signed in before.

A cookie of theirs, signed by the server, outlives the session. It grants no access by itself; its holder is only not
counted and queued together with strangers.

It names the account and carries a mark of its password: after a new password, or a reset, every browser is a stranger
until it has signed in with that one. One browser may be known to several accounts.
"""

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass

from server.auth.accounts import Credentials

KNOWN_MAX = 4
"""How many accounts one browser may be known to; the one that signed in longest ago is dropped."""
NONCE_BYTES = 12
MARK_BYTES = 6
MAC_BYTES = 16
BETWEEN = "~"

_TOKEN = re.compile(r"(\d{1,12})\.([0-9a-f]{12})\.([\w-]{16})\.([0-9a-f]{32})", re.ASCII)


@dataclass(frozen=True)
class Device:
    """A browser as an account knows it; ``nonce`` tells it from the account's others."""

    number: int
    mark: str
    nonce: str

    def is_of(self, credentials: Credentials | None) -> bool:
        """Whether it has signed in as this account with its current password."""
        return credentials is not None and credentials.account.number == self.number and _mark(credentials) == self.mark


class Devices:
    """The known browsers of one data folder. ``key`` signs what they show."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def shown(self, cookie: str | None) -> list[Device]:
        """The entries of a cookie, one per account that the browser is known to; reads nothing but the cookie."""
        found = [_TOKEN.fullmatch(token) for token in (cookie or "").split(BETWEEN)[:KNOWN_MAX]]
        return [
            Device(int(each[1]), each[2], each[3])
            for each in found
            if each and hmac.compare_digest(self._mac(each[1], each[2], each[3]), each[4])
        ]

    def cookie(self, credentials: Credentials, shown: list[Device]) -> str:
        """The cookie after an account has signed in, with the other accounts that the browser is known to."""
        device = next((each for each in shown if each.is_of(credentials)), None)
        own = device or Device(credentials.account.number, _mark(credentials), secrets.token_urlsafe(NONCE_BYTES))
        others = [each for each in shown if each.number != own.number]
        return BETWEEN.join(self._token(each) for each in [own, *others][:KNOWN_MAX])

    def _token(self, device: Device) -> str:
        number = str(device.number)
        return ".".join((number, device.mark, device.nonce, self._mac(number, device.mark, device.nonce)))

    def _mac(self, number: str, mark: str, nonce: str) -> str:
        said = f"{number}.{mark}.{nonce}".encode()
        return hashlib.blake2b(said, key=self._key, digest_size=MAC_BYTES, person=b"device").hexdigest()


def device_key(secret: bytes) -> bytes:
    """The key of a data folder's Devices, from a secret of that folder."""
    return hashlib.blake2b(secret, digest_size=32, person=b"device key").digest()


def _mark(credentials: Credentials) -> str:
    return hashlib.blake2b((credentials.password or "").encode(), digest_size=MARK_BYTES, person=b"mark").hexdigest()
