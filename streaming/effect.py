"""What a release, an earlier moment or a correction would bring: the numbers and places of units, now and then.

Every open dialog asks every two seconds, and to answer goes through all that is kept back, in the event loop. So the
last answer of each unit is kept, and nobody's asking takes more than a share of the time in which screens get frames.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import msgspec

from streaming.contests.contest import Contest
from streaming.contests.units import UnitCode
from streaming.decisions.corrections import Corrected
from streaming.decisions.standing import CORRECTED_COLUMNS
from streaming.fold.fold import Fold
from streaming.fold.tally import ALL, COMPLETED, PARTICIPANTS, Counts
from streaming.topics.board import RANK, Board, ranked_together
from streaming.topics.frames import Cells
from streaming.topics.operators import after_release
from streaming.topics.standings import Ranking, Value, value
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


class CorrectedUnit(msgspec.Struct, frozen=True):
    """What a correction changes for one unit: the count in its round, that of all rounds, and the place."""

    code: str
    round: tuple[int, int]
    all: tuple[int, int]
    rank: tuple[int | None, int | None]


class CorrectionEffect(msgspec.Struct, frozen=True):
    """What a correction would bring to its unit and those above it. ``kept_back``: it waits for a release or a delay,
    and the numbers are of all that has arrived."""

    seen: int
    kept_back: bool
    units: list[CorrectedUnit]


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
        self._kept: dict[tuple[str | None, bool], _Kept] = {}

    def of(self, fold: Fold, unit: str | None, on_air: Board | None = None, *, every: bool = False) -> Effect:
        """The effect of the release of a unit (None: of everything, with ``every`` of every unit too), of the fold as
        it stands or stood just before; ``on_air`` is what is shown meanwhile, where that is of an earlier moment."""
        began_s, kept = self._monotonic_s(), self._kept.get((unit, every))
        if kept is not None and (kept.seq == fold.seq or kept.cost_s > EFFECT_SHARE * (began_s - kept.at_s)):
            return kept.effect
        effect = effect_of(fold, unit, on_air, every=every)
        ended_s = self._monotonic_s()
        self._kept[unit, every] = _Kept(effect, fold.seq, ended_s, ended_s - began_s)
        return effect


def effect_of(fold: Fold, unit: str | None, on_air: Board | None = None, *, every: bool = False) -> Effect:
    """What the release of a unit (None: of everything, with ``every`` of every unit too) would bring now."""
    now = on_air or _board(fold.contest, fold.public.counts[ALL])
    return between(now, _board(fold.contest, after_release(fold, unit, every=every)), fold)


def effect_of_earlier(on_air: Board, earlier: Fold, fold: Fold) -> Effect:
    """What stepping back to an earlier fold would bring, against what is on air."""
    return between(on_air, _board(earlier.contest, earlier.public.counts[ALL]), fold)


def effect_of_correction(fold: Fold, made: Corrected) -> CorrectionEffect:
    """What a correction that has been checked would bring now: nothing of it is clipped at 0."""
    gate, tree, column = fold.gate_to_be, fold.contest.tree, CORRECTED_COLUMNS.index(made.column)
    path = tree.path(UnitCode(made.unit))
    kept_back = not gate.held.keys().isdisjoint(path) or fold.gate.stops is not None or gate.delay_ms > 0
    counts = (fold.whole if kept_back else fold.public).counts
    then = {str(code): list(counts[ALL][code]) for code in path}
    for code in path:
        then[code][column] = max(0, then[code][column] + made.delta)
    units = []
    for code in path:
        now = counts[made.round][code][column]
        units.append(CorrectedUnit(
            code,
            round=(now, now + made.delta),
            all=(counts[ALL][code][column], then[code][column]),
            rank=(_place(fold.contest, code, counts[ALL]), _place(fold.contest, code, {**counts[ALL], **then})),
        ))  # fmt: skip
    return CorrectionEffect(fold.decided.seq if fold.decided else 0, kept_back, units)


def _place(contest: Contest, code: UnitCode, counts: Mapping[str, Counts]) -> int | None:
    """A unit's place among those that it is ranked with; None for the root, and for one that is no place and ranked
    apart."""
    tree, rule = contest.tree, contest.ranking
    parent = tree[code].parent
    if parent is None or (rule.apart and not tree[code].place):
        return None
    groups = ranked_together(tree.children(parent), apart=rule.apart)
    (group,) = (group for group in groups if tree[code] in group)
    values: dict[str, Value] = {
        each.code: value(rule.by, counts[each.code], tree.target(each.code), contest.target_by) for each in group
    }
    return Ranking(values).places[code]


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
