"""Whether an output's overlays have room beside the boxes that they are to keep out of."""

from collections.abc import Sequence

from dashboard.overlays.overlays import OVERLAYS
from dashboard.overlays.room import STAGE, room_of
from server.errors import WrongTake
from streaming.program.errors import NotNow
from streaming.program.state import KeptOut

BOXES_MAX = 4
FIELD = "boxes"


def check_boxes(boxes: Sequence[KeptOut]) -> None:
    """Check boxes before anything is changed.

    Raises:
        WrongTake: If one lies outside of the picture.
        NotNow: ``no_room``, with the first overlay that would have none, even shrunk.
    """
    width, height = STAGE
    for nth, box in enumerate(boxes):
        for field, end, side in (("width", box.left + box.width, width), ("height", box.top + box.height, height)):
            if end > side:
                raise WrongTake(
                    f"{FIELD}[{nth}].{field}", str(getattr(box, field)), f"a box within {width}×{height} px"
                )
    for overlay in OVERLAYS:
        if room_of(overlay.lane, overlay.wants_px, "", boxes) is None:
            wide, high = overlay.wants_px
            said = (
                f"no room is left for the overlay {overlay.name}, which asks for {wide}×{high} px and shrinks to 60 %"
            )
            raise NotNow("no_room", said, field=overlay.name)
