"""The scene of the opening: the total, the first five, the map."""

from itertools import pairwise
from typing import Literal

from dashboard.map.steps import choose
from dashboard.parts.board import started_leads
from dashboard.parts.part import Cut
from dashboard.scenes.scene import LIVE_BEAT_MS, Scene, Settings
from streaming.contests.contest import STEPS_MAX


class LiveSettings(Settings, frozen=True, forbid_unknown_fields=True):
    """``lead`` is the large number, by which the first five and the map go too; "" chooses it from the numbers, as
    ``steps`` of the map are where neither the take nor the contest sets them. ``ground`` is that of the map where a
    contest offers both, "" for the contest's own.
    """

    lead: Literal["", "started", "completed"] = ""
    steps: tuple[int, ...] = ()
    ground: Literal["", "hexagons", "boundaries"] = ""

    def __post_init__(self) -> None:
        rising = all(low < high for low, high in pairwise((0, *self.steps)))
        if not rising or len(self.steps) > STEPS_MAX:
            message = f"steps: expected at most {STEPS_MAX} rising whole numbers from 1 on"
            raise ValueError(message)


def _chosen(settings: LiveSettings, cut: Cut) -> LiveSettings:
    board = cut.board
    is_early = started_leads(board.count(board.root, "started"), board.count(board.root, "completed"))
    lead = settings.lead or ("started" if is_early else "completed")
    steps = settings.steps or cut.contest.own_steps or choose(board.counts(cut.leaves, lead))
    return LiveSettings(lead, steps, settings.ground)


LIVE = Scene("live", LiveSettings, LIVE_BEAT_MS, _chosen, family="numbers")
