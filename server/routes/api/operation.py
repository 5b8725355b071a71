"""An operation of the API as the OpenAPI document tells it: what is asked, what is answered, and how it is refused."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Literal

from server.web.problems import PROBLEM, ProblemBody

JSON = "application/json"


@dataclass(frozen=True)
class Parameter:
    """A query or path parameter: its name, where it stands, what it says, and its JSON schema."""

    name: str
    place: Literal["query", "path", "header"]
    text: str
    schema: dict[str, Any]
    is_required: bool = False


@dataclass(frozen=True)
class Operation:
    """One thing that a program can ask: ``problems`` are the statuses answered with problem+json.

    ``larger`` has the statuses whose problem may say more, and its type. ``security`` names ways to be let in, any of
    which will do, "" for none.
    """

    path: str
    summary: str
    answers: Any
    problems: tuple[int, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    takes: tuple[tuple[str, Any], ...] = ()
    media_type: str = JSON
    media_as_text: tuple[str, ...] = ()
    also: tuple[tuple[int, str], ...] = ()
    larger: tuple[tuple[int, Any], ...] = ()
    security: tuple[str, ...] = ()
    puts: bool = False

    @property
    def method(self) -> str:
        """What takes a body is a POST, or a PUT where it takes the place of what stands there; what answers with none
        takes something away."""
        if self.puts:
            return "put"
        return "post" if self.takes else "delete" if self.answers is None else "get"


def told(operation: Operation, schema_of: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    """An operation as OpenAPI says it; ``schema_of`` has the schemas of types by their names."""
    good: dict[str, Any] = {"description": "Good"}
    if operation.answers is not None:
        good["content"] = {operation.media_type: {"schema": schema_of[str(operation.answers)]}}
        good["content"] |= {media: {"schema": {"type": "string"}} for media in operation.media_as_text}
    problem = schema_of[str(ProblemBody)]
    larger = {status: {"anyOf": [problem, schema_of[str(type_)]]} for status, type_ in operation.larger}
    responses: dict[str, Any] = {"204" if operation.answers is None else "200": good}
    responses |= {str(status): {"description": text} for status, text in operation.also}
    responses |= {
        str(status): {
            "description": HTTPStatus(status).phrase,
            "content": {PROBLEM: {"schema": larger.get(status, problem)}},
        }
        for status in operation.problems
    }
    says: dict[str, Any] = {"summary": operation.summary, "responses": responses}
    if operation.parameters:
        says["parameters"] = [
            {"name": p.name, "in": p.place, "description": p.text, "required": p.is_required, "schema": p.schema}
            for p in operation.parameters
        ]
    if operation.takes:
        content = {media: {"schema": schema_of[str(type_)]} for media, type_ in operation.takes}
        says["requestBody"] = {"required": True, "content": content}
    if operation.security:
        says["security"] = [{name: []} if name else {} for name in operation.security]
    return says
