"""The evidence of all decisions: a page, and a file of the same."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from functools import partial

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from dashboard.pages.control import frame
from dashboard.pages.evidence import Evidence, as_csv, told
from dashboard.words.words import Words
from server.auth.roles import Right, account_of, needs
from server.routes.language import lang_of
from server.routes.pages.room import live_of, person_of
from server.state import state_of
from server.store import Store
from server.web.problems import wrong_value
from server.web.render import page
from streaming.contests.contest import Contest
from streaming.decisions.kinds import read_decision
from streaming.ledger.rows import Row

PAGE_ROWS = 100
"""Decisions on one page; the file has all."""

Names = Callable[[], Mapping[int, str]]
Read = Callable[[], Iterable[Row]]
"""Reads rows of decisions, the latest first; blocks."""


def routes(names: Names) -> list[BaseRoute]:
    """The routes; ``names`` gives the names of accounts by number."""
    shown = EvidencePages(names)
    return [
        Route("/control/evidence", needs(Right.SEE_ROOM)(shown.show), name="evidence"),
        Route("/control/evidence.csv", needs(Right.SEE_ROOM)(shown.download), name="evidence file"),
    ]


class EvidencePages:
    """What has been decided, from the ledger itself."""

    def __init__(self, names: Names) -> None:
        self._names = names

    async def show(self, request: Request) -> Response:
        """Show a page of it, the latest first; ``?before=SEQ`` the ones before."""
        state = state_of(request)
        store, words = state.shown, _words(request)
        before = _before(request)
        found = await self._told(store, words, partial(store.ledger.decisions, before, PAGE_ROWS + 1))
        person = person_of(account_of(request, Right.SEE_ROOM))
        values = frame(state.folder, words, person, "evidence", live_of(store), made=state.made) | {
            "evidence": found[:PAGE_ROWS],
            "before": found[PAGE_ROWS - 1].seq if len(found) > PAGE_ROWS else None,
            "is_first": before is None,
        }
        return page("control/evidence.html", values)

    async def download(self, request: Request) -> Response:
        """Answer with the file: every decision, the latest first."""
        state = state_of(request)
        store = state.shown
        async with state.files.turn():
            found = await self._told(store, _words(request), store.ledger.every_decision)
            body = await asyncio.to_thread(as_csv, found, lang_of(request))
        name = f"{store.contest.id}-{store.name}-evidence.csv"
        headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
        return Response(body, headers=headers, media_type="text/csv; charset=utf-8")

    async def _told(self, store: Store, words: Words, read: Read) -> list[Evidence]:
        return await asyncio.to_thread(_told, read, store.contest, self._names(), words)


def _told(
    read: Callable[[], Iterable[Row]], contest: Contest, names: Mapping[int, str], words: Words
) -> list[Evidence]:
    return [told(row, read_decision(row), contest, names, words) for row in read()]


def _words(request: Request) -> Words:
    state = state_of(request)
    return Words(lang_of(request), state.shown.contest.timezone)


def _before(request: Request) -> int | None:
    text = request.query_params.get("before")
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise wrong_value("before", text, "a row's number")
    return int(text)
