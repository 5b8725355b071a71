"""GET /api/v1/outputs/{output}/overlays: the overlays of an output; POST …/overlays/{name}/…: what can be done to one;
POST …/overlays/clear, which takes all away at once; POST …/overlays/frame: what they keep out of, and how they look;
POST …/overlays/faults/seen: what went wrong on renderers has been looked at."""

from collections.abc import Mapping

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from dashboard.overlays.overlays import BY_NAME
from dashboard.overlays.room import Lane
from server.auth.roles import Right, asker_of, needs
from server.control.asked_overlays import OF_OVERLAY, ClearAsked, FrameAsked, OverlayAsked
from server.control.asking import Asked
from server.routes.api.outputs import (
    BODY_BYTES_MAX,
    BODY_WAIT_S,
    NOTHING_ASKED,
    once,
    opened,
    output_of,
    steers,
)
from server.state import state_of
from server.web.answers import answer
from server.web.forms import json_of
from streaming.program.output import Output
from streaming.program.state import KeptOut, SceneSettings
from streaming.program.told import RendererFault


class OverlayShown(msgspec.Struct):
    """An overlay of an output: the lane in which it stands, whether it is shown, what it says, and since when."""

    lane: Lane
    shown: bool
    data: SceneSettings
    step: int
    since: int
    hides_at: int | None


class OverlaysShown(msgspec.Struct):
    """The overlays of an output, by name, which is at ``version``; the boxes that they keep out of, and their theme,
    "" for as shipped; what went wrong on the renderers that show them, the latest first."""

    overlays: Mapping[str, OverlayShown]
    boxes: tuple[KeptOut, ...]
    theme: str
    version: int
    faults: tuple[RendererFault, ...]


class FaultsSeenAsked(msgspec.Struct, frozen=True):
    """What went wrong up to ``until``, ms since the epoch, has been looked at."""

    until: int


_seen = msgspec.json.Decoder(FaultsSeenAsked)


def routes() -> list[BaseRoute]:
    """The routes."""
    of_all = "/api/v1/outputs/{output}/overlays"
    return [
        Route(of_all, needs(Right.SEE_OUTPUTS)(show_overlays), name="overlays"),
        Route(f"{of_all}/clear", needs(Right.STEER)(steers(ClearAsked)), methods=["POST"], name="overlays/clear"),
        Route(f"{of_all}/frame", needs(Right.STEER)(steers(FrameAsked)), methods=["POST"], name="overlays/frame"),
        Route(f"{of_all}/faults/seen", needs(Right.STEER)(see_faults), methods=["POST"], name="overlays/faults/seen"),
        *(
            Route(
                f"{of_all}/{{overlay}}/{name}",
                needs(Right.STEER)(steers(asked, whole=_named)),
                methods=["POST"],
                name=f"overlays/{name}",
            )
            for name, asked in OF_OVERLAY.items()
        ),
    ]


async def show_overlays(request: Request) -> Response:
    """Answer with the overlays of an output, those that are hidden too."""
    outputs = state_of(request).outputs
    output = outputs.of(output_of(request, asker_of(request, Right.SEE_OUTPUTS), "read"))
    found = {
        name: OverlayShown(BY_NAME[name].lane, each.shown, each.data, each.step, each.since, each.hides_at)
        for name, each in output.overlays.items()
    }
    faults = outputs.renderer_faults.of(output.name)
    return answer(OverlaysShown(found, output.kept_out, output.theme, output.version, faults))


async def see_faults(request: Request) -> Response:
    """Take away what has been looked at, whoever holds the output."""
    asker = asker_of(request, Right.STEER)
    output = output_of(request, asker)
    asked = await json_of(request, _seen, BODY_BYTES_MAX, BODY_WAIT_S, otherwise=NOTHING_ASKED)
    state = opened(request)

    async def see() -> Output:
        state.outputs.renderer_faults.seen(output, asked.until)
        return state.outputs.of(output)

    return await once(request, asker, asked, see)


def _named(request: Request, asked: OverlayAsked) -> Asked:
    return asked.of(request.path_params["overlay"])
