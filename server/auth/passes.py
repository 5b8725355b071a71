"""Passes: what a tablet on stage shows, in a cookie, after its link was opened.

A pass names the link's key and is signed by the server, so nothing is written when a link is opened, any number of
tablets may open the same one, and all of them end with the key. It does not hold the key: whoever reads a tablet's
cookies cannot make the link of it.
"""

import hashlib
import hmac
import re

from server.auth.keys import Keys
from server.auth.roles import Stage, StageKey

MAC_BYTES = 16

_PASS = re.compile(r"([a-z0-9-]{1,40})\.\d{1,15}\.[0-9a-f]{32}", re.ASCII)


class Passes:
    """The passes of one data folder. ``secret`` signs them."""

    def __init__(self, secret: bytes, keys: Keys) -> None:
        self._secret = secret
        self._keys = keys

    def of(self, key: StageKey) -> str:
        """The pass of a key."""
        return f"{key.name}.{key.made_ms}.{self._mac(key)}"

    def find(self, stage: Stage, shown: str) -> StageKey | None:
        """The key of a pass, None for one that is wrong, of a key that was revoked, or for something else."""
        found = _PASS.fullmatch(shown)
        key = self._keys.named(found[1]) if found else None
        is_right = key is not None and key.stage == stage and hmac.compare_digest(shown, self.of(key))
        return key if is_right else None

    def _mac(self, key: StageKey) -> str:
        said = f"{key.stage}.{key.name}.{key.made_ms}".encode()
        return hashlib.blake2b(said, key=self._secret, digest_size=MAC_BYTES, person=b"pass").hexdigest()


def pass_secret(secret: bytes) -> bytes:
    """What signs a data folder's passes, from a secret of that folder."""
    return hashlib.blake2b(secret, digest_size=32, person=b"pass secret").digest()
