"""An overlay: a scene on a clear ground, that stands in a lane over somebody else's picture."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar, get_args

import msgspec
from markupsafe import Markup

from dashboard.edition import Edition
from dashboard.overlays.room import Lane, Position, Room, room_of
from dashboard.parts.part import Cut
from dashboard.scenes.scene import Head, Scene, Settings
from dashboard.templates import environment
from streaming.program.state import KeptOut
from streaming.topics.numbers import BOARD

LANES: tuple[Lane, ...] = get_args(Lane)


class OverlaySettings(Settings, frozen=True, forbid_unknown_fields=True):
    """What may be chosen of every overlay: where it stands, ``size`` in % of its own; with ``asof`` false it does not
    say of when its numbers are."""

    position: Position = ""
    size: Annotated[int, msgspec.Meta(ge=50, le=150)] = 100
    asof: bool = True


UNITS = ("unit", "of")
"""The settings that name a unit."""
PLACED = frozenset(OverlaySettings.__struct_fields__)
"""The settings of every overlay, which say how it stands, not what it says."""
Chosen = TypeVar("Chosen", bound=OverlaySettings)


def topic_of(settings: Any) -> str:
    """The number topic of an overlay whose setting names a unit."""
    return f"unit/{settings.unit}" if settings.unit else BOARD


@dataclass(frozen=True)
class Overlay(Scene[Chosen]):
    """An overlay by its name, which its template and its style sheet have too.

    ``lane`` is where it stands. One that has no ``has_numbers`` stays when wrong numbers are taken off the air. One
    that is not ``is_shown`` at first never comes by itself: somebody shows it. ``hides_after_ms`` is after how long it
    goes unless it is held. ``written`` are the settings that are free texts: the page's script writes them into the
    element of their name (``data-field``), and they are in no address. One that ``tells_people`` says who somebody is:
    it is shown freely as an approved strap has it, else with intent alone. ``wants_px`` is the room that it asks for at
    its own size, in a picture of 1920×1080, where there are boxes to keep out of. ``is_empty`` is whether there is
    nothing to paint with some settings.
    """

    lane: Lane = "bottom"
    has_numbers: bool = True
    is_shown: bool = True
    hides_after_ms: int | None = None
    written: tuple[str, ...] = ()
    tells_people: bool = False
    wants_px: tuple[int, int] = (1270, 290)
    head: Head = "none"
    is_clear: bool = True

    def is_empty(self, settings: Chosen, cut: Cut) -> bool:
        """Whether there is nothing to paint: the unit that it is about is not known."""
        named = (getattr(settings, field, "") for field in UNITS)
        return any(code and code not in cut.tree for code in named)

    def followed(self, settings: Chosen, cut: Cut) -> Cut:
        """What its page follows; where there is nothing to paint, the whole contest."""
        return cut if self.is_empty(settings, cut) else super().followed(settings, cut)

    def paint(
        self,
        settings: Chosen,
        cut: Cut,
        *,
        take: str = "",
        step: int = 0,
        room: Room | None = None,
        faults: Sequence[str] = (),
    ) -> Markup:
        """The overlay at a cut of ``board``; nothing in it where there is nothing to paint. Without a ``room`` it has
        the whole 5 % box. ``faults`` are the settings that were asked for and cannot be: whoever asked decides whether
        it is shown without them."""
        is_empty = self.is_empty(settings, cut)
        settings = settings if is_empty else self.chosen(settings, cut)
        values = self.values(settings, cut, take=take, step=step)
        values |= {"is_empty": is_empty, "room": room, "faults": faults}
        return Markup(environment().get_template(f"overlays/{self.name}.html").render(values))  # noqa: S704 - escaped by it

    def room(self, settings: Chosen, boxes: Sequence[KeptOut]) -> Room | None:
        """Where it stands beside boxes that it keeps out of, None where there are none. One that has no room at the
        place and the size that somebody asks for has that of its own, for which there is one in every output."""
        if not boxes:
            return None
        wide, high = self.wants_px
        asked = (wide * settings.size / 100, high * settings.size / 100)
        found = room_of(self.lane, asked, settings.position, boxes)
        return found or room_of(self.lane, self.wants_px, "", boxes)

    def title(self, edition: Edition) -> str:
        """What people call it."""
        return edition.words.say(f"overlay_{self.name}")

    def values(self, settings: Chosen, cut: Cut, *, take: str = "", step: int = 0) -> dict[str, Any]:
        """What its template knows."""
        known = self.settings() if self.is_empty(settings, cut) else settings
        return {**super().values(known, cut, take=take, step=step), "settings": settings, "lane": self.lane}
