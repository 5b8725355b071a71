"""Scenes in the contest's own form: the templates of its theme, in place of ours."""

from collections.abc import Mapping
from functools import cache, partial
from typing import Any

import structlog
from jinja2 import Template, TemplateError
from markupsafe import Markup

from dashboard.edition import Edition
from dashboard.parts.parts import PARTS
from dashboard.templates import environment
from dashboard.theme.template import Compiled, SceneTemplates
from dashboard.theme.theme import theme_of

PARTS_GIVEN = (*(part.name for part in PARTS), "picture")
WORDS_GIVEN = ("say", "written", "name_of", "kind_of")
VALUES_GIVEN = (
    "by", "has_map", "kinds", "levels", "organisers", "own_steps", "recent_rows", "root", "settings", "subtitle",
    "title",
)  # fmt: skip
"""What templates of a theme know, besides the functions above, which give elements and texts."""

log = structlog.get_logger(__name__)


@cache
def templates() -> SceneTemplates:
    """What compiles and renders them; it holds no state."""
    return SceneTemplates(PARTS_GIVEN, WORDS_GIVEN)


def compiled(name: str, source: str) -> Compiled:
    """The template of a scene.

    Raises:
        ContestError: Naming its line and what it may not say.
    """
    return templates().compiled(source, file_of(name))


def file_of(name: str) -> str:
    """The template of a scene by its name within the theme."""
    return f"scenes/{name}.html"


def painted(template: Template, values: Mapping[str, Any], edition: Edition) -> Markup:
    """A scene by the contest's own template; ``values`` are those that ours would get.

    Raises:
        Exception: If it cannot be painted with these numbers; a template may lead a part to any.
    """
    given = {name: values[name] for name in (*VALUES_GIVEN, *WORDS_GIVEN, *(part.name for part in PARTS))}
    given |= {"picture": partial(_picture, edition)}
    inner = templates().rendered(template, given)
    return Markup(environment().get_template("scenes/_own.html").render({**values, "inner": inner}))  # noqa: S704 - escaped by it


def painted_or_none(name: str, values: Mapping[str, Any], edition: Edition) -> Markup | None:
    """A scene by the contest's own template; None where it has none, or none that could be painted until now."""
    template = edition.own.get(name)
    if template is None:
        return None
    try:
        return painted(template, values, edition)
    except Exception as error:  # noqa: BLE001 - whatever a stranger's template has led a part to, the wall goes on
        # For good: a scene with a fault for some numbers alone would change its looks on air from one take to the next.
        edition.own.pop(name, None)
        log.warning("theme scene not used", scene=name, fault=f"{type(error).__name__}: {error}")
        return None


def _picture(edition: Edition, name: str, text: str = "") -> Markup:
    """A picture of the theme; ``text`` says what is in it where that is no ornament."""
    theme = theme_of(edition.folder)
    if name not in theme.files or not name.endswith((".png", ".svg")):
        raise TemplateError(f"the theme has no picture “{name}”")
    return Markup('<img src="{}/{}" alt="{}">').format(theme.prefix, name, text)
