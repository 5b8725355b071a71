"""The rundown: the evening's items in their order, as an office plans it and an operator walks through it.

How far an output has come in it stands apart (``running``): a plan may be edited while it is walked through.
"""

from collections.abc import Iterator

import msgspec

from streaming.characters import bad_character_in
from streaming.program.errors import NotNow, WrongSteering
from streaming.program.state import SceneSettings

ITEMS_MAX = 200
ID_CHARS_MAX = 40
TITLE_CHARS_MAX = 200
SAY_CHARS_MAX = 4_000
NOTE_CHARS_MAX = 1_000
DURATION_S_MAX = 6 * 3600
ADVANCE_S_MIN = 3
"""An item that goes on by itself stands for this long at least: by then everybody has seen it."""
MS_MAX = 4_102_444_800_000
"""The begin of the year 2100: every time of a plan can be shown in every zone."""


class Item(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One item. ``scene`` is None where the picture is left as it is, as for a speech; ``settings`` are as asked, and
    what they leave open is chosen at the take.

    ``say`` is what the host says, ``note`` is for the operator. ``unit`` is the one that the item is about: the point
    that is on the line. ``at_ms`` is when it is planned, ``duration_s`` for how long. After ``advance_s`` the server
    goes on by itself, but not where ``hold`` keeps the item until a person goes on. ``skip`` leaves it out. What has
    ``arm`` must be armed first: its take, or its launch where the scene is that.
    """

    id: str
    title: str
    scene: str | None = None
    settings: SceneSettings = {}
    say: str = ""
    note: str = ""
    unit: str | None = None
    at_ms: int | None = None
    duration_s: int | None = None
    advance_s: int | None = None
    hold: bool = False
    skip: bool = False
    arm: bool = False


class Rundown(msgspec.Struct, frozen=True):
    """The items, and when the ceremony goes off the air (giờ trả sóng)."""

    items: tuple[Item, ...] = ()
    ends_ms: int | None = None

    def find(self, id_: str | None) -> Item | None:
        """The item of an id, None if there is none."""
        return next((item for item in self.items if item.id == id_), None)

    def item(self, id_: str) -> Item:
        """The item of an id.

        Raises:
            NotNow: If there is none.
        """
        if (found := self.find(id_)) is None:
            raise NotNow("no_item", f"the rundown has no item {id_}")
        return found

    def after(self, id_: str | None) -> Item | None:
        """The next item that is not left out, after the one of an id; the first of all for None."""
        return next(self._walk(id_, 1), None)

    def before(self, id_: str | None) -> Item | None:
        """The item before, that is not left out; the last of all for None."""
        return next(self._walk(id_, -1), None)

    def _walk(self, id_: str | None, by: int) -> Iterator[Item]:
        items = self.items[::by]
        start = next((at + 1 for at, item in enumerate(items) if item.id == id_), 0)
        return (item for item in items[start:] if not item.skip)


def check(rundown: Rundown) -> None:
    """Check everything of a rundown that does not depend on a contest.

    Raises:
        WrongSteering: Naming the first field that cannot be, "items[3].title", and what was expected.
    """
    if len(rundown.items) > ITEMS_MAX:
        raise WrongSteering("items", len(rundown.items), f"at most {ITEMS_MAX} items")
    _check_ms("ends_ms", rundown.ends_ms)
    ids = set[str]()
    for at, item in enumerate(rundown.items):
        where = f"items[{at}]"
        _check_text(f"{where}.id", item.id, ID_CHARS_MAX, least=1)
        if item.id in ids:
            raise WrongSteering(f"{where}.id", item.id, "an id that no other item has")
        ids.add(item.id)
        _check_text(f"{where}.title", item.title, TITLE_CHARS_MAX, least=1)
        _check_text(f"{where}.say", item.say, SAY_CHARS_MAX, lines=True)
        _check_text(f"{where}.note", item.note, NOTE_CHARS_MAX, lines=True)
        _check_ms(f"{where}.at_ms", item.at_ms)
        _check_s(f"{where}.duration_s", item.duration_s, 0)
        _check_s(f"{where}.advance_s", item.advance_s, ADVANCE_S_MIN)


def _check_text(field: str, value: str, most: int, *, least: int = 0, lines: bool = False) -> None:
    if not least <= len(value.strip()) or len(value) > most:
        raise WrongSteering(field, value, f"{least} to {most} characters, found {len(value)}")
    text = value.replace("\n", " ") if lines else value
    if (bad := bad_character_in(text)) is not None:
        raise WrongSteering(field, value, f"no control character, found {bad}")


def _check_ms(field: str, value: int | None) -> None:
    if value is not None and not 0 <= value <= MS_MAX:
        raise WrongSteering(field, value, f"a time from 0 to {MS_MAX} ms since the epoch, or null")


def _check_s(field: str, value: int | None, least: int) -> None:
    if value is not None and not least <= value <= DURATION_S_MAX:
        raise WrongSteering(field, value, f"a whole number from {least} to {DURATION_S_MAX}, or null")
