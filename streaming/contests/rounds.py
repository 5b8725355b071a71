"""The calendar: a contest's rounds, as decisions have moved them."""

from collections.abc import Iterable
from itertools import pairwise

import msgspec

from streaming.contests.contest import Contest, Round
from streaming.errors import FoldError


def round_at(rounds: Iterable[Round], at_ms: int) -> int | None:
    """The number of the round open at an instant, None outside all of them; a round is [opens, closes)."""
    for round_ in rounds:
        if round_.opens_ms <= at_ms < round_.closes_ms:
            return round_.n
    return None


class Calendar:
    """The rounds in force, in the contest's order. ``seq`` is everywhere the row that asks, for what an error says."""

    def __init__(self) -> None:
        self.rounds: tuple[Round, ...] = ()
        self._own: tuple[Round, ...] = ()
        self._moved: dict[int, Round] = {}

    def adopt(self, contest: Contest) -> None:
        """Take a contest's rounds; one that was moved stays moved unless the contest's own dates of it have changed."""
        own = {round_.n: round_ for round_ in self._own}
        self._moved = {r.n: self._moved[r.n] for r in contest.rounds if r.n in self._moved and own.get(r.n) == r}
        self._own = contest.rounds
        self.rounds = tuple(self._moved.get(round_.n, round_) for round_ in contest.rounds)

    def move(self, number: int, opens_ms: int, closes_ms: int, seq: int) -> None:
        """Move a round.

        Raises:
            FoldError: If it cannot be, see ``moved``.
        """
        self.rounds = self.moved(number, opens_ms, closes_ms, seq)
        self._moved[number] = self.round(number, seq)

    def moved(self, number: int, opens_ms: int, closes_ms: int, seq: int) -> tuple[Round, ...]:
        """The rounds with one of them moved; changes nothing. One that opens when it closes waits for a button.

        Raises:
            FoldError: If there is no such round, or it would overlap another or close before it opens.
        """
        old = self.round(number, seq)
        moved = msgspec.structs.replace(old, opens_ms=opens_ms, closes_ms=closes_ms)
        rounds = tuple(moved if round_ is old else round_ for round_ in self.rounds)
        if moved.opens_ms > moved.closes_ms or any(a.closes_ms > b.opens_ms for a, b in pairwise(rounds)):
            raise FoldError(f"row {seq}: round {old.n} would overlap another or close before it opens")
        return rounds

    def round(self, number: int, seq: int) -> Round:
        """A round by its number.

        Raises:
            FoldError: If there is none.
        """
        found = next((round_ for round_ in self.rounds if round_.n == number), None)
        if found is None:
            raise FoldError(f"row {seq}: there is no round {number}")
        return found
