"""Node.js, for tests of scripts."""

import shutil
from pathlib import Path

import playwright


def find_node() -> str | None:
    """The machine's Node.js, or the one that the playwright package brings along."""
    own = Path(playwright.__file__).parent / "driver" / "node"
    return shutil.which("node") or (str(own) if own.exists() else None)
