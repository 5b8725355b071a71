"""What an overlay's address asks for: its settings by their names, each read by the type that its struct gives it."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import msgspec

from dashboard.overlays.overlay import PLACED, Overlay, OverlaySettings

LISTED = "|"
"""What stands between the entries of a list in an address."""


class Fault(NamedTuple):
    """A parameter that is none, or has a value that it cannot have."""

    parameter: str
    found: str


class Asked(NamedTuple):
    """What an address asks for; ``names`` are the settings that it names."""

    settings: OverlaySettings
    names: tuple[str, ...]
    faults: tuple[Fault, ...]


def read(overlay: Overlay[Any], parameters: Iterable[tuple[str, str]], known: frozenset[str]) -> Asked:
    """Read an address; what cannot be read has its default, and is a fault. ``known`` are parameters that are of the
    page and no settings. Of several of one name the last counts."""
    fields = {field.name: field for field in msgspec.structs.fields(overlay.settings)}
    found, faults = dict[str, Any](), list[Fault]()
    for name, text in dict(parameters).items():
        if name in known:
            continue
        if name not in fields:
            faults.append(Fault(name, ""))
            continue
        is_listed = isinstance(fields[name].default, tuple)
        value: Any = [part for part in text.split(LISTED) if part] if is_listed else text
        try:
            found[name] = msgspec.convert(value, fields[name].type, strict=False)
        except msgspec.ValidationError:
            faults.append(Fault(name, text))
    return Asked(overlay.settings(**found), tuple(found), tuple(faults))


def merged(overlay: Overlay[Any], asked: OverlaySettings, data: Mapping[str, Any]) -> OverlaySettings:
    """The settings of an address, but for what the output says. What an overlay is about comes from one of the two as a
    whole: the titles of somebody else would be the worst that could stand below a name."""
    whole = {name: getattr(asked, name) for name in (PLACED if data.keys() - PLACED else asked.__struct_fields__)}
    try:
        found: OverlaySettings = msgspec.convert({**whole, **data}, overlay.settings)
    except msgspec.ValidationError:
        # What an output was given by an earlier release, and this one cannot read.
        return asked
    return found
