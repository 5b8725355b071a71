"""The page of one output: every other at a glance, and every scene with what can be chosen of it, as it would be chosen
now."""

from collections.abc import Iterable, Mapping
from typing import Any, Literal, NamedTuple, get_args, get_origin

import msgspec
from msgspec import inspect

from dashboard import static
from dashboard.page import data_block
from dashboard.pages.control import output_title, texts
from dashboard.parts.part import Cut
from dashboard.scenes.scene import Family, Scene
from streaming.program.names import OF_TV
from streaming.topics.frames import Frame

PICTURE = "picture"
"""The setting that is chosen from what has been uploaded."""
THUMBNAIL = "thumbnails/{}.webp"
"""The picture of a scene, which ``python -m tests.pictures`` takes."""


SPEEDS = (1, 2, 3, 5, 10)
"""How many times as fast as planned a rehearsal is offered to go."""

UNITS = ("unit", "of")
"""The settings that name a unit."""


class Choice(msgspec.Struct, frozen=True):
    """One value that a setting can have, and whether it is the one that would be chosen."""

    value: str
    text: str
    is_chosen: bool


class SettingOffered(msgspec.Struct, frozen=True):
    """A setting that an operator chooses, or types; what a scene fixes by itself at its take is none. ``chars`` is how
    long a text may be; what is left empty the scene chooses."""

    name: str
    text: str
    sort: Literal["choice", "text", "number", "unit"]
    choices: tuple[Choice, ...] = ()
    chars: int = 0


class SceneOffered(msgspec.Struct, frozen=True):
    """A scene as a button; ``thumbnail`` is the address of its picture as we ship it, "" for one that a theme adds."""

    name: str
    title: str
    what: str
    settings: tuple[SettingOffered, ...]
    reveals: bool = False
    thumbnail: str = ""


class FamilyOffered(NamedTuple):
    """Scenes that operators look for by one word."""

    name: Family
    title: str
    scenes: list[SceneOffered]


class OutputsData(msgspec.Struct, frozen=True):
    """What the script of the page reads: the ``output`` that it steers, every output's topic for operators by its name,
    in the order in which they stand, and what may be done. ``bound`` is the output of whoever has no other; ``names``
    are those of accounts by their number, for who does not follow the topic that tells them."""

    output: str
    frames: dict[str, Frame]
    may_steer: bool
    may_break: bool
    bound: str | None = None
    names: dict[str, str] = {}


class OutputLine(NamedTuple):
    """An output in the bar."""

    name: str
    title: str
    is_current: bool


def program(scenes: Iterable[Scene[Any]], cut: Cut, shown: OutputsData, lang: str) -> dict[str, Any]:
    """What control/program.html has beside the frame of every page; ``cut`` are the public numbers of the output's
    store, by which settings are chosen."""
    t = texts(lang)
    return {
        # The other language shows the same output.
        "asked": f"out={shown.output}&",
        "output": shown.output,
        "output_title": output_title(lang, shown.output),
        "outputs": [OutputLine(name, output_title(lang, name, "short"), name == shown.output) for name in shown.frames],
        "families": _families(scenes, cut, t),
        "shown": data_block(shown),
        "may_break": shown.may_break,
        "speeds": SPEEDS,
        "may_remove": OF_TV.fullmatch(shown.output) is not None,
    }


def _families(scenes: Iterable[Scene[Any]], cut: Cut, t: Mapping[str, str]) -> list[FamilyOffered]:
    """Every scene in its family; one without any is left out."""
    found: dict[Family, list[SceneOffered]] = {name: [] for name in get_args(Family)}
    for scene in scenes:
        found[scene.family].append(_offered(scene, cut, t))
    return [FamilyOffered(name, t[f"family_{name}"], offered) for name, offered in found.items() if offered]


def _offered(scene: Scene[Any], cut: Cut, t: Mapping[str, str]) -> SceneOffered:
    chosen = scene.chosen(scene.settings(), cut)
    fields = msgspec.structs.fields(scene.settings)
    settings = tuple(found for field in fields if (found := _setting(field, chosen, cut, t)) is not None)
    # A scene that the contest's theme adds says what it is by its title alone.
    what = t.get(f"take_{scene.name}", "")
    return SceneOffered(scene.name, scene.title(cut.edition), what, settings, scene.reveals, _thumbnail(scene.name))


def _thumbnail(scene: str) -> str:
    path = THUMBNAIL.format(scene)
    return static.url(path) if path in static.files() else ""


def _setting(field: msgspec.structs.FieldInfo, chosen: Any, cut: Cut, t: Mapping[str, str]) -> SettingOffered | None:
    """A setting as it is offered; None for one that the scene fixes by itself."""
    name = f"setting_{field.name}"
    if field.name in UNITS:
        return SettingOffered(field.name, t[name], "unit")
    values = _pictures(cut) if field.name == PICTURE else _named(field, cut, t)
    if values and field.name == PICTURE and not getattr(chosen, PICTURE):
        values = {"": t["setting_picture_none"], **values}
    if len(values) > 1:
        first = getattr(chosen, field.name) or next(iter(values))
        choices = tuple(Choice(value, text, value == first) for value, text in values.items())
        return SettingOffered(field.name, t[name], "choice", choices)
    match inspect.type_info(field.type):
        case inspect.StrType(max_length=int(chars)) if field.name != PICTURE:
            return SettingOffered(field.name, t[name], "text", chars=chars)
        case inspect.IntType() if name in t:
            return SettingOffered(field.name, t[name], "number")
    return None


def _named(field: msgspec.structs.FieldInfo, cut: Cut, t: Mapping[str, str]) -> dict[str, str]:
    """The values of a setting that has few, and what they are called."""
    values = (value for value in _values(field.type) if _may_choose(field.name, value, cut))
    return {value: t[f"setting_{field.name}_{value}"] for value in values}


def _pictures(cut: Cut) -> dict[str, str]:
    """The pictures that have been uploaded, and their names."""
    return {each.digest: each.name for each in cut.edition.gallery.all}


def _values(type_: Any) -> list[str]:
    """The values of a setting that has few; "" leaves it to the scene, which is no choice."""
    return [value for value in get_args(type_) if value] if get_origin(type_) is Literal else []


def _may_choose(name: str, value: str, cut: Cut) -> bool:
    """Whether a contest has what a value asks for: several grounds of its map, targets."""
    if name == "ground":
        return value in cut.edition.grounds
    return value != "rate" or cut.tree.target(cut.tree.root.code) is not None
