"""What a theme's drawing may hold."""

import pytest

from dashboard.theme.svg import ELEMENTS_MAX, check_svg
from streaming.errors import ContestError

OPEN = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">'


@pytest.mark.parametrize(
    "text",
    [
        f'<?xml version="1.0" encoding="utf-8"?>\n<!-- by hand -->{OPEN}<path d="M0 0"/></svg>',
        f'{OPEN}<defs><linearGradient id="a"><stop/></linearGradient></defs><rect fill="url(#a)"/></svg>',
        f'{OPEN}<defs><pattern id="p"><path d="M0 0"/></pattern></defs><rect fill="url(#p)"/></svg>',
    ],
)
def test_shapes_may_be_drawn(text: str) -> None:
    check_svg(text, "a.svg")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "a drawing in SVG"),
        ("<svg/>", "a drawing in SVG, <svg xmlns="),
        (f"{OPEN}<script>alert(1)</script></svg>", "no <script>"),
        (f"{OPEN}<foreignObject/></svg>", "no <foreignObject>"),
        (f"{OPEN}<image href='x'/></svg>", "no <image>"),
        (f"{OPEN}<a/></svg>", "no <a>"),
        (f"{OPEN}<style>*{{}}</style></svg>", "no <style>"),
        (f"{OPEN}<animate/></svg>", "no <animate>"),
        (f"{OPEN}<set/></svg>", "no <set>"),
        (f'{OPEN}<use href="#a"/></svg>', "no <use>"),
        (f'{OPEN}<script xmlns="http://www.w3.org/1999/xhtml">x</script></svg>', "no <script>"),
        (f'{OPEN}<path onload="x"/></svg>', "no attribute “onload”"),
        (f'{OPEN}<path style="fill:url(http://x)"/></svg>', "no attribute “style”"),
        (f'{OPEN}<path xlink:href="http://x"/></svg>', "no attribute “href”"),
        (f'{OPEN}<path fill="url(http://x)"/></svg>', "url(#…) of this drawing"),
        (f'{OPEN}<path fill="URL( &#x2f;&#x2f;x )"/></svg>', "url(#…) of this drawing"),
        ('<!DOCTYPE svg [<!ENTITY a "b">]><svg>&a;</svg>', "no document type"),
        (f'<?xml-stylesheet href="http://x"?>{OPEN}</svg>', "processing instruction"),
        (f"{OPEN}<path>", "a drawing in SVG ("),
        (f"{OPEN}&a;</svg>", "a drawing in SVG ("),
        (f"{OPEN}{'<g/>' * ELEMENTS_MAX}</svg>", "at most 2000 elements"),
        (
            f'{OPEN}<pattern id="a"><rect fill="url(#b)"/></pattern><pattern id="b"/></svg>',
            "no url(#…) within <pattern>",
        ),
    ],
)
def test_nothing_else_may(text: str, expected: str) -> None:
    with pytest.raises(ContestError) as caught:
        check_svg(text, "a.svg")
    assert expected in str(caught.value)
    assert str(caught.value).startswith("theme/a.svg")
