"""What a release would bring: the numbers and places of every unit that it moves, now and then.

Every open dialog asks every two seconds, and to answer goes through all that is kept back, in the event loop. So the
last answer of each unit is kept, and nobody's asking takes more than a share of the time in which screens get frames.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

import msgspec

from streaming.fold.fold import Fold
from streaming.fold.tally import ALL, COMPLETED, PARTICIPANTS
from streaming.topics.board import RANK, Board
from streaming.topics.frames import Cells
from streaming.topics.operators import after_release

EFFECT_SHARE = 0.1
"""Of the time since it was told last, what telling the effect of one release may take: after one of 50 ms there is none
of newer rows for half a second."""


class UnitEffect(msgspec.Struct, frozen=True):
    """What a release changes for one unit: numbers and place, now and then."""

    code: str
    completed: tuple[int, int]
    participants: tuple[int, int]
    rank: tuple[int | None, int | None]


class TotalEffect(msgspec.Struct, frozen=True):
    """What a release changes for the whole: numbers, now and then."""

    completed: tuple[int, int]
    participants: tuple[int, int]


class Effect(msgspec.Struct, frozen=True):
    """What a release would bring; ``seen`` is the last decision that this takes into account."""

    seen: int
    total: TotalEffect
    units: list[UnitEffect]


@dataclass(frozen=True)
class _Kept:
    effect: Effect
    seq: int
    at_s: float
    cost_s: float


class Effects:
    """The last effect of each release that somebody has asked about, as many as there are units at most."""

    def __init__(self, monotonic_s: Callable[[], float] = time.monotonic) -> None:
        self._monotonic_s = monotonic_s
        self._kept: dict[str | None, _Kept] = {}

    def of(self, fold: Fold, unit: str | None) -> Effect:
        """The effect of the release of a unit (None: of everything), of the fold as it stands or stood just before."""
        began_s, kept = self._monotonic_s(), self._kept.get(unit)
        if kept is not None and (kept.seq == fold.seq or kept.cost_s > EFFECT_SHARE * (began_s - kept.at_s)):
            return kept.effect
        effect = effect_of(fold, unit)
        ended_s = self._monotonic_s()
        self._kept[unit] = _Kept(effect, fold.seq, ended_s, ended_s - began_s)
        return effect


def effect_of(fold: Fold, unit: str | None) -> Effect:
    """What the release of a unit (None: of everything) would bring now."""
    tree = fold.contest.tree
    now, then = Board(fold.contest), Board(fold.contest)
    then.take(after_release(fold, unit), [each.code for each in tree])
    now.take(fold.public.counts[ALL], [each.code for each in tree])
    units = [
        _unit_effect(code, row, other)
        for code, row in now.rows.items()
        if row[: PARTICIPANTS + 1] != (other := then.rows[code])[: PARTICIPANTS + 1] or row[RANK] != other[RANK]
    ]
    whole = _unit_effect(tree.root.code, now.rows[tree.root.code], then.rows[tree.root.code])
    total = TotalEffect(whole.completed, whole.participants)
    return Effect(fold.decided.seq if fold.decided else 0, total, units)


def _unit_effect(code: str, now: Cells, then: Cells) -> UnitEffect:
    return UnitEffect(
        code,
        completed=(int(now[COMPLETED] or 0), int(then[COMPLETED] or 0)),
        participants=(int(now[PARTICIPANTS] or 0), int(then[PARTICIPANTS] or 0)),
        rank=(_rank(now), _rank(then)),
    )


def _rank(row: Cells) -> int | None:
    rank = row[RANK]
    return None if rank is None else int(rank)
