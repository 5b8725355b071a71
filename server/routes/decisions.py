"""POST /api/v1/control/decisions: what operators decide; GET /api/v1/control/effect: what a release would bring."""

import re
from collections.abc import Callable

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from server import actions
from server.desk import Desk, Stale
from server.errors import PROBLEM, Problem, ProblemBody, wrong_value
from server.forms import body_of
from server.roles import Right, account_of, needs
from streaming.decisions import Decided

FindDesk = Callable[[bool], Desk]
SeeAlarm = Callable[[bool, str], bool]

DECISION_BODY_WAIT_S = 2.0
"""A decision must have come whole within this, so that with DECIDE_WAIT_S it is answered before the page gives up."""
NO_STORE = {"Cache-Control": "no-store"}
_FIELD = re.compile(r"(?:required|unknown) field `(\w+)`")


class DecisionAnswer(msgspec.Struct):
    """``seq`` is the decision's row; null while it is not written: a hold acts all the same, another once it is."""

    seq: int | None
    written: bool


class StaleBody(ProblemBody, kw_only=True):
    """The 409 of whoever decides too late, or too soon; ``last`` is what somebody else has decided since, or the own
    decision that is still being written."""

    last: Decided


def routes(find_desk: FindDesk, see_alarm: SeeAlarm) -> list[BaseRoute]:
    """The routes. ``find_desk`` gives the desk of the live or the rehearsal store, ``see_alarm`` marks an alarm of one
    as seen, and tells whether there is such an alarm."""
    decisions = Decisions(find_desk, see_alarm)
    return [
        Route("/api/v1/control/decisions", needs(Right.DECIDE)(decisions.decide), methods=["POST"], name="decisions"),
        Route("/api/v1/control/effect", needs(Right.SEE_ROOM)(decisions.show_effect), name="effect"),
    ]


class Decisions:
    """The operator's hand, over HTTP."""

    def __init__(self, find_desk: FindDesk, see_alarm: SeeAlarm) -> None:
        self._find_desk = find_desk
        self._see_alarm = see_alarm

    async def decide(self, request: Request) -> Response:
        """Make a decision."""
        account = account_of(request, Right.DECIDE)
        rehearsal = is_rehearsal(request, ("rehearsal",))
        action = await _action(request)
        if isinstance(action, actions.Seen):
            if not self._see_alarm(rehearsal, action.alarm):
                raise Problem(404, "no_such_alarm", "alarm: there is no such alarm", field="alarm")
            return _json(DecisionAnswer(None, written=True))
        try:
            made = await self._find_desk(rehearsal).decide(f"account:{account.number}", action)
        except Stale as stale:
            return _stale(stale)
        return _json(DecisionAnswer(made.seq, made.is_written))

    async def show_effect(self, request: Request) -> Response:
        """Tell what a release would bring; ``release`` is a unit's code, or "all"."""
        rehearsal = is_rehearsal(request, ("rehearsal", "release"))
        code = request.query_params.get("release", "")
        if not code:
            raise wrong_value("release", "", 'a unit\'s code, or "all"')
        return _json(self._find_desk(rehearsal).effect(None if code == "all" else code))


async def _action(request: Request) -> actions.AnyAction:
    try:
        return actions.decoder.decode(await body_of(request, actions.ACTION_BYTES_MAX, DECISION_BODY_WAIT_S))
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        # "Expected `int`, got `str` - at `$.delta`", "Object missing required field `seen`"
        said, _, where = str(error).partition(" - at `$")
        named = _FIELD.search(said)
        field = where.strip("`.").partition("[")[0] or (named[1] if named else None)
        raise Problem(422, "wrong_value", f"{field or 'body'}: {said}", field=field) from None


def is_rehearsal(request: Request, known: tuple[str, ...]) -> bool:
    """Whether the rehearsal store is meant (``?rehearsal=1``); ``known`` are the parameters that may stand there.

    Raises:
        Problem: 400, naming a parameter or value that does not exist.
    """
    query = request.query_params
    if unknown := next((name for name in query if name not in known), None):
        raise wrong_value("parameter", unknown, ", ".join(known))
    if query.get("rehearsal", "0") not in {"0", "1"}:
        raise wrong_value("rehearsal", query["rehearsal"], "0 or 1")
    return query.get("rehearsal") == "1"


def _stale(stale: Stale) -> Response:
    told, title = str(stale), "Conflict"
    body = StaleBody(type="about:blank", title=title, status=409, detail=told, code=stale.code, last=stale.last)
    return Response(msgspec.json.encode(body), 409, NO_STORE, PROBLEM)


def _json(body: msgspec.Struct) -> Response:
    return Response(msgspec.json.encode(body), headers=NO_STORE, media_type="application/json")
