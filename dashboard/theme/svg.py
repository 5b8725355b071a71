"""What a theme's drawing may hold: shapes and colours, no script, no other file, and nothing that multiplies itself."""

import re
from xml.etree import ElementTree

from streaming.contests.theme_files import line_of, theme_error

NAMESPACE = "{http://www.w3.org/2000/svg}"
_ELEMENTS = """
circle clipPath defs desc ellipse g line linearGradient mask path pattern polygon polyline radialGradient rect
stop svg title
"""
ELEMENTS = frozenset(_ELEMENTS.split())
"""Not <use>: one that shows two others which each show two others is drawn a billion times after thirty lines."""
ELEMENTS_MAX = 2_000
TILED = frozenset({"clipPath", "mask", "pattern"})
"""What stands inside one of these refers to no other: each would be drawn for every tile of the one around it."""

_LOCAL = re.compile(r"url\(\s*['\"]?#[\w-]+['\"]?\s*\)")
_REFERENCE = re.compile(r"url\s*\(", re.IGNORECASE)


def check_svg(text: str, name: str) -> None:
    """Check a drawing.

    Raises:
        ContestError: If it is no SVG, or has more in it than shapes.
    """
    # Before it is parsed: an entity may be a file, or a billion copies of itself.
    if found := re.search(r"<!(?!--)|<\?(?!xml\s)", text):
        raise theme_error(name, "no document type, entity or processing instruction", line_of(text, found.start()))
    try:
        root = ElementTree.fromstring(text)  # noqa: S314 - what may expand in it has just been refused
    except (ElementTree.ParseError, ValueError) as error:
        raise theme_error(name, f"a drawing in SVG ({error})") from error
    if root.tag != f"{NAMESPACE}svg":
        raise theme_error(name, 'a drawing in SVG, <svg xmlns="http://www.w3.org/2000/svg">')
    elements = list(root.iter())
    if len(elements) > ELEMENTS_MAX:
        raise theme_error(name, f"at most {ELEMENTS_MAX} elements")
    for element in elements:
        _check_element(element, name)
    for tiled in (each for each in elements if _local(each) in TILED):
        if any(_REFERENCE.search(value) for inner in tiled.iter() for value in inner.attrib.values()):
            raise theme_error(name, f"no url(#…) within <{_local(tiled)}>")


def _check_element(element: ElementTree.Element, name: str) -> None:
    local = _local(element)
    if not str(element.tag).startswith(NAMESPACE) or local not in ELEMENTS:
        raise theme_error(name, f"shapes and colours alone, no <{local}>")
    for attribute, value in element.attrib.items():
        plain = attribute.rpartition("}")[2].lower()
        if plain.startswith("on") or plain in {"href", "style", "src"}:
            raise theme_error(name, f"no attribute “{plain}” in <{local}>")
        if _REFERENCE.search(_LOCAL.sub("", value)):
            raise theme_error(name, f"url(#…) of this drawing, not {value}")


def _local(element: ElementTree.Element) -> str:
    return str(element.tag).rpartition("}")[2]
