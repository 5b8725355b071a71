"""The map as an inset at the side."""

from dashboard.overlays.overlay import Overlay, OverlaySettings
from dashboard.parts.part import Cut
from dashboard.scenes.scene import LIVE_BEAT_MS


class Map(Overlay[OverlaySettings]):
    """The inset; a contest without a map has none."""

    def is_empty(self, settings: OverlaySettings, cut: Cut) -> bool:  # noqa: ARG002 - whatever is asked of it
        """Whether there is no map."""
        return not cut.edition.has_map(cut.tree.root.code)


MAP = Map("map", OverlaySettings, LIVE_BEAT_MS, lane="side", wants_px=(620, 715))
