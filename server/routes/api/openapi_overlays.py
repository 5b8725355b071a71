"""What the OpenAPI document says of overlays."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from dashboard.overlays.overlays import BY_NAME
from server.control.asked_overlays import ClearAsked, FrameAsked, HideAsked, ShowAsked, StepOnAsked, UpdateAsked
from server.routes.api.operation import Operation, Parameter
from server.routes.api.overlays import FaultsSeenAsked, OverlaysShown

OVERLAY = Parameter(
    "overlay", "path", "The name of the overlay", {"enum": [*BY_NAME], "type": "string"}, is_required=True
)
OF_ONE = (
    ("show", ShowAsked, "Shows an overlay, and hides the other of its lane"),
    ("hide", HideAsked, "Takes an overlay away"),
    ("next", StepOnAsked, "Goes on to the next step of an overlay"),
    ("update", UpdateAsked, "Gives an overlay other data"),
)


def of_overlays(steers: Callable[..., Operation], parameters: tuple[Parameter, ...]) -> Iterator[Operation]:
    """The operations; ``steers`` makes one of what can be done to an output, ``parameters`` are those of reading."""
    yield Operation(
        "/api/v1/outputs/{output}/overlays",
        "The overlays of an output; for everybody who sees what stands behind it",
        OverlaysShown,
        (400, 401, 403, 404, 429),
        parameters,
        security=("session", "device"),
    )
    for name, asked, says in OF_ONE:
        made = steers(f"overlays/{{overlay}}/{name}", asked, says)
        yield replace(made, parameters=(OVERLAY, *made.parameters))
    yield steers("overlays/clear", ClearAsked, "Takes every overlay of an output away at once")
    yield steers("overlays/frame", FrameAsked, "Sets the boxes that overlays keep out of, and their theme")
    yield steers("overlays/faults/seen", FaultsSeenAsked, "Takes away the faults of renderers that were looked at")
