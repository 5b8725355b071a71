"""Static files: where they lie, and the one digest under which all of them are served, immutable."""

import hashlib
import posixpath
import re
from functools import cache
from importlib.metadata import distribution, version
from pathlib import Path

VENDOR = {"vendor/plotly.min.js": Path(str(distribution("plotly").locate_file("plotly/package_data/plotly.min.js")))}
"""Files that come from an installed package instead of lying here: address → file."""

DIGEST_CHARS = 16
UNSERVED = (".md", ".pyc")

_IMPORT = re.compile(r'^(?:import|export)\s[^"\n]*"(\.[^"]+)"|^\} from "(\.[^"]+)"', re.MULTILINE)


def static_dir() -> Path:
    """The folder of our own static files."""
    return Path(__file__).parent / "static"


@cache
def files() -> dict[str, Path]:
    """Every static file by its address below the digest. Read once: a running server serves what it started with."""
    root = static_dir()
    own = {
        path.relative_to(root).as_posix(): path
        for path in sorted(root.rglob("*"))
        if path.is_file() and path.suffix not in UNSERVED
    }
    return own | VENDOR


@cache
def digest() -> str:
    """A digest of all files together: when one changes, the addresses of all change.

    They import each other by relative address, so a page never mixes two versions. Plotly counts by its version.
    """
    sum_ = hashlib.sha256(version("plotly").encode())
    for name, path in files().items():
        if name not in VENDOR:
            sum_.update(f"{name}\0".encode() + path.read_bytes())
    return sum_.hexdigest()[:DIGEST_CHARS]


def prefix() -> str:
    """The address below which static files are served: "/static/0123456789abcdef"."""
    return f"/static/{digest()}"


def url(path: str) -> str:
    """The address of a static file, "css/hall.css" → "/static/0123456789abcdef/css/hall.css".

    Raises:
        KeyError: If there is no such file.
    """
    if path not in files():
        raise KeyError(path)
    return f"{prefix()}/{path}"


@cache
def modules(path: str) -> tuple[str, ...]:
    """Every module that a page's script imports, and theirs, by address below the digest; the nearest first.

    A page names them all in its head: found one through the other they would take a round trip for each level.

    Raises:
        KeyError: If one of them is no file of ours.
    """
    found = [path]
    for name in found:
        text = files()[name].read_text("utf-8")
        for match in _IMPORT.finditer(text):
            imported = posixpath.normpath(posixpath.join(posixpath.dirname(name), match[1] or match[2]))
            if imported not in found:
                found.append(imported)
    return tuple(found[1:])
