"""The settings of a scene as a request names them: each is read by the type that the scene's own struct gives it."""

from collections.abc import Mapping
from functools import cache
from typing import Any, TypeVar

import msgspec
from msgspec import inspect

from server.errors import WrongTake
from streaming.program.state import SceneSettings, Setting

Chosen = TypeVar("Chosen", bound=msgspec.Struct)
FIELD = "settings"


def read_settings(asked: Mapping[str, msgspec.Raw], type_: type[Chosen], of: str = FIELD) -> Chosen:
    """The settings of a scene; what is left out has its default. ``of`` is the field of the request that has them.

    Raises:
        WrongTake: Naming a setting that the scene does not have, or whose value it cannot have, and what was expected.
    """
    fields = _fields(type_)
    found: dict[str, Any] = {}
    for name, value in asked.items():
        if name not in fields:
            known = ", ".join(fields) or "none, for the scene has no settings"
            raise WrongTake(f"{of}.{name}", name, known)
        try:
            found[name] = msgspec.json.decode(value, type=fields[name].type)
        except (msgspec.DecodeError, UnicodeDecodeError):
            raise WrongTake(f"{of}.{name}", _text(value), expected(fields[name])) from None
    if missing := next((name for name, field in fields.items() if field.required and name not in found), None):
        raise WrongTake(f"{of}.{missing}", "", expected(fields[missing]))
    try:
        return type_(**found)
    except ValueError as error:
        # What the struct itself has against settings of the right types: "steps: expected rising whole numbers".
        name, _, what = str(error).partition(": expected ")
        given = _text(asked[name]) if name in asked else ""
        raise WrongTake(f"{of}.{name}" if what else of, given, what or str(error)) from None


def told(settings: msgspec.Struct) -> SceneSettings:
    """Settings as a topic tells them, and as they are kept.

    Raises:
        msgspec.ValidationError: If a scene has settings of a shape that is not told.
    """
    found: SceneSettings = msgspec.convert(msgspec.to_builtins(settings), SceneSettings)
    return found


def settings_of(asked: Mapping[str, msgspec.Raw]) -> SceneSettings:
    """Settings as they are asked, which were read before."""
    return {name: msgspec.json.decode(value, type=Setting) for name, value in asked.items()}


def asked_of(settings: SceneSettings) -> Mapping[str, msgspec.Raw]:
    """Settings that were kept as they were asked, as a request would ask for them."""
    return {name: msgspec.Raw(msgspec.json.encode(value)) for name, value in settings.items()}


def expected(field: msgspec.structs.FieldInfo) -> str:
    """What values a setting can have, in words."""
    return _words(inspect.type_info(field.type))


def _words(type_: inspect.Type) -> str:
    match type_:
        case inspect.LiteralType():
            return " or ".join(msgspec.json.encode(value).decode() for value in type_.values)
        case inspect.UnionType():
            return " or ".join(map(_words, type_.types))
        case inspect.NoneType():
            return "null"
        case inspect.BoolType():
            return "true or false"
        case inspect.IntType():
            least = "" if type_.ge is None else f" from {type_.ge}"
            return f"a whole number{least}{'' if type_.le is None else f' to {type_.le}'}"
        case inspect.ListType() | inspect.VarTupleType():
            most = "" if type_.max_length is None else f" of at most {type_.max_length}"
            return f"a list{most}, each {_words(type_.item_type)}"
        case inspect.StrType(max_length=int(most)):
            return f"a text of at most {most} characters"
        case _:
            return "a text"


@cache
def _fields(type_: type[msgspec.Struct]) -> Mapping[str, msgspec.structs.FieldInfo]:
    return {field.name: field for field in msgspec.structs.fields(type_)}


def _text(value: msgspec.Raw) -> str:
    return bytes(value).decode("utf-8", "replace")
