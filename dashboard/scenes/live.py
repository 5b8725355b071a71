"""The scene of the opening: the total, the first five, the map."""

from typing import Literal

from dashboard.parts.board import started_leads
from dashboard.parts.part import Cut
from dashboard.scenes.scene import LIVE_BEAT_MS, Scene, Settings


class LiveSettings(Settings, frozen=True, forbid_unknown_fields=True):
    """``lead`` is the large number, by which the first five and the map go too; "" chooses it from the numbers, as
    ``steps`` of the map are where none are given."""

    lead: Literal["", "started", "completed"] = ""
    steps: tuple[int, ...] = ()


def _chosen(settings: LiveSettings, cut: Cut) -> LiveSettings:
    board = cut.board
    is_early = started_leads(board.count(board.root, "started"), board.count(board.root, "completed"))
    lead = settings.lead or ("started" if is_early else "completed")
    return LiveSettings(lead, settings.steps or cut.contest.steps)


LIVE = Scene("live", LiveSettings, LIVE_BEAT_MS, _chosen)
