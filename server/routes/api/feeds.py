"""GET /api/v1/feeds/{total|standings|unit}.{json|xml|csv}: numbers for stations that take no web page.

A station polls each second, and what it gets goes on air unseen. So a right address is answered with all its rows
whatever there is to tell, a wrong one by what is wrong with it; and while wrong numbers are off the air it gets none.
"""

import hashlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from typing import Literal, cast

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from dashboard.exports.feed_files import FORMS, Form
from dashboard.exports.feeds import ROWS_MAX, Feed, Record
from dashboard.words.words import LANGS
from server.errors import UnknownUnit
from server.routes.api import standings
from server.routes.language import LANG
from server.routes.live import OUT
from server.state import State, state_of
from server.web.answers import refuse_unknown
from server.web.compressed import VARY
from server.web.conditional import has_it
from server.web.problems import Problem, wrong_value
from streaming.contests.units import UnitCode
from streaming.program.state import Store as Shows
from streaming.topics.numbers import NumberTopics
from streaming.topics.state import BoardState, number_state

Name = Literal["total", "standings", "unit"]
REHEARSAL, ROUND, UNIT, PARENT, BY, ROWS = "rehearsal", "round", "unit", "parent", "by", "rows"
OF_ALL = (OUT, REHEARSAL, ROUND, LANG)
PARAMETERS: Mapping[Name, tuple[str, ...]] = {
    "total": OF_ALL,
    "standings": (PARENT, BY, ROWS, *OF_ALL),
    "unit": (UNIT, BY, *OF_ALL),
}
ETAG_BYTES = 12


@dataclass(frozen=True)
class Asked:
    """A feed that is asked for: ``output`` names the output that shows the numbers, None for a
    store; ``of`` is what the feed is about."""

    name: Name
    form: Form
    output: str | None
    rehearsal: bool
    of: standings.Asked
    rows: int
    lang: str

    @property
    def address(self) -> tuple[str, ...]:
        """Its name in the cache, of values that exist."""
        whose = self.output or ("rehearsal" if self.rehearsal else "live")
        of = self.of
        return ("/feeds", self.name, self.form, whose, of.parent, of.by, str(of.round), str(self.rows), self.lang)


def routes() -> list[BaseRoute]:
    """A route for each feed."""
    return [Route(f"/api/v1/feeds/{name}.{{form}}", _showing(name), name=f"feed {name}") for name in PARAMETERS]


def _showing(name: Name) -> Callable[[Request], Awaitable[Response]]:
    async def show(request: Request) -> Response:
        return await show_feed(request, name)

    return show


async def show_feed(request: Request, name: Name) -> Response:
    """Answer with a feed: as ``out`` shows its numbers, else as a store does.

    Raises:
        UnknownOutput, UnknownUnit: If there is no such output or unit.
        Problem: 404 for a form that there is not, 400 for a parameter or a value that there is not.
    """
    state = state_of(request)
    asked = asked_of(state, request, name)

    def position() -> str:
        numbers, (withdrawn, is_bare) = _numbers(state, asked), _withdrawal(state, asked)
        topic = standings.board_topic(numbers)
        return f"{topic.epoch}-{topic.seq}-{topic.heard_ms}-{withdrawn}-{is_bare}"

    def make() -> Response:
        written = FORMS[asked.form]
        body = written.write(_records(_feed(state, asked), asked))
        # By the content: the same position is told otherwise on the day after.
        etag = f'W/"{hashlib.blake2b(body, digest_size=ETAG_BYTES).hexdigest()}"'
        headers = {"Cache-Control": "no-cache", "ETag": etag, "Access-Control-Expose-Headers": "ETag"}
        return Response(body, headers=headers, media_type=written.media_type)

    answer = await state.pages.get(asked.address, position, make, fresh_s=0)
    if has_it(request.headers, answer.headers["etag"]):
        kept = {name: answer.headers[name] for name in ("Cache-Control", "ETag", "Access-Control-Expose-Headers")}
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=kept | {"Vary": VARY})
    return answer


def asked_of(state: State, request: Request, name: Name) -> Asked:
    """The feed that a request asks for; what is left out is live, the root, the contest's own rule, all rounds, and as
    many rows as there are places.

    Raises:
        As ``show_feed``.
    """
    query, contest = request.query_params, state.live.contest
    form = request.path_params["form"]
    if form not in FORMS:
        raise Problem(404, "unknown_form", f"there is no such form of a feed, only {', '.join(FORMS)}", field="form")
    refuse_unknown(query, PARAMETERS[name])
    if query.get(REHEARSAL, "0") not in {"0", "1"}:
        raise wrong_value(REHEARSAL, query[REHEARSAL], "0 or 1")
    if OUT in query and REHEARSAL in query:
        raise wrong_value(REHEARSAL, query[REHEARSAL], f"nothing beside {OUT}, which names the numbers")
    lang = query.get(LANG, state.settings.lang)
    if lang not in LANGS:
        raise wrong_value(LANG, lang, ", ".join(LANGS))
    of = standings.asked_of(contest, query)
    rows = 1
    if name == "unit":
        of = standings.Asked(_unit(state, query.get(UNIT)), of.by, of.round)
    if name == "standings":
        rows = _rows(state, of.parent, query.get(ROWS))
    output = state.outputs.of(query[OUT]).name if OUT in query else None
    return Asked(name, cast("Form", form), output, query.get(REHEARSAL) == "1", of, rows, lang)


def _unit(state: State, code: str | None) -> UnitCode:
    if code is None:
        raise wrong_value(UNIT, "", "a unit's code")
    if code not in state.live.contest.tree:
        raise UnknownUnit(UNIT, code)
    return UnitCode(code)


def _rows(state: State, parent: str, asked: str | None) -> int:
    """As many as are asked for, else one for each place below the unit."""
    below = state.live.contest.tree.children(parent)
    if not below:
        raise wrong_value(PARENT, parent, "a unit that has others below it")
    if asked is None:
        return min(ROWS_MAX, len([unit for unit in below if unit.place] or below))
    if not (asked.isascii() and asked.isdigit() and len(asked) <= len(str(ROWS_MAX)) and 1 <= int(asked) <= ROWS_MAX):
        raise wrong_value(ROWS, asked, f"1 to {ROWS_MAX}")
    return int(asked)


def _numbers(state: State, asked: Asked) -> NumberTopics:
    if asked.output is not None:
        return state.outputs.numbers.of(state.outputs.of(asked.output).name)
    return state.store(rehearsal=asked.rehearsal).pump.topics


def _withdrawal(state: State, asked: Asked) -> tuple[bool, bool]:
    """Whether wrong numbers are off the air, and whether this feed has none meanwhile: until those of an earlier moment
    have come. Of an output it is whether its own picture was taken off: one that keeps it keeps its numbers, and that
    others look at theirs is told to whoever steers it, not to strangers."""
    if asked.output is not None:
        withdrawn = state.outputs.of(asked.output).withdrawn
        if withdrawn is None or withdrawn.scene is None:
            return False, False
        return True, not (withdrawn.holds and _is_back(state, asked))
    shows: Shows = "rehearsal" if asked.rehearsal else "live"
    # While a ledger is replayed it does not tell, but outputs do.
    told = any(each.store == shows and each.withdrawn and each.withdrawn.holds for each in state.outputs.all)
    is_withdrawn = told or state.store(rehearsal=asked.rehearsal).desk.withdrawn_ms is not None
    return is_withdrawn, is_withdrawn and not _is_back(state, asked)


def _is_back(state: State, asked: Asked) -> bool:
    """Whether the numbers are those of the moment up to which they are right. They come under an epoch of their own,
    to an output when its delay has passed."""
    numbers = _numbers(state, asked)
    pump = state.store(rehearsal=numbers.rehearsal).pump
    return pump.back_to_ms is not None and numbers.epoch == pump.topics.epoch


def _feed(state: State, asked: Asked) -> Feed:
    numbers, (withdrawn, is_bare) = _numbers(state, asked), _withdrawal(state, asked)
    topic, now_ms = standings.board_topic(numbers), state.now_ms()
    if asked.output is not None:
        now_ms = state.outputs.of(asked.output).shows.picture_ms(now_ms)
    return Feed(
        numbers=numbers,
        state=cast("BoardState", number_state("board", topic.state)),
        at_ms=topic.at_ms,
        heard_ms=topic.heard_ms,
        seq=topic.seq,
        edition=state.editions.of(asked.lang),
        scope=asked.of.round,
        now_ms=now_ms,
        withdrawn=withdrawn,
        is_bare=is_bare,
    )


def _records(feed: Feed, asked: Asked) -> list[Record]:
    of = asked.of
    made: Mapping[Name, Callable[[], list[Record]]] = {
        "total": feed.total,
        "standings": partial(feed.standings, of.parent, of.by, asked.rows),
        "unit": partial(feed.unit, of.parent, of.by),
    }
    return made[asked.name]()
