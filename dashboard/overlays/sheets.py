"""The style sheets of an overlay: its own, and those of the parts that it is made of."""

from functools import cache
from typing import Any

from jinja2 import meta

from dashboard import static
from dashboard.overlays.overlay import Overlay
from dashboard.parts.parts import PARTS
from dashboard.templates import environment

FIRST = ("css/overlay.css",)


@cache
def sheets(overlay: Overlay[Any]) -> tuple[str, ...]:
    """Their addresses below the digest, in the order in which they count."""
    loader = environment().loader
    source, _, _ = loader.get_source(environment(), f"overlays/{overlay.name}.html")  # type: ignore[union-attr]
    asked = meta.find_undeclared_variables(environment().parse(source))
    own = [f"css/parts/{part.name}.css" for part in PARTS if part.name in asked]
    return (*FIRST, *(sheet for sheet in (*own, f"css/overlays/{overlay.name}.css") if sheet in static.files()))
