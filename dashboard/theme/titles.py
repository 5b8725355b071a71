"""What a theme's template says that its scene is called: ``{% set scene_title = "Vòng loại" %}``."""

from collections.abc import Mapping

from jinja2 import nodes

from streaming.contests.text import clean, fault_in
from streaming.contests.theme_files import theme_error

LANG_OF: Mapping[str, str] = {"scene_title": "vi", "scene_title_en": "en"}
"""The names that say it, and the language of each; English alone says it to nobody else."""
TITLE_CHARS_MAX = 40
"""It stands on a button."""


def titles_of(tree: nodes.Template, name: str) -> Mapping[str, str]:
    """What the scene of a parsed template is called, by language; empty where it does not say so.

    It is read and not rendered, so it is the same whatever has been counted.

    Raises:
        ContestError: If it is no plain text, said twice, or in English alone.
    """
    assigned = {id(node.target): node.node for node in tree.body if isinstance(node, nodes.Assign)}
    found: dict[str, str] = {}
    for target in tree.find_all(nodes.Name):
        lang = LANG_OF.get(target.name)
        if lang is None or target.ctx != "store":
            continue
        value = assigned.get(id(target))
        text = value.value if isinstance(value, nodes.Const) else None
        if not isinstance(text, str) or lang in found:
            once = f"{target.name} set once, to a text in quotes, outside of if and for"
            raise theme_error(name, once, target.lineno)
        if (expected := fault_in(text, TITLE_CHARS_MAX)) is not None:
            raise theme_error(name, f"as {target.name} {expected}", target.lineno)
        found[lang] = clean(text)
    if found and "vi" not in found:
        raise theme_error(name, "scene_title beside scene_title_en")
    return found
