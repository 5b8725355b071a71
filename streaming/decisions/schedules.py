"""Schedules: what the gate is to do by itself in a round's last hours."""

from collections.abc import Sequence

from msgspec import UNSET, UnsetType

from streaming.contests.contest import Round
from streaming.decisions import timetable
from streaming.decisions.action import Action, Reason, Seq
from streaming.decisions.decision import Counting, Decision, InForce
from streaming.decisions.sentence import OfRound, Quantity, Sentence
from streaming.decisions.timetable import KEPT_BACK_MAX_MS
from streaming.errors import FoldError
from streaming.ledger.rows import Row


class Scheduled(Decision, frozen=True, tag="schedule"):
    """From ``before_close_ms`` (None: the round's schedule is taken away) the gate delays, or holds everything where
    the row names no delay."""

    round: int
    before_close_ms: int | None
    delay_ms: int | UnsetType | None = UNSET
    reason: str = ""

    @property
    def late_ms(self) -> int | None:
        """The delay, None for a hold of everything."""
        return None if self.delay_ms is UNSET else self.delay_ms

    def check(self, seq: int, force: InForce) -> None:
        """See whether there is such a round, and whether the times are within bounds."""
        force.calendar.round(self.round, seq)
        for name, value in (("before_close_ms", self.before_close_ms), ("delay_ms", self.late_ms)):
            if value is not None and not 0 < value <= KEPT_BACK_MAX_MS:
                raise FoldError(f"row {seq}: {name} is {value}, expected 1 to {KEPT_BACK_MAX_MS}")

    def apply(self, row: Row, counting: Counting) -> None:
        """Set the round's schedule, or take it away."""
        schedule = None
        if self.before_close_ms is not None:
            schedule = timetable.Schedule(self.round, self.before_close_ms, self.late_ms, row.by, self.reason)
        counting.wait(row)
        counting.set_schedule(row, self.round, schedule)

    def sentence(self) -> Sentence:
        """What the gate is to do, and from when."""
        round_ = OfRound(self.round)
        if self.before_close_ms is None:
            return Sentence("did_no_schedule", {"round": round_})
        age = Quantity(self.before_close_ms, "age")
        if self.late_ms is None:
            return Sentence("did_schedule_freeze", {"round": round_, "age": age})
        return Sentence("did_schedule_delay", {"round": round_, "age": age, "delay": Quantity(self.late_ms, "age")})


class Schedule(Action, frozen=True, kw_only=True, tag="schedule"):
    """Lịch tạm giữ; ``before_close_ms`` None takes the round's away."""

    round: int
    before_close_ms: int | None
    delay_ms: int | None
    seen: Seq
    reason: Reason = ""

    def decision(self, rounds: Sequence[Round]) -> Scheduled:
        """The decision that it becomes."""
        return Scheduled(
            round=self.round, before_close_ms=self.before_close_ms, delay_ms=self.delay_ms, reason=self.reason
        )
