"""The first of a ranking, in a panel at the side."""

from typing import Annotated, Any

from msgspec import Meta

from dashboard.edition import Edition
from dashboard.overlays.overlay import Overlay, OverlaySettings
from dashboard.parts.part import Cut
from dashboard.parts.rows import ranked_below
from dashboard.scenes.scene import LIVE_BEAT_MS
from dashboard.words.widths import width_em
from streaming.contests.contest import RankBy

ROWS_MAX = 11
ROOM_EM = 8.6
"""The room of a name in the panel, in em of its type."""


class StandingsSettings(OverlaySettings, frozen=True, forbid_unknown_fields=True):
    """``of`` is the unit whose parts are ranked, "" for the whole contest; ``rows`` is how many are told."""

    of: str = ""
    by: RankBy = "completed"
    rows: Annotated[int, Meta(ge=1, le=ROWS_MAX)] = 5


class Standings(Overlay[StandingsSettings]):
    """The panel. Names are whole; where one does not fit, all are told without their kinds, which stand above."""

    def values(self, settings: StandingsSettings, cut: Cut, *, take: str = "", step: int = 0) -> dict[str, Any]:
        """What its template knows: whether names are told without their kinds too."""
        of, edition = settings.of or cut.tree.root.code, cut.edition
        return {
            **super().values(settings, cut, take=take, step=step),
            "room_em": ROOM_EM,
            "is_bare": of in cut.tree and not fits(edition, of),
            "kinds_of": lambda code: edition.kinds_below(code or cut.tree.root.code),
        }


def fits(edition: Edition, of: str) -> bool:
    """Whether every name below a unit fits with its kind."""
    names = (edition.words.full_name(edition.tree[code]) for code in ranked_below(edition, of))
    return all(width_em(name) <= ROOM_EM for name in names)


STANDINGS = Standings(
    "standings",
    StandingsSettings,
    LIVE_BEAT_MS,
    topic=lambda it: f"unit/{it.of}" if it.of else "board",
    lane="side",
    wants_px=(700, 560),
)
