"""What a browser may do with an answer, by the first part of its path: one table of who may frame it, which other pages
may read it, and whether a cookie counts for it. A path that is not in the table is one of our own pages' alone."""

import re
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

from dashboard import inline

SECURITY_HEADERS = {
    "x-content-type-options": "nosniff",
    # A page's own address may hold a secret, a screen key or a one-time link, so no request of it tells more than the
    # origin. Not "no-referrer": with that, browsers send a form's Origin as null, and the form would be refused.
    "referrer-policy": "strict-origin",
    "cross-origin-opener-policy": "same-origin",
}
CONTENT_SECURITY_POLICY = (
    # Plotly writes its own style elements; nothing else is loosened.
    f"default-src 'self'; script-src 'self' {inline.policy()}; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; "
)
HOSTS_KEPT = 256
"""Hosts and policies whose headers are cached."""

_HOST = re.compile(r"[A-Za-z0-9.\-]{1,253}(:\d{1,5})?|\[[0-9A-Fa-f:.]{2,45}\](:\d{1,5})?")


class Policy(NamedTuple):
    """What a browser may do with an answer.

    ``ancestors`` are whose pages may frame it, "" for anybody's: no source that can be named stands for a file.
    ``is_for_all`` lets pages of any origin load and read it. Without ``knows_cookies`` whoever asks is nobody.
    """

    ancestors: str = "'none'"
    is_for_all: bool = False
    knows_cookies: bool = True


OWN = Policy()
"""The control room, accounts, what programs ask: nobody frames it."""
SCREEN = Policy(ancestors="'self'")
"""A screen stands in a frame of its own shell."""
ABROAD = Policy(ancestors="", knows_cookies=False)
"""Pages that a playout host holds in a window opened from a file, or a newspaper in a page of its own: public, and the
same for the operator in whose browser they are."""
FILES = Policy(is_for_all=True, knows_cookies=False)
"""What pages abroad are made of, and what others' graphics read. A frame that its host has put into a sandbox is of no
origin, so even its own scripts and fonts come to it from another."""

POLICIES: Mapping[str, Policy] = MappingProxyType(
    {
        "": SCREEN,
        "units": SCREEN,
        "points": SCREEN,
        "preview": SCREEN,
        "scenes": OWN,
        "overlays": ABROAD,
        "embed": ABROAD,
        "static": FILES,
        "theme": FILES,
        "words": FILES,
        "logos": FILES,
        "pictures": FILES,
        "live": OWN,
        "api": OWN,
        "control": OWN,
        "presenter": OWN,
        "account": OWN,
        "test": OWN,
        "sign-in": OWN,
        "sign-out": OWN,
        "welcome": OWN,
        "healthz": OWN,
        "readyz": OWN,
        "metrics": OWN,
    }
)
"""By the first part of a path."""

BELOW: Mapping[str, Policy] = MappingProxyType({"/api/v1/feeds/": FILES})
"""By all that a path begins with: what is public for pages of others too, where what stands beside it is not."""


def policy_of(path: str) -> Policy:
    """The policy of what is at a path, whether there is anything or not."""
    for begins, policy in BELOW.items():
        if path.startswith(begins):
            return policy
    first = path[1:].partition("/")[0]
    return POLICIES.get(first, OWN) if first or path == "/" else OWN


def content_security_policy(host: str, policy: Policy = OWN) -> str:
    """The policy of a page of ``host``. Sockets are named apart: to older Safari, 'self' does not mean ws."""
    ancestors = f"frame-ancestors {policy.ancestors}; " if policy.ancestors else ""
    sockets = f" ws://{host} wss://{host}" if _HOST.fullmatch(host) else ""
    return f"{CONTENT_SECURITY_POLICY}{ancestors}connect-src 'self'{sockets}"


@lru_cache(HOSTS_KEPT)
def security_headers(host: bytes, policy: Policy) -> tuple[tuple[bytes, bytes], ...]:
    """The headers of an answer of ``host``."""
    headers = SECURITY_HEADERS | {"content-security-policy": content_security_policy(host.decode("latin-1"), policy)}
    headers["cross-origin-resource-policy"] = "cross-origin" if policy.is_for_all else "same-origin"
    if policy.is_for_all:
        headers["access-control-allow-origin"] = "*"
    return tuple((name.encode(), value.encode("latin-1")) for name, value in headers.items())
