"""A package of an overlay for renderers of OGraf v1 (EBU): a manifest, and a graphic that our server feeds."""

import hashlib
import io
import zipfile
from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec import inspect

from dashboard import static
from dashboard.edition import Edition
from dashboard.overlays.lower_third import LOWER_THIRD
from dashboard.overlays.overlay import PLACED, Overlay, OverlaySettings
from dashboard.overlays.total import TOTAL
from dashboard.pages.overlay import called

PACKAGED: Mapping[str, Overlay[Any]] = {overlay.name: overlay for overlay in (TOTAL, LOWER_THIRD)}
"""The overlays that there are packages of."""
SCHEMA = "https://ograf.ebu.io/v1/specification/json-schemas/graphics/schema.json"
"""What names the version of OGraf; renderers compare it letter by letter."""
GRAPHIC = "js/ograf/graphic.js"
MAIN = "graphic.mjs"
VERSION = "1"
"""That of how the packages are made; what a package holds follows it in its own version."""
VERSION_BYTES = 4
OLDEST_CHROMIUM = "86"
STAMP = (2026, 1, 1, 0, 0, 0)
"""The time of a package's files: the same package is the same bytes."""
_PLACE = 'const ADDRESS = "";'


def package(overlay: Overlay[Any], edition: Edition, asked: OverlaySettings, *, out: str, address: str) -> bytes:
    """The ZIP of an overlay on an output; ``address`` is that of its page, and what is ``asked`` for there stands in
    the fields at first."""
    graphic = script(address)
    made = manifest(overlay, edition, asked, out=out)
    # A renderer keeps a graphic by its id and version for as long as its page is open.
    digest = hashlib.blake2b(graphic + msgspec.json.encode(made), digest_size=VERSION_BYTES).hexdigest()
    made["version"] = f"{VERSION}-{digest}"
    files = {f"{overlay.name}.ograf.json": msgspec.json.format(msgspec.json.encode(made), indent=2), MAIN: graphic}
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as kept:
        for name, content in files.items():
            info = zipfile.ZipInfo(name, STAMP)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            kept.writestr(info, content)
    return body.getvalue()


def script(address: str) -> bytes:
    """The graphic that shows the page of an address."""
    before, _, after = static.files()[GRAPHIC].read_text("utf-8").partition(_PLACE)
    return f"{before}const ADDRESS = {msgspec.json.encode(address).decode()};{after}".encode()


def manifest(overlay: Overlay[Any], edition: Edition, asked: OverlaySettings, *, out: str) -> dict[str, Any]:
    """The manifest, but for the version. The id is of small letters, and one for each output: renderers name an element
    by it."""
    fields = [field for field in msgspec.structs.fields(overlay.settings) if field.name not in PLACED]
    return {
        "$schema": SCHEMA,
        "id": f"diem-cau.{overlay.name}.{out}",
        "name": f"{overlay.title(edition)} · {out}",
        "author": {"name": "Điểm Cầu"},
        "main": MAIN,
        "supportsRealTime": True,
        "supportsNonRealTime": False,
        "stepCount": 1,
        "schema": {
            "type": "object",
            "properties": {field.name: _property(field, getattr(asked, field.name), edition) for field in fields},
        },
        "renderRequirements": [
            {
                "resolution": {"width": {"ideal": 1920}, "height": {"ideal": 1080}},
                "engine": [{"type": "CEF", "version": {"min": OLDEST_CHROMIUM}}],
            }
        ],
    }


def _property(field: msgspec.structs.FieldInfo, value: Any, edition: Edition) -> dict[str, Any]:
    """A setting as a field of OGraf (GDD); lists are one text of lines."""
    found: dict[str, Any] = {"title": edition.words.say(f"overlay_field_{field.name}"), "default": value}
    match inspect.type_info(field.type):
        case inspect.BoolType():
            return {"type": "boolean", **found}
        case inspect.LiteralType(values):
            labels = {str(each): called(str(each), edition.words) for each in values}
            return {
                "type": "string",
                "gddType": "select",
                "enum": list(values),
                "gddOptions": {"labels": labels},
                **found,
            }
        case inspect.VarTupleType():
            return {"type": "string", "gddType": "multi-line", **found, "default": "\n".join(value)}
        case inspect.StrType(max_length=most):
            bound = {} if most is None else {"maxLength": most}
            return {"type": "string", "gddType": "single-line", **found, **bound}
        case other:
            raise TypeError(f"{field.name}: no field of OGraf for {other}")
