"""Which addresses a screen may be told to show: those of the table of screens, with parameters that these have."""

from collections.abc import Collection
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from dashboard.overlays.address import read
from dashboard.overlays.overlays import BY_NAME
from dashboard.screens import CARRIED, FRAME, SCREENS
from dashboard.words.words import LANGS
from streaming.contests.units import Tree
from streaming.points.screen import ADDRESS_CHARS_MAX, ScreenReport
from streaming.program.errors import WrongSteering

FIELD = "show"
OF_SCREENS = frozenset({*CARRIED, "bg", "pace_ms"})
"""The parameters of a screen's address; its key stays with the screen and is in no address that is sent."""
OF_OVERLAYS = frozenset({"out", "lang", "preview", "own", "bg", "safe", "wait", "pace_ms"})
SECRET = frozenset({"key", FRAME, "as"})
"""Parameters that are left out of an address that somebody has copied."""
OVERLAYS = "overlays"
PATHS_SAID = ", ".join(screen.path for screen in SCREENS)


def checked(text: str, tree: Tree, outputs: Collection[str], *, now: ScreenReport | None) -> str:
    """An address that a screen may show, as it is written to it; "" for none. ``now`` is what it says of itself.

    Raises:
        WrongSteering: If it is none, says what was expected instead.
    """
    text = text.strip()
    if not text:
        return ""
    parts = urlsplit(text) if len(text) <= ADDRESS_CHARS_MAX and text.isprintable() else None
    if parts is None or parts.scheme or parts.netloc or not parts.path.startswith("/") or "\\" in text:
        raise _wrong(text, f"an address of this server, from its first / on, of at most {ADDRESS_CHARS_MAX} characters")
    first, code = _known(unquote(parts.path), text)
    if first in {"units", "points"} and code not in tree:
        raise _wrong(text, "a unit of the contest")
    if first == OVERLAYS and code not in BY_NAME:
        raise _wrong(text, ", ".join(f"/overlays/{name}" for name in BY_NAME))
    if now is not None and (first == OVERLAYS) != (now.role == "overlay"):
        # The page that holds an overlay is clear, and hears a playout host; that of a screen is neither.
        raise _wrong(text, "an overlay where an overlay is shown, a screen where a screen is")
    asked = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name not in SECRET]
    if len(dict(asked)) < len(asked):
        # Of two the server takes the last, and a page the first.
        raise _wrong(text, "each parameter once")
    _check_query(text, first, code, asked, outputs)
    query = urlencode(asked)
    path = quote(unquote(parts.path))
    return f"{path}?{query}" if query else path


def _known(path: str, text: str) -> tuple[str, str]:
    """The first part of a path of the table, and what stands in place of its parameter."""
    first, _, rest = path[1:].partition("/")
    for screen in SCREENS:
        has_parameter = "{" in screen.path
        if screen.path[1:].partition("/")[0] == first and has_parameter == bool(rest) and "/" not in rest:
            return first, rest
    raise _wrong(text, PATHS_SAID)


def _check_query(text: str, first: str, code: str, asked: list[tuple[str, str]], outputs: Collection[str]) -> None:
    if first == OVERLAYS:
        faults = read(BY_NAME[code], asked, OF_OVERLAYS).faults
        if faults:
            raise _wrong(text, f"settings that this overlay has, not {faults[0].parameter}={faults[0].found}")
    elif unknown := next((name for name, _ in asked if name not in OF_SCREENS), None):
        raise _wrong(text, f"none of the parameters but {', '.join(sorted(OF_SCREENS))}, not {unknown}")
    for name, value in asked:
        if name == "out" and value not in outputs:
            raise _wrong(text, f"out: one of {', '.join(outputs)}")
        if name == "lang" and value not in LANGS:
            raise _wrong(text, f"lang: one of {', '.join(LANGS)}")


def _wrong(text: str, expected: str) -> WrongSteering:
    return WrongSteering(FIELD, text, expected)
