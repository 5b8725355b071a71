"""What a theme's drawing may hold: shapes and colours, no script, no other file, and nothing that multiplies itself."""

import re
from xml.etree import ElementTree

from streaming.contests.theme_files import Fault, line_of, theme_error

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


def check_svg(text: str, name: str, fault: Fault = theme_error) -> dict[str, str]:
    """Check a drawing; returns the attributes of its root.

    Raises:
        ContestError: If it is no SVG, or has more in it than shapes.
    """
    # Before it is parsed: an entity may be a file, or a billion copies of itself.
    if found := re.search(r"<!(?!--)|<\?(?!xml\s)", text):
        raise fault(name, "no document type, entity or processing instruction", line_of(text, found.start()))
    try:
        root = ElementTree.fromstring(text)  # noqa: S314 - what may expand in it has just been refused
    except (ElementTree.ParseError, ValueError) as error:
        raise fault(name, f"a drawing in SVG ({error})", None) from error
    if root.tag != f"{NAMESPACE}svg":
        raise fault(name, 'a drawing in SVG, <svg xmlns="http://www.w3.org/2000/svg">', None)
    elements = list(root.iter())
    if len(elements) > ELEMENTS_MAX:
        raise fault(name, f"at most {ELEMENTS_MAX} elements", None)
    for element in elements:
        _check_element(element, name, fault)
    for tiled in (each for each in elements if _local(each) in TILED):
        if any(_REFERENCE.search(value) for inner in tiled.iter() for value in inner.attrib.values()):
            raise fault(name, f"no url(#…) within <{_local(tiled)}>", None)
    return dict(root.attrib)


def _check_element(element: ElementTree.Element, name: str, fault: Fault) -> None:
    local = _local(element)
    if not str(element.tag).startswith(NAMESPACE) or local not in ELEMENTS:
        raise fault(name, f"shapes and colours alone, no <{local}>", None)
    for attribute, value in element.attrib.items():
        plain = attribute.rpartition("}")[2].lower()
        if plain.startswith("on") or plain in {"href", "style", "src"}:
            raise fault(name, f"no attribute “{plain}” in <{local}>", None)
        if _REFERENCE.search(_LOCAL.sub("", value)):
            raise fault(name, f"url(#…) of this drawing, not {value}", None)


def _local(element: ElementTree.Element) -> str:
    return str(element.tag).rpartition("}")[2]
