"""What a theme's style sheet may say."""

import pytest

from dashboard.theme.css import check_css
from streaming.errors import ContestError

FILES = ("theme.css", "woven.svg", "name.woff2")

GOOD = [
    "",
    '.hall::after { background: url(woven.svg) 50% 0 / auto 100% repeat-x; content: "“"; }',
    "@font-face { font-family: 'Own'; src: url( 'name.woff2' ) format(\"woff2\"); }",
    "@media (min-width: 10px) and (min-aspect-ratio: 13/10) { a { color: rgba(0, 0, 0, 0.1); } }",
    "@keyframes x { from { transform: translate3d(0, 0, 0) } to { opacity: 1 } }",
    "/* @import url(http://x) \\ */ .row:not(.leads) { --s-4: #fff; width: calc(100% - var(--x)); }",
    "@-webkit-keyframes x { from { left: 0 } }",
]


@pytest.mark.parametrize("text", GOOD)
def test_styles_of_its_own_may_be_said(text: str) -> None:
    check_css(text, "theme.css", FILES)


def test_every_gradient_may_be_used() -> None:
    kinds = ("linear", "radial", "conic")
    for gradient in (f"{repeat}{kind}-gradient" for repeat in ("", "repeating-") for kind in kinds):
        check_css(f"a {{ background: {gradient}(#000, #fff) }}", "theme.css", FILES)


BAD = [
    ("@import 'x.css';", "one of the rules"),
    ("@import url(woven.svg);", "one of the rules"),
    ("@IMPORT 'x';", "one of the rules"),
    ('@charset "x";', "one of the rules"),
    ("@/**/import 'x';", "one of the rules"),
    ("@layer a;", "one of the rules"),
    ("@\\69mport 'x';", "no “\\”"),
    ("a { background: u\\72l(x) }", "no “\\”"),
    ("a { background: url(http://x/y.png) }", "not http://x/y.png"),
    ("a { top: 0 ! important }", "no “!”"),
    ("a { top: http://x }", "no “://”"),
    ("a { background: url(//x/y.png) }", "url() of a file of this theme, not //x/y.png"),
    ("a { background: url(other.png) }", "not other.png"),
    ("a { background: url(../woven.svg) }", "not ../woven.svg"),
    ("a { background: url(woven.svg#x) }", "not woven.svg#x"),
    ("a { background: url(data:image/png;base64,xx) }", "not data:image/png;base64,xx"),
    ("a { background: URL(x) }", "not x"),
    ("a { background: url('woven.svg' x) }", "url("),
    ("a { background: url(wov/**/en.svg) }", "url("),
    ("a { background: image-set('x.png' 1x) }", "not image-set()"),
    ("a { background: -webkit-image-set(x) }", "not -webkit-image-set()"),
    ("a { background: image/**/(x) }", ""),
    ("a { width: expression(alert(1)) }", "not expression()"),
    ("a { content: attr(title) }", "not attr()"),
    ("a:has(b) { color: red }", "not has()"),
    ("a { behavior: none }", "no property “behavior”"),
    ("a { -moz-binding: none }", "no property “-moz-binding”"),
    ("a{color:red;inset:0}", "no property “inset”"),
    ("a { & b { color: red } }", "no “&”"),
    ('a { content: "/*" } b { background: url(http://x) } c { content: "*/" }', "not http://x"),
    ("a { content: '/*' } @import 'x'; c { content: '*/' }", "one of the rules"),
    ("a { background: url(/*) } b { top: 0 } /* */", "not /*"),
    ('a { /* " */ background: image-set("x") /* " */ }', "not image-set()"),
    ('a { content: "http://x" }', "no address of elsewhere"),
    (f"a {{ background: url({' ' * 200_000}x) }}", 'url("…") of a file'),
    ("</style><script>", "no “<”"),
    (".rehearsal-mark { display: none }", "nothing about the mark of a rehearsal"),
    ("a { color: red", "a “}” for this “{”"),
    ("a { color: red }}", "no “}” without its “{”"),
    ('a { content: "x }', "a string that ends on its line"),
    ("a { background: src('x') }", "not src()"),
]


@pytest.mark.parametrize(("text", "expected"), BAD, ids=[text[:40] for text, _ in BAD])
def test_nothing_else_may(text: str, expected: str) -> None:
    if not expected:  # A comment between a name and its bracket makes it no function.
        check_css(text, "theme.css", FILES)
        return
    with pytest.raises(ContestError) as caught:
        check_css(f"b {{ top: 0 }}\n{text}", "theme.css", FILES)
    assert expected in str(caught.value)
    assert str(caught.value).startswith("theme/theme.css, row 2: expected ")


def test_an_open_comment_hides_nothing() -> None:
    check_css("a { top: 0 } /* ", "theme.css", FILES)
    with pytest.raises(ContestError, match="a “}” for this"):
        check_css("a { /* }", "theme.css", FILES)
