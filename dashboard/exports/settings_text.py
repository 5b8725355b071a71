"""The settings of a scene as one reads and writes them in a cell: ``by=completed; order=full``."""

import json
import re
from collections.abc import Mapping

import msgspec

from streaming.program.state import SceneSettings, Setting

_NAME = re.compile(r"\s*([a-z][a-z0-9_]{0,31})\s*=\s*")
_PLAIN = re.compile(r"[^\s;\"\[{][^;\n\"]{0,199}")
_END = re.compile(r"\s*(?:[;\n]|$)")
_decoder = json.JSONDecoder()


def written(settings: SceneSettings) -> str:
    """The settings as a text; a value that is not plain words stands there as JSON."""
    return "; ".join(f"{name}={_value(value)}" for name, value in settings.items())


def _value(value: Setting) -> str:
    if isinstance(value, str) and _PLAIN.fullmatch(value) and value == value.strip() and not _is_json(value):
        return value
    return msgspec.json.encode(value).decode()


def _is_json(text: str) -> bool:
    try:
        msgspec.json.decode(text)
    except msgspec.DecodeError:
        return False
    return True


def read(text: str) -> SceneSettings:
    """The settings that a text says.

    Raises:
        ValueError: If it says none so.
    """
    found: dict[str, Setting] = {}
    at = 0
    while text[at:].strip(" ;\n\t"):
        name = _NAME.match(text, at)
        if name is None or name[1] in found:
            raise ValueError
        at = name.end()
        found[name[1]], at = _read_value(text, at)
        end = _END.match(text, at)
        if end is None:
            raise ValueError
        at = end.end()
    try:
        checked: Mapping[str, Setting] = msgspec.convert(found, SceneSettings)
    except msgspec.ValidationError as error:
        raise ValueError from error
    return checked


def _read_value(text: str, at: int) -> tuple[Setting, int]:
    if at < len(text) and text[at] in '"[':
        try:
            value, end = _decoder.raw_decode(text, at)
        except RecursionError:
            raise ValueError("a list within lists without end") from None
        return (tuple(value) if isinstance(value, list) else value), end
    plain = _PLAIN.match(text, at)
    if plain is None:
        return "", at
    said = plain[0].strip()
    return (json.loads(said) if _is_json(said) else said), plain.end()
