"""Recorded frames: what topics tell while entries arrive at a rate, through the real fold, the same each time."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from streaming.contests.contest import Contest, encode_contest
from streaming.fold.fold import Fold
from streaming.ledger.rows import SYSTEM, Row
from streaming.participation import Kind, Participation, encode_body
from streaming.topics.frames import Frame
from streaming.topics.topics import Topics

TICK_MS = 200
CLOCK_MS = 10_000
EARLIER_MS = 600_000
"""Entries have come in for this long before the first recorded frame."""
EARLIER_ENTRIES = 12_000
SOURCE = "web"
LOG_WEIGHT_SIGMA = 0.6
"""How unequal units are, as in rehearsals."""
EPOCH = "recorded"


@dataclass(frozen=True)
class Told:
    """A frame as it left, when, and its topic as a whole at that cut."""

    at_ms: int
    payload: str
    whole: Frame


@dataclass(frozen=True)
class Recording:
    """What the topics told, each from the ``first`` whole on; ``start_ms`` is when the first entry of it came."""

    start_ms: int
    first: dict[str, Frame]
    told: dict[str, Sequence[Told]]

    def whole(self, topic: str, until_ms: int) -> Frame:
        """The topic at its last frame of until then."""
        frames = [self.first[topic], *(told.whole for told in self.told[topic])]
        return [frame for frame in frames if frame.at <= until_ms][-1]


def recorded(
    contest: Contest, topics: Sequence[str], *, rate: float, seconds: int, final_s: float | None = None, seed: int = 7
) -> Recording:
    """Record topics for so long at ``rate`` completed entries a second, each begun shortly before.

    Numbers are final from ``final_s`` on (chốt số), though entries go on.
    """
    room = _Room(contest, seed)
    start_ms = contest.rounds[0].opens_ms + EARLIER_MS
    start_ms -= start_ms % CLOCK_MS
    room.enter(start_ms - EARLIER_MS, EARLIER_MS, EARLIER_ENTRIES)
    room.clock(start_ms)
    room.tick()
    followed = {name: room.follow(name) for name in topics}
    first = {name: one.whole() for name, one in followed.items()}
    final_ms = None if final_s is None else start_ms + round(final_s * 1000)
    for at_ms in range(start_ms, start_ms + seconds * 1000, TICK_MS):
        before, until = (round(rate * (ms - start_ms) / 1000) for ms in (at_ms, at_ms + TICK_MS))
        room.enter(at_ms, TICK_MS, until - before)
        if at_ms % CLOCK_MS == 0:
            room.clock(at_ms + TICK_MS)
        room.tick()
        if final_ms is not None and at_ms + TICK_MS <= final_ms < at_ms + 2 * TICK_MS:
            # What an operator does opens a tick of its own.
            room.decide(final_ms, {"kind": "hold", "unit": None, "final": True})
            room.tick()
    return Recording(start_ms, first, {name: tuple(one.told) for name, one in followed.items()})


class _Followed:
    """A topic that is listened to."""

    def __init__(self, topics: Topics, name: str) -> None:
        topic = topics.find(name)
        assert topic is not None
        self._topic = topic
        self.told: list[Told] = []
        topic.listeners.add(self._hear)

    def whole(self) -> Frame:
        # A copy: the topic goes on with its own rows.
        frame = self._topic.view()
        return msgspec.json.decode(msgspec.json.encode(frame), type=Frame)

    def _hear(self, _base: int, _seq: int, payload: bytes) -> None:
        self.told.append(Told(self._topic.at_ms, payload.decode(), self.whole()))


class _Room:
    """A fold and its topics, with the rows made here."""

    def __init__(self, contest: Contest, seed: int) -> None:
        self._rng = random.Random(seed)
        self._leaves = [leaf.code for leaf in contest.tree.leaves]
        self._weights = [self._rng.lognormvariate(0, LOG_WEIGHT_SIGMA) for _ in self._leaves]
        self._people = 0
        self._fold = Fold()
        self._topics = Topics(rehearsal=False)
        self.decide(contest.rounds[0].opens_ms, {"kind": "contest", "contest": msgspec.Raw(encode_contest(contest))})

    def follow(self, name: str) -> _Followed:
        return _Followed(self._topics, name)

    def enter(self, from_ms: int, for_ms: int, entries: int) -> None:
        """So many people begin and complete, evenly over this time."""
        for nth in range(entries):
            at_ms = from_ms + for_ms * (nth + 1) // entries
            self._people += 1
            unit = self._rng.choices(self._leaves, self._weights)[0]
            self._add("participation", at_ms, SOURCE, f"s{self._people}", self._item("started", at_ms, unit))
            if self._rng.random() < 0.85:
                self._add("participation", at_ms, SOURCE, f"c{self._people}", self._item("completed", at_ms, unit))

    def clock(self, at_ms: int) -> None:
        self._add("clock", at_ms, SYSTEM, None, msgspec.json.encode({"heard": {SOURCE: at_ms}}))

    def decide(self, at_ms: int, decision: dict[str, object]) -> None:
        self._add("decision", at_ms, SYSTEM, None, msgspec.json.encode(decision))

    def tick(self) -> None:
        """Bring the topics to the fold, as the pump does."""
        for topic in self._topics.move(self._fold, EPOCH):
            topic.publish()

    def _item(self, kind: Kind, at_ms: int, unit: str) -> bytes:
        return encode_body(Participation(kind=kind, at=at_ms, unit=unit, person=f"{self._people:032x}"))

    def _add(self, type_: str, at_ms: int, by: str, id_: str | None, body: bytes) -> None:
        received_ms = max(at_ms, self._fold.now_ms)
        self._fold.apply(Row(self._fold.seq + 1, type_, received_ms, by, id_, b"" if id_ else None, body))
