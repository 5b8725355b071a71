"""The style sheets of the big screen. A template's sheet has its name: a scene needs those of the templates that it is
made of, its own, what it extends or takes macros from, and its parts; nothing says so anywhere else."""

from collections.abc import Iterable
from functools import cache
from pathlib import PurePosixPath
from typing import Any, NamedTuple

from jinja2 import meta

from dashboard import static
from dashboard.edition import Edition
from dashboard.parts.parts import PARTS
from dashboard.scenes.scene import Scene
from dashboard.scenes.scenes import SCENES, scenes_of
from dashboard.templates import environment

BASE = ("css/hall.css", "css/hall-flow.css", "css/hall-upright.css")
"""What every scene stands in."""
SCENE_FOLDER = "scenes"


class Sheet(NamedTuple):
    """A style sheet by its path below the digest, and its place among all: a page puts those that come later there, so
    what counts over what does not depend on which scenes were shown before."""

    at: int
    path: str


@cache
def ranked() -> tuple[Sheet, ...]:
    """All of them in the order in which they count: the base, parts, what scenes share, scenes."""
    shared = sorted(path for path in static.files() if path.startswith(f"css/{SCENE_FOLDER}/_"))
    own = (*(f"css/parts/{part.name}.css" for part in PARTS), *shared, *(_sheet(scene.name) for scene in SCENES))
    paths = (*BASE, *(path for path in own if path in static.files()))
    return tuple(Sheet(at, path) for at, path in enumerate(paths))


def sheets_of(scene: Scene[Any], edition: Edition) -> tuple[Sheet, ...]:
    """Those of a scene, in their order; of one in the contest's own form those of ours too, which takes its place where
    it fails."""
    templates = (_template(scene.stands_in or scene.name), *map(_part, edition.own_parts.get(scene.name, ())))
    return _made_of(frozenset(templates))


def others(scene: Scene[Any], edition: Edition) -> tuple[Sheet, ...]:
    """Those that the contest's other scenes need and this one does not."""
    needed = {sheet for other in scenes_of(edition.folder).values() for sheet in sheets_of(other, edition)}
    return tuple(sorted(needed - set(sheets_of(scene, edition))))


@cache
def _made_of(templates: frozenset[str]) -> tuple[Sheet, ...]:
    named = {f"css/{PurePosixPath(template).with_suffix('.css')}" for template in closure(templates)}
    return tuple(sheet for sheet in ranked() if sheet.path in named or sheet.path in BASE)


def closure(templates: Iterable[str]) -> set[str]:
    """Templates, those that they extend or import, and those of the parts that they call, and so on."""
    found, waiting = set[str](), list(templates)
    while waiting:
        template = waiting.pop()
        if template not in found:
            found.add(template)
            waiting += _named_by(template)
    return found


def _named_by(template: str) -> Iterable[str]:
    source, _, _ = environment().loader.get_source(environment(), template)  # type: ignore[union-attr]
    tree = environment().parse(source)
    asked = meta.find_undeclared_variables(tree)
    # None stands for one whose name is worked out, of which our own have none.
    named = (each for each in meta.find_referenced_templates(tree) if each is not None)
    return (*named, *(_part(part.name) for part in PARTS if part.name in asked))


def _template(scene: str) -> str:
    return f"{SCENE_FOLDER}/{scene}.html"


def _sheet(scene: str) -> str:
    return f"css/{SCENE_FOLDER}/{scene}.css"


def _part(name: str) -> str:
    return f"parts/{name}.html"
