"""The watch: what operators must know beside the numbers. One for each store.

It looks once a tick at the sources, the rules, the gate and the ledger, lists alarms, and tells all of it on the topic
``watch``, which has versions of its own: the time alone can change what it says.
"""

import asyncio
import secrets
import time
from collections.abc import Callable, Mapping

import structlog

from server.clock import Timekeeper
from server.control.alarms import CLOCK, HELD_LONG, NO_CODE, Alarms
from server.control.away import Away
from server.control.desk import Desk
from server.control.lost_points import sound_lost
from server.control.seen import SEEN_SUFFIX, read_seen, write_seen
from server.control.watch_state import AlarmDetail, LedgerShown, OpeningShown, WatchState
from server.control.watched_sources import WatchedSources
from server.folder.files import ADMIN_FILE
from streaming.contests.contest import ContestFolder
from streaming.decisions.gate import Gate
from streaming.errors import DiemCauError
from streaming.fold.cursor import Cut
from streaming.fold.tally import ALL, COMPLETED
from streaming.intake.intake import Intake
from streaming.pump import Pump
from streaming.rules.cooldown import Cooldown
from streaming.rules.milestones import MilestoneWatch
from streaming.rules.paces import NOW_MINUTES, PAST_MINUTES
from streaming.rules.rule import MINUTE_MS
from streaming.rules.watchdog import Tripped, Watchdog, figure_of
from streaming.topics.operators import to_be_verified
from streaming.topics.topic import Topic

HELD_LONG_MS = 5 * 60_000
"""What is held for longer stands on top of the room: it may have been forgotten."""
REACH_RETRY_S = 5.0
"""A milestone that could not be written is tried again after this, if the total still stands above it."""
ALL_UNITS = f"{NO_CODE}all"
QUARANTINED = f"{NO_CODE}quarantined"
"""The subject of the alarm that entries have waited to be verified for long: since the watch saw the first of them."""

log = structlog.get_logger(__name__)


class Watch:
    """Watches one store. ``heartbeats`` gives, by source that may send, after how many seconds its silence alarms,
    ``titles`` what people call it; ``names`` the names of accounts; ``admin_faults``, by rule, why admin.db cannot be
    used, None where it can."""

    def __init__(
        self,
        pump: Pump,
        intake: Intake,
        desk: Desk,
        folder: ContestFolder,
        *,
        heartbeats: Callable[[], Mapping[str, int]],
        names: Callable[[], Mapping[int, str]],
        clock: Timekeeper,
        admin_faults: Callable[[], Mapping[str, str | None]],
        titles: Callable[[], Mapping[str, str]] = dict,
        monotonic_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self.opening: Callable[[], OpeningShown | None] = lambda: None
        self.points_lost: Callable[[], Mapping[str, int]] = dict
        self._pump = pump
        self._intake = intake
        self._desk = desk
        self._names = names
        self._clock = clock
        self._admin_faults = admin_faults
        self._now_ms = now_ms = clock.now_ms
        self._monotonic_s = monotonic_s
        self._folder = folder
        self._watchdog = Watchdog(folder.rules, folder.populations)
        self._cooldown = Cooldown()
        self._not_held: set[tuple[str, str]] = set()
        self._milestones = MilestoneWatch(folder.milestones)
        self._passed: int | None = None
        self._has_passed = asyncio.Event()
        self._seen_file = pump.ledger.path.with_suffix(SEEN_SUFFIX)
        self._kept = read_seen(self._seen_file)
        self._alarms = Alarms(self._kept, now_ms())
        self._is_primed = False
        self._away = Away(clock)
        self._notes_told = 0
        self._jumps = 0
        self._judged_seq = -1
        self._seen_seq = 0
        self._gate: tuple[int, Gate] = -1, Gate()
        self._waiting = 0
        self._quarantined_ms = next(
            (int(each.detail["at"]) for each in self._kept if each.subject == QUARANTINED), None
        )
        self._sources = WatchedSources(pump, intake, self._alarms, heartbeats, titles)
        if not pump.is_behind:
            self._sources.silence.begin(now_ms())
        self._names_told: tuple[Mapping[int, str], dict[str, str]] = {}, {}
        prefix = "rehearsal/" if pump.topics.rehearsal else ""
        self.topic = Topic(f"{prefix}watch", (), rehearsal=pump.topics.rehearsal, is_public=False)
        self._told: WatchState | None = None
        self.topic.begin(secrets.token_hex(8), Cut(0, now_ms(), None, 0))
        intake.on_reject = lambda source, count: self._watchdog.reject(source, count, self._now_ms())

    async def run(self) -> None:
        """Look once a tick, and write the milestones that are passed, until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._keep_reaching())
            while True:
                self._wake_up()
                self.look()
                await self.keep_seen()
                await asyncio.sleep(self._pump.tick_ms / 1000)

    async def _keep_reaching(self) -> None:
        while True:
            await self._has_passed.wait()
            if not await self.reach():
                await asyncio.sleep(REACH_RETRY_S)

    def see(self, alarm: str) -> bool:
        """Mark an alarm as seen; False if there is none of that name."""
        return self._alarms.see(alarm)

    async def keep_seen(self) -> None:
        """Put down which alarms have been seen, if others are than before."""
        if (seen := self._alarms.seen) != self._kept:
            self._kept = seen
            await asyncio.to_thread(write_seen, self._seen_file, seen)

    def look(self) -> None:
        """Look at everything once, and tell what has changed; never waits, for it is most needed when others do."""
        now_ms = self._now_ms()
        self._follow_clock(now_ms)
        self._away.look(now_ms)
        if self._pump.is_behind:
            self._alarms.keep_up(now_ms)
        else:
            self._prime(now_ms)
            self._judge()
            self._keep_milestones()
            self._keep_gate(now_ms)
        sources = self._sources.look(now_ms)
        sound_lost(self._alarms, self.points_lost(), now_ms)
        self._keep_files(now_ms)
        self._tell(
            WatchState(
                sources=sources,
                alarms=self._alarms.listed(now_ms),
                unwritten=self._desk.unwritten or None,
                ledger=LedgerShown(self._ledger_fault() is None, self._ledger_fault()),
                names=self._names_by_number(),
                opening=self.opening(),
            ),
            now_ms,
        )

    def _follow_clock(self, now_ms: int) -> None:
        """Tell what was found of the clock, and every time that is remembered here as the clock is now."""
        if by_ms := self._away.follow_clock():
            for each in (self._alarms, self._cooldown, self._sources.silence):
                each.shift(by_ms)
            self._intake.follow_clock()
            if self._quarantined_ms is not None:
                self._quarantined_ms += by_ms
            # What was heard was heard by the clock as it was: each source has a heartbeat's time to be heard anew.
            self._sources.silence.begin(now_ms)
            if by_ms > 0:
                self._jumps = -1  # No row tells of it.
        for note in self._clock.notes_since(self._notes_told):
            detail = {"by_ms": note.by_ms, "at": note.at_ms}
            self._alarms.sound(CLOCK, f"{NO_CODE}{note.kind}", now_ms, detail=detail)
        self._notes_told = self._clock.notes_total
        if (off_ms := self._intake.witnesses.off_ms) is not None:
            detail = {"by_ms": off_ms, "at": now_ms}
            self._alarms.sound(CLOCK, f"{NO_CODE}sources", now_ms, detail=detail)

    def _wake_up(self) -> None:
        """Notice that the process stood still for a while. Sources that could not be heard were not silent then, and
        causes that could not be seen are not over: otherwise a released unit would be held again."""
        now_ms = self._now_ms()
        self._follow_clock(now_ms)
        if by_ms := self._away.look(now_ms):
            log.warning("the machine slept, or this process was held up", by_s=by_ms / 1000)
            self._alarms.keep_up(now_ms)
            self._cooldown.keep_up(now_ms)
            if self._sources.silence.listens:
                self._sources.silence.begin(now_ms)

    def _names_by_number(self) -> dict[str, str]:
        names = self._names()
        if names is not self._names_told[0]:
            self._names_told = names, {str(number): name for number, name in names.items()}
        return self._names_told[1]

    def _tell(self, state: WatchState, now_ms: int) -> None:
        if state == self._told:
            return
        self._told = state
        self.topic.move(Cut(self.topic.seq + 1, now_ms, None, 0), {}, state)
        self.topic.publish()

    # Rules and milestones.

    def _prime(self, now_ms: int) -> None:
        """Begin with the entries of the last hour and with what rules asked for, so that a start takes neither the past
        away nor what was decided upon it."""
        if self._is_primed:
            return
        self._is_primed = True
        fold = self._pump.fold
        if not self._sources.silence.listens:
            self._sources.silence.begin(now_ms)
        self._prime_watchdog()
        for (rule, unit), detail in fold.recent.asked.items():
            self._cooldown.presume(rule, unit, figure_of(rule, detail), now_ms)
        self._pump.on_folded = self._judge_folded

    def _prime_watchdog(self) -> None:
        fold = self._pump.fold
        since_ms = fold.now_ms - (NOW_MINUTES + PAST_MINUTES) * MINUTE_MS
        self._watchdog.see(fold.completed_since(0, since_ms), fold.contest.tree)
        self._seen_seq, self._jumps = fold.seq, len(fold.jumps)

    def _judge_folded(self) -> None:
        """``_judge`` after a tick's rows, which may come before the next look: by the clock as it is now."""
        self._wake_up()
        self._judge()

    def _judge(self) -> None:
        """See which rules are tripped, and hold what is to be held: after each tick's rows, before its frame, and once
        a tick for what time alone ends."""
        now_ms, fold = self._now_ms(), self._pump.fold
        moved, self._judged_seq = fold.seq != self._judged_seq, fold.seq
        if self._jumps != len(fold.jumps):
            # The clock was set: what the watchdog counted by it is another minute's, and an hour without entries is
            # none that it has seen.
            self._watchdog = Watchdog(self._folder.rules, self._folder.populations)
            self._prime_watchdog()
        since, self._seen_seq = self._seen_seq, fold.seq
        if fold.seq != since:
            self._watchdog.see(fold.completed_since(since), fold.contest.tree)
        whole = fold.whole.counts[ALL]
        for tripped in self._watchdog.tripped(fold.contest.tree, fold.rounds, whole, now_ms, has_moved=moved):
            self._alarms.sound(tripped.rule, tripped.subject, now_ms, holds=tripped.holds, detail=tripped.detail)
            if tripped.holds and self._cooldown.asks(tripped, now_ms, is_held=self._desk.is_held(tripped.subject)):
                self._hold(tripped)

    def _hold(self, tripped: Tripped) -> None:
        key = tripped.rule, tripped.subject
        try:
            self._desk.hold_by_rule(tripped.subject, tripped.rule, tripped.detail)
        except DiemCauError as error:
            self._cooldown.take_back(tripped)
            if key not in self._not_held:
                self._not_held.add(key)
                log.error("rule could not hold", rule=tripped.rule, unit=tripped.subject, reason=str(error))
        else:
            self._not_held.discard(key)

    def _keep_milestones(self) -> None:
        pump = self._pump
        if pump.stands_still:
            return
        total = int(pump.topics.board().rows[pump.contest.tree.root.code][COMPLETED] or 0)
        self._passed = self._milestones.look(total, pump.fold.milestones, self._monotonic_s())
        if self._passed is not None:
            self._has_passed.set()

    async def reach(self) -> bool:
        """Write the milestone that the last look found passed, if there is one; False if it could not be written: the
        looks that follow say whether it still is."""
        self._has_passed.clear()
        if (value := self._passed) is None:
            return True
        try:
            await self._desk.reach(value)
        except DiemCauError as error:
            log.warning("milestone not written", value=value, reason=str(error))
            return False
        finally:
            self._passed = None
        return True

    # The gate, the sources, the ledger.

    def _keep_gate(self, now_ms: int) -> None:
        fold = self._pump.fold
        if self._gate[0] != fold.seq:
            self._gate = fold.seq, fold.gate_to_be
            self._waiting = len(to_be_verified(fold, self._gate[1]))
        held = dict(self._gate[1].held)
        if fold.gate.stops is not None:
            held[ALL_UNITS] = fold.gate.stops
        long = {subject: hold.at_ms for subject, hold in held.items() if now_ms - hold.at_ms > HELD_LONG_MS}
        self._quarantined_ms = (self._quarantined_ms or now_ms) if self._waiting else None
        if self._quarantined_ms is not None and now_ms - self._quarantined_ms > HELD_LONG_MS:
            long[QUARANTINED] = self._quarantined_ms
        for subject, at_ms in long.items():
            self._alarms.sound(HELD_LONG, subject, now_ms, detail=self._held_detail(subject, at_ms))
        self._alarms.keep(HELD_LONG, long)

    def _held_detail(self, subject: str, at_ms: int) -> AlarmDetail:
        # By ``unit`` whoever reads it tells a unit whose code is "all" or "quarantined" from what these stand for.
        if subject == ALL_UNITS:
            return {"at": at_ms}
        if subject == QUARANTINED:
            return {"at": at_ms, "entries": self._waiting}
        return {"at": at_ms, "unit": subject}

    def _ledger_fault(self) -> str | None:
        return self._pump.ledger.failure or self._pump.ledger.refusal

    def _keep_files(self, now_ms: int) -> None:
        ledger, counters = self._pump.ledger.path.name, self._pump.counters
        faults = [(rule, ADMIN_FILE, fault) for rule, fault in self._admin_faults().items()]
        for rule, subject, fault in (*faults, ("ledger", ledger, self._ledger_fault())):
            if fault is not None:
                self._alarms.sound(rule, subject, now_ms, detail={"reason": fault})
        for rule, count in (("checkpoint", counters.checkpoints_wrong), ("put_back", counters.lost_seq)):
            if count:
                self._alarms.sound(rule, ledger, now_ms, detail={"count": count})
