"""The table of overlays. A new one is its file here, its template, its style sheet, its words, and its line."""

from collections.abc import Mapping
from typing import Any

from dashboard.overlays.bug import BUG
from dashboard.overlays.countdown import COUNTDOWN
from dashboard.overlays.launch import LAUNCH
from dashboard.overlays.lower_third import LOWER_THIRD
from dashboard.overlays.map import MAP
from dashboard.overlays.milestone import MILESTONE
from dashboard.overlays.overlay import Overlay
from dashboard.overlays.qr import QR
from dashboard.overlays.standings import STANDINGS
from dashboard.overlays.ticker import TICKER
from dashboard.overlays.total import TOTAL

OVERLAYS: tuple[Overlay[Any], ...] = (
    TOTAL,
    LOWER_THIRD,
    STANDINGS,
    COUNTDOWN,
    MILESTONE,
    LAUNCH,
    QR,
    BUG,
    TICKER,
    MAP,
)
BY_NAME: Mapping[str, Overlay[Any]] = {overlay.name: overlay for overlay in OVERLAYS}


def lane_of(name: str) -> frozenset[str]:
    """The other overlays of the lane of one."""
    lane = BY_NAME[name].lane
    return frozenset(each.name for each in OVERLAYS if each.lane == lane and each.name != name)


NUMBER_OVERLAYS = frozenset(each.name for each in OVERLAYS if each.has_numbers)
"""Those that go when wrong numbers are taken off the air."""
