"""GET /api/v1/standings: the children of a unit from the first place on."""

from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Literal, cast, get_args

import msgspec
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from server.errors import CatchingUp, UnknownUnit
from server.routes.live import OUT
from server.state import state_of
from server.web.answers import refuse_unknown
from server.web.compressed import VARY
from server.web.conditional import has_it
from server.web.problems import wrong_value
from streaming.contests.contest import Contest, RankBy
from streaming.contests.units import UnitCode
from streaming.fold.tally import ALL
from streaming.topics.board import Board
from streaming.topics.numbers import BOARD, NumberTopics
from streaming.topics.standings import Ranking
from streaming.topics.topic import Topic

PARAMETERS = ("parent", "by", "round", "rehearsal", OUT)


class Standing(msgspec.Struct):
    """A unit's place among its siblings, None where it has no value; and its numbers."""

    code: str
    full_name: str
    place: int | None
    registered: int
    started: int
    completed: int
    participants: int
    target: int | None
    rate: float | None
    pace: int


class Standings(msgspec.Struct):
    """One cut: everything in it holds at ``seq``, the position that ``board`` has."""

    parent: str
    by: RankBy
    round: int | Literal["all"]
    epoch: str
    seq: int
    at: int
    heard: int | None
    rehearsal: bool
    standings: list[Standing]


def routes() -> list[BaseRoute]:
    """The one route."""
    return [Route("/api/v1/standings", show_standings, name="standings")]


async def show_standings(request: Request) -> Response:
    """Answer with the children of ``parent``; what is left out is the root, the contest's own rule, and all rounds.

    ``out`` asks for the numbers as an output shows them, else they are those of the live or the rehearsal store.
    """
    query = request.query_params
    refuse_unknown(query, PARAMETERS)
    if query.get("rehearsal", "0") not in {"0", "1"}:
        raise wrong_value("rehearsal", query["rehearsal"], "0 or 1")
    state = state_of(request)
    if OUT in query and "rehearsal" in query:
        raise wrong_value("rehearsal", query["rehearsal"], f"nothing beside {OUT}, which names the numbers")
    asked = asked_of(state.live.contest, query)

    def numbers() -> NumberTopics:
        if OUT in query:
            return state.outputs.numbers.of(state.outputs.of(query[OUT]).name)
        return state.store(rehearsal=query.get("rehearsal") == "1").pump.topics

    def position() -> str:
        # The time up to which sources were heard moves on without the seq.
        topic = board_topic(numbers())
        return f'W/"{topic.epoch}-{topic.seq}-{topic.heard_ms}"'

    def make() -> Response:
        body = msgspec.json.encode(standings_of(numbers(), asked))
        headers = {"Cache-Control": "no-cache", "ETag": position()}
        return Response(body, headers=headers, media_type="application/json")

    if has_it(request.headers, etag := position()):
        headers = {"Cache-Control": "no-cache", "ETag": etag, "Vary": VARY}
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    whose = query.get(OUT) or ("rehearsal" if numbers().rehearsal else "live")
    address = ("/api/v1/standings", whose, asked.parent, asked.by, str(asked.round))
    return await state.pages.get(address, position, make, fresh_s=0)


@dataclass(frozen=True)
class Asked:
    """Which standings are asked for."""

    parent: UnitCode
    by: RankBy
    round: int
    """ALL, or a number."""


def asked_of(contest: Contest, query: QueryParams) -> Asked:
    """The standings that a query asks for.

    Raises:
        UnknownUnit: If there is no such parent.
        Problem: 400, if a value is none of those that exist.
    """
    parent = UnitCode(query.get("parent", contest.tree.root.code))
    if parent not in contest.tree:
        raise UnknownUnit("parent", parent)
    by = query.get("by", contest.ranking.by)
    if by not in get_args(RankBy):
        raise wrong_value("by", by, ", ".join(get_args(RankBy)))
    rounds = {"all": ALL} | {str(round_.n): round_.n for round_ in contest.rounds}
    asked = query.get("round", "all")
    if asked not in rounds:
        raise wrong_value("round", asked, ", ".join(rounds))
    return Asked(parent, cast("RankBy", by), rounds[asked])


def standings_of(numbers: NumberTopics, asked: Asked) -> Standings:
    """The standings at the cut of the numbers."""
    board, topic = numbers.board(asked.round), board_topic(numbers)
    return Standings(
        parent=asked.parent,
        by=asked.by,
        round="all" if asked.round == ALL else asked.round,
        epoch=topic.epoch,
        seq=topic.seq,
        at=topic.at_ms,
        heard=topic.heard_ms,
        rehearsal=numbers.rehearsal,
        standings=[
            standing for ranking in board.rankings(asked.parent, asked.by) for standing in _ranked(ranking, board)
        ],
    )


def board_topic(numbers: NumberTopics) -> Topic:
    """The topic of the whole contest, at whose position all numbers stand.

    Raises:
        CatchingUp: Before the first cut.
    """
    found = numbers.find(BOARD)
    if found is None:
        raise CatchingUp
    return found


def _ranked(ranking: Ranking, board: Board) -> Iterator[Standing]:
    tree = board.contest.tree
    for code in ranking.order:
        cells: tuple[Any, ...] = board.rows[code]
        registered, started, completed, participants, target, rate, _, pace = cells
        yield Standing(
            code, tree[code].full_name, ranking.places[code],
            registered, started, completed, participants, target, rate, pace,
        )  # fmt: skip
