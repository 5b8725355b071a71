"""GET /api/v1/control/entries: the latest entries of a unit, or those that wait to be verified, each with what has
become of it."""

from itertools import islice
from typing import Literal

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from server.auth.roles import Right, needs
from server.errors import CatchingUp
from server.middleware.guard import AS
from server.routes.api.decisions import store_of
from server.web.answers import answer
from server.web.problems import wrong_value
from streaming.fold.entry import Entry
from streaming.fold.fold import Fold
from streaming.topics.operators import to_be_verified

LISTED_MAX = 200
LOOKED_AT_MAX = 200_000
"""Entries that are gone through, the latest first: about 30 ms, in which no screen gets a frame."""
PERSON_CHARS = 6
"""Of a person's digest: enough to see that two entries of a list are of one person, too little to know who."""


class Listed(msgspec.Struct, frozen=True):
    """An entry; ``at`` and ``received`` are ms since the epoch. ``state`` is "shown" where it stands in the public
    numbers, or would but for the round that it missed."""

    source: str
    id: str
    unit: str
    kind: str
    at: int
    received: int
    person: str | None
    state: Literal["shown", "held", "quarantined", "voided"]


class Entries(msgspec.Struct, frozen=True):
    """The latest entries at and below ``unit``, or those of them that wait to be verified. ``is_whole`` says that there
    are no more of them."""

    unit: str
    entries: list[Listed]
    is_whole: bool


def routes() -> list[BaseRoute]:
    """The one route."""
    return [Route("/api/v1/control/entries", needs(Right.SEE_ROOM)(show_entries), name="entries")]


async def show_entries(request: Request) -> Response:
    """List the latest entries at and below ``unit``; with ``state=quarantined`` those that wait to be verified, at and
    below the root where no unit is named."""
    pump = store_of(request, ("store", "unit", "state", AS)).pump
    if pump.is_behind:
        raise CatchingUp
    state = request.query_params.get("state")
    if state not in {None, "quarantined"}:
        raise wrong_value("state", state or "", "quarantined")
    code = request.query_params.get("unit", "" if state is None else pump.contest.tree.root.code)
    if code not in pump.contest.tree:
        raise wrong_value("unit", code, "a unit's code")
    return answer(latest(pump.fold, code) if state is None else waiting(pump.fold, code))


def latest(fold: Fold, code: str, *, looked_at_max: int = LOOKED_AT_MAX) -> Entries:
    """The latest LISTED_MAX entries at and below a unit, of the latest ``looked_at_max`` of all."""
    tree, gate = fold.contest.tree, fold.gate_to_be
    units = tree.below(code)
    found: list[Listed] = []
    for entry in islice(reversed(fold.entries.values()), looked_at_max):
        if entry.unit not in units:
            continue
        if len(found) == LISTED_MAX:
            return Entries(code, found, is_whole=False)
        found.append(_listed(entry, is_quarantined=(entry.by, entry.id) in gate.quarantined))
    return Entries(code, found, is_whole=len(fold.entries) <= looked_at_max)


def waiting(fold: Fold, code: str) -> Entries:
    """The latest LISTED_MAX entries at and below a unit that wait to be verified."""
    units = fold.contest.tree.below(code)
    found = [entry for entry in to_be_verified(fold, fold.gate_to_be) if entry.unit in units]
    listed = [_listed(entry, is_quarantined=True) for entry in found[:LISTED_MAX]]
    return Entries(code, listed, is_whole=len(found) <= LISTED_MAX)


def _listed(entry: Entry, *, is_quarantined: bool) -> Listed:
    state: Literal["shown", "held", "quarantined", "voided"] = "shown" if entry.in_public else "held"
    if entry.void_seq:
        state = "voided"
    elif is_quarantined:
        state = "quarantined"
    person = None if entry.person is None else entry.person[:PERSON_CHARS]
    return Listed(entry.by, entry.id, entry.unit, entry.kind, entry.at_ms, entry.received_ms, person, state)
