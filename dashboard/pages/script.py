"""The texts of a language as a script: a page that is asked for over thin lines names it instead of carrying them, and
the browser keeps it for as long as they stay the same."""

import hashlib
from dataclasses import dataclass

from dashboard.edition import Edition

DIGEST_CHARS = 16
VARIABLE = "diemCauTexts"
"""The global variable that it sets, as static/js/lib/page.js reads it."""


@dataclass(frozen=True)
class Script:
    """A script by its address below /words/, which never changes its content."""

    path: str
    body: bytes


def script_of(edition: Edition) -> Script:
    """The texts that an edition's pages say; made once."""
    return edition.once(_made)


def _made(edition: Edition) -> Script:
    # All of JSON is an expression of a script, in a file of its own whatever its texts say.
    body = f"self.{VARIABLE}={bytes(edition.texts).decode()};\n".encode()
    return Script(f"{hashlib.sha256(body).hexdigest()[:DIGEST_CHARS]}/{edition.lang}.js", body)
