"""What a release, or an earlier moment, would bring: the numbers and places of every unit that moves, now and then.

Every open dialog asks every two seconds, and to answer goes through all that is kept back, in the event loop. So the
last answer of each unit is kept, and nobody's asking takes more than a share of the time in which screens get frames.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import msgspec

from streaming.contests.contest import Contest
from streaming.fold.fold import Fold
from streaming.fold.tally import ALL, COMPLETED, PARTICIPANTS, Counts
from streaming.topics.board import RANK, Board
from streaming.topics.frames import Cells
from streaming.topics.operators import after_release
from streaming.topics.state import CutShown

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


class MomentEffect(Effect, frozen=True):
    """What stepping back would bring; ``shown`` is the cut that was public then."""

    shown: CutShown


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

    def of(self, fold: Fold, unit: str | None, on_air: Board | None = None) -> Effect:
        """The effect of the release of a unit (None: of everything), of the fold as it stands or stood just before;
        ``on_air`` is what is shown meanwhile, where that is of an earlier moment."""
        began_s, kept = self._monotonic_s(), self._kept.get(unit)
        if kept is not None and (kept.seq == fold.seq or kept.cost_s > EFFECT_SHARE * (began_s - kept.at_s)):
            return kept.effect
        effect = effect_of(fold, unit, on_air)
        ended_s = self._monotonic_s()
        self._kept[unit] = _Kept(effect, fold.seq, ended_s, ended_s - began_s)
        return effect


def effect_of(fold: Fold, unit: str | None, on_air: Board | None = None) -> Effect:
    """What the release of a unit (None: of everything) would bring now."""
    now = on_air or _board(fold.contest, fold.public.counts[ALL])
    return between(now, _board(fold.contest, after_release(fold, unit)), fold)


def effect_of_earlier(on_air: Board, earlier: Fold, fold: Fold) -> Effect:
    """What stepping back to an earlier fold would bring, against what is on air."""
    return between(on_air, _board(earlier.contest, earlier.public.counts[ALL]), fold)


def between(now: Board, then: Board, fold: Fold) -> Effect:
    """What is different between what is on air now and then; ``fold`` knows what was decided last."""
    tree = fold.contest.tree
    units = [
        _unit_effect(code, row, other)
        for code, row in now.rows.items()
        if row[: PARTICIPANTS + 1] != (other := then.rows[code])[: PARTICIPANTS + 1] or row[RANK] != other[RANK]
    ]
    whole = _unit_effect(tree.root.code, now.rows[tree.root.code], then.rows[tree.root.code])
    total = TotalEffect(whole.completed, whole.participants)
    return Effect(fold.decided.seq if fold.decided else 0, total, units)


def _board(contest: Contest, counts: Mapping[str, Counts]) -> Board:
    board = Board(contest)
    board.take(counts, [each.code for each in contest.tree])
    return board


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
