"""Scenes that only say something: thanks at the end, that it goes on in a moment, what an operator types."""

from typing import Annotated

from msgspec import Meta

from dashboard.parts.part import Cut
from dashboard.scenes.scene import QUICK_BEAT_MS, Scene, Settings
from dashboard.words.widths import width_em
from streaming.contests.text import clean, fault_in

HEADING_CHARS_MAX = 120
LINE_CHARS_MAX = 100
"""What fits on a wall of 5:4 in three lines each, without being set below 44 px."""
SIZES_EM = (60.0, 100.0)
"""The width of all lines together, in em of their font, up to which they have the largest size, and the next."""


class MessageSettings(Settings, frozen=True, forbid_unknown_fields=True):
    """A heading and up to three lines, each as long as it may be; those that are "" are left out."""

    heading: Annotated[str, Meta(max_length=HEADING_CHARS_MAX)] = ""
    line_1: Annotated[str, Meta(max_length=LINE_CHARS_MAX)] = ""
    line_2: Annotated[str, Meta(max_length=LINE_CHARS_MAX)] = ""
    line_3: Annotated[str, Meta(max_length=LINE_CHARS_MAX)] = ""

    def __post_init__(self) -> None:
        for name in self.__struct_fields__:
            text = getattr(self, name)
            if text and (fault := fault_in(text, HEADING_CHARS_MAX)) is not None:
                message = f"{name}: expected {fault}"
                raise ValueError(message)

    @property
    def lines(self) -> tuple[str, ...]:
        """The lines that are there."""
        return tuple(filter(None, (self.line_1, self.line_2, self.line_3)))

    @property
    def size(self) -> int:
        """The size of the lines: 0 for the largest, more for longer ones."""
        return sum(sum(map(width_em, self.lines)) > held for held in SIZES_EM)


def _cleaned(settings: MessageSettings, _cut: Cut) -> MessageSettings:
    """As it is kept: in NFC, without spaces that nobody sees."""
    return MessageSettings(*(clean(getattr(settings, name)) for name in settings.__struct_fields__))


THANKS = Scene("thanks", Settings, QUICK_BEAT_MS, head="none", family="rite")
SOON = Scene("soon", Settings, QUICK_BEAT_MS, head="none")
MESSAGE = Scene("message", MessageSettings, QUICK_BEAT_MS, _cleaned, head="none")
