"""GET /api/v1/me: who is signed in, asked by pages that are the same bytes for all."""

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from server.auth.roles import Right, account_of, needs
from server.web.answers import answer


class Me(msgspec.Struct):
    """The account of the session: its name as everybody who works with it knows it, and its role."""

    name: str
    role: str


def routes() -> list[BaseRoute]:
    """The one route."""
    return [Route("/api/v1/me", needs(Right.SELF)(show_me), name="me")]


async def show_me(request: Request) -> Response:
    """Answer with the account, which no cache may keep."""
    account = account_of(request)
    return answer(Me(account.name, account.role.value))
