"""Addresses as pictures that telephones read."""

import re
from typing import NamedTuple

import segno
from markupsafe import Markup

from dashboard.words.widths import width_em
from streaming.contests.contest import Contest

ADDRESS_EM = (16.0, 24.0)
"""The width of an address, in em of its font, up to which it has the largest size, and the next."""


class Link(NamedTuple):
    """A link of the contest: what it leads to, its address as people type it, the picture, and ``size``, 0 for an
    address of the largest size, more for longer ones."""

    name: str
    address: str
    picture: Markup
    size: int


def qr(text: str) -> Markup:
    """A QR picture as an inline SVG of black on white, with the quiet edge that scanners need."""
    drawn = segno.make(text, error="m", micro=False)
    svg = drawn.svg_inline(border=4, light="#fff", dark="#000", omitsize=True, svgclass="qr", lineclass=None)
    return Markup(svg)  # noqa: S704 - made of squares alone


def links(contest: Contest) -> tuple[Link, ...]:
    """The links of contest.toml."""
    return tuple(_link(name, url) for name, url in contest.links)


def _link(name: str, url: str) -> Link:
    address = re.sub(r"^https?://(?:www\.)?", "", url).rstrip("/")
    return Link(name, address, qr(url), sum(width_em(address) > held for held in ADDRESS_EM))
