"""The contest's address as a picture that telephones read, in a corner."""

from typing import Annotated

from msgspec import Meta

from dashboard.overlays.overlay import Overlay, OverlaySettings
from dashboard.parts.part import Cut
from dashboard.scenes.scene import QUICK_BEAT_MS
from streaming.contests.toml_table import LIST_ITEMS_MAX


class QrSettings(OverlaySettings, frozen=True, forbid_unknown_fields=True):
    """``link`` counts the links of contest.toml from 1 on."""

    link: Annotated[int, Meta(ge=1, le=LIST_ITEMS_MAX)] = 1


class Qr(Overlay[QrSettings]):
    """The picture; a contest that has no such link has none."""

    def is_empty(self, settings: QrSettings, cut: Cut) -> bool:
        """Whether there is no such link."""
        return settings.link > len(cut.contest.links)


QR = Qr("qr", QrSettings, QUICK_BEAT_MS, lane="corner", has_numbers=False, wants_px=(370, 545))
