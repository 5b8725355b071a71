"""Inline scripts, which must work even when no other file has arrived.

The policy of every page allows them by their hash; nothing else inline runs.
"""

import base64
import hashlib
import re
from functools import cache

from markupsafe import Markup

from dashboard import static

GUARD = "js/inline/guard.js"
SHELL = "js/inline/shell.js"
HOST = "js/inline/host.js"
SHIM = "js/inline/shim.js"
"""Of a page that is taken away: no page of ours has it."""
SCRIPTS = (GUARD, SHELL, HOST)

_COMMENT = re.compile(r"^\s*(?:/\*\*.*?\*/|//[^\n]*)\n", re.DOTALL | re.MULTILINE)


@cache
def source(name: str) -> Markup:
    """A script as it is inlined: without comments, because a page is never cached."""
    return Markup(_COMMENT.sub("", static.files()[name].read_text("utf-8")))  # noqa: S704 - our own file


@cache
def policy() -> str:
    """The sources that a Content-Security-Policy has to allow: "'sha256-…' 'sha256-…'"."""
    digests = (hashlib.sha256(source(name).encode()).digest() for name in SCRIPTS)
    return " ".join(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)
