"""GET /api/v1/units: the contest's units, for programs that send or show numbers."""

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from server.state import state_of
from streaming.units import Unit


class Units(msgspec.Struct):
    """Every unit, in official order."""

    units: tuple[Unit, ...]


def routes() -> list[BaseRoute]:
    """The one route."""
    return [Route("/api/v1/units", show_units, name="units")]


async def show_units(request: Request) -> Response:
    """Answer with the list; it changes only when the server starts again."""
    units = Units(state_of(request).live.contest.units)
    return Response(msgspec.json.encode(units), headers={"Cache-Control": "no-cache"}, media_type="application/json")
