"""The style sheets of an overlay: its own, and those of the parts that it is made of."""

from functools import cache
from pathlib import PurePosixPath
from typing import Any

from dashboard import static
from dashboard.overlays.overlay import Overlay
from dashboard.scenes.sheets import closure, ranked

BASE = "css/overlay.css"
"""What every overlay stands in."""


@cache
def sheets(overlay: Overlay[Any]) -> tuple[str, ...]:
    """Their paths below the digest, in the order in which they count."""
    template = f"overlays/{overlay.name}.html"
    named = {f"css/{PurePosixPath(each).with_suffix('.css')}" for each in closure([template])}
    own = f"css/overlays/{overlay.name}.css"
    parts = (sheet.path for sheet in ranked() if sheet.path in named)
    return (BASE, *parts, *((own,) if own in static.files() else ()))
