"""The doors of the stage: a link with a key behind its # is opened on a tablet, and gives it a pass.

A # reaches no server, proxy or log; a script puts what stands behind it into a form. So a chat program's preview of the
link takes nothing, and the same link opens any number of tablets until it is revoked.
"""

import time
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from dashboard.pages import stage as pages
from server.auth.keys import Keys
from server.auth.roles import STAGE_KEY_IN_SCOPE, STAGE_PATHS, Stage, StageKey
from server.auth.tries import TRIES_PER_ADDRESS, Counts
from server.routes.language import lang_of
from server.routes.pages.sign_in import address_of, led_to, token_in
from server.state import state_of
from server.web.forms import form_of
from server.web.render import page

Show = Callable[[Request, StageKey], Awaitable[Response]]
"""Shows the page of a key that is in force."""


def routes(keys: Keys, shown: Mapping[Stage, Show]) -> list[BaseRoute]:
    """The routes; everybody may ask them. ``shown`` are the pages behind the doors."""
    doors = Doors(keys, shown)
    return [
        route
        for stage, path in STAGE_PATHS.items()
        for route in (Route(path, doors.show(stage), name=stage), Route(path, doors.open, methods=["POST"]))
    ]


class Doors:
    """The pages that links of the stage lead to."""

    def __init__(self, keys: Keys, shown: Mapping[Stage, Show]) -> None:
        self._keys = keys
        self._shown = shown
        self._tries = Counts(TRIES_PER_ADDRESS, time.monotonic)

    def show(self, stage: Stage) -> Callable[[Request], Awaitable[Response]]:
        """The page of a stage; who has no pass is asked for the link."""

        async def answer(request: Request) -> Response:
            key: StageKey | None = request.scope.get(STAGE_KEY_IN_SCOPE)
            if key is None:
                return _door(request, stage)
            return _with_pass(request, key, await self._shown[stage](request, key))

        return answer

    async def open(self, request: Request) -> Response:
        """Give the tablet a pass for the key that it shows, and lead it to the page that the key is for."""
        stage = next(stage for stage, path in STAGE_PATHS.items() if path == request.url.path)
        form, address = await form_of(request), address_of(request)
        key = self._keys.find_stage(token_in(form.get("token", "")))
        if key is None:
            if wait_s := self._tries.wait_s(address):
                response = _door(request, stage, pages.phrase(lang_of(request), "door_wait", n=-(-wait_s // 60)), 429)
                response.headers["Retry-After"] = str(max(1, round(wait_s)))
                return response
            self._tries.take(address)
            wrong = pages.texts(lang_of(request))["door_wrong"]
            return _door(request, stage, wrong, HTTPStatus.FORBIDDEN)
        # A right key is never kept waiting: whoever guesses from the hall's address must not lock its tablets out.
        return _with_pass(request, key, led_to(f"{STAGE_PATHS[key.stage]}?lang={lang_of(request)}"))


def _with_pass(request: Request, key: StageKey, response: Response) -> Response:
    state = state_of(request)
    state.cookies.give_stage(response, key.stage, request.url.scheme, state.passes.of(key))
    return response


def _door(request: Request, stage: Stage, error: str = "", status: int = 200) -> Response:
    values = pages.door(state_of(request).folder.contest, lang_of(request), stage, STAGE_PATHS[stage], error)
    return page("stage/door.html", values, status)
