"""GET /api/v1/standings: the children of a unit from the first place on."""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any, Literal, cast, get_args

import msgspec
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from server.conditional import has_it
from server.errors import Problem, wrong_value
from server.state import state_of
from server.store import Store
from streaming.board import Board
from streaming.contest import RankBy
from streaming.standings import Ranking
from streaming.tally import ALL
from streaming.units import UnitCode

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
    if unknown := next((name for name in query if name not in PARAMETERS), None):
        raise wrong_value("parameter", unknown, ", ".join(PARAMETERS))
    if query.get("rehearsal", "0") not in {"0", "1"}:
        raise wrong_value("rehearsal", query["rehearsal"], "0 or 1")
    store = state_of(request).store(rehearsal=query.get("rehearsal") == "1")
    found = standings_of(store, query)
    # The time up to which sources were heard moves on without the seq.
    etag = f'W/"{found.epoch}-{found.seq}-{found.heard}"'
    headers = {"Cache-Control": "no-cache", "ETag": etag}
    if has_it(request.headers, etag):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    return Response(msgspec.json.encode(found), headers=headers, media_type="application/json")


def standings_of(store: Store, query: QueryParams) -> Standings:
    """The standings that a query asks for.

    Raises:
        Problem: If there is no such unit (404), or a value is none of those that exist (400).
    """
    contest = store.contest
    tree = contest.tree
    parent = UnitCode(query.get("parent", tree.root.code))
    if parent not in tree:
        raise Problem(404, "unknown_unit", "parent: there is no such unit", field="parent", value=parent[:80])
    by = query.get("by", contest.ranking.by)
    if by not in get_args(RankBy):
        raise wrong_value("by", by, ", ".join(get_args(RankBy)))
    rounds = {"all": ALL} | {str(round_.n): round_.n for round_ in contest.rounds}
    asked = query.get("round", "all")
    if asked not in rounds:
        raise wrong_value("round", asked, ", ".join(rounds))
    board = store.pump.topics.board(rounds[asked])
    topic = store.topic("board")
    return Standings(
        parent=parent,
        by=cast("RankBy", by),
        round="all" if asked == "all" else rounds[asked],
        epoch=topic.epoch,
        seq=topic.seq,
        at=topic.at_ms,
        heard=topic.heard_ms,
        rehearsal=store.rehearsal,
        standings=[standing for ranking in board.rankings(parent, by) for standing in _ranked(ranking, board)],
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
