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

from server.errors import UnknownUnit
from server.state import state_of
from server.store import Store
from server.web.answers import refuse_unknown
from server.web.compressed import VARY
from server.web.conditional import has_it
from server.web.problems import wrong_value
from streaming.contests.contest import RankBy
from streaming.contests.units import UnitCode
from streaming.fold.tally import ALL
from streaming.topics.board import Board
from streaming.topics.standings import Ranking

PARAMETERS = ("parent", "by", "round", "rehearsal")


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
    """Answer with the children of ``parent``; what is left out is the root, the contest's own rule, and all rounds."""
    query = request.query_params
    refuse_unknown(query, PARAMETERS)
    if query.get("rehearsal", "0") not in {"0", "1"}:
        raise wrong_value("rehearsal", query["rehearsal"], "0 or 1")
    state = state_of(request)
    store = state.store(rehearsal=query.get("rehearsal") == "1")
    asked = asked_of(store, query)

    def position() -> str:
        # The time up to which sources were heard moves on without the seq.
        topic = store.topic("board")
        return f'W/"{topic.epoch}-{topic.seq}-{topic.heard_ms}"'

    def make() -> Response:
        body = msgspec.json.encode(standings_of(store, asked))
        headers = {"Cache-Control": "no-cache", "ETag": position()}
        return Response(body, headers=headers, media_type="application/json")

    if has_it(request.headers, etag := position()):
        headers = {"Cache-Control": "no-cache", "ETag": etag, "Vary": VARY}
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    address = ("/api/v1/standings", store.name, asked.parent, asked.by, str(asked.round))
    return await state.pages.get(address, position, make, fresh_s=0)


@dataclass(frozen=True)
class Asked:
    """Which standings are asked for."""

    parent: UnitCode
    by: RankBy
    round: int
    """ALL, or a number."""


def asked_of(store: Store, query: QueryParams) -> Asked:
    """The standings that a query asks for.

    Raises:
        UnknownUnit: If there is no such parent.
        Problem: 400, if a value is none of those that exist.
    """
    contest = store.contest
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


def standings_of(store: Store, asked: Asked) -> Standings:
    """The standings at the store's cut."""
    board = store.pump.topics.board(asked.round)
    topic = store.topic("board")
    return Standings(
        parent=asked.parent,
        by=asked.by,
        round="all" if asked.round == ALL else asked.round,
        epoch=topic.epoch,
        seq=topic.seq,
        at=topic.at_ms,
        heard=topic.heard_ms,
        rehearsal=store.rehearsal,
        standings=[
            standing for ranking in board.rankings(asked.parent, asked.by) for standing in _ranked(ranking, board)
        ],
    )


def _ranked(ranking: Ranking, board: Board) -> Iterator[Standing]:
    tree = board.contest.tree
    for code in ranking.order:
        cells: tuple[Any, ...] = board.rows[code]
        registered, started, completed, participants, target, rate, _, pace = cells
        yield Standing(
            code, tree[code].full_name, ranking.places[code],
            registered, started, completed, participants, target, rate, pace,
        )  # fmt: skip
