"""The OpenAPI document: every API route is in it, and what it says of answers is so."""

from collections.abc import Iterator
from typing import Any

import pytest
from starlette.routing import Route
from starlette.testclient import TestClient

from server.app import App, starlette_of
from server.auth.roles import KEY_RIGHTS, right_of
from server.routes.api.openapi import document
from server.web.paths import PROGRAM_PATHS
from streaming.decisions.kinds import ACTIONS


def routes_for_programs(app: App) -> list[tuple[str, Route]]:
    """The routes with their paths, as the document writes them."""
    routes = [route for route in starlette_of(app).routes if isinstance(route, Route)]
    return [
        (route.path.replace(":path", ""), route)
        for route in routes
        if route.path.startswith(PROGRAM_PATHS)
        and not route.path.startswith(("/static/", "/theme/", "/logos/", "/pictures/"))
    ]


def test_every_route_for_programs_is_in_the_document_and_no_other(app: App) -> None:
    assert {path for path, _ in routes_for_programs(app)} == set(document()["paths"])


def test_a_route_that_needs_a_right_says_how_to_be_let_in_and_that_one_may_not_be(app: App) -> None:
    for path, route in routes_for_programs(app):
        operations = document()["paths"][path]
        # Of several routes of one path each is told by its method; one that answers preflights is told with the other.
        methods = {method.lower() for method in route.methods or ()} & operations.keys()
        told = operations[methods.pop() if len(operations) > 1 else next(iter(operations))]
        if right_of(route.endpoint) is not None:
            # Keys are looked for where outputs are steered, and nowhere else.
            has_key = right_of(route.endpoint) in KEY_RIGHTS and path.startswith("/api/v1/outputs")
            device: list[Any] = [{"device": []}] if has_key else []
            assert told["security"] == [{"session": []}, *device], path
            assert {"401", "403"} <= told["responses"].keys(), path
        else:
            assert {"session": []} not in told.get("security", []) or {} in told["security"], path


def test_the_body_of_a_decision_is_every_action_there_is() -> None:
    content = document()["paths"]["/api/v1/control/decisions"]["post"]["requestBody"]["content"]
    kinds = content["application/json"]["schema"]["discriminator"]["mapping"]
    assert set(kinds) == {str(action.__struct_config__.tag) for action in ACTIONS} | {"seen", "plan"}


def test_every_reference_leads_to_a_component() -> None:
    whole = document()

    def references(value: object) -> Iterator[str]:
        if isinstance(value, dict):
            if isinstance(found := value.get("$ref"), str):
                yield found
            for part in value.values():
                yield from references(part)
        elif isinstance(value, list):
            for part in value:
                yield from references(part)

    found = set(references(whole))
    assert found
    assert {reference.removeprefix("#/components/schemas/") for reference in found} <= set(
        whole["components"]["schemas"]
    )


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/api/v1/units", "Units"),
        ("/api/v1/standings", "Standings"),
        ("/live/board", "Frame"),
        ("/healthz", "Health"),
        ("/api/v1/standings?by=x", "ProblemBody"),
    ],
)
def test_an_answer_has_the_fields_that_its_schema_requires(client: TestClient, path: str, name: str) -> None:
    whole = client.get("/api/v1/openapi.json").json()
    schema = whole["components"]["schemas"][name]
    answer = client.get(path).json()
    assert set(schema["required"]) <= set(answer) <= set(schema["properties"])
