"""The contest's theme, the themes of overlays, its logos, and the texts of its pages, each below the digest of its
files: an address never changes its content, as with static files."""

from collections.abc import Mapping
from pathlib import PurePosixPath

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from dashboard.logos import served
from dashboard.overlays.themes import themes_of
from dashboard.pages.script import script_of
from dashboard.theme.theme import theme_of
from dashboard.words.words import LANGS
from server.routes.static import IMMUTABLE, MEDIA_TYPES
from server.state import state_of
from server.web.compressed import compressed
from server.web.pieces import InPieces
from server.web.problems import Problem


def routes() -> list[BaseRoute]:
    """The routes."""
    return [
        Route("/theme/{digest}/overlays/{name}", show_overlay_file, name="overlay_theme"),
        Route("/theme/{digest}/{name}", show_file, name="theme"),
        Route("/logos/{digest}/{name}", show_logo, name="logos"),
        Route("/words/{digest}/{name}", show_words, name="words"),
    ]


async def show_file(request: Request) -> Response:
    """A file of the theme, from memory: a screen gets what was checked, whatever is on disk by now."""
    theme = theme_of(state_of(request).folder)
    return _answer(request, theme.prefix, theme.files)


async def show_overlay_file(request: Request) -> Response:
    """The style sheet of a theme of overlays, or what one shows; likewise."""
    themes = themes_of(state_of(request).folder)
    return _answer(request, themes.prefix, themes.files)


async def show_logo(request: Request) -> Response:
    """A logo, from memory too."""
    logos = served(state_of(request).folder)
    return _answer(request, logos.prefix, logos.files)


async def show_words(request: Request) -> Response:
    """The texts of a language as a script."""
    editions = state_of(request).editions
    asked = request.scope["path"].removeprefix("/words/")
    script = next((found for lang in LANGS if (found := script_of(editions.of(lang))).path == asked), None)
    if script is None:
        raise Problem(404, "not_found", "there are no such texts in this version")
    return compressed(Response(script.body, headers={"Cache-Control": IMMUTABLE}, media_type=MEDIA_TYPES[".js"]))


def _answer(request: Request, prefix: str, files: Mapping[str, bytes]) -> Response:
    name = request.path_params["name"]
    if request.scope["path"] != f"{prefix}/{name}" or name not in files:
        raise Problem(404, "not_found", "there is no such file of this contest")
    media_type = MEDIA_TYPES[PurePosixPath(name).suffix]
    return InPieces(files[name], headers={"Cache-Control": IMMUTABLE}, media_type=media_type)
