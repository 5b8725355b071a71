"""The links of the stage at /control/links: made, shown once, and revoked."""

import re
import unicodedata
from http import HTTPStatus
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from dashboard.pages import stage as pages
from dashboard.pages.accounts import moment
from dashboard.pages.control import frame, output_title
from dashboard.words.words import Words
from server.auth.keys import Key, KeyNameError, Keys
from server.auth.roles import STAGE_PATHS, STAGES, Right, Stage, account_of, needs
from server.routes.language import lang_of
from server.routes.pages.room import live_of, person_of
from server.routes.pages.sign_in import led_to
from server.state import State, state_of
from server.web.forms import form_of, kept
from server.web.problems import wrong_value
from server.web.render import page

HERE = "/control/links"
NAME_CHARS_MAX = 32
"""Of a name without its number."""
NUMBERS_MAX = 99
"""Links that are called alike."""

_NOT_PLAIN = re.compile(r"[^a-z0-9]+")


def routes(keys: Keys) -> list[BaseRoute]:
    """The routes."""
    links, may = Links(keys), needs(Right.LINKS)
    return [
        Route(HERE, may(links.show), name="links"),
        Route(HERE, may(links.add), methods=["POST"]),
        Route(f"{HERE}/{{name}}/revoke", may(links.revoke), methods=["POST"]),
    ]


class Links:
    """What may be done with the links of the stage."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys

    async def show(self, request: Request) -> Response:
        """The list, and the form for another one."""
        return await self._page(request)

    async def add(self, request: Request) -> Response:
        """Make a link; the page shows it this once."""
        form, state = await form_of(request), state_of(request)
        stage = next((each for each in STAGES if each == form.get("stage")), None)
        if stage is None:
            raise wrong_value("stage", form.get("stage", ""), " or ".join(STAGES))
        output = state.outputs.of(form.get("output", "")).name
        try:
            name, key = await kept(self._made, plain(form.get("name", "")) or stage, output, stage)
        except KeyNameError:
            return await self._page(request, error="link_too_many", typed=form)
        return await self._page(request, handed=(name, f"{request.base_url}{STAGE_PATHS[stage][1:]}#{key}"))

    async def revoke(self, request: Request) -> Response:
        """End a link, for good."""
        name = request.path_params["name"]
        if name not in {each.name for each in await kept(self._listed)}:
            return await self._page(request, error="link_gone")
        await kept(self._keys.revoke, name)
        return led_to(f"{HERE}?done=done_link_revoked&lang={lang_of(request)}")

    def _made(self, name: str, output: str, stage: Stage) -> tuple[str, str]:
        """A new key by the first name of its sort that was never used, and that name."""
        used = {each.name for each in self._keys.list()}
        names = (name if number == 1 else f"{name}-{number}" for number in range(1, NUMBERS_MAX + 1))
        free = next((each for each in names if each not in used), None)
        if free is None:
            raise KeyNameError(f'expected {NUMBERS_MAX} links called "{name}" at most')
        return free, self._keys.add(free, output, stage=stage)

    def _listed(self) -> list[Key]:
        """The links, those in force first and of these the newest."""
        found = [each for each in self._keys.list() if each.stage is not None]
        return sorted(found, key=lambda each: (each.revoked_ms is not None, -each.made_ms))

    async def _page(
        self,
        request: Request,
        *,
        error: str = "",
        typed: dict[str, str] | None = None,
        handed: tuple[str, str] | None = None,
    ) -> Response:
        state, lang = state_of(request), lang_of(request)
        words = Words(lang, state.folder.contest.timezone)
        person = person_of(account_of(request, Right.LINKS))
        values = frame(state.folder, words, person, "links", live_of(state.shown), made=state.made)
        t = pages.texts(lang)
        done = request.query_params.get("done", "")
        values |= {
            "a": t,
            "here": HERE,
            "error": t[error] if error else "",
            "done": t[done] if done == "done_link_revoked" and not error and not handed else "",
            "rows": [_row(each, state, lang) for each in await kept(self._listed)],
            "stages": [(each, t[f"stage_{each}"]) for each in STAGES],
            "outputs": [(each.name, output_title(lang, each.name)) for each in state.outputs.all],
            "typed": {"stage": "", "output": "", "name": ""} | (typed or {}),
            "handed": pages.handed(lang, *handed) if handed else None,
        }
        return page("stage/links.html", values, HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK)


def plain(text: str) -> str:
    """A name as keys have it, of what somebody has typed: "MC Lan" is called "mc-lan"."""
    folded = unicodedata.normalize("NFD", text[:200].lower().replace("đ", "d"))
    bare = "".join(char for char in folded if not unicodedata.combining(char))
    return _NOT_PLAIN.sub("-", bare).strip("-")[:NAME_CHARS_MAX].strip("-")


def _row(key: Key, state: State, lang: str) -> dict[str, Any]:
    contest, t = state.folder.contest, pages.texts(lang)
    revoked = key.revoked_ms and pages.phrase(lang, "link_revoked", time=moment(contest, key.revoked_ms))
    return {
        "name": key.name,
        "for": t[f"stage_{key.stage}_short"],
        "output": output_title(lang, key.output or ""),
        "state": revoked or t["link_in_force"],
        "made": pages.phrase(lang, "link_made", time=moment(contest, key.made_ms)),
        "is_in_force": key.revoked_ms is None,
    }
