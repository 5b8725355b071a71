"""What outputs with a delay cost at a tick: frames made, and CPU, beside a store that nobody shows late."""

import statistics
import time

import msgspec

from streaming.contests.contest import Contest
from streaming.fold.fold import Fold
from streaming.topics.history import History
from streaming.topics.late import LateTopics
from streaming.topics.numbers import NumberTopics
from streaming.topics.topics import Topics
from tests.bench.ingest import wards
from tests.worlds.histories import Writer

TICK_MS = 200
DELAY_MS = 2_000
ENTRIES_PER_TICK = 40
"""200 a second."""
UNITS = 3
"""Topics of units that each output's screens follow, beside its board."""
FRAMES_MAX = 1.0
"""More frames that an output makes, at a tick and for a topic that somebody follows."""


class LateOutputs(msgspec.Struct, frozen=True, kw_only=True):
    """Medians over the ticks: ``cpu_ms`` of a tick with so many outputs, ``frames`` per tick and topic of one of
    them."""

    ticks: int
    topics: int
    cpu_ms: dict[int, float]
    frames: float
    waiting_moves: int
    faults: tuple[str, ...]


class Stage:
    """A store, its history, and some outputs that show it late; each of their topics is followed by one."""

    def __init__(self, contest: Contest, outputs: int, units: tuple[str, ...]) -> None:
        opens_ms = contest.rounds[0].opens_ms
        self.writer, self.fold, self.topics = Writer(contest, opens_ms), Fold(), Topics(rehearsal=True)
        self.history = History()
        self.topics.on_move = lambda move: self.history.add(move, self.writer.now_ms)
        self.units = units
        self.frames = 0
        self.late: list[LateTopics] = []
        self._folded = 0
        self.turn(0)
        for _ in range(outputs):
            now_ms = self.writer.now_ms
            self.late.append(LateTopics(self.topics, self.history, delay_ms=DELAY_MS, now_ms=now_ms))
        shown: list[NumberTopics] = [self.topics, *self.late]
        for each in shown:
            for name in ("board", *(f"unit/{unit}" for unit in units)):
                topic = each.find(name)
                assert topic is not None
                topic.listeners.add(lambda *_: None)

    def turn(self, entries: int) -> float:
        """A tick; returns the CPU that it took, in ms."""
        for number in range(entries):
            unit = self.units[number % len(self.units)]
            self.writer.take(f"e{len(self.writer.rows)}", unit=unit)
        began_ns = time.process_time_ns()
        for row in self.writer.rows[self._folded :]:
            self.fold.apply(row)
        self._folded = len(self.writer.rows)
        for topic in self.topics.move(self.fold, self.fold.epoch("ledger", 0)):
            topic.publish()
        for late in self.late:
            self.frames += sum(topic.publish() > 0 for topic in late.advance(self.writer.now_ms))
        return (time.process_time_ns() - began_ns) / 1e6


def late_outputs(contest: Contest, ticks: int, outputs: tuple[int, ...] = (0, 1, 4)) -> LateOutputs:
    """Let the same ticks pass with so many outputs, in turn, so that what disturbs one disturbs all."""
    units = wards()[:UNITS]
    stages = {count: Stage(contest, count, units) for count in outputs}
    spent: dict[int, list[float]] = {count: [] for count in outputs}
    for _ in range(ticks):
        for count, stage in stages.items():
            stage.writer.now_ms += TICK_MS
            spent[count].append(stage.turn(ENTRIES_PER_TICK))
    busiest = max(outputs)
    stage, topics = stages[busiest], 1 + UNITS
    # Until the delay has passed for the first time nothing is due.
    shown = ticks - DELAY_MS // TICK_MS
    frames = stage.frames / (busiest * topics * shown)
    return LateOutputs(
        ticks=ticks,
        topics=topics,
        cpu_ms={count: round(statistics.median(each), 3) for count, each in spent.items()},
        frames=round(frames, 3),
        waiting_moves=len(stage.history),
        faults=() if frames <= FRAMES_MAX else (f"a late output makes {frames:.2f} frames a tick and topic",),
    )
