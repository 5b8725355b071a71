"""The standings in full."""

from typing import Any, Literal

from dashboard.parts.part import Cut
from dashboard.parts.table import Order
from dashboard.scenes.scene import CALM_BEAT_MS, Scene, Settings
from streaming.contests.contest import RankBy
from streaming.contests.units import Tree


class StandingsSettings(Settings, frozen=True, forbid_unknown_fields=True):
    """``of`` is the unit whose parts are ranked, the whole contest where it is ""; ``by`` the column that ranks, the
    contest's own where it is "". In a ceremony the first places alone are told; "full" is the whole order."""

    of: str = ""
    by: Literal[RankBy, ""] = ""
    order: Order = "ceremony"


def _chosen(settings: StandingsSettings, cut: Cut) -> StandingsSettings:
    """The settings as they can be shown: a unit that the contest lacks, or that has no parts, is the whole contest, and
    a share of targets that nobody was set the contest's own column. A rundown may be older than the contest."""
    of = settings.of if _has_parts(settings.of, cut.tree) else cut.tree.root.code
    by = settings.by if settings.by != "rate" or cut.tree.target(of) is not None else ""
    return StandingsSettings(of, by or cut.contest.ranking.by, settings.order)


def is_whole(settings: Any) -> bool:
    """Whether the whole order is told, the last place too: nobody is called last by mistake."""
    return bool(settings.order == "full")


def _has_parts(code: str, tree: Tree) -> bool:
    return code in tree and not tree.is_leaf(code)


STANDINGS = Scene(
    "standings", StandingsSettings, CALM_BEAT_MS, _chosen, needs=("completed",), needs_arming=is_whole, family="numbers"
)
