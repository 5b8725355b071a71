"""The standings in full."""

from typing import Literal

from dashboard.parts.part import Cut
from dashboard.parts.table import Order
from dashboard.scenes.scene import CALM_BEAT_MS, Scene, Settings
from streaming.contests.contest import RankBy


class StandingsSettings(Settings, frozen=True, forbid_unknown_fields=True):
    """``of`` is the unit whose standings are shown, the whole contest where it is ""; ``by`` the column that ranks, the
    contest's own where it is "". In a ceremony only the first places are told; "full" is the whole order."""

    of: str = ""
    by: Literal[RankBy, ""] = ""
    order: Order = "ceremony"


def _chosen(settings: StandingsSettings, cut: Cut) -> StandingsSettings:
    return StandingsSettings(settings.of or cut.tree.root.code, settings.by or cut.contest.ranking.by, settings.order)


STANDINGS = Scene("standings", StandingsSettings, CALM_BEAT_MS, _chosen)
