"""The style sheets of the big screen: those of every scene that it may show, and of the parts that they are made of."""

from functools import cache

from jinja2 import meta

from dashboard import static
from dashboard.parts.parts import PARTS
from dashboard.scenes.scenes import SCENES
from dashboard.templates import environment

FIRST = ("css/map.css", "css/hall.css", "css/hall-flow.css", "css/hall-ceremony.css")
LAST = ("css/hall-upright.css",)


@cache
def sheets() -> tuple[str, ...]:
    """Their addresses below the digest, in the order in which they count. A page names them all, because a scene that
    is taken later comes without any."""
    asked = set[str]()
    for scene in SCENES:
        source, _, _ = environment().loader.get_source(environment(), f"scenes/{scene.name}.html")  # type: ignore[union-attr]
        asked |= meta.find_undeclared_variables(environment().parse(source))
    own = [f"css/parts/{part.name}.css" for part in PARTS if part.name in asked]
    own += [f"css/scenes/{scene.name}.css" for scene in SCENES]
    return (*FIRST, *(sheet for sheet in own if sheet in static.files()), *LAST)
