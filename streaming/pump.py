"""The pump, in one class past 350 lines: the start, the replay behind a checkpoint and the ticks share all its state.

Each tick it takes the rows that have become durable, folds them, and moves the topics.
"""

import asyncio
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

import structlog

from streaming.checkpoint import Checkpoint, Resumed, Saver
from streaming.clock_rows import ClockRows
from streaming.contests.contest import Contest, Round
from streaming.errors import FoldError, LedgerBusy, LedgerUnavailable
from streaming.fold.fold import Fold
from streaming.ledger.ledger import Ledger
from streaming.ledger.rows import Row
from streaming.past import Past
from streaming.rewind import Rewind
from streaming.topics.history import History
from streaming.topics.moves import Move
from streaming.topics.topics import Topics

RESTORE_RETRY_S = 1.0
"""While the ledger cannot be written, a checkpoint that it has refuted is noted in it this often."""
TURN_MS_MAX = 1_000
"""The loop turns at least this often, so that its age tells whether it lives."""
TURN_AGE_STEP_S = 2 * TURN_MS_MAX / 1000
"""Coarse on purpose, so that a live loop has age 0: a finer age would reveal when rows arrive, held-back ones too."""
TOPIC_KEPT_S = 600.0
"""A topic of one unit that nobody follows or asks for in this time is forgotten, after twice of it at the latest."""
FOLD_TURN_S = 0.005
"""Rows are folded for so long before other tasks get a turn."""
FOLD_STEP_ROWS = 50
"""Between two looks at the time: about 0.5 ms of work."""
REST_SHARE = 0.5
"""After a tick other tasks get at least this share of the time that it took, so a loop at its limit ticks less often
and what it shows grows no older."""

log = structlog.get_logger(__name__)


@dataclass
class PumpCounters:
    """Counters since the start, for metrics; ``lag_ms`` is of the last tick that anybody could see, from its first row
    to its frames; ``late_frames`` are those of outputs that show the store late. ``lost_seq`` is up to which row an
    earlier run has shown what the ledger no longer has, 0 if none."""

    ticks: int = 0
    rows: int = 0
    frames: int = 0
    frame_bytes: int = 0
    late_frames: int = 0
    lag_ms: float = 0.0
    checkpoints_wrong: int = 0
    lost_seq: int = 0


class Pump:
    """Drives one store's topics.

    A change opens a tick at once when the topics have been quiet for one tick; from then on at most one frame per
    ``tick_ms`` leaves each topic, with the latest values. ``on_folded`` is called when a tick has folded its rows,
    before the topics move: what must be decided before the next frame is decided there. ``moved_seq`` is the last row
    of which the topics know. ``now_ms`` is the contest clock, ms since the epoch, ``moved_ms`` by how much it has been
    set since the start; ``checkpoint`` the file that lets a later run go on at once, None for none.

    ``history`` has the moves of the topics for those that show them late, by ``passed_ms``; at a start those of the
    last ``late_ms`` too, as far as ``history`` keeps them.
    """

    def __init__(
        self,
        ledger: Ledger,
        *,
        now_ms: Callable[[], int],
        live_sources: Callable[[], Collection[str]],
        rehearsal: bool,
        tick_ms: int = 200,
        checkpoint: Path | None = None,
        monotonic_s: Callable[[], float] = time.monotonic,
        moved_ms: Callable[[], int] = lambda: 0,
        late_ms: int = 0,
    ) -> None:
        self.ledger = ledger
        self.fold = Fold()
        self.topics = Topics(rehearsal=rehearsal)
        self.topics.on_move = self._remember
        self.history = History()
        self.history.keeps_all = late_ms > 0
        self.rewind = Rewind(ledger, monotonic_s=monotonic_s, on_turn=self._turn)
        self.on_folded: Callable[[], None] | None = None
        self.counters = PumpCounters()
        self.tick_ms = tick_ms
        self.clock_rows = ClockRows(
            ledger, self.fold, now_ms=now_ms, live_sources=live_sources, monotonic_s=monotonic_s, moved_ms=moved_ms
        )
        self._now_ms = now_ms
        self._late_ms = late_ms
        self._shown_ago_ms = 0
        self._monotonic_s = monotonic_s
        self._arrived: list[Row] = []
        self._first_arrival_s: float | None = None
        self._wake = asyncio.Event()
        self._folded = asyncio.Event()
        self._turned_at_s = monotonic_s()
        self._tick_due_s = float("-inf")
        self._resumed: Resumed | None = None
        self.moved_seq = 0
        self._stands = 0
        self._has_stood = False
        self._saver = Saver(checkpoint, monotonic_s)
        self._forget_due_s = monotonic_s() + TOPIC_KEPT_S

    def replay(self) -> None:
        """Fold the ledger's rows that have not been folded; the topics stand at its cut afterwards.

        For the start, before ``run``. Blocks: a million rows take some ten seconds.
        """
        past = self._past(after_seq=0)
        for row in self.ledger.read(self.fold.seq):
            if past is not None:
                past.before(row)
            self._apply(row)
        self._open()

    def resume(self, checkpoint: Checkpoint, contest: Contest) -> None:
        """Stand where an earlier run stood; ``run`` then replays the ledger behind, compares, and goes on from there.

        Until then the topics stand still, at numbers that were true.
        """
        self.topics.restore(checkpoint.topics, checkpoint.notes, checkpoint.epoch, checkpoint.cut, contest)
        self.moved_seq = checkpoint.seq
        self._resumed = Resumed(checkpoint, contest)
        self.ledger.on_rows = self._on_rows

    @property
    def contest(self) -> Contest:
        """The contest that the topics stand for."""
        return self._resumed.contest if self._resumed else self.fold.contest

    @property
    def rounds(self) -> tuple[Round, ...]:
        """The rounds as decisions have moved them."""
        return self._resumed.checkpoint.rounds if self._resumed else self.fold.rounds

    @property
    def is_behind(self) -> bool:
        """Whether the topics stand still at a checkpoint while the ledger is replayed."""
        return self._resumed is not None

    @property
    def now_ms(self) -> int:
        """Now by the contest clock."""
        return self._now_ms()

    @property
    def passed_ms(self) -> int:
        """Now by the clock of ``history``, which nobody sets."""
        return int(self._monotonic_s() * 1000)

    @property
    def seq(self) -> int:
        """The position that the topics show."""
        return self.topics.cut.seq if self.topics.cut else 0

    @property
    def turn_age_s(self) -> float:
        """How long ago the loop last turned, in steps of TURN_AGE_STEP_S; past a few seconds it is stuck or dead."""
        return (self._monotonic_s() - self._turned_at_s) // TURN_AGE_STEP_S * TURN_AGE_STEP_S

    def stand_still(self) -> None:
        """Let the topics stand where they are until as many ``go_on``: a hold acts at once, before it is on disk."""
        self._stands += 1

    def go_on(self) -> None:
        """End one ``stand_still``."""
        self._stands -= 1
        if not self._stands:
            self._has_stood = True
            self._wake.set()

    @property
    def stands_still(self) -> bool:
        """Whether a decision that is not on disk yet keeps the topics where they are."""
        return self._stands > 0

    async def folded(self, seq: int) -> None:
        """Return when row ``seq`` has been folded; the topics may still stand where they are."""
        while self.fold.seq < seq:
            await self._folded.wait()

    def save(self) -> None:
        """Fold what has become durable since the last tick, and write a checkpoint; for the end, after ``run``."""
        # What stands still for a decision that is not on disk must not move because the server ends.
        if not self.is_behind and not self.stands_still:
            self.replay()
            self._saver.save(self.ledger, self.fold, self.topics)

    def _apply(self, row: Row) -> None:
        try:
            self.fold.apply(row)
        except FoldError as error:
            raise FoldError(f"{self.ledger.path}: {error}") from error
        self.counters.rows += 1
        if (jump := self.fold.jumps.last) is not None and jump.seq == row.seq:
            self.clock_rows.set_back(jump)

    def _open(self) -> None:
        self.ledger.on_rows = self._on_rows
        if self.fold.is_open and not self.stands_still:
            on_air: Fold | None = None
            if (to := self._steps_back_to) is not None:
                self.history.clear()
                on_air = self.rewind.fold_at_once(to, self.fold.seq)
            # An earlier run may have shown it when its last row came.
            self._shown_ago_ms = max(0, self._now_ms() - self.fold.now_ms)
            self._move(on_air)
            self._shown_ago_ms = 0

    @property
    def _steps_back_to(self) -> int | None:
        """How many rows are to be shown, where the topics do not stand at those of an earlier moment yet; else None."""
        return None if self.topics.epoch == self._epoch() else self.fold.gate.back_to

    @property
    def back_to_ms(self) -> int | None:
        """The earlier moment that the topics show, None for now."""
        hold = None if self.is_behind or not self.fold.is_open else self.fold.gate.withdrawn
        return hold.back_to_ms if hold is not None and self._steps_back_to is None else None

    def _turn(self) -> None:
        self._turned_at_s = self._monotonic_s()

    def _past(self, after_seq: int) -> Past | None:
        """What makes the last moves again while the ledger is replayed; None where nobody shows anything late."""
        if not self._late_ms:
            return None
        return Past(
            self.history,
            self.fold,
            rehearsal=self.topics.rehearsal,
            late_ms=self._late_ms,
            # With a clock that was set back meanwhile nobody knows for how long nothing ran; then it is as if it had
            # ended just now, so that nothing comes early.
            now_ms=max(self._now_ms(), self.ledger.last_received_ms),
            passed_ms=self.passed_ms,
            after_seq=after_seq,
            tick_ms=self.tick_ms,
            epoch=self._epoch,
        )

    def _remember(self, move: Move) -> None:
        self.history.add(move, self.passed_ms - self._shown_ago_ms)

    def _epoch(self) -> str:
        return self.fold.epoch(self.ledger.id, self.ledger.restores)

    @property
    def heard_ms(self) -> Mapping[str, int]:
        """When each source was last heard: an entry, or an empty batch."""
        # While the ledger is replayed, the fold tells what was long ago.
        return self.clock_rows.heard_ms({} if self.is_behind else self.fold.heard_ms)

    def heard(self, source: str) -> None:
        """Note that a source has spoken (an empty batch included); a clock row takes it to the screens."""
        self.clock_rows.heard(source)

    def _on_rows(self, rows: list[Row]) -> None:
        if self.is_behind:
            return  # They are in the ledger, which is being read.
        if self._first_arrival_s is None:
            self._first_arrival_s = self._monotonic_s()
        self._arrived.extend(rows)
        self._wake.set()

    async def run(self) -> None:
        """Turn until cancelled."""
        if self._resumed is not None:
            await self._catch_up(self._resumed)
        while True:
            await self._wait()
            self._turned_at_s = self._monotonic_s()
            if self._arrived or (self._has_stood and not self._stands):
                if (early_s := self._tick_due_s - self._turned_at_s) > 0:
                    await asyncio.sleep(early_s)
                await self._tick()
            if not self._arrived:
                await self.clock_rows.write()
            if self.moved_seq == self.fold.seq:
                await self._saver.turn(self.ledger, self.fold, self.topics)
            self.rewind.turn()
            if self._turned_at_s >= self._forget_due_s:
                self._forget_due_s = self._turned_at_s + TOPIC_KEPT_S
                self.topics.forget()

    async def _catch_up(self, resumed: Resumed) -> None:
        """Replay the ledger behind the topics, compare them with it at the checkpoint, and go on from its head."""
        began_s = self._monotonic_s()
        at = resumed.checkpoint.seq
        past = self._past(after_seq=at)
        ends_s = began_s + FOLD_TURN_S
        while self.fold.seq < self.ledger.head:
            for number, row in enumerate(self.ledger.read(self.fold.seq), start=1):
                if past is not None:
                    past.before(row)
                self._apply(row)
                if row.seq == at:
                    await self._compare(resumed)
                if number % FOLD_STEP_ROWS == 0 and (now_s := self._monotonic_s()) >= ends_s:
                    self._turned_at_s = now_s
                    await asyncio.sleep(0)
                    ends_s = self._monotonic_s() + FOLD_TURN_S
        # From here on arriving rows are kept; those that came in this very turn are read, not missed.
        self._resumed = None
        for row in self.ledger.read(self.fold.seq):
            self._apply(row)
        self._open()
        seconds = round(self._monotonic_s() - began_s, 1)
        log.info("replayed behind the checkpoint", rows=self.fold.seq, checkpoint_seq=at, seconds=seconds)

    async def _compare(self, resumed: Resumed) -> None:
        back_to = self.fold.gate.back_to
        on_air = None if back_to is None else await self.rewind.fold(back_to, self.fold.seq)
        if not (faults := resumed.differences(self.fold, on_air)):
            return
        self.counters.checkpoints_wrong += 1
        log.critical(
            "checkpoint differs from the ledger", ledger=self.ledger.path.name, seq=self.fold.seq, first=faults
        )
        # Screens have been shown what was never true: none of their positions may stand for anything any more.
        while not await self._note_restore():
            self._turned_at_s = self._monotonic_s()
            await asyncio.sleep(RESTORE_RETRY_S)

    async def _note_restore(self) -> bool:
        try:
            await asyncio.to_thread(self.ledger.note_restore)
        except (LedgerBusy, LedgerUnavailable) as error:
            log.warning("wrong checkpoint not noted", ledger=self.ledger.path.name, reason=str(error))
            return False
        return True

    async def _wait(self) -> None:
        try:
            async with asyncio.timeout(self.clock_rows.wait_s(TURN_MS_MAX / 1000)):
                await self._wake.wait()
        except TimeoutError:
            pass
        self._wake.clear()

    async def _tick(self) -> None:
        began_s = self._monotonic_s()
        ends_s = began_s + FOLD_TURN_S
        while self._arrived:
            rows, self._arrived = self._arrived, []
            for number, row in enumerate(rows, start=1):
                # What arrived while the ledger was read at the start may have been read there.
                if row.seq > self.fold.seq:
                    self._apply(row)
                if number % FOLD_STEP_ROWS == 0 and self._monotonic_s() >= ends_s:
                    await asyncio.sleep(0)
                    ends_s = self._monotonic_s() + FOLD_TURN_S
        self._folded.set()
        self._folded = asyncio.Event()
        if self.on_folded is not None:
            self.on_folded()
        arrived_s: float | None = None
        on_air: Fold | None = None
        is_lacking = False
        if not self._stands and (to := self._steps_back_to) is not None:
            try:
                on_air = await self.rewind.fold(to, self.fold.seq)
            except LedgerUnavailable as error:
                # Another program holds the file; the topics stand where they are, and it is tried again.
                log.warning("earlier moment not counted", ledger=self.ledger.path.name, reason=str(error))
                is_lacking = True
        if not self._stands:
            self._has_stood = is_lacking
            arrived_s, self._first_arrival_s = self._first_arrival_s, None
            if not self._move(on_air):
                arrived_s = None  # No frame that anybody may see came of these rows.
        ended_s = self._monotonic_s()
        self._tick_due_s = max(began_s + self.tick_ms / 1000, ended_s + (ended_s - began_s) * REST_SHARE)
        self.counters.ticks += 1
        if arrived_s is not None:
            self.counters.lag_ms = (ended_s - arrived_s) * 1000

    def _move(self, on_air: Fold | None) -> bool:
        """Bring the topics to the fold and publish them; returns whether a frame of a public one left. ``on_air`` is
        the fold of an earlier moment, if they are to step back to it now."""
        frames = self.counters.frames
        self.moved_seq = self.fold.seq
        epoch = self._epoch()
        if on_air is None and self.fold.gate.back_to is not None:
            moved = self.topics.move_apart(self.fold, epoch)
        else:
            moved = self.topics.move(self.fold, epoch, on_air)
        for topic in moved:
            # What operators see moves with what is held, so its frames are not counted where metrics can tell.
            if (size := topic.publish()) and topic.is_public:
                self.counters.frames += 1
                self.counters.frame_bytes += size
        return self.counters.frames > frames
