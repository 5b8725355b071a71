"""The cookies of one data folder. Browsers keep cookies by host and not by port, so a name that every server had would
let a sign-in at one end the session at another: the name has the folder's own id in it, and is found exactly.

Over https it begins with ``__Host-``: no other host, and nobody on a plain line, can then set or change it.
"""

import hashlib

from starlette.datastructures import Headers
from starlette.responses import Response

PREFIX = "diemcau-"
HOST_PREFIX = "__Host-"
ID_BYTES = 5
TOKEN_CHARS_MAX = 100
"""Of a cookie that is looked at."""
SECURE = frozenset({"https", "wss"})


class Cookies:
    """How the cookies of the data folder of a ledger id are called, read, given and taken away.

    The id in the name is a hash of the ledger's, which is random, stays over restarts and comes back with a back-up.
    """

    def __init__(self, ledger_id: str) -> None:
        self._name = PREFIX + hashlib.blake2b(ledger_id.encode(), digest_size=ID_BYTES, person=b"cookie").hexdigest()

    def name(self, scheme: str) -> str:
        """The name of the session's cookie, to a browser that came by a scheme."""
        return (HOST_PREFIX if scheme in SECURE else "") + self._name

    def session(self, scheme: str, headers: Headers) -> str | None:
        """The token of a request's session; None if it shows none, or several, which another host may have set."""
        return _only(headers, self.name(scheme))

    def give_session(self, response: Response, scheme: str, token: str) -> None:
        """Let the browser keep a session's token until it closes."""
        is_secure = scheme in SECURE
        response.set_cookie(self.name(scheme), token, path="/", secure=is_secure, httponly=True, samesite="lax")

    def take_session(self, response: Response, scheme: str) -> None:
        """Take it away."""
        is_secure = scheme in SECURE
        response.delete_cookie(self.name(scheme), path="/", secure=is_secure, httponly=True, samesite="lax")


def _only(headers: Headers, name: str) -> str | None:
    found = [each for each in headers.getlist("cookie") if name in each]
    pairs = (pair.strip().partition("=") for each in found for pair in each.split(";"))
    values = [value for own, _, value in pairs if own == name]
    return values[0] if len(values) == 1 and 0 < len(values[0]) <= TOKEN_CHARS_MAX else None
