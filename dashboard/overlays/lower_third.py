"""The strap at the bottom: of a unit, with its place and numbers, or of a person, with a name and titles."""

from typing import Annotated, Literal

from msgspec import Meta

from dashboard.overlays.overlay import Overlay, OverlaySettings
from dashboard.parts.part import Cut
from dashboard.scenes.scene import LIVE_BEAT_MS

NAME_CHARS_MAX = 80
TITLE_CHARS_MAX = 120
TITLES_MAX = 3
PERSON_MS = 8_000
"""How long a person's strap stands unless it is held."""

Honorific = Literal["", "dong-chi", "ong", "ba", "em"]


class LowerThirdSettings(OverlaySettings, frozen=True, forbid_unknown_fields=True):
    """``unit`` is whose numbers are told; with a ``name`` it is a person's strap, and tells none. ``titles`` stand in
    the order given, and ``capitals`` writes the name in them."""

    unit: str = ""
    honorific: Honorific = ""
    name: Annotated[str, Meta(max_length=NAME_CHARS_MAX)] = ""
    titles: Annotated[tuple[Annotated[str, Meta(max_length=TITLE_CHARS_MAX)], ...], Meta(max_length=TITLES_MAX)] = ()
    capitals: bool = False


class LowerThird(Overlay[LowerThirdSettings]):
    """The strap; one that names neither a person nor a unit of the contest paints nothing."""

    def is_empty(self, settings: LowerThirdSettings, cut: Cut) -> bool:
        """Whether it names nobody."""
        return not settings.name and settings.unit not in cut.tree


LOWER_THIRD = LowerThird(
    "lower-third",
    LowerThirdSettings,
    LIVE_BEAT_MS,
    topic=lambda it: f"unit/{it.unit}" if it.unit and not it.name else "board",
    hides_after_ms=PERSON_MS,
    written=("name", "titles"),
    tells_people=True,
)
