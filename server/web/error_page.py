"""The error page for people."""

from functools import cache

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from dashboard.page import error_page as error_values
from dashboard.words.words import LANGS
from server.web.render import page


def error_page(request: Request, status: int) -> Response:
    """An error page without technical text, because it may be on air."""
    asked = request.query_params.get("lang", "")
    lang = asked if asked in LANGS else LANGS[0]
    return HTMLResponse(_error_text(status, lang), status, {"Cache-Control": "no-store"})


@cache
def _error_text(status: int, lang: str) -> bytes:
    """The page of a status, rendered once: requests for missing pages come often."""
    return bytes(page("errors/error.html", error_values(status, lang)).body)
