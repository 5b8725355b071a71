"""What can be asked of an overlay of an output, a struct for the body of each address."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated

import msgspec

from dashboard.overlays.overlays import BY_NAME, lane_of
from server.control.asking import Asked, Chooser
from server.control.overlay_boxes import BOXES_MAX, check_boxes
from server.errors import UnknownOverlay
from streaming.program.action import Action
from streaming.program.output import Output
from streaming.program.overlays import (
    ClearOverlays,
    FrameOverlays,
    HideOverlay,
    ShowOverlay,
    StepOverlay,
    UpdateOverlay,
)
from streaming.program.state import KeptOut


class OverlayAsked(Asked, frozen=True, kw_only=True):
    """Something of the ``overlay`` that the address names."""

    overlay: str = ""

    def of(self, overlay: str) -> "OverlayAsked":
        """The same, of an overlay.

        Raises:
            UnknownOverlay: If there is no such overlay.
        """
        if overlay not in BY_NAME:
            raise UnknownOverlay(overlay)
        return msgspec.structs.replace(self, overlay=overlay)


class ShowAsked(OverlayAsked, frozen=True, kw_only=True):
    """Shows it, with other ``data`` where some is given; ``hold`` keeps one there that would go by itself."""

    kind = ShowOverlay

    data: dict[str, msgspec.Raw] | None = None
    hold: bool = False

    def action(self, chooser: Chooser, output: Output) -> Action:
        """With its lane, and how long it stands."""
        found = BY_NAME[self.overlay]
        data = None if self.data is None else chooser.overlay_data(output, self.overlay, self.data)
        # Without other data it says what it said, and that may have been approved or not.
        says = output.overlays[self.overlay].data if data is None and self.overlay in output.overlays else data or {}
        return ShowOverlay(
            overlay=self.overlay,
            data=data,
            lane=lane_of(self.overlay),
            hides_after_ms=None if self.hold else found.hides_after_ms,
            needs_arming=not chooser.strap_is_approved(self.overlay, says),
        )


class HideAsked(OverlayAsked, frozen=True, kw_only=True):
    """Takes it away."""

    kind = HideOverlay


class StepOnAsked(OverlayAsked, frozen=True, kw_only=True):
    """Goes on to its next step; after the last it goes."""

    kind = StepOverlay

    def action(self, chooser: Chooser, output: Output) -> Action:
        """Within the steps that it has."""
        return StepOverlay(overlay=self.overlay, steps=chooser.overlay_steps(output, self.overlay))


class UpdateAsked(OverlayAsked, frozen=True, kw_only=True):
    """Gives it other data."""

    kind = UpdateOverlay

    data: dict[str, msgspec.Raw]

    def action(self, chooser: Chooser, output: Output) -> Action:
        """With what was read of it."""
        data = chooser.overlay_data(output, self.overlay, self.data)
        needs_arming = not chooser.strap_is_approved(self.overlay, data)
        return UpdateOverlay(overlay=self.overlay, data=data, needs_arming=needs_arming)


class ClearAsked(Asked, frozen=True, kw_only=True):
    """Takes every overlay away at once."""

    kind = ClearOverlays


class FrameAsked(Asked, frozen=True, kw_only=True):
    """Sets the boxes that the overlays keep out of, and their theme; what is left out stays."""

    kind = FrameOverlays

    boxes: Annotated[tuple[KeptOut, ...], msgspec.Meta(max_length=BOXES_MAX)] | None = None
    theme: str | None = None

    def action(self, chooser: Chooser, output: Output) -> Action:
        """With boxes that leave room for every overlay, and a theme that there is."""
        if self.boxes is not None:
            check_boxes(self.boxes)
        if self.theme:
            chooser.check_overlay_theme(self.theme)
        return FrameOverlays(kept_out=self.boxes, theme=self.theme)


OF_OVERLAY: Mapping[str, type[OverlayAsked]] = MappingProxyType(
    {"show": ShowAsked, "hide": HideAsked, "next": StepOnAsked, "update": UpdateAsked}
)
"""By the last part of the address."""
