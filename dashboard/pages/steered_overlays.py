"""The page of an output's overlays: each as a card in its lane, with a field for whatever can be chosen of it."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal, NamedTuple, get_args, get_origin

import msgspec
from msgspec import inspect

from dashboard.edition import Edition
from dashboard.overlays.overlay import PLACED, UNITS, Overlay
from dashboard.overlays.overlays import OVERLAYS
from dashboard.overlays.room import Lane
from dashboard.overlays.themes import themes_of
from dashboard.page import data_block
from dashboard.pages.control import output_title, texts
from dashboard.pages.program import Choice, OutputLine, OutputsData
from dashboard.scenes.scene import Scene

Sort = Literal["choice", "flag", "text", "lines", "number", "moment", "unit"]
MOMENT = "to_ms"
"""The setting that is a time of day."""


class Field(NamedTuple):
    """What can be chosen of an overlay; left empty, it is as the address of the playout host asks.

    ``chars`` is how long a text, or each line of it, may be, ``lines`` how many lines there may be; a number lies
    between ``least`` and ``most``, where these are not None.
    """

    name: str
    text: str
    sort: Sort
    choices: tuple[Choice, ...] = ()
    chars: int = 0
    lines: int = 0
    least: int | None = None
    most: int | None = None


class Card(NamedTuple):
    """An overlay: its fields that say what it is about, and those that say how it stands."""

    name: str
    title: str
    about: tuple[Field, ...]
    placed: tuple[Field, ...]
    hides_s: int | None
    has_steps: bool


class LaneOfCards(NamedTuple):
    """A lane, and the overlays of which it shows one."""

    name: Lane
    title: str
    cards: list[Card]


class OverlayDeskData(msgspec.Struct, frozen=True):
    """What the script of the page reads beside the outputs: the titles of scenes and which are of respect, the titles
    of overlays, and those that have numbers."""

    scenes: dict[str, str]
    solemn: tuple[str, ...]
    overlays: dict[str, str]
    with_numbers: tuple[str, ...]


def steered_overlays(scenes: Iterable[Scene[Any]], edition: Edition, shown: OutputsData) -> dict[str, Any]:
    """What control/overlays.html has beside the frame of every page."""
    lang, scenes = edition.lang, list(scenes)
    t = texts(lang)
    data = OverlayDeskData(
        scenes={scene.name: scene.title(edition) for scene in scenes},
        solemn=tuple(scene.name for scene in scenes if scene.solemn),
        overlays={each.name: each.title(edition) for each in OVERLAYS},
        with_numbers=tuple(each.name for each in OVERLAYS if each.has_numbers),
    )
    return {
        "asked": f"out={shown.output}&",
        "output_title": output_title(lang, shown.output),
        "outputs": [OutputLine(name, output_title(lang, name, "short"), name == shown.output) for name in shown.frames],
        "lanes": [
            LaneOfCards(lane, t[f"lane_{lane}"], [_card(each, edition, t) for each in OVERLAYS if each.lane == lane])
            for lane in get_args(Lane)
        ],
        "themes": themes_of(edition.folder).titles(lang),
        "shown": data_block(shown),
        "desk_data": data_block(data),
    }


def _card(overlay: Overlay[Any], edition: Edition, t: Mapping[str, str]) -> Card:
    has_targets = edition.tree.target(edition.tree.root.code) is not None
    fields = {
        field.name: _field(field, t, has_targets=has_targets) for field in msgspec.structs.fields(overlay.settings)
    }
    return Card(
        overlay.name,
        overlay.title(edition),
        tuple(field for name, field in fields.items() if name not in PLACED),
        tuple(field for name, field in fields.items() if name in PLACED),
        None if overlay.hides_after_ms is None else overlay.hides_after_ms // 1000,
        overlay.reveals,
    )


def _field(field: msgspec.structs.FieldInfo, t: Mapping[str, str], *, has_targets: bool) -> Field:
    name, text = field.name, t[f"setting_{field.name}"]
    if name in UNITS:
        return Field(name, text, "unit")
    if name == MOMENT:
        return Field(name, text, "moment")
    values = [value for value in _values(field.type) if value != "rate" or has_targets]
    if values:
        choices = tuple(Choice(value, t[f"setting_{name}_{value}"], is_chosen=False) for value in values)
        return Field(name, text, "choice", choices)
    match inspect.type_info(field.type):
        case inspect.BoolType():
            yes_no = (("1", t[f"setting_{name}_true"]), ("0", t[f"setting_{name}_false"]))
            return Field(name, text, "flag", tuple(Choice(value, said, is_chosen=False) for value, said in yes_no))
        case inspect.IntType(ge=least, le=most):
            return Field(name, text, "number", least=least, most=most)
        case inspect.StrType(max_length=int(chars)):
            return Field(name, text, "text", chars=chars)
        case inspect.VarTupleType(item_type=inspect.StrType(max_length=int(chars)), max_length=int(lines)):
            return Field(name, text, "lines", chars=chars, lines=lines)
    raise TypeError(f"{name}: no field for a setting of {field.type}")


def _values(type_: Any) -> list[str]:
    """The values of a setting that has few; "" leaves it to the overlay, which is no choice."""
    if get_origin(type_) is Annotated:
        type_ = get_args(type_)[0]
    return [value for value in get_args(type_) if value] if get_origin(type_) is Literal else []
