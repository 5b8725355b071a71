"""GET /api/v1/openapi.json, past 350 lines by its table: the API for programs, made from the types on the wire."""

from dataclasses import replace
from functools import lru_cache
from typing import Any, Literal

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from server.auth.cookies import PREFIX
from server.control.actions import ANY_ACTION
from server.control.asked import ASKED
from server.control.asked_button import PRESSED
from server.control.asked_evening import RundownAsked
from server.control.checks import Checks
from server.folder.files import STORES
from server.routes.api.decisions import DecisionAnswer
from server.routes.api.entries import Entries
from server.routes.api.me import Me
from server.routes.api.openapi_feeds import of_feeds
from server.routes.api.openapi_files import of_files
from server.routes.api.openapi_overlays import of_overlays
from server.routes.api.openapi_points import of_points
from server.routes.api.openapi_screens import of_screens
from server.routes.api.operation import JSON, Operation, Parameter, told
from server.routes.api.outputs import AGAIN_HEADER, MakeAsked, OutputsShown, RundownShown, TakeAnswer, TallyAsked
from server.routes.api.shown import MarkAsked
from server.routes.api.standings import Standings
from server.routes.api.units import Units
from server.routes.health import Health
from server.state import state_of
from server.web.problems import ProblemBody, StaleBody, StaleTakeBody
from streaming.effect import CorrectionEffect, Effect, MomentEffect
from streaming.participation import Kind, Reject
from streaming.program.answers import KEY_CHARS_MAX
from streaming.program.names import NAMES_SAID

COMPONENT = "#/components/schemas/{name}"


class Item(msgspec.Struct):
    """A participation as a source sends it. ``at`` is RFC 3339 with an offset; ``unit`` is left out of a void."""

    id: str
    kind: Kind
    at: str
    unit: str | msgspec.UnsetType = msgspec.UNSET
    person: str | msgspec.UnsetType = msgspec.UNSET
    channel: str | msgspec.UnsetType = msgspec.UNSET
    group: str | msgspec.UnsetType = msgspec.UNSET
    score: float | msgspec.UnsetType = msgspec.UNSET
    duration_s: float | msgspec.UnsetType = msgspec.UNSET
    voids: str | msgspec.UnsetType = msgspec.UNSET


class Event(msgspec.Struct):
    """A CloudEvent 1.0 around a participation; the stored id is [source, id] of the event."""

    specversion: Literal["1.0"]
    id: str
    source: str
    type: str
    data: Item


class Report(msgspec.Struct):
    """What became of a batch: everything that is not in ``rejected`` is on disk."""

    accepted: int
    duplicates: int
    rejected: list[Reject]
    outside_rounds: int
    seq: int
    rehearsal: bool


TEXT: dict[str, Any] = {"type": "string"}
REHEARSAL = Parameter("rehearsal", "query", "1: of the rehearsal store", {"type": "string", "enum": ["0", "1"]})
STORE_NAMES = {"type": "string", "enum": list(STORES)}
STORE = Parameter("store", "query", "The store that is meant; 409 if screens follow the other", STORE_NAMES)
MEANT = replace(STORE, is_required=True)
ASKS_AS = Parameter("as", "query", "account:7, whom the page believes to be; 401 if the session is another's", TEXT)
HAS_IT = (304, "The client has what a tag of If-None-Match names, or *")
SOURCE_SECURITY = {"type": "http", "scheme": "bearer", "description": "A source's secret"}
SESSION_SECURITY = {
    "type": "apiKey",
    "in": "cookie",
    "description": "Of who has signed in at /sign-in; what writes also needs an Origin of the server itself",
}
DEVICE_SECURITY = {"type": "http", "scheme": "bearer", "description": "A control key, which steers one output"}
OUTPUT = Parameter("output", "path", f"The name of the output: {NAMES_SAID}", TEXT, is_required=True)
AGAIN = Parameter(
    AGAIN_HEADER,
    "header",
    "A name of this question: asked again by it, it is answered the same and done once",
    TEXT | {"minLength": 1, "maxLength": KEY_CHARS_MAX},
)


def _steers(
    name: str, asked: Any, says: str, whom: str = "administrators and operators, and the output's director and devices"
) -> Operation:
    """What can be done to an output, and by whom."""
    return Operation(
        f"/api/v1/outputs/{{output}}/{name}",
        f"{says.removesuffix('.')}; for {whom}",
        TakeAnswer,
        (400, 401, 403, 404, 408, 409, 413, 415, 422, 429, 503),
        (OUTPUT, ASKS_AS, AGAIN),
        ((JSON, asked),),
        larger=((409, StaleTakeBody),),
        security=("session", "device"),
    )


OPERATIONS = (
    Operation(
        "/api/v1/participations",
        "Take participations in; an empty array is a heartbeat",
        Report,
        (400, 401, 403, 405, 408, 409, 411, 413, 415, 429, 503),
        (
            Parameter("source", "query", "The source that the sender is; a signature is tried with its secrets", TEXT),
            Parameter(
                "Diem-Cau-Store",
                "header",
                "Refuse unless the secret writes to this store",
                {"type": "string", "enum": ["live", "rehearsal"]},
            ),
        ),
        (
            (JSON, Item | list[Item]),
            ("application/x-ndjson", str),
            ("application/cloudevents+json", Event),
            ("application/cloudevents-batch+json", list[Event]),
        ),
        security=("source",),
    ),
    Operation("/api/v1/units", "Every unit, in official order", Units, (503,), also=(HAS_IT,)),
    Operation(
        "/api/v1/standings",
        "The children of a unit from the first place on",
        Standings,
        (400, 404, 503),
        (
            Parameter("parent", "query", "A unit's code; left out, the root", TEXT),
            Parameter(
                "by",
                "query",
                "The column that ranks",
                {"type": "string", "enum": ["completed", "participants", "rate"]},
            ),
            Parameter("round", "query", 'A round\'s number, or "all"', TEXT),
            REHEARSAL,
            Parameter("out", "query", "The output whose numbers are asked for, instead of those of a store", TEXT),
        ),
        also=(HAS_IT,),
    ),
    Operation(
        "/api/v1/control/decisions",
        "Decide what goes on air; for administrators and operators",
        DecisionAnswer,
        (400, 401, 403, 404, 408, 409, 413, 422, 429, 503),
        (MEANT, ASKS_AS),
        ((JSON, ANY_ACTION),),
        larger=((409, StaleBody),),
        security=("session",),
    ),
    Operation(
        "/api/v1/control/effect",
        "What a release would bring now; for those who may see the control room",
        Effect,
        (400, 401, 403, 404, 409, 503),
        (
            Parameter(
                "release",
                "query",
                'The code of a held unit, "all", or "every" for all and every unit',
                TEXT,
                is_required=True,
            ),
            STORE,
            ASKS_AS,
        ),
        security=("session",),
    ),
    Operation(
        "/api/v1/control/effect/correction",
        "What a correction would bring now; for those who may see the control room",
        CorrectionEffect,
        (400, 401, 403, 409, 422, 503),
        (
            Parameter("unit", "query", "The code of a unit with none below it", TEXT, is_required=True),
            Parameter("round", "query", "The number of a round", {"type": "integer"}, is_required=True),
            Parameter("column", "query", "What is corrected", TEXT, is_required=True),
            Parameter("delta", "query", "By how much", {"type": "integer"}, is_required=True),
            STORE,
            ASKS_AS,
        ),
        security=("session",),
    ),
    Operation(
        "/api/v1/control/entries",
        "The latest entries of a unit, or those that wait to be verified, and what has become of each; for those who "
        "may see the control room",
        Entries,
        (400, 401, 403, 409, 503),
        (
            Parameter("unit", "query", "A unit's code; with state it may be left out: the root's", TEXT),
            Parameter(
                "state",
                "query",
                "Only those that wait to be verified",
                {"type": "string", "enum": ["quarantined"]},
            ),
            STORE,
            ASKS_AS,
        ),
        security=("session",),
    ),
    Operation("/api/v1/me", "Who is signed in", Me, (401, 403, 503), (ASKS_AS,), security=("session",)),
    Operation(
        "/api/v1/outputs",
        "Every output with what is on air, for those who may see the control room; a director's and a device's own",
        OutputsShown,
        (400, 401, 403, 429, 503),
        (ASKS_AS,),
        security=("session", "device"),
    ),
    Operation(
        "/api/v1/outputs",
        "Make an output of a director's; for administrators and operators",
        TakeAnswer,
        (400, 401, 403, 408, 409, 413, 415, 422, 503),
        (ASKS_AS,),
        ((JSON, MakeAsked),),
        security=("session",),
    ),
    Operation(
        "/api/v1/outputs/{output}",
        "Take an output of a director's away; for administrators and operators",
        None,
        (400, 401, 403, 404, 409, 503),
        (Parameter("output", "path", "The name of the output", TEXT, is_required=True), ASKS_AS),
        security=("session",),
    ),
    Operation(
        "/api/v1/outputs/{output}/rundown",
        "The rundown of an output; for everybody who sees what stands behind it",
        RundownShown,
        (401, 403, 404, 429),
        (OUTPUT, ASKS_AS),
        security=("session", "device"),
    ),
    replace(_steers("rundown", RundownAsked, "Puts another rundown in place of the output's"), puts=True),
    *of_overlays(_steers, (OUTPUT, ASKS_AS)),
    Operation(
        "/api/v1/outputs/{output}/checks",
        "What stands against a broadcast on an output; for everybody who sees what stands behind it",
        Checks,
        (400, 401, 403, 404, 429),
        (OUTPUT, ASKS_AS),
        security=("session", "device"),
    ),
    Operation(
        "/api/v1/outputs/{output}/effect",
        "What it would bring to show what was public at a time; for those who may see the control room",
        MomentEffect,
        (400, 401, 403, 404, 422, 503),
        (
            OUTPUT,
            Parameter("to_ms", "query", "The time, in ms since the epoch", {"type": "integer"}, is_required=True),
            ASKS_AS,
        ),
        security=("session",),
    ),
    *(_steers(name, asked, asked.__doc__ or "") for name, asked in ASKED.items()),
    *(
        replace(_steers(name, asked, asked.__doc__ or "", "tablets on stage, and operators"), security=("session",))
        for name, asked in PRESSED.items()
    ),
    _steers("tally", TallyAsked, TallyAsked.__doc__ or ""),
    _steers("mark", MarkAsked, "Marks this moment in the log of what was shown"),
    *of_files(OUTPUT, ASKS_AS),
    *of_feeds(),
    *of_points(ASKS_AS),
    *of_screens(ASKS_AS, HAS_IT),
    Operation("/api/v1/openapi.json", "This document", dict),
    Operation("/healthz", "Whether the server lives", Health, also=((503, "A task is dead or stuck"),)),
    Operation("/readyz", "Whether participations are taken in", Health, also=((503, "It starts or stops"),)),
    Operation("/metrics", "Prometheus text; loopback, or with the token", str, (403,), media_type="text/plain"),
)


def routes() -> list[BaseRoute]:
    """The one route."""
    return [Route("/api/v1/openapi.json", show_openapi, name="openapi")]


async def show_openapi(request: Request) -> Response:
    """Answer with the document."""
    body = _encoded(state_of(request).cookies.name(request.url.scheme))
    return Response(body, headers={"Cache-Control": "no-cache"}, media_type=JSON)


@lru_cache(8)
def _encoded(cookie: str) -> bytes:
    """The document as JSON, made once: it takes longer than any other answer."""
    return msgspec.json.encode(document(cookie))


def document(cookie: str = PREFIX) -> dict[str, Any]:
    """The OpenAPI 3.1 document of a server whose session's cookie has a name."""
    types = [
        ProblemBody,
        *(o.answers for o in OPERATIONS if o.answers is not None),
        *(t for o in OPERATIONS for _, t in (*o.takes, *o.larger)),
    ]
    schemas, components = msgspec.json.schema_components(types, ref_template=COMPONENT)
    schema_of = dict(zip(map(str, types), schemas, strict=True))
    paths: dict[str, dict[str, Any]] = {}
    for operation in OPERATIONS:
        paths.setdefault(operation.path, {})[operation.method] = told(operation, schema_of)
    session = SESSION_SECURITY | {"name": cookie}
    security = {"source": SOURCE_SECURITY, "session": session, "device": DEVICE_SECURITY}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Điểm Cầu", "version": "1", "description": "Live numbers of a launch ceremony."},
        "paths": paths,
        "components": {"schemas": components, "securitySchemes": security},
    }
