"""Scenes of one unit: a spotlight on it, its parts, and the window in which its connection point is seen."""

from typing import Literal

from dashboard.parts.part import Cut
from dashboard.parts.table import Order
from dashboard.scenes.scene import CALM_BEAT_MS, LIVE_BEAT_MS, Scene, Settings
from dashboard.scenes.standings import is_whole
from streaming.contests.units import Tree


class UnitSettings(Settings, frozen=True, forbid_unknown_fields=True):
    """``unit`` is the one that is shown, the first place of the contest's list where it is ""."""

    unit: str = ""


class WardsSettings(Settings, frozen=True, forbid_unknown_fields=True):
    """``of`` is the unit whose parts are told, the first that has any where it is ""; in a ceremony the first places
    alone are told, "full" is the whole order."""

    of: str = ""
    order: Order = "ceremony"


class WindowSettings(Settings, frozen=True, forbid_unknown_fields=True):
    """``unit`` is the one whose point is seen, and ``side`` where the window stands."""

    unit: str = ""
    side: Literal["left", "right"] = "left"


def _topic(settings: UnitSettings | WindowSettings) -> str:
    return f"unit/{settings.unit}"


def _unit(settings: UnitSettings, cut: Cut) -> UnitSettings:
    return UnitSettings(found(settings.unit, cut.tree))


def _wards(settings: WardsSettings, cut: Cut) -> WardsSettings:
    tree = cut.tree
    districts = [unit.code for unit in tree if unit.parent is not None and not tree.is_leaf(unit.code)]
    # A contest of one level has its wards right below the root.
    of = settings.of if settings.of in tree and not tree.is_leaf(settings.of) else next(iter(districts), tree.root.code)
    return WardsSettings(of, settings.order)


def _window(settings: WindowSettings, cut: Cut) -> WindowSettings:
    return WindowSettings(found(settings.unit, cut.tree), settings.side)


def found(code: str, tree: Tree) -> str:
    """A unit as it can be shown: the first place right below the root for one that the contest does not have."""
    if code in tree:
        return code
    return next((unit.code for unit in tree.children(tree.root.code) if unit.place), tree.root.code)


UNIT = Scene("unit", UnitSettings, LIVE_BEAT_MS, _unit, needs=("completed",), topic=_topic, family="points")
WARDS = Scene(
    "wards",
    WardsSettings,
    CALM_BEAT_MS,
    _wards,
    needs=("completed",),
    topic=lambda it: f"unit/{it.of}",
    needs_arming=is_whole,
    family="points",
)
WINDOW = Scene(
    "window", WindowSettings, LIVE_BEAT_MS, _window, topic=_topic, head="kept", is_clear=True, family="points"
)
