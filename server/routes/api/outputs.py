"""GET /api/v1/outputs: what is on air; POST /api/v1/outputs/{output}/…: what can be done to an output, by people in
sessions and by devices with control keys."""

import re
from collections.abc import Awaitable, Callable
from hashlib import blake2b
from http import HTTPStatus
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from dashboard.pages.control import output_title
from server.auth.roles import Account, Asker, Endpoint, Right, asker_of, check_bound, needs
from server.control.asked import ASKED, RestoreAsked, WithdrawAsked
from server.control.asked_button import PRESSED
from server.control.asked_evening import RundownAsked
from server.control.asking import Asked
from server.errors import Starting
from server.middleware.guard import AS
from server.state import State, state_of
from server.web.answers import answer, refuse_unknown
from server.web.forms import json_of
from server.web.problems import Problem, wrong_value
from streaming.program.answers import KEY_CHARS_MAX
from streaming.program.output import Hand, Output
from streaming.program.rundown import Item
from streaming.program.state import Cue, SceneSettings, Store

BODY_BYTES_MAX = 8 * 1024
"""Longest body that is read; the settings of a scene are some hundred bytes."""
BODY_WAIT_S = 2.0
"""A press must have come whole within this: whoever presses waits for it."""
AGAIN_HEADER = "Idempotency-Key"
"""The header that names a question, so that it can be asked again and is done once."""
MOMENT = re.compile(r"[0-9]{1,15}", re.ASCII)
RUNDOWN_BYTES_MAX = 2 * 1024 * 1024
"""Longest rundown that is read: 200 items of 5,000 Vietnamese letters, by up to three bytes each."""
RUNDOWN_WAIT_S = 10.0
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
    cue: Cue | None
    withdrawn: bool
    tally: bool | None
    version: int


class OutputsShown(msgspec.Struct):
    """Every output, or the one that whoever asks is bound to."""

    outputs: list[OutputShown]


class TakeAnswer(msgspec.Struct):
    """``version`` is that of the output now."""

    version: int


class TallyAsked(msgspec.Struct, forbid_unknown_fields=True):
    """Whether the output is on the switcher's program."""

    on: bool


class RundownShown(msgspec.Struct):
    """The rundown of an output, which is at ``version``."""

    items: tuple[Item, ...]
    ends_ms: int | None
    version: int


class MakeAsked(msgspec.Struct, forbid_unknown_fields=True):
    """An output of a director's by the name that it is to have."""

    name: str


_tally = msgspec.json.Decoder(TallyAsked)
_make = msgspec.json.Decoder(MakeAsked)


def routes() -> list[BaseRoute]:
    """The routes: one for each thing that can be asked of an output."""
    of_one = "/api/v1/outputs/{output}"
    return [
        Route("/api/v1/outputs", needs(Right.SEE_OUTPUTS)(show_outputs), name="outputs"),
        Route("/api/v1/outputs", needs(Right.MAKE_OUTPUTS)(make_output), methods=["POST"], name="make"),
        Route(of_one, needs(Right.MAKE_OUTPUTS)(remove_output), methods=["DELETE"], name="remove"),
        *(
            Route(f"{of_one}/{name}", needs(Right.STEER)(steers(asked)), methods=["POST"], name=name)
            for name, asked in ASKED.items()
        ),
        *(
            Route(f"{of_one}/{name}", needs(Right.PRESS)(steers(asked, Right.PRESS)), methods=["POST"], name=name)
            for name, asked in PRESSED.items()
        ),
        Route(f"{of_one}/rundown", needs(Right.SEE_OUTPUTS)(show_rundown), name="rundown"),
        Route(f"{of_one}/rundown", needs(Right.STEER)(set_rundown), methods=["PUT"], name="set rundown"),
        Route(f"{of_one}/effect", needs(Right.SEE_ROOM)(show_effect), name="effect of a moment"),
        Route(f"{of_one}/tally", needs(Right.STEER)(tell_tally), methods=["POST"], name="tally"),
    ]


async def show_outputs(request: Request) -> Response:
    """Answer with every output, or the one that whoever asks is bound to."""
    asker = asker_of(request, Right.SEE_OUTPUTS)
    refuse_unknown(request.query_params, (AS,))
    state = state_of(request)
    _pace(state, asker, "read")
    seen = [output for output in state.outputs.all if asker.bound_to in {None, output.name}]
    return answer(OutputsShown([_shown(state, output) for output in seen]))


async def make_output(request: Request) -> Response:
    """Make an output of a director's."""
    asker = asker_of(request, Right.MAKE_OUTPUTS)
    refuse_unknown(request.query_params, (AS,))
    asked = await json_of(request, _make, BODY_BYTES_MAX, BODY_WAIT_S, otherwise=NOTHING_ASKED)
    made = opened(request).outputs.add(asked.name, hand_of(asker))
    return answer(TakeAnswer(made.version), HTTPStatus.CREATED)


async def remove_output(request: Request) -> Response:
    """Take an output of a director's away, and send its screens away."""
    asker = asker_of(request, Right.MAKE_OUTPUTS)
    refuse_unknown(request.query_params, (AS,))
    state, name = opened(request), request.path_params["output"]
    program = state.outputs.remove(name, hand_of(asker))
    state.hub.dismiss(name, program.topics)
    return Response(status_code=HTTPStatus.NO_CONTENT, headers={"Cache-Control": "no-store"})


async def show_rundown(request: Request) -> Response:
    """Answer with the rundown of an output."""
    output = state_of(request).outputs.of(output_of(request, asker_of(request, Right.SEE_OUTPUTS), "read"))
    return answer(RundownShown(output.rundown.items, output.rundown.ends_ms, output.version))


def _as_asked(_request: Request, asked: Asked) -> Asked:
    return asked


def steers(
    kind: type[Asked],
    right: Right = Right.STEER,
    bytes_max: int = BODY_BYTES_MAX,
    wait_s: float = BODY_WAIT_S,
    whole: Callable[[Request, Any], Asked] = _as_asked,
) -> Endpoint:
    """What does to an output what a body asks for; ``whole`` adds to that what the address says."""
    decoder = msgspec.json.Decoder(kind)

    async def steer(request: Request) -> Response:
        """Do what is asked. It acts at once, and is written after."""
        asker = asker_of(request, right)
        output = output_of(request, asker)
        asked = whole(request, await json_of(request, decoder, bytes_max, wait_s, otherwise=NOTHING_ASKED))
        if asked.seen is None and not asked.kind.is_urgent and isinstance(asker, Account):
            expected = "the version of the output that was looked at"
            raise Problem(422, "wrong_value", f"seen: expected {expected}", field="seen", expected=expected)
        state = opened(request)
        return await once(request, asker, asked, lambda: _done(state, output, hand_of(asker), asked))

    return steer


set_rundown = steers(RundownAsked, bytes_max=RUNDOWN_BYTES_MAX, wait_s=RUNDOWN_WAIT_S)
"""Puts another rundown in place of an output's."""


async def _done(state: State, output: str, hand: Hand, asked: Asked) -> Output:
    """The output after what was asked."""
    match asked:
        case WithdrawAsked():
            return await state.withdrawals.withdraw(output, hand, asked)
        case RestoreAsked():
            return await state.withdrawals.restore(output, hand, asked)
        case _:
            return state.outputs.steer(output, hand, asked)


async def show_effect(request: Request) -> Response:
    """Tell what it would bring to show what was public at ``to_ms``."""
    refuse_unknown(request.query_params, ("to_ms", AS))
    state, said = state_of(request), request.query_params.get("to_ms", "")
    output = state.outputs.of(request.path_params["output"]).name
    if MOMENT.fullmatch(said) is None:
        raise wrong_value("to_ms", said, "a time, in ms since the epoch")
    return answer(await state.withdrawals.effect(output, int(said)))


async def tell_tally(request: Request) -> Response:
    """Hear from the switcher whether the output is on its program."""
    asker = asker_of(request, Right.STEER)
    output = output_of(request, asker)
    asked = await json_of(request, _tally, BODY_BYTES_MAX, BODY_WAIT_S, otherwise=NOTHING_ASKED)
    state = opened(request)

    async def tell() -> Output:
        return state.outputs.tell_tally(output, hand_of(asker), on=asked.on)

    return await once(request, asker, asked, tell)


def output_of(request: Request, asker: Asker, way: str = "write", known: tuple[str, ...] = ()) -> str:
    """The output of the address, if whoever asks may have to do with it. Asked for before the body, which says nothing
    where there is no such output. ``known`` are the parameters that there may be."""
    refuse_unknown(request.query_params, (AS, *known))
    name, state = request.path_params["output"], state_of(request)
    check_bound(asker, name)
    _pace(state, asker, way)
    return state.outputs.of(name).name


def _pace(state: State, asker: Asker, way: str) -> None:
    """Refuse a device, or a tablet, that asks more often than any needs; reading its buttons' state takes nothing from
    steering.

    Raises:
        Problem: 429.
    """
    if isinstance(asker, Account):
        return
    name, rates = f"{asker.name} {way}", state.key_rates
    if wait_s := rates.wait_s(name):
        raise Problem(429, "too_many_requests", f"more than {rates.per_s} requests a second", retry_after_s=wait_s)
    rates.pay(name, 1)


async def once(request: Request, asker: Asker, asked: msgspec.Struct, act: Callable[[], Awaitable[Output]]) -> Response:
    """Do what is asked and answer with the version, or answer what was answered to the same question before."""
    state, name = state_of(request), _question_of(request)
    if name is None:
        return answer(TakeAnswer((await act()).version))
    at_ms = state.clock.elapsed_ms()
    # A digest: a rundown is some megabytes, and nothing but whether it is the same is asked of it.
    whole = blake2b(request.url.path.encode() + b"\0" + msgspec.json.encode(asked), digest_size=32).digest()
    version = state.answers.find(asker.by, name, whole, at_ms)
    if version is None:
        version = (await act()).version
        state.answers.keep(asker.by, name, whole, version, at_ms)
    return answer(TakeAnswer(version))


def _question_of(request: Request) -> str | None:
    """What whoever asks calls the question, None if they will not ask it again.

    Raises:
        Problem: 400 for a name that cannot be.
    """
    names = request.headers.getlist(AGAIN_HEADER)
    if not names:
        return None
    if len(names) > 1 or not 0 < len(names[0]) <= KEY_CHARS_MAX or not (names[0].isascii() and names[0].isprintable()):
        expected = f"one of 1 to {KEY_CHARS_MAX} ASCII characters"
        raise Problem(400, "wrong_value", f"{AGAIN_HEADER}: expected {expected}", field=AGAIN_HEADER, expected=expected)
    return names[0]


def opened(request: Request) -> State:
    """The state, while anything can be done to it.

    Raises:
        Starting: While the server starts, and when it stops.
    """
    state = state_of(request)
    if state.hub.is_draining or not state.is_ready:
        raise Starting
    return state


def hand_of(asker: Asker) -> Hand:
    return Hand(asker.by, asker.bound_to, may_break=asker.may(Right.BREAK_LOCKS))


def _shown(state: State, output: Output) -> OutputShown:
    take, scene = output.take, output.scene
    return OutputShown(
        name=output.name,
        title=output_title(state.settings.lang, output.name),
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
        cue=output.cue,
        withdrawn=output.withdrawn is not None,
        tally=state.outputs.tally(output.name),
        version=output.version,
    )
