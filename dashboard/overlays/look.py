"""The look of overlays: colours, shapes, letters and a logo, read from one file and written as a style sheet.

Every value is named and bounded, and goes into the sheet as what it was checked to be: a colour of six figures, a whole
number, the name of a file that is there. So no file can do more to an overlay than look otherwise.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import get_type_hints

from streaming.contests.toml_table import Table

COLOUR = r"#[0-9A-Fa-f]{6}"
BANDS = ("brocade", "plain", "none")
FONT, LOGO = (".woff2",), (".png", ".svg")
LINE_PX_MIN = 3
"""Thinner lines flicker on interlaced pictures."""
BOUNDS: Mapping[str, tuple[int, int]] = {
    "radius_px": (0, 40),
    "opacity_pct": (60, 100),
    "band_px": (LINE_PX_MIN, 40),
    "border_px": (0, 12),
    "density_pct": (80, 125),
    "width_pct": (80, 130),
    "width_px": (30, 240),
}
"""The least and the most of each number; px are those of a picture of 1920×1080."""
CONTRAST_MIN, CONTRAST_TOLD = 3.0, 4.5
"""Of a text and its ground: less is refused, as nobody reads it; less than the other is told."""
LOGO_GAP_PX = 24
ON_GROUND = ("text", "label", "soft", "accent")
"""The colours in which texts stand on a plate."""
LINE_ALPHA, FAINT_ALPHA = 0.45, 0.22
MARK_SHARE = 0.15
"""How much is left of the mark's colour where it ends in the plate's."""


@dataclass(frozen=True)
class Colours:
    """Each as “#rrggbb”, see themes/deep.toml."""

    ground: str
    ground_end: str
    text: str
    label: str
    soft: str
    accent: str
    mark: str
    on_mark: str
    line: str
    border: str


@dataclass(frozen=True)
class Shape:
    """How plates are cut; ``band`` is one of BANDS, a ``border_px`` of 0 is none."""

    radius_px: int
    opacity_pct: int
    band: str
    band_px: int
    border_px: int
    density_pct: int


@dataclass(frozen=True)
class Type:
    """The files of the letters, "" for ours, and how wide they run beside ours."""

    regular: str
    bold: str
    width_pct: int


@dataclass(frozen=True)
class Logo:
    """The file, "" for none."""

    file: str
    width_px: int


@dataclass(frozen=True)
class Look:
    """How overlays look; ``title`` and ``title_en`` are what people call it."""

    title: str
    title_en: str
    colours: Colours
    shape: Shape
    type: Type
    logo: Logo

    @property
    def files(self) -> tuple[str, ...]:
        """The files that it shows."""
        return tuple(dict.fromkeys(file for file in (self.type.regular, self.type.bold, self.logo.file) if file))


def read_look(top: Table, base: Look | None, files: Collection[str]) -> Look:
    """Return the look that a file asks for; what it leaves out is as ``base`` has it, and without one it leaves out
    nothing. ``files`` are those beside it, which it may name.

    Raises:
        ContestError: Naming the first value that cannot be, and what was expected.
    """
    top.only(("title", "title_en", "colours", "shape", "type", "logo"))
    colours, shape, type_, logo = (top.table(name) for name in ("colours", "shape", "type", "logo"))
    for table, of in ((colours, Colours), (shape, Shape), (type_, Type), (logo, Logo)):
        table.only(tuple(get_type_hints(of)))
    title = top.text("title", base.title if base else None)
    look = Look(
        title=title,
        title_en=top.text("title_en", title),
        colours=Colours(
            **{
                name: _colour(colours, name, getattr(base.colours, name) if base else None)
                for name in get_type_hints(Colours)
            }
        ),
        shape=Shape(
            **{
                name: _number(shape, name, getattr(base.shape, name) if base else None)
                for name in ("radius_px", "opacity_pct", "band_px", "border_px", "density_pct")
            },
            band=shape.choice("band", BANDS, base.shape.band if base else ""),
        ),
        type=Type(
            _file(type_, "regular", FONT, files),
            _file(type_, "bold", FONT, files),
            _number(type_, "width_pct", base.type.width_pct if base else None),
        ),
        logo=Logo(_file(logo, "file", LOGO, files), _number(logo, "width_px", base.logo.width_px if base else None)),
    )
    if 0 < look.shape.border_px < LINE_PX_MIN:
        shape.fail("border_px", f"0 or at least {LINE_PX_MIN}: thinner lines flicker on interlaced pictures")
    if bool(look.type.regular) != bool(look.type.bold):
        type_.fail("bold" if look.type.regular else "regular", "regular and bold together")
    for name, ratio in contrasts(look).items():
        if ratio < CONTRAST_MIN:
            colours.fail(name, f"a contrast of at least {CONTRAST_MIN:.1f} with its ground, this has {ratio:.1f}")
    return look


def _colour(table: Table, key: str, default: str | None) -> str:
    value = table.text(key, default)
    if not re.fullmatch(COLOUR, value):
        table.fail(key, "a colour such as #0d263d", value=value)
    return value.lower()


def _number(table: Table, key: str, default: int | None) -> int:
    low, high = BOUNDS[key]
    value = table.number(key, low - 1 if default is None else default)
    if not low <= value <= high:
        table.fail(key, f"a whole number from {low} to {high}", value=value)
    return value


def _file(table: Table, key: str, suffixes: tuple[str, ...], files: Collection[str]) -> str:
    value = table.text(key, "")
    if value and (not value.endswith(suffixes) or value not in files):
        table.fail(key, f"a file {' or '.join(suffixes)} that lies beside this one")
    return value


def contrasts(look: Look) -> Mapping[str, float]:
    """The least contrast of each colour of texts with what may be behind it: both ends of the ground, as it lets a
    black and a white picture through."""
    colours, opacity = look.colours, look.shape.opacity_pct / 100
    grounds = [
        tuple(opacity * part + (1 - opacity) * behind for part in _parts(ground))
        for ground in (colours.ground, colours.ground_end)
        for behind in (0, 255)
    ]
    found = {name: min(_ratio(_parts(getattr(colours, name)), ground) for ground in grounds) for name in ON_GROUND}
    return found | {"on_mark": _ratio(_parts(colours.on_mark), _parts(colours.mark))}


def _parts(colour: str) -> tuple[float, ...]:
    return tuple(int(colour[at : at + 2], 16) for at in (1, 3, 5))


def _ratio(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    """As WCAG 2 reckons it."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(parts: tuple[float, ...]) -> float:
    linear = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in (p / 255 for p in parts))
    return sum(share * part for share, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def sheet(look: Look) -> str:
    """The style sheet of a look, for css/overlay.css and the parts to go by. It is on the body, so that it counts
    before what a contest's theme says of all pages."""
    colours, shape = look.colours, look.shape
    band_px = 0 if shape.band == "none" else shape.band_px
    logo_px = look.logo.width_px + LOGO_GAP_PX if look.logo.file else 0
    pattern = f"{_em(band_px)} {_em(2 * band_px)}" if shape.band == "brocade" else "0 0"
    values = {
        "ink": colours.ground_end,
        "step-0": colours.ground_end,
        "text": colours.text,
        "soft": colours.soft,
        "gold": colours.accent,
        "line": _rgba(colours.line, FAINT_ALPHA),
        "step-6": colours.mark,
        "lit-0": colours.mark,
        "plate": _rgba(colours.ground, shape.opacity_pct / 100),
        "plate-end": _rgba(colours.ground_end, shape.opacity_pct / 100),
        "plate-label": colours.label,
        "plate-mark": colours.mark,
        "plate-mark-end": _rgba(_mixed(colours.mark, colours.ground_end), shape.opacity_pct / 100),
        "plate-on-mark": colours.on_mark,
        "plate-rule": _rgba(colours.line, LINE_ALPHA),
        "plate-radius": _em(shape.radius_px),
        "plate-border": f"{_border(shape.border_px)} solid {colours.border}",
        "plate-band": _em(band_px),
        "plate-pattern": pattern,
        "plate-density": f"{shape.density_pct / 100:g}",
        "plate-logo": _em(look.logo.width_px if logo_px else 0),
        "plate-logo-room": _em(logo_px),
        "plate-wider": f"{look.type.width_pct / 100:g}",
    }
    rules = ["body.overlays {", *(f"  --{name}: {value};" for name, value in values.items())]
    if look.type.regular:
        rules.append('  font-family: "Overlay Theme", "Be Vietnam Pro", sans-serif;')
    rules.append("}")
    for file, weights in ((look.type.regular, "100 599"), (look.type.bold, "600 900")):
        if file:
            source = f'src: url("{file}") format("woff2"); font-display: block;'
            rules.append(f'@font-face {{ font-family: "Overlay Theme"; font-weight: {weights}; {source} }}')
    if look.logo.file:
        rules.append(f'.banded::after, .unit-plate::before {{ background-image: url("{look.logo.file}"); }}')
    return "\n".join(rules) + "\n"


def _em(px: int) -> str:
    """A measure of a picture of 1920×1080 in em of an overlay, which are 10 px there."""
    return f"{px / 10:g}em"


def _border(px: int) -> str:
    """How thick the border of a plate is, which is never thinner than a line may be, however small the overlay."""
    return f"max({_em(px)}, {LINE_PX_MIN / 10:g}rem)" if px else "0"


def _mixed(one: str, other: str) -> str:
    """A little of one colour on the other."""
    parts = zip(_parts(one), _parts(other), strict=True)
    return "#" + "".join(f"{round(MARK_SHARE * part + (1 - MARK_SHARE) * ground):02x}" for part, ground in parts)


def _rgba(colour: str, alpha: float) -> str:
    red, green, blue = (int(part) for part in _parts(colour))
    return f"rgba({red}, {green}, {blue}, {alpha:g})"
