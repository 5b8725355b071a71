"""What the OpenAPI document says of topics and of the screens that follow them."""

from server.control.screens import ScreenShown
from server.middleware.guard import REPORT_PATH
from server.routes.api.operation import JSON, Operation, Parameter
from server.routes.api.screens import NothingAsked, ReloadAsked, ScreenAsked, ScreensShown, ScreensTold
from server.routes.reports import Orders
from streaming.points.screen import ScreenReport
from streaming.topics.frames import Frame

OF_ALL = "/api/v1/screens"
OF_ONE = f"{OF_ALL}/{{screen}}"
TEXT = {"type": "string"}
SCREEN = Parameter("screen", "path", "The id of the screen", TEXT, is_required=True)
TOPIC = Parameter(
    "topic",
    "path",
    "board, round/1, unit/024, breakdown; with a session control, watch, points, point/024, screens; or rehearsal/ and "
    "one of these; program/hall, and with a session control/program/hall",
    TEXT,
    is_required=True,
)
REFUSED = (400, 401, 403, 404, 409, 413, 422, 503)


def of_screens(asks_as: Parameter, has_it: tuple[int, str]) -> tuple[Operation, ...]:
    """The operations; the parameter, and the answer to whoever has the latest already, are those that others have
    too."""
    asked = (SCREEN, asks_as)
    return (
        Operation(
            "/live/{topic}",
            "The current snapshot of a topic; over a WebSocket, what follows a position",
            Frame,
            (401, 403, 404, 503),
            (TOPIC, Parameter("key", "query", "A screen key: lets in from any origin", TEXT), asks_as),
            also=(has_it,),
            security=("", "session"),
        ),
        Operation(
            REPORT_PATH,
            "Takes what a screen that polls says of itself, and answers with what it is told",
            Orders,
            (403, 408, 413, 422),
            takes=(("text/plain", ScreenReport),),
        ),
        Operation(
            OF_ALL, "The screens that are open", ScreensShown, (400, 401, 403), (asks_as,), security=("session",)
        ),
        Operation(
            OF_ONE,
            "Names a screen, or has it show another address",
            ScreenShown,
            REFUSED,
            asked,
            ((JSON, ScreenAsked),),
            security=("session",),
        ),
        Operation(
            OF_ONE, "Keeps nothing of a screen any more", None, (400, 401, 403, 404, 503), asked, security=("session",)
        ),
        Operation(
            f"{OF_ALL}/reload",
            "Has all screens load themselves anew, or those of an output",
            ScreensTold,
            REFUSED,
            (asks_as,),
            ((JSON, ReloadAsked),),
            security=("session",),
        ),
        *(
            Operation(
                f"{OF_ONE}/{name}", says, ScreensTold, REFUSED, asked, ((JSON, NothingAsked),), security=("session",)
            )
            for name, says in (
                ("reload", "Has a screen load itself anew"),
                ("identify", "Has a screen show its name for some seconds"),
            )
        ),
    )
