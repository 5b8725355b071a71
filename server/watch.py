"""The watch: what operators must know beside the numbers. One for each store.

It looks once a tick at the sources, the rules, the gate and the ledger, lists alarms, and tells all of it on the topic
``desk``, which has versions of its own: the time alone can change what it says.
"""

import asyncio
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec
import structlog

from server.desk import Desk
from streaming.contest import ContestFolder
from streaming.control import gate_to_be
from streaming.cut import Cut
from streaming.errors import DiemCauError
from streaming.intake import Intake, SourceFigures
from streaming.milestones import MilestoneWatch
from streaming.pump import Pump
from streaming.rows import Row
from streaming.rules import MINUTE_MS, NOW_MINUTES, PAST_MINUTES, Tripped, Watchdog
from streaming.tally import ALL, COMPLETED
from streaming.topics import Topic

HELD_LONG_MS = 5 * 60_000
"""What is held for longer stands on top of the room: it may have been forgotten."""
ALARM_CLEAR_MS = 60_000
"""An alarm whose ground has been gone for so long is past."""
ALARMS_MAX = 100
"""Alarms that are listed; of more the oldest past ones go."""
ALL_UNITS = "all"

log = structlog.get_logger(__name__)


@dataclass
class Alarm:
    """Something that a person should look at. ``last_ms`` is when its ground was last there."""

    rule: str
    subject: str
    since_ms: int
    last_ms: int
    holds: bool
    detail: Mapping[str, Any]
    is_seen: bool = False

    @property
    def id(self) -> str:
        """Its name: there is one alarm of a rule and a subject at a time."""
        return f"{self.rule}:{self.subject}"


@dataclass
class _Alarms:
    by_id: dict[str, Alarm] = field(default_factory=dict)

    def sound(self, rule: str, subject: str, now_ms: int, *, holds: bool = False, detail: Mapping[str, Any]) -> None:
        """Begin an alarm, or keep one up."""
        alarm = self.by_id.get(f"{rule}:{subject}")
        if alarm is None or now_ms - alarm.last_ms >= ALARM_CLEAR_MS:
            alarm = Alarm(rule, subject, now_ms, now_ms, holds, detail)
            self.by_id[alarm.id] = alarm
            log.warning("alarm", rule=rule, subject=subject, **detail)
        alarm.last_ms, alarm.detail = now_ms, detail

    def listed(self, now_ms: int) -> list[dict[str, Any]]:
        """The alarms, newest first; those that are past and seen are forgotten."""
        for id_, alarm in list(self.by_id.items()):
            if alarm.is_seen and self._is_past(alarm, now_ms):
                del self.by_id[id_]
        newest = sorted(
            self.by_id.values(), key=lambda alarm: (self._is_past(alarm, now_ms), -alarm.since_ms, alarm.id)
        )
        self.by_id = {alarm.id: alarm for alarm in newest[:ALARMS_MAX]}
        return [
            {
                "id": alarm.id,
                "rule": alarm.rule,
                "subject": alarm.subject,
                "since": alarm.since_ms,
                "level": "hold" if alarm.holds else "alert",
                "detail": dict(alarm.detail),
                "seen": alarm.is_seen,
                "past": self._is_past(alarm, now_ms),
            }
            for alarm in self.by_id.values()
        ]

    def _is_past(self, alarm: Alarm, now_ms: int) -> bool:
        return now_ms - alarm.last_ms >= ALARM_CLEAR_MS


class Watch:
    """Watches one store. ``heartbeats`` gives, by source that may send, after how many seconds its silence alarms;
    ``names`` the names of accounts; ``now_ms`` is the contest clock."""

    def __init__(
        self,
        pump: Pump,
        intake: Intake,
        desk: Desk,
        folder: ContestFolder,
        *,
        heartbeats: Callable[[], Mapping[str, int]],
        names: Callable[[], Mapping[int, str]],
        now_ms: Callable[[], int],
        monotonic_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self._pump = pump
        self._intake = intake
        self._desk = desk
        self._heartbeats = heartbeats
        self._names = names
        self._now_ms = now_ms
        self._monotonic_s = monotonic_s
        self._watchdog = Watchdog(folder.rules, folder.populations)
        self._milestones = MilestoneWatch(folder.milestones)
        self._told: set[int] = set()
        self._alarms = _Alarms()
        self._is_primed = False
        prefix = "rehearsal/" if pump.topics.rehearsal else ""
        self.topic = Topic(f"{prefix}desk", (), rehearsal=pump.topics.rehearsal, is_public=False)
        self.topic.begin(secrets.token_hex(8), Cut(0, now_ms(), None, 0))
        intake.on_reject = lambda source, count: self._watchdog.reject(source, count, self._now_ms())

    async def run(self) -> None:
        """Look once a tick until cancelled."""
        while True:
            await self.look()
            await asyncio.sleep(self._pump.tick_ms / 1000)

    def see(self, alarm: str) -> bool:
        """Mark an alarm as seen; False if there is none of that name."""
        found = self._alarms.by_id.get(alarm)
        if found is None:
            return False
        found.is_seen = True
        return True

    async def look(self) -> None:
        """Look at everything once, and tell what has changed."""
        now_ms = self._now_ms()
        if not self._pump.is_behind:
            self._prime()
            await self._keep_rules(now_ms)
            await self._keep_milestones()
            self._keep_gate(now_ms)
        sources = self._sources(now_ms)
        self._keep_ledger(now_ms)
        self._tell(
            {
                "sources": sources,
                "alarms": self._alarms.listed(now_ms),
                "unwritten": [msgspec.to_builtins(each) for each in self._desk.unwritten] or None,
                "ledger": {"ok": self._ledger_fault() is None, "reason": self._ledger_fault()},
                "names": {str(number): name for number, name in self._names().items()},
            },
            now_ms,
        )

    def _tell(self, state: dict[str, Any], now_ms: int) -> None:
        known = self.topic.state
        if all(known.get(key) == value for key, value in state.items()):
            return
        self.topic.move(Cut(self.topic.seq + 1, now_ms, None, 0), {}, state)
        self.topic.publish()

    # Rules and milestones.

    def _prime(self) -> None:
        """Begin with the entries of the last hour, so that a start does not take the past away."""
        if self._is_primed:
            return
        self._is_primed = True
        fold = self._pump.fold
        since_ms = fold.now_ms - (NOW_MINUTES + PAST_MINUTES) * MINUTE_MS
        for entry in fold.entries.values():
            if entry.received_ms > since_ms and entry.kind == "completed":
                self._watchdog.see(entry, fold.contest.tree)
        self._pump.on_fold = self._on_fold

    def _on_fold(self, row: Row) -> None:
        if row.type != "participation":
            return
        entry = self._pump.fold.entries.get((row.by, row.id or ""))
        if entry is not None and entry.seq == row.seq and entry.kind == "completed":
            self._watchdog.see(entry, self._pump.fold.contest.tree)

    async def _keep_rules(self, now_ms: int) -> None:
        fold = self._pump.fold
        for tripped in self._watchdog.tripped(fold.contest.tree, fold.rounds, fold.whole.counts[ALL], now_ms):
            self._alarms.sound(tripped.rule, tripped.subject, now_ms, holds=tripped.holds, detail=dict(tripped.detail))
            if tripped.holds:
                await self._hold(tripped)

    async def _hold(self, tripped: Tripped) -> None:
        try:
            await self._desk.hold_by_rule(tripped.subject, tripped.rule, tripped.detail)
        except DiemCauError as error:
            log.error("rule could not hold", rule=tripped.rule, unit=tripped.subject, reason=str(error))

    async def _keep_milestones(self) -> None:
        pump = self._pump
        if pump.stands_still:
            return
        total = int(pump.topics.board().rows[pump.contest.tree.root.code][COMPLETED] or 0)
        value = self._milestones.look(total, {*pump.fold.milestones, *self._told}, self._monotonic_s())
        if value is None:
            return
        try:
            await self._desk.reach(value)
        except DiemCauError as error:
            log.warning("milestone not written", value=value, reason=str(error))
        else:
            self._told.add(value)

    # The gate, the sources, the ledger.

    def _keep_gate(self, now_ms: int) -> None:
        fold = self._pump.fold
        held = dict(gate_to_be(fold).held)
        if fold.gate.held_all is not None:
            held[ALL_UNITS] = fold.gate.held_all
        for unit, hold in held.items():
            if now_ms - hold.at_ms > HELD_LONG_MS:
                self._alarms.sound("held_long", unit, now_ms, detail={"at": hold.at_ms})

    def _sources(self, now_ms: int) -> list[dict[str, Any]]:
        heartbeats, heard = self._heartbeats(), self._pump.heard_ms
        found = []
        for name in sorted({*heartbeats, *heard, *self._intake.figures}):
            figures = self._intake.figures.get(name, SourceFigures())
            heartbeat_s, heard_ms = heartbeats.get(name), heard.get(name)
            state = "off"
            if heartbeat_s is not None:
                state = "never" if heard_ms is None else "live"
                if heard_ms is not None and now_ms - heard_ms > heartbeat_s * 1000:
                    state = "silent"
                    self._alarms.sound(
                        "source_silent", name, now_ms, detail={"heard": heard_ms, "heartbeat_s": heartbeat_s}
                    )
            found.append(
                {
                    "name": name,
                    "state": state,
                    "heartbeat_s": heartbeat_s,
                    "heard": heard_ms,
                    "last_entry": figures.last_entry_ms,
                    "lag_ms": figures.lag_ms,
                    "accepted": figures.accepted,
                    "duplicates": figures.duplicates,
                    "rejected": dict(figures.rejected),
                }
            )
        return found

    def _ledger_fault(self) -> str | None:
        ledger = self._pump.ledger
        return ledger.failure or ledger.refusal

    def _keep_ledger(self, now_ms: int) -> None:
        if (fault := self._ledger_fault()) is not None:
            self._alarms.sound("ledger", self._pump.ledger.path.name, now_ms, detail={"reason": fault})
        if wrong := self._pump.figures.checkpoints_wrong:
            self._alarms.sound("checkpoint", self._pump.ledger.path.name, now_ms, detail={"count": wrong})
