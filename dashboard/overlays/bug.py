"""The count in a corner: of the whole contest, or of a unit."""

from dashboard.overlays.overlay import Overlay, OverlaySettings, topic_of
from dashboard.scenes.scene import QUICK_BEAT_MS


class BugSettings(OverlaySettings, frozen=True, forbid_unknown_fields=True):
    """``unit`` is whose entries are counted, "" for the whole contest."""

    unit: str = ""


BUG = Overlay("bug", BugSettings, QUICK_BEAT_MS, topic=topic_of, lane="corner", wants_px=(430, 90))
