"""The page of takes: every scene with what can be chosen of it, as it would be chosen now."""

from collections.abc import Iterable, Mapping
from typing import Any, Literal, get_args, get_origin

import msgspec

from dashboard.page import data_block
from dashboard.pages.control import texts
from dashboard.parts.part import Cut
from dashboard.scenes.scene import Scene
from streaming.topics.frames import Frame


class Choice(msgspec.Struct, frozen=True):
    """One value that a setting can have, and whether it is the one that would be chosen."""

    value: str
    text: str
    is_chosen: bool


class SettingOffered(msgspec.Struct, frozen=True):
    """A setting that an operator chooses; what a scene fixes by itself at its take is none."""

    name: str
    text: str
    choices: tuple[Choice, ...]


class SceneOffered(msgspec.Struct, frozen=True):
    """A scene as a button."""

    name: str
    title: str
    what: str
    settings: tuple[SettingOffered, ...]


def program(scenes: Iterable[Scene[Any]], cut: Cut, frame: Frame, lang: str, output: str) -> dict[str, Any]:
    """What control/program.html has beside the frame of every page; ``frame`` is the topic of the output for operators,
    ``cut`` the public numbers by which settings are chosen."""
    return {
        "output": output,
        "output_title": texts(lang)[f"output_{output}"],
        "scenes": [_offered(scene, cut, texts(lang)) for scene in scenes],
        "first_program": data_block(frame),
    }


def _offered(scene: Scene[Any], cut: Cut, t: Mapping[str, str]) -> SceneOffered:
    chosen = scene.chosen(scene.settings(), cut)
    settings = []
    for field in msgspec.structs.fields(scene.settings):
        values = [value for value in _values(field.type) if _may_choose(field.name, value, cut)]
        if len(values) > 1:
            first = getattr(chosen, field.name) or values[0]
            name = f"setting_{field.name}"
            choices = tuple(Choice(value, t[f"{name}_{value}"], value == first) for value in values)
            settings.append(SettingOffered(field.name, t[name], choices))
    # A scene that the contest's theme adds says what it is by its title alone.
    return SceneOffered(scene.name, scene.title(cut.edition), t.get(f"take_{scene.name}", ""), tuple(settings))


def _values(type_: Any) -> list[str]:
    """The values of a setting that has few; "" leaves it to the scene, which is no choice."""
    return [value for value in get_args(type_) if value] if get_origin(type_) is Literal else []


def _may_choose(name: str, value: str, cut: Cut) -> bool:
    """Whether a contest has what a value asks for: several grounds of its map, targets."""
    if name == "ground":
        return value in cut.edition.grounds
    return value != "rate" or cut.tree.target(cut.tree.root.code) is not None
