"""How far an output has come in its rundown: one run (lần chạy) of it, in each store its own.

A run begins when the output is shown over a store's numbers: what was rehearsed is no part of the evening.
"""

import msgspec

from streaming.program.rundown import ADVANCE_S_MIN, Item, Rundown
from streaming.program.tempo import AS_PLANNED, SECOND_MS, Tempo

BEGAN_MAX = 500
"""Items begun in a run of which the times are kept."""
ARMED_MS = 120_000
"""What is armed is so for this long: an hour later nobody knows of it any more."""


class Armed(msgspec.Struct, frozen=True):
    """What may be pressed once: the take of an ``item``, that of a ``scene`` by hand, an ``overlay`` that is shown, or
    the launch where all are None; by whom, and until when."""

    by: str
    until: int
    item: str | None = None
    scene: str | None = None
    overlay: str | None = None


class Began(msgspec.Struct, frozen=True):
    """An item that was begun, and when."""

    item: str
    at: int


class Running(msgspec.Struct, frozen=True, kw_only=True):
    """Where a run stands: ``on`` is the item that is on since ``since``, ``next`` the one that is taken next, which an
    operator may choose. ``run`` is when it began. ``advances_at`` is when the server goes on by itself, None where it
    does not. ``launched`` is the take of the launch scene over which it was launched. ``tempo`` is how fast a rehearsal
    goes through the plan, None where it goes as planned."""

    run: int
    on: str | None = None
    since: int | None = None
    next: str | None = None
    armed: Armed | None = None
    advances_at: int | None = None
    began: tuple[Began, ...] = ()
    launched: int | None = None
    tempo: Tempo | None = None

    @property
    def pace(self) -> Tempo:
        """How fast it goes."""
        return self.tempo or AS_PLANNED

    def is_armed(
        self, now_ms: int, *, item: str | None = None, scene: str | None = None, overlay: str | None = None
    ) -> bool:
        """Whether something is armed now."""
        armed, asked = self.armed, (item, scene, overlay)
        return armed is not None and (armed.item, armed.scene, armed.overlay) == asked and now_ms < armed.until

    def begun(self, item: Item, rundown: Rundown, now_ms: int, *, advances: bool) -> "Running":
        """The run with an item on. ``advances`` is whether it may go on by itself."""
        following = rundown.after(item.id)
        goes = advances and item.advance_s is not None and not item.hold and following is not None
        stands_ms = max(self.pace.span_ms(item.advance_s or 0), ADVANCE_S_MIN * SECOND_MS)
        return msgspec.structs.replace(
            self,
            on=item.id,
            since=now_ms,
            next=None if following is None else following.id,
            armed=None,
            advances_at=now_ms + stands_ms if goes else None,
            began=(*self.began, Began(item.id, now_ms))[-BEGAN_MAX:],
        )

    def stays(self) -> "Running":
        """The run that does not go on by itself: a person has taken over."""
        return msgspec.structs.replace(self, advances_at=None) if self.advances_at is not None else self

    def disarmed(self) -> "Running":
        """The run with nothing armed."""
        return msgspec.structs.replace(self, armed=None) if self.armed is not None else self

    def moved(self, old: Rundown, new: Rundown) -> "Running":
        """The run over an edited rundown: it stands where it stood, as far as there is such an item."""
        next_ = new.find(self.next)
        if next_ is None or next_.skip:
            next_ = next(
                (found for each in _from(old, self.next) if (found := new.find(each.id)) and not found.skip), None
            )
        if next_ is None:
            next_ = new.after(self.on) if new.find(self.on) or self.on is None else None
        on = new.find(self.on)
        goes = on is not None and on == old.find(self.on) and next_ is not None
        return msgspec.structs.replace(
            self,
            next=None if next_ is None else next_.id,
            advances_at=self.advances_at if goes else None,
            armed=self.armed if self.armed is None or new.find(self.armed.item) == old.find(self.armed.item) else None,
        )

    def revived(self, now_ms: int) -> "Running":
        """The run as it goes on after a start: nothing is armed, and what was due meanwhile nobody has seen."""
        stays = self if self.advances_at is None or self.advances_at > now_ms else self.stays()
        return stays.disarmed()


def _from(rundown: Rundown, id_: str | None) -> tuple[Item, ...]:
    at = next((at for at, item in enumerate(rundown.items) if item.id == id_), None)
    return () if at is None else rundown.items[at:]
