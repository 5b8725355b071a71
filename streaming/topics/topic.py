"""Topics: the latest rows of one subject, each with the position at which it last changed.

A subscriber is a position, not a queue. Because every row remembers when it last changed, what follows any position
of the epoch can be made at any time, and no history is kept. New, slow, or back from a break is the same case.
"""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

import msgspec

from streaming.fold.cursor import Cut
from streaming.topics.frames import Cells, Frame, encode
from streaming.topics.state import State, typed

Listener = Callable[[int, int, bytes], None]
"""Called at each publish with (base, seq, payload): followers with base ≤ position < seq get the payload and are then
at seq. A base of EVERYBODY is a new epoch: the payload is a snapshot for all, whatever their position."""

EVERYBODY = -1

ACTED = ("act", "frozen")
"""State keys that change when somebody acts, a hold or a correction: screens paint that at once, beside their beat."""


class Paced(Protocol):
    """Those who follow a topic at a pace of their own, and take with ``after`` what they need."""

    def before(self, at_ms: int) -> None:
        """The topic, which still stands at its cut, is about to go to one of this time."""

    def published(self) -> None:
        """The topic has told its listeners where it stands now."""

    def publish(self, base: int, seq: int, payload: bytes) -> None:
        """As a Listener: a new epoch has begun."""


class TopicState(msgspec.Struct, array_like=True, frozen=True):
    """A topic's rows and state keys, each with the seq at which it last changed; ``since`` began its epoch."""

    since: int
    rows: dict[str, tuple[int, Cells | None]]
    state: dict[str, tuple[int, Any]]

    def typed(self, topic: str) -> "TopicState":
        """The same as it is read from a file, its state with the types of a topic of this name."""
        values = typed(topic, {key: value for key, (_, value) in self.state.items()})
        return TopicState(self.since, self.rows, {key: (self.state[key][0], value) for key, value in values.items()})


class Topic:
    """One subject's latest state.

    Positions that lie between two publishes are positions too: the cut moves on while nothing of this topic changes,
    and ``seq`` moves with it, without a frame. So a delta's base may lie before the position of who applies it.
    ``is_public`` is whether anybody may follow it, ``may_be_paced`` whether its frames may wait for who asks for few.
    While ``is_behind`` this run has not yet reached what an earlier one may have told. ``lag_ms`` is how late its cuts
    are shown.
    """

    def __init__(
        self,
        name: str,
        columns: tuple[str, ...],
        *,
        rehearsal: bool,
        is_public: bool = True,
        may_be_paced: bool = False,
    ) -> None:
        self.name = name
        self.columns = columns
        self.rehearsal = rehearsal
        self.is_public = is_public
        self.may_be_paced = may_be_paced
        self.lag_ms = 0
        self.epoch = ""
        self.seq = 0
        self.at_ms = 0
        self.heard_ms: int | None = None
        self.since = 0
        self.is_behind = False
        self.published_seq = 0
        self.published_at_ms = 0
        self.listeners: set[Listener] = set()
        self.paced: set[Paced] = set()
        self._rows: dict[str, Cells | None] = {}
        self._row_seqs: dict[str, int] = {}
        self._state: dict[str, Any] = {}
        self._state_seqs: dict[str, int] = {}
        self._snapshot: bytes | None = None

    @property
    def is_followed(self) -> bool:
        """Whether anybody is told when it changes."""
        return bool(self.listeners or self.paced)

    @property
    def acted_seq(self) -> int:
        """The position at which somebody last acted, 0 if nobody has in this epoch."""
        return max(self._state_seqs.get(key, 0) for key in ACTED)

    @property
    def etag(self) -> str:
        """The position as a weak entity tag."""
        return f'W/"{self.epoch}-{self.seq}"'

    @property
    def rows(self) -> Mapping[str, Cells]:
        """The rows that a snapshot has."""
        return {key: cells for key, cells in self._rows.items() if cells is not None}

    def row(self, key: str) -> Cells | None:
        """One of them; None if there is none."""
        return self._rows.get(key)

    @property
    def state(self) -> Mapping[str, Any]:
        """The state that a snapshot has."""
        return {key: value for key, value in self._state.items() if value is not None}

    def begin(self, epoch: str, cut: Cut) -> None:
        """Start a new epoch: nothing before this cut can be brought up by a delta."""
        self.epoch = epoch
        self.since = self.seq = self.published_seq = cut.seq
        self._snapshot = None
        self._rows, self._row_seqs, self._state, self._state_seqs = {}, {}, {}, {}

    def dump(self) -> TopicState:
        """Everything that a later run needs to go on from here."""
        rows = {key: (self._row_seqs[key], cells) for key, cells in self._rows.items()}
        state = {key: (self._state_seqs[key], value) for key, value in self._state.items()}
        return TopicState(self.since, rows, state)

    def restore(self, saved: TopicState, epoch: str, cut: Cut) -> None:
        """Stand where an earlier run stood."""
        self.begin(epoch, cut)
        self.since = saved.since
        self.at_ms = self.published_at_ms = cut.at_ms
        self.heard_ms = cut.heard_ms
        for key, (seq, cells) in saved.rows.items():
            self._rows[key], self._row_seqs[key] = cells, seq
        for key, (seq, value) in saved.state.items():
            self._state[key], self._state_seqs[key] = value, seq

    def move(self, cut: Cut, rows: Mapping[str, Cells | None], state: State) -> bool:
        """Take the cut's values; returns whether any row or state key changed. Rows not named keep theirs."""
        for paced in tuple(self.paced):
            paced.before(cut.at_ms)
        changed = False
        for key, cells in rows.items():
            if self._rows.get(key) != cells:
                self._rows[key] = cells
                self._row_seqs[key] = cut.seq
                changed = True
        for key in state.__struct_fields__:
            value = getattr(state, key)
            if self._state.get(key) != value:
                self._state[key] = value
                self._state_seqs[key] = cut.seq
                changed = True
        if changed or cut.seq != self.seq or cut.heard_ms != self.heard_ms:
            self._snapshot = None
        self.seq, self.at_ms, self.heard_ms = cut.seq, cut.at_ms, cut.heard_ms
        return changed

    def view(self) -> Frame:
        """The current snapshot."""
        return self._frame("snapshot", 0, dict(self.rows), dict(self.state))

    def snapshot(self) -> bytes:
        """The current snapshot as JSON; made once per position."""
        if self._snapshot is None:
            self._snapshot = encode(self.view())
        return self._snapshot

    def after(self, epoch: str | None, seq: int | None) -> bytes | None:
        """What brings a position up to now: a delta within the epoch, else a snapshot; None if it is current."""
        if epoch != self.epoch or seq is None or not self.since <= seq <= self.seq:
            return self.snapshot()
        return None if seq == self.seq else self._delta(seq)

    def publish(self) -> int:
        """Tell the listeners what changed since the last publish; returns the payload's bytes, 0 if nobody listens."""
        base, self.published_seq, self.published_at_ms = self.published_seq, self.seq, self.at_ms
        if base == self.seq:
            return 0
        size = self._tell(base, self._delta(base)) if self.listeners else 0
        for paced in tuple(self.paced):
            paced.published()
        return size

    def publish_all(self) -> int:
        """Tell everybody the whole state, as a new epoch asks for; returns as ``publish``."""
        self.published_seq, self.published_at_ms = self.seq, self.at_ms
        if not self.is_followed:
            return 0
        for paced in tuple(self.paced):
            paced.publish(EVERYBODY, self.seq, self.snapshot())
        return self._tell(EVERYBODY, self.snapshot())

    def _tell(self, base: int, payload: bytes) -> int:
        for listener in tuple(self.listeners):
            listener(base, self.seq, payload)
        return len(payload)

    def _delta(self, base: int) -> bytes:
        # Removed rows stand here as null until the epoch ends: unit topics name few siblings, so they stay few.
        rows = {key: self._rows[key] for key, seq in self._row_seqs.items() if seq > base}
        state = {key: self._state[key] for key, seq in self._state_seqs.items() if seq > base}
        return encode(self._frame("delta", base, rows, state))

    def _frame(self, type_: Any, base: int, rows: dict[str, Cells | None], state: dict[str, Any]) -> Frame:
        frame = Frame(
            type=type_, topic=self.name, epoch=self.epoch, base=base, seq=self.seq, at=self.at_ms,
            heard=self.heard_ms, rehearsal=self.rehearsal, rows=rows, state=state,
        )  # fmt: skip
        if type_ == "snapshot":
            frame.columns = self.columns
        return frame
