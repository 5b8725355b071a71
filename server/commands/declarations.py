"""`declarations`: write what the scripts' types are checked against, from the structs that cross the wire."""

import json
import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import get_args, get_type_hints

import click
import msgspec
from msgspec import inspect

from dashboard.pages.button import ButtonData
from dashboard.pages.control import Live, RoomData
from dashboard.pages.hall import HallData
from dashboard.pages.overlay import OverlayData
from dashboard.pages.point import PointData
from dashboard.pages.point_phone import PhoneData
from dashboard.pages.points import RollCallData
from dashboard.pages.presenter import PresenterData
from dashboard.pages.program import OutputsData
from dashboard.pages.self_test import SelfTestData
from dashboard.pages.steered_overlays import OverlayDeskData
from dashboard.pages.unit import UnitData
from dashboard.parts.parts import PARTS
from server.control.actions import ANY_ACTION
from server.control.checks import Checks
from server.control.renderer_faults import StrapTold
from server.control.screens import ScreensState
from server.control.watch_state import WatchState
from server.live.said import Said
from server.routes.api.decisions import DecisionAnswer
from server.routes.api.entries import Entries
from server.routes.api.me import Me
from server.routes.api.outputs import OutputsShown, TakeAnswer
from server.routes.api.pictures import PicturesShown
from server.routes.api.point_lists import ListRead
from server.routes.api.points import BridgeAnswer, PeopleShown, PointShown
from server.routes.api.rundown_files import RundownRead
from server.routes.api.screens import ScreensTold
from server.routes.api.strap_files import StrapsFileRead
from server.routes.pages.registry import RegistryData
from server.routes.pages.straps import StrapsData
from server.web.problems import StaleBody, StaleTakeBody
from streaming.effect import CorrectionEffect, Effect, MomentEffect
from streaming.points.told import PointsState
from streaming.program.button import ButtonState
from streaming.program.presenter import PresenterState
from streaming.program.state import ProgramState
from streaming.program.told import ControlProgramState
from streaming.topics.frames import Frame
from streaming.topics.state import BoardState, ControlState, PointState, UnitState

FILE = Path(__file__).resolve().parents[2] / "dashboard" / "wire.d.ts"
READ: tuple[type[msgspec.Struct], ...] = (
    ProgramState, ControlProgramState, Checks, PresenterState, ButtonState, OutputsShown, TakeAnswer, StaleTakeBody,
    PicturesShown, RundownRead, StrapsData, StrapsFileRead, StrapTold, ScreensState, RegistryData, ScreensTold,
    Frame, BoardState, UnitState, ControlState, PointState, WatchState, PointsState,
    HallData, UnitData, PointData, PhoneData, SelfTestData,
    OverlayData, PresenterData, ButtonData, RoomData, Live, OutputsData, OverlayDeskData,
    RollCallData, ListRead, BridgeAnswer, PeopleShown, PointShown,
    DecisionAnswer, StaleBody, Effect, CorrectionEffect, MomentEffect, Entries, Me,
    *(get_type_hints(each)["return"] for part in PARTS for each in (part.ask, part.view)),
)  # fmt: skip
"""What a script reads: topics, the data of its page, answers. Structs that these hold need no line."""
SENT = {"Action": ANY_ACTION, "Said": Said}
"""What a script sends, by name; what has a default may be left out there."""

HEAD = """\
/**
 * What crosses between Python and the scripts, as the namespace `wire`.
 * Written by `python3 run.py declarations` from the structs of these names: change those, and run it again.
 */
declare namespace wire {
"""


@click.command()
def declarations() -> None:
    """Write the declarations that the scripts' types are checked against."""
    FILE.write_text(declared(), encoding="utf-8")
    click.echo(f"{FILE}: written; now run: npm run check")


def declared() -> str:
    """The text of FILE."""
    found: dict[str, tuple[type, str]] = {}
    for struct in READ:
        _declare(inspect.type_info(struct), found)
    parts = [text for _, text in found.values()]
    for name, union in SENT.items():
        members = [f"  | {_sent(inspect.type_info(struct))}" for struct in get_args(union)]
        parts.append(f"type {name} =\n" + "\n".join(members) + ";\n")
    return HEAD + "\n".join(textwrap.indent(part, "  ") for part in parts) + "}\n"


def _declare(type_: inspect.Type, found: dict[str, tuple[type, str]]) -> None:
    """Declare every struct in a type, those that it holds first."""
    if not isinstance(type_, inspect.StructType):
        for inner in _held(type_):
            _declare(inner, found)
        return
    name = type_.cls.__name__
    if name in found:
        if found[name][0] is not type_.cls:
            raise ValueError(f"two structs are called {name}: {found[name][0]} and {type_.cls}")
        return
    for field in type_.fields:
        _declare(field.type, found)
    config = type_.cls.__struct_config__
    fields = [_field(field, may_lack=_is_unset(field) or config.omit_defaults) for field in type_.fields]
    lines = [f"interface {name} {{", *(f"  {line};" for line in fields), "}\n"]
    found[name] = type_.cls, "\n".join(lines)


def _sent(type_: inspect.Type) -> str:
    assert isinstance(type_, inspect.StructType)  # noqa: S101 - SENT holds unions of structs
    fields = [_field(field, may_lack=True) for field in type_.fields]
    return f"{{ {'; '.join([f'{type_.tag_field}: {json.dumps(type_.tag)}', *fields])} }}"


def _field(field: inspect.Field, *, may_lack: bool) -> str:
    """A field; one that ``may_lack`` and is not required need not be there."""
    mark = "?" if may_lack and not field.required else ""
    return f"{field.encode_name}{mark}: {typescript(field.type)}"


def _is_unset(field: inspect.Field) -> bool:
    """Whether a field has UNSET for its default, which msgspec tells by none at all."""
    return not field.required and field.default is field.default_factory is msgspec.NODEFAULT


def typescript(type_: inspect.Type) -> str:
    """A type in the words of TypeScript."""
    match type_:
        case inspect.StructType():
            return type_.cls.__name__
        case inspect.UnionType():
            # What has been encoded before stands in the place of another type of the union.
            each = [typescript(inner) for inner in type_.types if not isinstance(inner, inspect.RawType)]
            return " | ".join(dict.fromkeys(each))
        case inspect.IntType() | inspect.FloatType():
            return "number"
        case inspect.StrType():
            return "string"
        case inspect.BoolType():
            return "boolean"
        case inspect.NoneType():
            return "null"
        case inspect.AnyType():
            return "unknown"
        case inspect.LiteralType():
            return " | ".join(json.dumps(value) for value in type_.values)
        case inspect.ListType() | inspect.VarTupleType():
            item = typescript(type_.item_type)
            is_union = isinstance(type_.item_type, inspect.UnionType | inspect.LiteralType)
            return f"({item})[]" if is_union else f"{item}[]"
        case inspect.TupleType():
            return f"[{', '.join(map(typescript, type_.item_types))}]"
        case inspect.DictType():
            return f"Record<string, {typescript(type_.value_type)}>"
    raise TypeError(f"no declaration for {type_}")


def _held(type_: inspect.Type) -> Sequence[inspect.Type]:
    """The types that a type holds."""
    match type_:
        case inspect.UnionType():
            return type_.types
        case inspect.ListType() | inspect.VarTupleType():
            return (type_.item_type,)
        case inspect.TupleType():
            return type_.item_types
        case inspect.DictType():
            return (type_.value_type,)
    return ()
