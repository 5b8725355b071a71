"""The doors of connection points: a link, or a short address and a code, gives a browser a pass for its point.

What stands behind the # of a link reaches no server, proxy or log; a script puts it into the form. So a chat program's
preview of the link takes nothing, and the same link opens any number of browsers until its key is changed or revoked.
"""

from http import HTTPStatus

import structlog
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from dashboard.pages import point_door as pages
from server.auth.point_tries import PointTries
from server.auth.points import door_of, plain_code, token_in
from server.auth.roles import POINT_KEY_IN_SCOPE, POINT_PAGES, PointKey
from server.routes.language import lang_of
from server.routes.pages.sign_in import address_of, led_to
from server.state import state_of
from server.web.error_page import error_page
from server.web.forms import form_of
from server.web.render import page
from streaming.contests.units import Unit
from streaming.points.point import point_in

CHOICE = POINT_PAGES.rstrip("/")
UNIT = "unit"
"""The parameter that names the unit that was chosen."""

log = structlog.get_logger(__name__)


def routes() -> list[BaseRoute]:
    """The routes; everybody may ask them."""
    doors = Doors()
    path = door_of("{code}")
    return [
        Route(CHOICE, choose, name="point-choice"),
        Route(path, doors.show, name="point-door"),
        Route(path, doors.open, methods=["POST"]),
    ]


async def choose(request: Request) -> Response:
    """The shortest address that there is: whose door it is, is chosen from the list of all points."""
    state, code, lang = state_of(request), request.query_params.get(UNIT), lang_of(request)
    unit = None if code is None else point_in(state.folder.contest.tree, code)
    if unit is not None:
        return led_to(f"{door_of(unit.code)}?lang={lang}")
    is_wrong = code is not None

    def make() -> Response:
        values = pages.choice(state.folder.contest, lang, CHOICE, is_wrong=is_wrong)
        return page("points/choice.html", values, HTTPStatus.NOT_FOUND if is_wrong else HTTPStatus.OK)

    return await state.pages.get((CHOICE, lang, "wrong" if is_wrong else ""), lambda: "", make)


class Doors:
    """The pages that links and short addresses of connection points lead to."""

    def __init__(self) -> None:
        self._tries = PointTries()

    async def show(self, request: Request) -> Response:
        """The form, which the script fills in with what stands behind the #."""
        unit = _unit(request)
        return error_page(request, HTTPStatus.NOT_FOUND) if unit is None else _door(request, unit)

    async def open(self, request: Request) -> Response:
        """Give the browser a pass for what it shows, and lead it to its point's page."""
        form, address, keys = await form_of(request), address_of(request), state_of(request).point_keys
        unit = _unit(request)
        if unit is None:
            return error_page(request, HTTPStatus.NOT_FOUND)
        shown = form.get("code", "")
        # A link that was opened at another point's door leads to its own.
        key = keys.find_link(shown)
        if key is None and token_in(shown):
            is_former = keys.is_former(unit.code, shown)
            return _door(request, unit, "door_link_former" if is_former else "door_link_wrong", 403)
        if key is None and not (shown := plain_code(shown)):
            return _door(request, unit, "door_code_form", 422)
        if key is None:
            if wait_s := self._tries.wait_s(unit.code, address):
                response = _door(request, unit, "door_wait", 429, minutes=-(-wait_s // 60))
                response.headers["Retry-After"] = str(max(1, round(wait_s)))
                return response
            key = keys.find(unit.code, shown)
        if key is None:
            self._tries.wrong(unit.code, address)
            log.info("wrong code of a point", unit=unit.code)
            is_former = keys.is_former(unit.code, shown)
            return _door(request, unit, "door_code_former" if is_former else "door_code_wrong", 403)
        self._tries.right(address)
        log.info("point opened", unit=key.unit)
        return with_pass(request, key, led_to(_page_of(request, key.unit, form.get("to", ""))))


def with_pass(request: Request, key: PointKey, response: Response) -> Response:
    """An answer that keeps the pass of a key in the browser for as long again."""
    state = state_of(request)
    state.cookies.give_point(response, key.unit, request.url.scheme, state.point_keys.pass_of(key))
    return response


def _unit(request: Request) -> Unit | None:
    return point_in(state_of(request).folder.contest.tree, request.path_params["code"])


def _page_of(request: Request, unit: str, to: str) -> str:
    return f"{POINT_PAGES}{unit}{'/phone' if to == 'phone' else ''}?lang={lang_of(request)}"


def _door(request: Request, unit: Unit, error: str = "", status: int = 200, *, minutes: float = 0) -> Response:
    is_open = POINT_KEY_IN_SCOPE in request.scope
    values = pages.door(
        state_of(request).folder.contest, lang_of(request), unit, door_of(unit.code), error,
        minutes=minutes, is_open=is_open, pages=f"{POINT_PAGES}{unit.code}",
    )  # fmt: skip
    return page("points/door.html", values, status)
