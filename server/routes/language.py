"""The language of a page."""

from starlette.requests import Request

from dashboard.words.words import LANGS
from server.state import state_of

LANG = "lang"


def lang_of(request: Request) -> str:
    """The language that the address asks for; the setting's where it asks for none, or for one that we do not have."""
    asked = request.query_params.get(LANG)
    return asked if asked in LANGS else state_of(request).settings.lang
