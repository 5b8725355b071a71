"""What the OpenAPI document says of connection points."""

from server.routes.api.operation import JSON, Operation, Parameter
from server.routes.api.point_lists import ListRead
from server.routes.api.points import (
    AfreshAsked,
    BridgeAnswer,
    BridgeAsked,
    CallAsked,
    LineAsked,
    PeopleShown,
    PointShown,
    TellAsked,
)
from server.routes.api.rundown_files import XLSX
from streaming.points.roll_call import People

CODE = Parameter("code", "path", "The code of the point's unit", {"type": "string"}, is_required=True)
PROBLEMS = (400, 401, 403, 404, 408, 413, 415, 422, 503)
OFFICE = "administrators and operators, and accounts of points for their own and those below"


def of_points(asks_as: Parameter) -> tuple[Operation, ...]:
    """The operations."""
    one, every = (CODE, asks_as), (asks_as,)
    path = "/api/v1/points/{code}"
    session = ("session",)
    take = Parameter("take", "query", "1: take the list; else what it would tick is told", {"enum": ["0", "1"]})
    return (
        Operation(
            path,
            f"What a point says of itself; for its own key, and {OFFICE}",
            PointShown,
            (*PROBLEMS, 429),
            one,
            ((JSON, TellAsked),),
            security=session,
        ),
        Operation(
            f"{path}/call",
            f"Calls a point by hand, or gives it back to the rundown; for {OFFICE}",
            PointShown,
            PROBLEMS,
            one,
            ((JSON, CallAsked),),
            security=session,
        ),
        Operation(
            f"{path}/line",
            "Shows a point's line to the host, or puts it aside; for administrators and operators",
            PointShown,
            (*PROBLEMS, 409),
            one,
            ((JSON, LineAsked),),
            security=session,
        ),
        Operation(
            f"{path}/people",
            f"Says who sits at a point; for {OFFICE}",
            PeopleShown,
            PROBLEMS,
            one,
            ((JSON, People),),
            security=session,
            puts=True,
        ),
        Operation(
            "/api/v1/points/bridge",
            f"Ticks points that are connected to the video bridge, or were called in vain; for {OFFICE}",
            BridgeAnswer,
            PROBLEMS,
            every,
            ((JSON, BridgeAsked),),
            security=session,
        ),
        Operation(
            "/api/v1/points/bridge/list",
            f"Ticks the points that a list names, text or a workbook; for {OFFICE}",
            ListRead,
            PROBLEMS,
            (take, asks_as),
            (("text/plain", str), (XLSX, str)),
            security=session,
        ),
        Operation(
            "/api/v1/points/afresh",
            f"Begins the roll call anew at and below a unit; for {OFFICE}",
            BridgeAnswer,
            PROBLEMS,
            every,
            ((JSON, AfreshAsked),),
            security=session,
        ),
    )
