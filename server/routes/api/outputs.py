"""GET /api/v1/outputs: what is on air; POST /api/v1/outputs/{output}/…: what can be done to an output."""

from http import HTTPStatus

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from dashboard.pages.control import texts
from server.auth.roles import Account, Endpoint, Right, account_of, needs
from server.control.asked import ASKED, Asked, RestoreAsked, WithdrawAsked
from server.errors import Starting
from server.middleware.guard import AS
from server.state import State, state_of
from server.web.answers import answer, refuse_unknown
from server.web.forms import json_of
from server.web.problems import Problem
from streaming.program.names import OF_TV
from streaming.program.output import Hand, Output
from streaming.program.state import SceneSettings, Store

BODY_BYTES_MAX = 8 * 1024
"""Longest body that is read; the settings of a scene are some hundred bytes."""
BODY_WAIT_S = 2.0
"""A press must have come whole within this: whoever presses waits for it."""
NOTHING_ASKED = b"{}"
"""What an empty body stands for: many devices send none."""


class OutputShown(msgspec.Struct):
    """An output: whose hand it is in, which numbers it shows and how late, and what is on air since when, by whom."""

    name: str
    title: str
    follows: str | None
    locked_by: str | None
    delay_ms: int
    store: Store
    scene: str
    settings: SceneSettings
    take: int
    since: int
    by: str
    frozen: bool
    tally: bool | None
    version: int


class OutputsShown(msgspec.Struct):
    """Every output."""

    outputs: list[OutputShown]


class TakeAnswer(msgspec.Struct):
    """``version`` is that of the output now."""

    version: int


class TallyAsked(msgspec.Struct, forbid_unknown_fields=True):
    """Whether the output is on the switcher's program."""

    on: bool


class MakeAsked(msgspec.Struct, forbid_unknown_fields=True):
    """An output of a director's by the name that it is to have."""

    name: str


_tally = msgspec.json.Decoder(TallyAsked)
_make = msgspec.json.Decoder(MakeAsked)


def routes() -> list[BaseRoute]:
    """The routes: one for each thing that can be asked of an output."""
    of_one = "/api/v1/outputs/{output}"
    return [
        Route("/api/v1/outputs", needs(Right.SEE_ROOM)(show_outputs), name="outputs"),
        Route("/api/v1/outputs", needs(Right.STEER)(make_output), methods=["POST"], name="make"),
        Route(of_one, needs(Right.STEER)(remove_output), methods=["DELETE"], name="remove"),
        *(
            Route(f"{of_one}/{name}", needs(Right.STEER)(_steers(asked)), methods=["POST"], name=name)
            for name, asked in ASKED.items()
        ),
        Route(f"{of_one}/tally", needs(Right.STEER)(tell_tally), methods=["POST"], name="tally"),
    ]


async def show_outputs(request: Request) -> Response:
    """Answer with every output."""
    refuse_unknown(request.query_params, (AS,))
    state = state_of(request)
    return answer(OutputsShown([_shown(state, output) for output in state.outputs.all]))


async def make_output(request: Request) -> Response:
    """Make an output of a director's."""
    account = account_of(request, Right.STEER)
    refuse_unknown(request.query_params, (AS,))
    asked = await json_of(request, _make, BODY_BYTES_MAX, BODY_WAIT_S)
    made = _open(request).outputs.add(asked.name, _hand(account))
    return answer(TakeAnswer(made.version), HTTPStatus.CREATED)


async def remove_output(request: Request) -> Response:
    """Take an output of a director's away, and send its screens away."""
    account = account_of(request, Right.STEER)
    refuse_unknown(request.query_params, (AS,))
    state, name = _open(request), request.path_params["output"]
    program = state.outputs.remove(name, _hand(account))
    state.hub.dismiss(name, (program.topic, program.control))
    return Response(status_code=HTTPStatus.NO_CONTENT, headers={"Cache-Control": "no-store"})


def _steers(kind: type[Asked]) -> Endpoint:
    decoder = msgspec.json.Decoder(kind)

    async def steer(request: Request) -> Response:
        """Do what is asked. It acts at once, and is written after."""
        account = account_of(request, Right.STEER)
        refuse_unknown(request.query_params, (AS,))
        output = _output_of(request)
        asked = await json_of(request, decoder, BODY_BYTES_MAX, BODY_WAIT_S, otherwise=NOTHING_ASKED)
        if asked.seen is None and not asked.kind.is_urgent:
            expected = "the version of the output that was looked at"
            raise Problem(422, "wrong_value", f"seen: expected {expected}", field="seen", expected=expected)
        return answer(TakeAnswer((await _done(_open(request), output, _hand(account), asked)).version))

    return steer


async def _done(state: State, output: str, hand: Hand, asked: Asked) -> Output:
    """The output after what was asked."""
    match asked:
        case WithdrawAsked():
            return state.withdrawals.withdraw(output, hand, asked)
        case RestoreAsked():
            return await state.withdrawals.restore(output, hand, asked)
        case _:
            return state.outputs.steer(output, hand, asked)


async def tell_tally(request: Request) -> Response:
    """Hear from the switcher whether the output is on its program."""
    account = account_of(request, Right.STEER)
    refuse_unknown(request.query_params, (AS,))
    output = _output_of(request)
    asked = await json_of(request, _tally, BODY_BYTES_MAX, BODY_WAIT_S)
    return answer(TakeAnswer(_open(request).outputs.tell_tally(output, _hand(account), on=asked.on).version))


def _output_of(request: Request) -> str:
    """The output of the address. Asked for before the body, which says nothing where there is no such output."""
    return state_of(request).outputs.of(request.path_params["output"]).name


def _open(request: Request) -> State:
    """The state, while anything can be done to it.

    Raises:
        Starting: While the server starts, and when it stops.
    """
    state = state_of(request)
    if state.hub.is_draining or not state.is_ready:
        raise Starting
    return state


def _hand(account: Account) -> Hand:
    return Hand(account.by, may_break=account.may(Right.BREAK_LOCKS))


def _shown(state: State, output: Output) -> OutputShown:
    take, scene = output.take, output.scene
    return OutputShown(
        name=output.name,
        title=_title(state, output.name),
        follows=output.follows,
        locked_by=output.lock.by if output.lock else None,
        delay_ms=output.delay_ms,
        store=output.store,
        scene=scene.name,
        settings=scene.settings,
        take=scene.take,
        since=scene.since,
        by=take.by,
        frozen=output.still is not None,
        tally=state.outputs.tally(output.name),
        version=output.version,
    )


def _title(state: State, name: str) -> str:
    words, number = texts(state.settings.lang), OF_TV.fullmatch(name)
    return words[f"output_{name}"] if number is None else words["output_tv"].replace("{n}", number[1])
