"""What the topics of an output say: to everybody what is on air, to operators all that stands behind it."""

from collections.abc import Mapping
from typing import Annotated, Literal

import msgspec

from streaming.program.points import PointsAired
from streaming.topics.state import State

Setting = bool | int | str | None | tuple[int | str, ...]
SceneSettings = Mapping[str, Setting]
"""The settings of a scene by their names, as its own struct names them."""
Store = Literal["live", "rehearsal"]
"""Whose numbers an output shows."""


class Countdown(msgspec.Struct, frozen=True):
    """What a scene counts down to: ``to_ms``, ms since the epoch, or None while it is held with ``left_ms`` to go."""

    to_ms: int | None = None
    left_ms: int | None = None


class SceneOnAir(msgspec.Struct, frozen=True):
    """The scene that an output shows, with everything that was fixed when it was taken.

    ``take`` names that moment: screens compare it and nothing else to know whether they show what they should. A later
    one is larger, also after a restart that has lost the last. ``since`` is when it was, ``step`` how much of a scene
    that reveals is revealed, ``countdown`` what one counts down to that does: both change without another take.
    """

    name: str
    settings: SceneSettings
    take: int
    since: int
    step: int = 0
    countdown: Countdown | None = None


class Cue(msgspec.Struct, frozen=True):
    """The order to do something together at ``at``, ms since the epoch; an output that is late does it by its delay
    later. Screens compare ``id``, which rises, so that nothing plays twice."""

    name: str
    id: int
    at: int


class Showing(msgspec.Struct, frozen=True, omit_defaults=True):
    """Which numbers an output shows and how late, and whether its picture stands still, ``since`` when."""

    store: Store
    delay_ms: int
    frozen: bool
    since: int | None = None

    def picture_ms(self, now_ms: int) -> int:
        """The time that the picture shows: that of the hall as it was ``delay_ms`` ago, or when it was made to stand
        still. Ages are reckoned from it, and pages turn by it."""
        return (now_ms if self.since is None else self.since) - self.delay_ms


class Overlay(msgspec.Struct, frozen=True, kw_only=True):
    """An overlay of an output: whether it is ``shown``, and what it says, ``data``, by the names of its own struct.

    ``show`` names the moment at which it was shown last: screens compare it, so that nothing comes in twice. ``since``
    is when that was, ``step`` how much is revealed of one that has steps, and at ``hides_at`` it goes by itself.
    """

    shown: bool
    data: SceneSettings = {}
    step: int = 0
    show: int = 0
    since: int = 0
    hides_at: int | None = None


class OverlayOnAir(msgspec.Struct, frozen=True):
    """An overlay that is shown, as everybody may see it."""

    shown: bool
    data: SceneSettings
    step: int
    show: int
    since: int


class KeptOut(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A box of a picture that its overlays keep out of, in px of 1920×1080; ``what`` stands there by itself."""

    left: Annotated[int, msgspec.Meta(ge=0, le=1920)]
    top: Annotated[int, msgspec.Meta(ge=0, le=1080)]
    width: Annotated[int, msgspec.Meta(ge=1, le=1920)]
    height: Annotated[int, msgspec.Meta(ge=1, le=1080)]
    what: Literal["logo", "sign", "other"] = "other"


class ProgramState(State, frozen=True, kw_only=True):
    """Of ``program/{output}``: what is on air, and nothing else. ``overlays`` are those that are shown, by name;
    ``cleared`` names the moment at which all were taken away at once, without motion. ``kept_out`` are the boxes that
    overlays keep out of, ``theme`` is how they look where their addresses ask for no other. ``points`` are the
    connection points, while the scene on air is that of them."""

    scene: SceneOnAir | None = None
    cue: Cue | None = None
    output: Showing | None = None
    overlays: Mapping[str, OverlayOnAir] | None = None
    cleared: int | None = None
    kept_out: tuple[KeptOut, ...] | None = None
    theme: str | None = None
    points: PointsAired | None = None


# What operators see.


class Take(msgspec.Struct, frozen=True):
    """What is on air by the version of its output, and who put it there."""

    version: int
    by: str
    scene: SceneOnAir


class Done(msgspec.Struct, frozen=True):
    """Something that was done to an output: by the version that it made, who did it and when, and its kind. ``scene``
    is what was put on air, ``reason`` why, where that was asked."""

    version: int
    by: str
    at: int
    did: str
    scene: SceneOnAir | None = None
    reason: str = ""


class Lock(msgspec.Struct, frozen=True):
    """Who holds an output, and since when: nobody else steers it, and nothing that it follows reaches it."""

    by: str
    at: int


class Broken(msgspec.Struct, frozen=True):
    """A lock that somebody else has ended, and why."""

    lock: Lock
    by: str
    at: int
    reason: str


class Still(msgspec.Struct, frozen=True):
    """A picture that stands still: since when, by whose hand, and what it shows."""

    by: str
    at: int
    scene: SceneOnAir
    cue: Cue | None = None


class Coming(msgspec.Struct, frozen=True):
    """What an output that is followed has put on air at ``at``, and who did it there; here it is ``delay_ms`` later.
    With ``overlays`` it is these that were shown or hidden there, and the scene stays as it is here."""

    output: str
    by: str
    at: int
    scene: SceneOnAir
    overlays: Mapping[str, Overlay] | None = None


class Preview(msgspec.Struct, frozen=True):
    """A scene that is chosen, and not on air."""

    name: str
    settings: SceneSettings
    step: int = 0


class Tried(msgspec.Struct, frozen=True):
    """A press of the button on stage that was a try: whose, and when."""

    by: str
    at: int


class HostLine(msgspec.Struct, frozen=True):
    """What the room tells the presenter."""

    by: str
    at: int
    text: str


class Tick(msgspec.Struct, frozen=True):
    """Who has seen to a line of the list before the broadcast, when, and what they noted: who sits at the telephone."""

    by: str
    at: int
    note: str = ""


class Withdrawn(msgspec.Struct, frozen=True):
    """Wrong numbers are off the air (Gỡ số): at which output, by whom and when, and the moment up to which numbers
    are right, None where nobody has said. ``scene`` is what was on air, and comes back; None where the picture was left
    alone. ``overlays`` are those that were taken away with it. ``holds`` is whether the numbers are kept back with it:
    a director's picture is his own, the hall's numbers are not."""

    output: str
    by: str
    at: int
    to: int | None = None
    scene: SceneOnAir | None = None
    holds: bool = True
    overlays: tuple[str, ...] = ()
