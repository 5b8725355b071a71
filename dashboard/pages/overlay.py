"""The page of an overlay: what it shows on its output, and what its script reads."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import msgspec
from markupsafe import Markup
from msgspec import inspect
from msgspec.structs import FieldInfo, fields

from dashboard.edition import Edition
from dashboard.overlays.address import Asked, merged
from dashboard.overlays.overlay import LANES, PLACED, Overlay, OverlaySettings
from dashboard.overlays.sheets import sheets
from dashboard.overlays.themes import DEFAULT, themes_of
from dashboard.page import Following, PageData, common, data_block
from dashboard.parts.part import Cut
from dashboard.words.words import Words
from streaming.contests.contest import RankBy
from streaming.program.state import KeptOut, OverlayOnAir


class TextLimit(msgspec.Struct, frozen=True):
    """How long a free text, or each of its lines, may be, and how many lines it may have."""

    chars: int
    lines: int


class OverlayData(PageData, frozen=True, kw_only=True):
    """What the script of an overlay reads: ``asked`` are the settings that its address asks for, ``defaults`` those
    that it has else; ``placed`` are those that say how it stands, ``written`` those that are free texts, with the
    ``limits`` of each, and ``faults`` those that its address names wrongly. ``shown`` is the overlay as it stood on the
    output when the page was painted, ``cleared`` the moment at which all were taken away last, ``kept_out`` the boxes
    that it keeps out of. ``theme`` is how it looks, ``theme_shipped`` how it does where nobody asks; their style sheets
    lie below ``sheets``. With ``asks_theme`` the address asks for it, and the output has no say. ``leaves`` are the
    units of the map."""

    topic: str
    output: str
    root: str
    by: RankBy
    leaves: tuple[str, ...]
    name: str
    asked: Mapping[str, Any]
    defaults: Mapping[str, Any]
    placed: tuple[str, ...]
    written: tuple[str, ...]
    limits: Mapping[str, TextLimit]
    faults: tuple[str, ...]
    shown: OverlayOnAir | None
    cleared: int
    kept_out: tuple[KeptOut, ...]
    theme: str
    sheets: str
    asks_theme: bool
    theme_shipped: str


def page(
    overlay: Overlay[Any],
    cut: Cut,
    asked: Asked,
    *,
    follows: Following,
    shown: OverlayOnAir | None,
    cleared: int,
    kept_out: Sequence[KeptOut] = (),
    theme: str = DEFAULT,
    asks_theme: bool = False,
    faults: Sequence[str] = (),
    says: bool = False,
) -> dict[str, Any]:
    """The values of overlays/page.html at a cut of ``board`` as its output shows it; ``shown`` is the overlay there,
    None if it is hidden, ``kept_out`` what it keeps out of. ``theme`` is how it looks, by the output, or by the address
    where ``asks_theme`` says so. ``faults`` are the parameters of its address that cannot be used; with ``says`` the
    page itself tells them."""
    edition = cut.edition
    settings = merged(overlay, asked.settings, {} if shown is None else shown.data)
    followed = overlay.followed(settings, cut)
    if not getattr(settings, "to_ms", 0):
        cut = replace(cut, countdown=follows.on_air.countdown)
    values = common(edition.folder, edition.words, made=edition.made, rehearsal=cut.frame.rehearsal, follows=follows)
    data = OverlayData(
        lang=edition.lang,
        timezone=edition.contest.timezone,
        texts=edition.texts,
        topic=followed.topic,
        output=cut.out,
        root=edition.tree.root.code,
        by=edition.contest.ranking.by,
        leaves=tuple(unit.code for unit in edition.contest.tree.taking_part),
        name=overlay.name,
        asked={name: getattr(asked.settings, name) for name in asked.names},
        defaults=msgspec.structs.asdict(overlay.settings()),
        placed=tuple(sorted(PLACED)),
        written=overlay.written,
        limits={field.name: limit(field) for field in fields(overlay.settings) if field.name in overlay.written},
        faults=tuple(faults),
        shown=shown,
        cleared=cleared,
        kept_out=tuple(kept_out),
        theme=theme,
        sheets=themes_of(edition.folder).prefix,
        asks_theme=asks_theme,
        theme_shipped=DEFAULT,
    )
    return values | {
        "title": overlay.title(edition),
        "name": overlay.name,
        "sheets": sheets(overlay),
        "overlay_theme": themes_of(edition.folder).sheet(theme),
        "now_ms": cut.now_ms,
        "is_clear": True,
        "on_air": painted(overlay, settings, cut, shown, kept_out),
        "is_shown": shown is not None,
        "fault": edition.words.say("overlay_parameters", what=", ".join(faults)) if faults and says else "",
        "first_frame": data_block(followed.frame),
        "contest_data": data_block(data),
    }


def shell_values(overlay: Overlay[Any], edition: Edition) -> dict[str, Any]:
    """What the shell of an overlay says beside what every shell does: how SPX shows it."""
    return {"definition": data_block(spx(overlay, edition))}


def painted(
    overlay: Overlay[Any],
    settings: OverlaySettings,
    cut: Cut,
    shown: OverlayOnAir | None = None,
    kept_out: Sequence[KeptOut] = (),
    faults: Sequence[str] = (),
) -> Markup:
    """An overlay with some settings at a cut of ``board``, out of the boxes ``kept_out``; ``faults`` are those settings
    that were asked for and cannot be."""
    room = overlay.room(settings, kept_out)
    return overlay.paint(settings, cut, step=0 if shown is None else shown.step, room=room, faults=faults)


def limit(field: FieldInfo) -> TextLimit:
    """The limit of a setting that is a free text.

    Raises:
        TypeError: If the setting is none, or has no limit.
    """
    match inspect.type_info(field.type):
        case inspect.StrType(max_length=int(chars)):
            return TextLimit(chars, 1)
        case inspect.VarTupleType(item_type=inspect.StrType(max_length=int(chars)), max_length=int(lines)):
            return TextLimit(chars, lines)
    raise TypeError(f"{field.name}: a text of {field.type} has no limit")


def _field(field: FieldInfo, words: Words) -> dict[str, Any]:
    """A field as SPX asks for it; lists are one text of lines."""
    type_ = inspect.type_info(field.type)
    found: dict[str, Any] = {"field": field.name, "title": words.say(f"overlay_field_{field.name}")}
    match type_:
        case inspect.BoolType():
            return found | {"ftype": "checkbox", "value": "1" if field.default else "0"}
        case inspect.LiteralType():
            items = [{"text": called(str(value), words), "value": value} for value in type_.values]
            return found | {"ftype": "dropdown", "value": field.default, "items": items}
        case inspect.VarTupleType():
            return found | {"ftype": "textarea", "value": ""}
        case _:
            return found | {"ftype": "textfield", "value": str(field.default or "")}


def called(value: str, words: Words) -> str:
    """What a choice is called: an honorific, or what is ranked by."""
    if not value:
        return words.say("none")
    for key in (f"honorific_{value.replace('-', '_')}", f"ranking_{value}"):
        if words.has(key):
            return words.say(key)
    return value


def spx(overlay: Overlay[Any], edition: Edition) -> Mapping[str, Any]:
    """How SPX shows an overlay: its fields, by the settings that it has."""
    asked = [_field(field, edition.words) for field in fields(overlay.settings) if field.name not in PLACED]
    layer = str(1 + LANES.index(overlay.lane))
    return {
        "description": overlay.title(edition),
        "playserver": "OVERLAY",
        "playchannel": "1",
        "playlayer": layer,
        "webplayout": layer,
        "out": "manual",
        "dataformat": "json",
        "steps": "1",
        "DataFields": asked,
    }
