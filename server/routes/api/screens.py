"""GET /api/v1/screens: the screens that are open; what is below a screen's id names it, gives it another address, has
it load itself anew or show its name."""

from http import HTTPStatus

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from server.auth.roles import Right, account_of, needs
from server.control.screens import ScreenShown
from server.middleware.guard import AS
from server.routes.api.outputs import hand_of, opened
from server.state import State, state_of
from server.web.answers import answer, refuse_unknown
from server.web.forms import json_of, or_busy
from streaming.program.output import Hand

BODY_BYTES_MAX = 4 * 1024
NOTHING_ASKED = b"{}"


class ScreensShown(msgspec.Struct):
    """Every screen by its id, or those of the output that whoever asks is bound to."""

    screens: dict[str, ScreenShown]


class ScreenAsked(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What a screen is to be called, "" for nothing, and the address that it is to show, "" for that which it is opened
    with; what is left out stays."""

    name: str | None = None
    show: str | None = None


class ReloadAsked(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Whose screens load themselves anew: those of an output, "" for all."""

    out: str = ""


class NothingAsked(msgspec.Struct, forbid_unknown_fields=True):
    """All is said by the address."""


class ScreensTold(msgspec.Struct):
    """How many screens were told."""

    count: int


_screen = msgspec.json.Decoder(ScreenAsked)
_reload = msgspec.json.Decoder(ReloadAsked)
_nothing = msgspec.json.Decoder(NothingAsked)


def routes() -> list[BaseRoute]:
    """The routes."""
    of_all = "/api/v1/screens"
    of_one = f"{of_all}/{{screen}}"
    return [
        Route(of_all, needs(Right.SCREENS)(show_screens), name="registry of screens"),
        Route(f"{of_all}/reload", needs(Right.STEER)(reload_all), methods=["POST"], name="reload screens"),
        Route(of_one, needs(Right.STEER)(change), methods=["POST"], name="change screen"),
        Route(of_one, needs(Right.STEER)(forget), methods=["DELETE"], name="forget screen"),
        Route(f"{of_one}/reload", needs(Right.STEER)(reload), methods=["POST"], name="reload screen"),
        Route(f"{of_one}/identify", needs(Right.STEER)(identify), methods=["POST"], name="identify screen"),
    ]


async def show_screens(request: Request) -> Response:
    """Answer with the screens."""
    account = account_of(request, Right.SCREENS)
    refuse_unknown(request.query_params, (AS,))
    state = state_of(request)
    return answer(ScreensShown(state.registry.shown(state.now_ms(), account.bound_to or "")))


async def change(request: Request) -> Response:
    """Name a screen, or have it show another address; answered with the screen."""
    hand, state = _asks(request)
    asked, id_ = await json_of(request, _screen, BODY_BYTES_MAX), request.path_params["screen"]
    await or_busy(state.registry.change(id_, hand, name=asked.name, show=asked.show))
    return answer(state.registry.shown(state.now_ms()).get(id_, ScreenShown()))


async def forget(request: Request) -> Response:
    """Keep nothing of a screen any more."""
    hand, state = _asks(request)
    await or_busy(state.registry.forget(request.path_params["screen"], hand))
    return Response(status_code=HTTPStatus.NO_CONTENT, headers={"Cache-Control": "no-store"})


async def reload(request: Request) -> Response:
    """Have a screen load itself anew: its picture stays until the new one is painted."""
    hand, state = _asks(request)
    await json_of(request, _nothing, BODY_BYTES_MAX, otherwise=NOTHING_ASKED)
    state.registry.reload(request.path_params["screen"], hand)
    return answer(ScreensTold(1))


async def reload_all(request: Request) -> Response:
    """Have all screens load themselves anew, or those of an output, one after the other."""
    hand, state = _asks(request)
    asked = await json_of(request, _reload, BODY_BYTES_MAX, otherwise=NOTHING_ASKED)
    return answer(ScreensTold(state.registry.reload_all(hand, asked.out)))


async def identify(request: Request) -> Response:
    """Have a screen show its name over its picture for some seconds, where nobody sees that on air."""
    hand, state = _asks(request)
    await json_of(request, _nothing, BODY_BYTES_MAX, otherwise=NOTHING_ASKED)
    state.registry.identify(request.path_params["screen"], hand)
    return answer(ScreensTold(1))


def _asks(request: Request) -> tuple[Hand, State]:
    """Whose hand it is, once anything can be done."""
    hand = hand_of(account_of(request, Right.STEER))
    refuse_unknown(request.query_params, (AS,))
    return hand, opened(request)
