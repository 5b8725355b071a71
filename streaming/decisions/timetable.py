"""Schedules of the gate: what it does by itself in a round's last hours."""

from collections.abc import Iterator

import msgspec

from streaming.contests.contest import Round

Rounds = tuple[Round, ...]

KEPT_BACK_MAX_MS = 7 * 24 * 3_600_000
"""No schedule begins earlier than this before a closing, and no delay is longer."""


class Schedule(msgspec.Struct, frozen=True):
    """What the gate does from ``before_close_ms`` before a round closes: a freeze (``delay_ms`` None), which somebody
    must release, or a delay, which ends with the round."""

    round: int
    before_close_ms: int
    delay_ms: int | None
    by: str
    reason: str = ""
    has_begun: bool = False
    has_ended: bool = False

    def begins_ms(self, rounds: Rounds) -> int | None:
        """When it begins, None for a round that there is no more."""
        closes_ms = self.closes_ms(rounds)
        return None if closes_ms is None else closes_ms - self.before_close_ms

    def closes_ms(self, rounds: Rounds) -> int | None:
        """When its round closes, None for a round that there is no more."""
        return next((round_.closes_ms for round_ in rounds if round_.n == self.round), None)

    def edges_ms(self, rounds: Rounds) -> list[int]:
        """The times at which it is still to act."""
        begins_ms, closes_ms = self.begins_ms(rounds), self.closes_ms(rounds)
        if begins_ms is None or closes_ms is None or self.has_ended:
            return []
        ends = [] if self.delay_ms is None else [closes_ms]
        return ends if self.has_begun else [begins_ms, *ends]


class Schedules:
    """The schedules by their round, each begun and ended once."""

    def __init__(self) -> None:
        self._by_round: dict[int, Schedule] = {}

    def __iter__(self) -> Iterator[Schedule]:
        return iter(self._by_round.values())

    def __len__(self) -> int:
        return len(self._by_round)

    def set(self, number: int, schedule: Schedule | None) -> bool:
        """Set a round's schedule, or take it away; returns whether the one before delays, and would never end now."""
        old = self._by_round.pop(number, None)
        if schedule is not None:
            self._by_round[number] = schedule
        return old is not None and old.delay_ms is not None and old.has_begun and not old.has_ended

    def edges_ms(self, rounds: Rounds) -> list[int]:
        """The times at which any is still to act."""
        return [edge for schedule in self for edge in schedule.edges_ms(rounds)]

    def due(self, now_ms: int, rounds: Rounds) -> Iterator[tuple[Schedule, int]]:
        """Each that begins or ends by ``now_ms``, with the time at which it does; each time is told once. Whether it
        begins or ends now, its ``has_ended`` says."""
        for number, schedule in self._by_round.items():
            edges = schedule.edges_ms(rounds)
            if not edges or edges[0] > now_ms:
                continue
            if not schedule.has_begun:
                schedule = msgspec.structs.replace(schedule, has_begun=True)  # noqa: PLW2901 - the same, later
                yield schedule, edges[0]
            if schedule.delay_ms is None or edges[-1] <= now_ms:
                schedule = msgspec.structs.replace(schedule, has_ended=True)  # noqa: PLW2901 - the same, later
                if schedule.delay_ms is not None:
                    yield schedule, edges[-1]
            self._by_round[number] = schedule

    def set_back(self, now_ms: int, rounds: Rounds) -> int | None:
        """Take back what began or ended later than ``now_ms``, by a clock that ran ahead: its time is still to come.
        Returns the delay that is in force after it, None if they have nothing to say of that.

        A freeze that stands is for somebody to release, whenever it came.
        """
        delay_ms = None
        for number, schedule in self._by_round.items():
            begins_ms, closes_ms = schedule.begins_ms(rounds), schedule.closes_ms(rounds)
            if begins_ms is None or closes_ms is None or not schedule.has_begun:
                continue
            if begins_ms > now_ms:
                if schedule.delay_ms is not None and not schedule.has_ended:
                    delay_ms = 0
                self._by_round[number] = msgspec.structs.replace(schedule, has_begun=False, has_ended=False)
            elif schedule.delay_ms is not None and schedule.has_ended and closes_ms > now_ms:
                delay_ms = schedule.delay_ms
                self._by_round[number] = msgspec.structs.replace(schedule, has_ended=False)
        return delay_ms
