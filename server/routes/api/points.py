"""POST /api/v1/points/{code}: what a connection point says of itself; what is below it, and /api/v1/points/bridge, is
the roll call that the office holds. Who is bound to a unit asks for it and those below it alone."""

from collections.abc import Sequence
from typing import Annotated

import msgspec
from msgspec import Meta
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from server.auth.roles import Asker, PointKey, Right, asker_of, check_unit, needs, unit_of
from server.middleware.guard import AS
from server.routes.api.outputs import opened
from server.state import State
from server.web.answers import answer, refuse_unknown
from server.web.forms import json_of
from server.web.problems import Problem
from streaming.points.actions import Action, BeginAfresh, MakeCall, ModerateLine, NamePeople, Tell, TickBridge
from streaming.points.call import CallState
from streaming.points.finding import FaultCode
from streaming.points.roll_call import Line, LineState, People

BODY_BYTES_MAX = 32 * 1024
"""Longest body that is read of one point: a line that is far too long is refused by its length, not by its bytes."""
CODES_BYTES_MAX = 1024 * 1024
CODES_MAX = 20_000
"""Points that are ticked at once: all that a contest can have."""
CODE_TOLD_CHARS = 80
PRESENT = Annotated[int, Meta(description="0 to 9999")]


class TellAsked(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What a point says of itself; what is left out stays as it is. An empty ``line`` takes the one that waits back;
    ``acked`` is the key of the call that is answered "Đã rõ"."""

    ready: bool | msgspec.UnsetType | None = msgspec.UNSET
    present: PRESENT | msgspec.UnsetType | None = msgspec.UNSET
    line: str | msgspec.UnsetType = msgspec.UNSET
    acked: str | msgspec.UnsetType = msgspec.UNSET


class CallAsked(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What a point is told by hand, until the item that is on changes; null gives it back to the rundown."""

    state: CallState | None
    text: str = ""


class LineAsked(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What becomes of the point's line of the moment ``at``."""

    at: int
    state: LineState


class BridgeAsked(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Points that are connected to the video bridge (true), were called in vain (false), or are to be called again
    (null)."""

    codes: Annotated[Sequence[str], Meta(max_length=CODES_MAX)]
    connected: bool | None


class AfreshAsked(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """The unit at and below which the roll call begins anew."""

    code: str


class PointShown(msgspec.Struct):
    """What is known of a point now."""

    code: str
    bridge: bool | None
    ready: bool | None
    present: int | None
    line: Line | None
    acked: str


class PeopleShown(msgspec.Struct):
    """Who sits at a point."""

    code: str
    people: People


class BridgeFault(msgspec.Struct):
    """A code of the list, by its ``index`` from 0, that was not ticked, and why not."""

    index: int
    value: str
    code: FaultCode


class BridgeAnswer(msgspec.Struct):
    """How many points are different by it, and the codes that name none."""

    changed: int
    rejected: list[BridgeFault]


_tell = msgspec.json.Decoder(TellAsked)
_call = msgspec.json.Decoder(CallAsked)
_line = msgspec.json.Decoder(LineAsked)
_bridge = msgspec.json.Decoder(BridgeAsked)
_people = msgspec.json.Decoder(People)
_afresh = msgspec.json.Decoder(AfreshAsked)


def routes() -> list[BaseRoute]:
    """The routes; those with a name of their own stand before those of a point."""
    of_all, of_one = "/api/v1/points", "/api/v1/points/{code}"
    return [
        Route(f"{of_all}/bridge", needs(Right.ROLL_CALL)(tick), methods=["POST"], name="tick points"),
        Route(f"{of_all}/afresh", needs(Right.ROLL_CALL)(begin_afresh), methods=["POST"], name="begin roll call"),
        Route(of_one, needs(Right.ANSWER)(tell), methods=["POST"], name="tell of point"),
        Route(f"{of_one}/call", needs(Right.ROLL_CALL)(call), methods=["POST"], name="call point"),
        Route(f"{of_one}/line", needs(Right.MODERATE)(moderate), methods=["POST"], name="moderate line"),
        Route(f"{of_one}/people", needs(Right.ROLL_CALL)(name_people), methods=["PUT"], name="people of point"),
    ]


async def tell(request: Request) -> Response:
    """Take what a point says of itself, or an operator for it."""
    state, asker, code = _asked(request, Right.ANSWER)
    if isinstance(asker, PointKey):
        state.points.hear(asker.unit)
        if wait_s := state.point_rates.wait_s(asker.unit):
            said = f"more than {state.point_rates.per_s} requests a second"
            raise Problem(429, "too_many_requests", said, retry_after_s=wait_s)
        state.point_rates.pay(asker.unit, 1)
    asked = await json_of(request, _tell, BODY_BYTES_MAX)
    await _act(state, Tell(code=code, **{n: getattr(asked, n) for n in asked.__struct_fields__}), asker)
    return answer(shown(state, code))


async def call(request: Request) -> Response:
    """Call a point by hand, or give it back to the rundown."""
    state, asker, code = _asked(request, Right.ROLL_CALL)
    asked = await json_of(request, _call, BODY_BYTES_MAX)
    await _act(state, MakeCall(code=code, state=asked.state, text=asked.text), asker)
    return answer(shown(state, code))


async def moderate(request: Request) -> Response:
    """Show a point's line to the host, or put it aside."""
    state, asker, code = _asked(request, Right.MODERATE)
    asked = await json_of(request, _line, BODY_BYTES_MAX)
    await _act(state, ModerateLine(code=code, at=asked.at, state=asked.state), asker)
    return answer(shown(state, code))


async def name_people(request: Request) -> Response:
    """Say who sits at a point."""
    state, asker, code = _asked(request, Right.ROLL_CALL)
    asked = await json_of(request, _people, BODY_BYTES_MAX)
    await _act(state, NamePeople(code=code, people=asked), asker)
    return answer(PeopleShown(code, state.points.entry(code).people))


async def tick(request: Request) -> Response:
    """Tick points; those that are unknown, doubled or of another subtree are named, and the others ticked."""
    state, asker = opened(request), asker_of(request, Right.ROLL_CALL)
    refuse_unknown(request.query_params, (AS,))
    asked = await json_of(request, _bridge, CODES_BYTES_MAX)
    good, rejected = sorted_out(state, asker, asked.codes)
    changed = await _act(state, TickBridge(codes=good, connected=asked.connected), asker)
    return answer(BridgeAnswer(len(changed), rejected))


async def begin_afresh(request: Request) -> Response:
    """Begin the roll call anew at and below a unit."""
    state, asker = opened(request), asker_of(request, Right.ROLL_CALL)
    refuse_unknown(request.query_params, (AS,))
    asked = await json_of(request, _afresh, BODY_BYTES_MAX)
    check_unit(asker, asked.code, state.folder.contest.tree, Right.ROLL_CALL)
    changed = await _act(state, BeginAfresh(codes=state.points.below(asked.code)), asker)
    return answer(BridgeAnswer(len(changed), []))


def sorted_out(state: State, asker: Asker, codes: Sequence[str]) -> tuple[list[str], list[BridgeFault]]:
    """The points of a list that whoever asks may tick, each once, and what is wrong with the others."""
    scope = unit_of(asker)
    mine, every = set(state.points.below(scope) if scope else state.points.codes), set(state.points.codes)
    good: dict[str, None] = {}
    rejected: list[BridgeFault] = []
    for index, code in enumerate(codes):
        fault: FaultCode | None = None
        if code not in every:
            fault = "unknown_unit"
        elif code not in mine:
            fault = "other_subtree"
        elif code in good:
            fault = "doubled"
        if fault is None:
            good[code] = None
        else:
            rejected.append(BridgeFault(index, code[:CODE_TOLD_CHARS], fault))
    return [*good], rejected


def shown(state: State, code: str) -> PointShown:
    """What is known of a point now."""
    entry = state.points.entry(code)
    return PointShown(code, entry.bridge, entry.ready, entry.present, entry.line, entry.acked)


def _asked(request: Request, right: Right) -> tuple[State, Asker, str]:
    """The point of the address, if whoever asks may do that for it. Asked for before the body."""
    refuse_unknown(request.query_params, (AS,))
    state, asker, code = opened(request), asker_of(request, right), request.path_params["code"]
    check_unit(asker, code, state.folder.contest.tree, right)
    state.points.entry(code)
    return state, asker, code


async def _act(state: State, action: Action, asker: Asker) -> frozenset[str]:
    """Do it, and wait for it to be on disk. Where that takes too long it holds all the same, and an alarm tells."""
    changed = state.points.act(action, asker.by)
    await state.points.written()
    return changed
