"""The contest's address as a picture that telephones read."""

from typing import Annotated

from msgspec import Meta

from dashboard.parts.part import Cut
from dashboard.scenes.scene import QUICK_BEAT_MS, Scene, Settings
from streaming.contests.toml_table import LIST_ITEMS_MAX


class QrSettings(Settings, frozen=True, forbid_unknown_fields=True):
    """``link`` counts the links of contest.toml from 1 on."""

    link: Annotated[int, Meta(ge=1, le=LIST_ITEMS_MAX)] = 1


def _chosen(settings: QrSettings, cut: Cut) -> QrSettings:
    """The first link where the contest no longer has so many: a rundown may be older than the contest."""
    return settings if settings.link <= len(cut.contest.links) else QrSettings()


QR = Scene("qr", QrSettings, QUICK_BEAT_MS, _chosen, head="none", needs=("link",))
