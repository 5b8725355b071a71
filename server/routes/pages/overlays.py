"""The pages of overlays: each stands in a shell that hears the playout host, and is what its output shows.

Whatever an address asks for that is none, nothing of it is put on air; ``?preview=1`` says what is wrong, and whoever
directs the output is told.
"""

from collections.abc import Sequence
from functools import partial
from urllib.parse import urlencode

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from dashboard.overlays.address import Asked, read
from dashboard.overlays.overlay import UNITS
from dashboard.overlays.overlays import BY_NAME
from dashboard.overlays.themes import themes_of
from dashboard.page import common, is_ground, shell
from dashboard.pages import hall, ograf, overlay
from dashboard.screens import BY_PATH, FRAME
from server.control.renderer_faults import OTHER, PROGRAM, Renderer
from server.errors import UnknownUnit
from server.routes.language import lang_of
from server.routes.live import OUT
from server.routes.pages.screens import GROUND, following, frame_of, picture_ms, told
from server.state import State, state_of
from server.web.problems import Problem, problem_of, problem_response, wrong_value
from server.web.render import fragment, page
from server.web.request import neighbourhood
from streaming.program.errors import UnknownOutput
from streaming.program.names import HALL
from streaming.program.output import Output
from streaming.program.state import OverlayOnAir

PATH = "/overlays/{name}"
KEY, PIECE, PREVIEW, OWN, THEME = "key", "piece", "preview", "own", "theme"
ROOM = "room"
"""By which a script asks anew for an overlay alone where the boxes are others, those of the output whatever it says."""
OF_PAGE = frozenset({OUT, "lang", FRAME, KEY, PIECE, PREVIEW, OWN, THEME, GROUND, "safe", "wait", "pace_ms", ROOM})
"""The parameters of an overlay's page that are no settings of it."""
NOT_PACKAGED = frozenset({FRAME, PIECE, PREVIEW, OWN, ROOM})
"""The parameters of a page that no package takes with it."""
UNKNOWN = "?"
"""What stands in a setting for a unit that the contest does not have."""
AS_ASKED = OverlayOnAir(True, {}, 0, 0, 0)
"""An overlay that is shown with nothing but what its address asks for."""
ALLOWED = "what docs/reference/screens.md allows for the settings of overlays"
PARAMETERS_MAX = 40
"""Parameters of an address that are read."""


def routes() -> list[BaseRoute]:
    """The routes: the shell, with ``?frame=1`` the page itself, with ``?piece=1`` the overlay alone; and the page for a
    playout machine's disk, and the package for a renderer of OGraf."""
    return [
        Route(PATH, show_overlay, name="overlay"),
        Route(f"{PATH}/shim.html", take_shim, name="shim"),
        Route(f"{PATH}/ograf.zip", take_ograf, name="ograf"),
    ]


async def show_overlay(request: Request) -> Response:
    """Show an overlay as its output does."""
    state, name, query = state_of(request), request.path_params["name"], request.query_params
    output = next((each for each in state.outputs.all if each.name == query.get(OUT, HALL)), None)
    found = BY_NAME.get(name)
    if found is None or output is None:
        if output is not None:
            renderer = Renderer(neighbourhood(request.client.host if request.client else ""))
            state.outputs.renderer_faults.hear_unknown(f"{PROGRAM}/{output.name}", renderer)
        return _nothing(request, "overlay" if found is None else OUT)
    edition = state.editions.of(lang_of(request))
    if FRAME not in query and PIECE not in query:
        address = f"/overlays/{name}?{urlencode([(key, value) for key, value in query.items() if key != KEY])}"
        values = shell(
            BY_PATH[PATH],
            edition.words,
            found.title(edition),
            f"{address}&{FRAME}=1",
            rehearsal=output.store == "rehearsal",
            ground=query.get(GROUND),
        )
        return page("overlays/shell.html", values | overlay.shell_values(found, edition))
    asked = read(found, query.multi_items()[:PARAMETERS_MAX], OF_PAGE)
    if not hall.is_prepared(edition):
        await state.workshop.do(partial(hall.prepare, edition))
    # What strangers write is in no page that is cached: texts are written by the page's script, and a unit that is none
    # is as good as any other.
    changes = {name: _blank(getattr(asked.settings, name)) for name in found.written}
    named = {field: getattr(asked.settings, field, "") for field in UNITS}
    changes |= {field: UNKNOWN for field, code in named.items() if code and code not in edition.tree}
    unknown = [field for field in UNITS if changes.get(field) == UNKNOWN]
    themes, named_theme = themes_of(state.folder), query.get(THEME)
    theme = themes.known(named_theme, output.theme)
    if named_theme and named_theme != theme:
        unknown.append(THEME)
    if not is_ground(query.get(GROUND)):
        unknown.append(GROUND)
    faults, is_preview = _faults(asked, unknown), query.get(PREVIEW) == "1"
    asked = asked._replace(settings=msgspec.structs.replace(asked.settings, **changes))
    shown = None if PIECE in query else AS_ASKED if query.get(OWN) == "1" else _on_air(state, output, name)
    follows = following(state, output)

    def make() -> Response:
        cut = hall.cut_of(
            state.outputs.numbers.board(output.name).view(),
            edition,
            picture_ms(state, follows),
            output.name,
            partial(frame_of, state, output),
        )
        if PIECE in query:
            return fragment(overlay.painted(found, asked.settings, cut, kept_out=output.kept_out, faults=faults))
        values = overlay.page(
            found,
            cut,
            asked,
            follows=follows,
            shown=shown,
            cleared=output.cleared,
            kept_out=output.kept_out,
            theme=theme,
            asks_theme=named_theme == theme,
            faults=faults,
            says=is_preview,
        )
        return page("overlays/page.html", values)

    seen = (shown, output.cleared, theme, named_theme == theme, faults, is_preview)
    kind = repr(("piece", faults) if PIECE in query else seen)
    boxes = repr(output.kept_out)
    key = ("/overlays", name, edition.lang, told(follows), repr(asked.settings), repr(sorted(asked.names)), boxes, kind)
    return await state.chosen_pages.get(key, lambda: state.outputs.numbers.board(output.name).etag, make)


async def take_shim(request: Request) -> Response:
    """A page to be kept on the disk of a playout machine, which shows the overlay of the same address once the server
    answers."""
    name = request.path_params["name"]
    found = BY_NAME.get(name)
    if found is None:
        return _nothing(request, "overlay")
    edition = state_of(request).editions.of(lang_of(request))
    address = request.url.replace(path=f"/overlays/{name}")
    values = {"lang": edition.lang, "title": found.title(edition), "address": str(address)}
    answer = page("overlays/shim.html", values | overlay.shell_values(found, edition))
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.html"'
    return answer


async def take_ograf(request: Request) -> Response:
    """A package for renderers of OGraf, which shows the overlay of the same address. It is never on air, so whoever
    asks for one that there is not reads what is wrong."""
    try:
        return _packaged(request)
    except (Problem, UnknownOutput, UnknownUnit) as wrong:
        return problem_response(problem_of(wrong))


def _packaged(request: Request) -> Response:
    """The package that is asked for.

    Raises:
        UnknownOutput, UnknownUnit: If there is no such output or unit.
        Problem: 404 for an overlay that there is no package of, 400 for a parameter or a value that there is not.
    """
    state, name, query = state_of(request), request.path_params["name"], request.query_params
    found = ograf.PACKAGED.get(name)
    if found is None:
        raise Problem(404, "no_package", f"there are packages of {' and '.join(ograf.PACKAGED)} only", field="name")
    out = query.get(OUT, HALL)
    if all(each.name != out for each in state.outputs.all):
        raise UnknownOutput(out)
    asked = read(found, query.multi_items()[:PARAMETERS_MAX], OF_PAGE)
    for fault in asked.faults:
        known = ", ".join(sorted((OF_PAGE - NOT_PACKAGED) | set(found.settings.__struct_fields__)))
        wrong = (fault.parameter, fault.found, ALLOWED) if fault.found else ("parameter", fault.parameter, known)
        raise wrong_value(*wrong)
    looks = themes_of(state.folder).looks
    if (theme := query.get(THEME)) and theme not in looks:
        raise wrong_value(THEME, theme, f"one of {', '.join(looks)}")
    edition = state.editions.of(lang_of(request))
    for field in UNITS:
        if (code := getattr(asked.settings, field, "")) and code not in edition.tree:
            raise UnknownUnit(field, code)
    kept = {key: value for key, value in query.items() if key not in NOT_PACKAGED}
    address = request.url.replace(path=f"/overlays/{name}", query=urlencode(kept | {"wait": "1"}))
    body = ograf.package(found, edition, asked.settings, out=out, address=str(address))
    headers = {
        "Content-Disposition": f'attachment; filename="{name}-{out}.zip"',
        "Cache-Control": "no-store",
    }
    return Response(body, headers=headers, media_type="application/zip")


def _on_air(state: State, output: Output, name: str) -> OverlayOnAir | None:
    """The overlay as everybody may see it now."""
    return (state.outputs.face(output).overlays or {}).get(name)


def _faults(asked: Asked, unknown: Sequence[str]) -> tuple[str, ...]:
    """What an address names wrongly, ``unknown`` among it; OTHER stands for all that are none, for what strangers write
    is in no page that is cached."""
    known = asked.settings.__struct_fields__
    named = {fault.parameter if fault.parameter in known else OTHER for fault in asked.faults}
    return tuple(sorted(named | set(unknown)))


def _blank(value: object) -> object:
    """As many texts as there are, that say nothing."""
    if isinstance(value, tuple):
        return tuple("–" for _ in value)
    return "–" if value else ""


def _nothing(request: Request, fault: str) -> Response:
    """A clear page where there is no such overlay, or no such output."""
    state = state_of(request)
    edition = state.editions.of(lang_of(request))
    made = common(edition.folder, edition.words, made=edition.made, rehearsal=state.shown.rehearsal)
    said = edition.words.say("overlay_fault", what=fault) if request.query_params.get(PREVIEW) == "1" else ""
    return page("overlays/nothing.html", made | {"is_clear": True, "fault": said}, 404)
