"""The cookies of one data folder. Browsers keep cookies by host and not by port, so with one name for all servers a
sign-in at one would end the session at another. Hence the name contains the folder's id, and is matched exactly.

Over https it begins with ``__Host-``: then no other host, and nobody on an unencrypted connection, can set or change
it.
"""

import hashlib

from starlette.datastructures import Headers
from starlette.responses import Response

from server.auth.roles import Stage

PREFIX = "diemcau-"
HOST_PREFIX = "__Host-"
ID_BYTES = 5
TOKEN_CHARS_MAX = 100
"""Of a session's cookie that is looked at."""
DEVICE = "-device"
DEVICE_CHARS_MAX = 400
DEVICE_S = 180 * 24 * 3_600
"""How long a browser stays known after its last sign-in."""
STAGE_S = 7 * 24 * 3_600
"""How long a tablet keeps what its link has given it after its page was opened last; the link can be opened again."""
POINT_S = 30 * 24 * 3_600
"""How long a connection point's browser keeps what its link or code has given it after its page was opened last: from
the first rehearsal to the ceremony, and the weeks of the contest after it."""
SECURE = frozenset({"https", "wss"})


class Cookies:
    """Names, reads, sets and deletes the cookies of the data folder with a given ledger id.

    The id in the name is a hash of the ledger's, which is random, stays over restarts and comes back with a back-up.
    """

    def __init__(self, ledger_id: str) -> None:
        self._name = PREFIX + hashlib.blake2b(ledger_id.encode(), digest_size=ID_BYTES, person=b"cookie").hexdigest()

    def name(self, scheme: str) -> str:
        """The name of the session cookie for a scheme."""
        return (HOST_PREFIX if scheme in SECURE else "") + self._name

    def session(self, scheme: str, headers: Headers) -> str | None:
        """The session token of a request; None if it has none, or several, as another host may have set one."""
        return _only(headers, self.name(scheme), TOKEN_CHARS_MAX)

    def give_session(self, response: Response, scheme: str, token: str) -> None:
        """Set the session cookie, which lasts until the browser closes."""
        is_secure = scheme in SECURE
        response.set_cookie(self.name(scheme), token, path="/", secure=is_secure, httponly=True, samesite="lax")

    def take_session(self, response: Response, scheme: str) -> None:
        """Delete the session cookie."""
        is_secure = scheme in SECURE
        response.delete_cookie(self.name(scheme), path="/", secure=is_secure, httponly=True, samesite="lax")

    def device(self, scheme: str, headers: Headers) -> str | None:
        """The device cookie of a known browser, None if there is none."""
        return _only(headers, self.name(scheme) + DEVICE, DEVICE_CHARS_MAX)

    def give_device(self, response: Response, scheme: str, device: str) -> None:
        """Set the device cookie for DEVICE_S."""
        name, is_secure = self.name(scheme) + DEVICE, scheme in SECURE
        response.set_cookie(
            name, device, max_age=DEVICE_S, path="/", secure=is_secure, httponly=True, samesite="strict"
        )

    def stage(self, stage: Stage, scheme: str, headers: Headers) -> str | None:
        """The pass of a tablet on stage, None if there is none."""
        return _only(headers, f"{self.name(scheme)}-{stage}", TOKEN_CHARS_MAX)

    def give_stage(self, response: Response, stage: Stage, scheme: str, shown: str) -> None:
        """Set the pass of a tablet on stage for STAGE_S. Its path is the whole server: topics are asked for with it."""
        name, is_secure = f"{self.name(scheme)}-{stage}", scheme in SECURE
        response.set_cookie(name, shown, max_age=STAGE_S, path="/", secure=is_secure, httponly=True, samesite="lax")

    def take_stage(self, response: Response, stage: Stage, scheme: str) -> None:
        """Delete the pass of a tablet on stage."""
        name, is_secure = f"{self.name(scheme)}-{stage}", scheme in SECURE
        response.delete_cookie(name, path="/", secure=is_secure, httponly=True, samesite="lax")

    def point(self, unit: str, scheme: str, headers: Headers) -> str | None:
        """The pass of a connection point, None if there is none."""
        return _only(headers, self._point(unit, scheme), TOKEN_CHARS_MAX)

    def give_point(self, response: Response, unit: str, scheme: str, shown: str) -> None:
        """Set the pass of a connection point for POINT_S. Each has a cookie of its own, so that one browser may be
        several points, as where somebody tries them out. Its path is the whole server: topics are asked for with it."""
        name, is_secure = self._point(unit, scheme), scheme in SECURE
        response.set_cookie(name, shown, max_age=POINT_S, path="/", secure=is_secure, httponly=True, samesite="lax")

    def take_point(self, response: Response, unit: str, scheme: str) -> None:
        """Delete the pass of a connection point."""
        name, is_secure = self._point(unit, scheme), scheme in SECURE
        response.delete_cookie(name, path="/", secure=is_secure, httponly=True, samesite="lax")

    def _point(self, unit: str, scheme: str) -> str:
        return f"{self.name(scheme)}-point-{unit}"


def _only(headers: Headers, name: str, chars_max: int) -> str | None:
    found = [each for each in headers.getlist("cookie") if name in each]
    pairs = (pair.strip().partition("=") for each in found for pair in each.split(";"))
    values = [value for own, _, value in pairs if own == name]
    return values[0] if len(values) == 1 and 0 < len(values[0]) <= chars_max else None
