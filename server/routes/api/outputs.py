"""GET /api/v1/outputs: what is on air; POST /api/v1/outputs/{output}/take: puts a scene there."""

from typing import Literal

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
from streaming.program.program import Program
from streaming.topics.state import SceneSettings

TAKE_BODY_WAIT_S = 2.0
"""A take must have come whole within this: whoever presses waits for it."""


class OutputShown(msgspec.Struct):
    """An output: whose hand it is in, which numbers it shows and how late, and what is on air since when, by whom."""

    name: str
    title: str
    follows: str | None
    locked_by: str | None
    delay_ms: int
    store: Literal["live", "rehearsal"]
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
    return answer(OutputsShown([_shown(state, program) for program in state.outputs.all]))


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
    return answer(TakeAnswer(state.outputs.take(output, account.by, asked).version))


def _shown(state: State, program: Program) -> OutputShown:
    on_air = program.on_air
    return OutputShown(
        name=program.output,
        title=texts(state.settings.lang)[f"output_{program.output}"],
        follows=None,
        locked_by=None,
        delay_ms=0,
        store="rehearsal" if state.outputs.rehearsal else "live",
        scene=on_air.scene.name,
        settings=on_air.scene.settings,
        take=on_air.scene.take,
        since=on_air.scene.since,
        by=on_air.by,
        version=on_air.version,
    )
