"""What a theme's style sheet may say: nothing that fetches from elsewhere, and nothing that browsers of 2020 lack.

Functions, at-rules and addresses are allowed by name, because a list of what is forbidden would miss the next one.
"""

import re
from collections.abc import Collection

from streaming.contests.theme_files import line_of, theme_error

NO_ESCAPE = "no “\\”: write the character itself"
AT_RULES = frozenset({"font-face", "keyframes", "media", "supports"})
_FUNCTIONS = """
blur brightness calc circle clamp conic-gradient contrast cubic-bezier drop-shadow ellipse fit-content format
grayscale hsl hsla hue-rotate invert lang linear-gradient matrix max min minmax not nth-child nth-last-child
nth-last-of-type nth-of-type opacity polygon radial-gradient repeat repeating-conic-gradient
repeating-linear-gradient repeating-radial-gradient rgb rgba rotate saturate scale scalex scaley sepia skew skewx
skewy steps translate translate3d translatex translatey url var
"""
FUNCTIONS = frozenset(_FUNCTIONS.split())
PROPERTIES_REFUSED = ("-moz-binding", "aspect-ratio", "behavior", "inset")
"""Those that run code, and those that browsers of 2020 do not know."""
KEPT = "rehearsal"
"""The mark of a rehearsal shows on every screen, so no theme touches it."""

_TOKEN = re.compile(
    r"(?P<comment>/\*.*?(?:\*/|\Z))"
    r"|(?<![\w-])url\( {0,4}(?P<url>\"[^\"\n]*\"|'[^'\n]*'|[^\s\"'()]*) {0,4}\)"
    r"|(?P<string>\"[^\"\n]*\"|'[^'\n]*')",
    re.DOTALL | re.IGNORECASE,
)
"""What hides brackets and names from a browser too, from left to right: a comment begins in no string, a string in no
comment."""
_FUNCTION = re.compile(r"(?<![\w-])(-{0,2}[a-z_][\w-]*)\(", re.IGNORECASE)
_AT_RULE = re.compile(r"@(-?[\w-]*)")
_REFUSED = re.compile(rf"(?:^|[;{{])\s*({'|'.join(PROPERTIES_REFUSED)})\s*:", re.IGNORECASE)
_PREFIX = re.compile(r"^-(?:webkit|moz|ms|o)-")
_CONDITION = ("and", "or")
"""Words before a bracket in the condition of a media query."""


def check_css(text: str, name: str, files: Collection[str]) -> None:
    """Check a style sheet; ``files`` are the theme's own, which it may name.

    Raises:
        ContestError: Naming the line of the first thing that it may not say.
    """

    def fail(at: int, expected: str) -> None:
        raise theme_error(name, expected, line_of(text, at))

    def hidden(token: re.Match[str]) -> str:
        if token["comment"] is None and (at := token[0].find("\\")) >= 0:
            fail(token.start() + at, NO_ESCAPE)
        if token["url"] is not None and token["url"].strip("\"'") not in files:
            fail(token.start(), f"url() of a file of this theme, not {token['url']}")
        if token["string"] is not None and "://" in token["string"]:
            fail(token.start(), "no address of elsewhere")
        return re.sub(r"[^\n]", " ", token[0])  # Blanked, not cut out, so that every position stays.

    plain = _TOKEN.sub(hidden, text)
    if (at := plain.find("\\")) >= 0:
        fail(at, NO_ESCAPE)
    if quote := re.search(r"[\"']", plain):
        fail(quote.start(), "a string that ends on its line")
    for sign in re.finditer(r"[<&!]|://", plain):
        fail(sign.start(), f"no “{sign[0]}”")
    if (at := text.lower().find(KEPT)) >= 0:
        fail(at, "nothing about the mark of a rehearsal")
    for function in _FUNCTION.finditer(plain):
        if function[1].lower() not in FUNCTIONS and function[1].lower() not in _CONDITION:
            fail(function.start(), f"a function that themes may use, not {function[1]}()")
        if function[1].lower() == "url":
            fail(function.start(), 'url("…") of a file of this theme')
    for rule in _AT_RULE.finditer(plain):
        if _PREFIX.sub("", rule[1].lower()) not in AT_RULES:
            fail(rule.start(), f"one of the rules @{', @'.join(sorted(AT_RULES))}, not @{rule[1]}")
    if refused := _REFUSED.search(plain):
        fail(refused.start(1), f"no property “{refused[1]}”")
    _check_braces(plain, name)


def _check_braces(plain: str, name: str) -> None:
    """An open brace would take what follows it along, and a closed one too many ends a rule of somebody else."""
    depth, opened = 0, 0
    for found in re.finditer(r"[{}]", plain):
        depth += 1 if found[0] == "{" else -1
        opened = found.start() if depth == 1 and found[0] == "{" else opened
        if depth < 0:
            raise theme_error(name, "no “}” without its “{”", line_of(plain, found.start()))
    if depth:
        raise theme_error(name, "a “}” for this “{”", line_of(plain, opened))
