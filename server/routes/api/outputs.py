"""GET /api/v1/outputs: what is on air; POST /api/v1/outputs/{output}/take: puts a scene there."""

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from dashboard.pages.control import texts
from server.auth.roles import Right, account_of, needs
from server.control.outputs import TAKE_BYTES_MAX, take_decoder
from server.errors import Starting
from server.middleware.guard import AS
from server.state import State, state_of
from server.web.answers import answer, refuse_unknown
from server.web.forms import json_of
from streaming.program.output import Hand, Output
from streaming.program.state import SceneSettings, Store

TAKE_BODY_WAIT_S = 2.0
"""A take must have come whole within this: whoever presses waits for it."""


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
    version: int


class OutputsShown(msgspec.Struct):
    """Every output."""

    outputs: list[OutputShown]


class TakeAnswer(msgspec.Struct):
    """``version`` is that of the output now."""

    version: int


def routes() -> list[BaseRoute]:
    """The routes."""
    return [
        Route("/api/v1/outputs", needs(Right.SEE_ROOM)(show_outputs), name="outputs"),
        Route("/api/v1/outputs/{output}/take", needs(Right.STEER)(take), methods=["POST"], name="take"),
    ]


async def show_outputs(request: Request) -> Response:
    """Answer with every output."""
    refuse_unknown(request.query_params, (AS,))
    state = state_of(request)
    return answer(OutputsShown([_shown(state, output) for output in state.outputs.all]))


async def take(request: Request) -> Response:
    """Put a scene on air. It acts at once, and is written after."""
    account = account_of(request, Right.STEER)
    refuse_unknown(request.query_params, (AS,))
    state = state_of(request)
    output = request.path_params["output"]
    state.outputs.of(output)  # Before the body, which says nothing where there is no such output.
    asked = await json_of(request, take_decoder, TAKE_BYTES_MAX, TAKE_BODY_WAIT_S)
    if state.hub.is_draining or not state.is_ready:
        raise Starting
    return answer(TakeAnswer(state.outputs.take(output, Hand(account.by), asked).version))


def _shown(state: State, output: Output) -> OutputShown:
    take, scene = output.take, output.scene
    return OutputShown(
        name=output.name,
        title=texts(state.settings.lang)[f"output_{output.name}"],
        follows=output.follows,
        locked_by=output.lock.by if output.lock else None,
        delay_ms=output.delay_ms,
        store=output.store,
        scene=scene.name,
        settings=scene.settings,
        take=scene.take,
        since=scene.since,
        by=take.by,
        version=output.version,
    )
