"""POST /live/screen: what a screen that polls reports of itself, answered with what it is told."""

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from server.live.reports import Reports, let_in_by
from server.middleware.guard import REPORT_PATH
from server.net.websocket import INBOUND_BYTES_MAX
from server.web.forms import body_of
from server.web.problems import Problem
from server.web.request import neighbourhood
from streaming.points.screen import Order, report_in

WAIT_S = 10.0
"""A report must have come whole within this."""


class Orders(msgspec.Struct):
    """What a screen that polls is told."""

    orders: tuple[Order, ...]


def routes(reports: Reports) -> list[BaseRoute]:
    """The one route."""

    async def report(request: Request) -> Response:
        """Take a report. It comes as plain text: for that no browser asks first."""
        said = report_in(await body_of(request, INBOUND_BYTES_MAX, WAIT_S))
        if said is None:
            expected = "a report as docs/reference/http-api.md has it"
            raise Problem(422, "wrong_value", f"body: expected {expected}", field="body", expected=expected)
        address = neighbourhood(request.client.host if request.client else "")
        told = Orders(tuple(reports.polled(said, let_in_by(request.scope), address)))
        headers = {"cache-control": "no-store"}
        return Response(msgspec.json.encode(told), media_type="application/json", headers=headers)

    return [Route(REPORT_PATH, report, methods=["POST"], name="report of a screen")]
