"""Alarms: what a person should look at, each until its cause is over and somebody has seen it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

import structlog

from server.control.seen import SeenAlarm
from server.control.watch_state import AlarmDetail, AlarmShown
from streaming.rules.cooldown import GONE_MS

ALARM_CLEAR_MS = GONE_MS
"""An alarm whose cause has been over for this long is past."""
ALARMS_MAX = 100
"""Alarms that are listed; of more, past ones are forgotten, and the oldest of the others stay out of the list."""
CLOCK = "clock"
"""The machine's clock was set, lies behind the last row, or is not what sources tell."""
HELD_LONG = "held_long"
"""What is held for long stands on top of all other alarms, and its alarm ends with the hold."""
NO_CODE = "~"
"""Begins the subject of an alarm that is about nothing that has a code: a contest may call a unit "all", but not
"~all". It is told without this."""

log = structlog.get_logger(__name__)


@dataclass
class Alarm:
    """Something that a person should look at. ``last_ms`` is when its cause was last seen."""

    rule: str
    subject: str
    since_ms: int
    last_ms: int
    holds: bool
    detail: AlarmDetail
    is_seen: bool = False

    @property
    def id(self) -> str:
        """Its name: there is one alarm of a rule and a subject at a time."""
        return f"{self.rule}:{self.subject}"

    def is_past(self, now_ms: int) -> bool:
        """Whether its cause is over."""
        return now_ms - self.last_ms >= ALARM_CLEAR_MS


class Alarms:
    """The alarms of one store, in memory: a start begins with those that had been ``seen``, as told by an earlier run,
    and with those whose cause lasts then."""

    def __init__(self, seen: Iterable[SeenAlarm] = (), now_ms: int = 0) -> None:
        self._by_id: dict[str, Alarm] = {}
        for each in seen:
            alarm = Alarm(each.rule, each.subject, each.since_ms, now_ms, each.holds, each.detail, is_seen=True)
            self._by_id[alarm.id] = alarm

    @property
    def seen(self) -> list[SeenAlarm]:
        """Those that have been seen, for a later run."""
        return [
            SeenAlarm(alarm.rule, alarm.subject, alarm.since_ms, alarm.holds, alarm.detail)
            for alarm in self._by_id.values()
            if alarm.is_seen
        ]

    def has(self, rule: str, subject: str) -> bool:
        """Whether there is such an alarm, past or not."""
        return f"{rule}:{subject}" in self._by_id

    def keep_up(self, now_ms: int) -> None:
        """Let none of them become past: nobody has checked yet whether their causes last."""
        for alarm in self._by_id.values():
            alarm.last_ms = now_ms

    def shift(self, by_ms: int) -> None:
        """The clock was set by so much."""
        for alarm in self._by_id.values():
            alarm.since_ms += by_ms
            alarm.last_ms += by_ms

    def sound(self, rule: str, subject: str, now_ms: int, *, holds: bool = False, detail: AlarmDetail) -> None:
        """Begin an alarm, or keep one up."""
        alarm = self._by_id.get(f"{rule}:{subject}")
        if alarm is None or alarm.is_past(now_ms):
            alarm = Alarm(rule, subject, now_ms, now_ms, holds, detail)
            self._by_id[alarm.id] = alarm
            log.warning("alarm", rule=rule, subject=subject, **detail)
        alarm.last_ms, alarm.detail = now_ms, detail

    def keep(self, rule: str, subjects: Collection[str]) -> None:
        """End the alarms of a rule that are of none of these subjects, as if they had never been."""
        for id_ in [alarm.id for alarm in self._by_id.values() if alarm.rule == rule and alarm.subject not in subjects]:
            del self._by_id[id_]

    def end(self, rule: str, subject: str) -> None:
        """End an alarm as if it had never been, if there is one."""
        self._by_id.pop(f"{rule}:{subject}", None)

    def see(self, id_: str) -> bool:
        """Mark an alarm as seen; False if there is none of that name."""
        found = self._by_id.get(id_)
        if found is None:
            return False
        found.is_seen = True
        return True

    def listed(self, now_ms: int) -> tuple[AlarmShown, ...]:
        """The alarms, newest first, what is held for long above them and those that are past below; of the past ones
        those that were seen are forgotten."""
        self._forget(now_ms)
        return tuple(
            AlarmShown(
                id=alarm.id,
                rule=alarm.rule,
                subject=alarm.subject.removeprefix(NO_CODE),
                since=alarm.since_ms,
                level="hold" if alarm.holds else "alert",
                detail=alarm.detail,
                seen=alarm.is_seen,
                past=alarm.is_past(now_ms),
            )
            for alarm in list(self._by_id.values())[:ALARMS_MAX]
        )

    def _forget(self, now_ms: int) -> None:
        kept = [alarm for alarm in self._by_id.values() if not (alarm.is_seen and alarm.is_past(now_ms))]
        kept.sort(key=lambda alarm: (alarm.is_past(now_ms), alarm.rule != HELD_LONG, -alarm.since_ms, alarm.id))
        # One whose cause lasts is never dropped: it would start again at every look.
        self._by_id = {a.id: a for number, a in enumerate(kept) if number < ALARMS_MAX or not a.is_past(now_ms)}
