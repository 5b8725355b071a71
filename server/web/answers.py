"""What API routes share: an answer of this moment as JSON, and the check of a query's parameters."""

import msgspec
from starlette.datastructures import QueryParams
from starlette.responses import Response

from server.web.problems import wrong_value


def answer(body: msgspec.Struct, status: int = 200) -> Response:
    """A struct as JSON, which no cache may keep."""
    return Response(msgspec.json.encode(body), status, {"Cache-Control": "no-store"}, "application/json")


def refuse_unknown(query: QueryParams, known: tuple[str, ...]) -> None:
    """Check that a query has only these parameters.

    Raises:
        Problem: 400, naming the first other one.
    """
    if unknown := next((name for name in query if name not in known), None):
        raise wrong_value("parameter", unknown, ", ".join(known))
