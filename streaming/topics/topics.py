"""The number topics of a store as they follow its fold, and what operators see beside them."""

from collections.abc import Callable

from streaming.contests.rounds import round_at
from streaming.decisions.standing import CORRECTED_TOLD_MS
from streaming.fold.cursor import Cut, undone_by
from streaming.fold.fold import Fold
from streaming.fold.pace import MINUTE_MS
from streaming.fold.tally import ALL, PACE, Tally
from streaming.fold.versions import Bookmark
from streaming.topics.board import Board, round_shown
from streaming.topics.frames import hide_small
from streaming.topics.moves import Move, Notes
from streaming.topics.numbers import BREAKDOWN, NumberTopics, board_name
from streaming.topics.operators import Control
from streaming.topics.state import BoardState, BreakdownState, Frozen, NumberState, Passed, RoundState, Series
from streaming.topics.topic import Topic

SERIES_POINTS_MAX = 360


def series(tally: Tally, now_ms: int) -> Series | None:
    """Completed entries over time.

    Only steps that have ended are in it, by the time of arrival. The step is a minute, doubled until the points are
    at most SERIES_POINTS_MAX. None until the first step has ended.
    """
    if not tally.minutes:
        return None
    first, last = min(tally.minutes), now_ms // MINUTE_MS
    step = 1
    while (last - first) // step > SERIES_POINTS_MAX:
        step *= 2
    points = [0] * ((last - first) // step)
    if not points:
        return None
    for minute, count in tally.minutes.items():
        index = (minute - first) // step
        if index < len(points):
            points[index] += count
    total = 0
    for index, count in enumerate(points):
        total += count
        points[index] = total
    return Series(first * MINUTE_MS, step * 60, tuple(points))


class Topics(NumberTopics):
    """The topics of one store. ``on_move`` hears of each move of the public ones."""

    def __init__(self, *, rehearsal: bool) -> None:
        super().__init__(rehearsal=rehearsal)
        self.on_move: Callable[[Move], None] | None = None
        self._read: Bookmark | None = None
        self._series_minute = -1
        self._series: Series | None = None
        self._control = Control(self._prefix, rehearsal=rehearsal)

    def find(self, name: str) -> Topic | None:
        """As of public topics; also control and point/024, which are not for everybody, see ``Control``."""
        return self._control.find(name) if name.partition("/")[0] in {"control", "point"} else super().find(name)

    def forget(self) -> None:
        """As of public topics, and of points."""
        super().forget()
        self._control.forget()

    def move(self, fold: Fold, epoch: str, on_air: Fold | None = None) -> list[Topic]:
        """Bring every topic to the fold's cut; returns those with something to publish.

        A new epoch begins all of them again and publishes the whole to everybody itself. ``on_air`` is a fold of an
        earlier moment, where numbers of then are public.
        """
        shown = on_air or fold
        tally, is_whole = shown.public, epoch != self._epoch
        boards = self._boards
        if is_whole or self._is_behind:
            # A checkpoint has rows, but nothing was read of the fold.
            self._read, self._series_minute = None, -1
        if is_whole:
            boards = {scope: Board(shown.contest) for scope in tally.counts}
        move = self._next(shown, epoch, boards, act=fold.public_cut.act, is_whole=is_whole)
        self._read = tally.bookmark
        apart = self._control.move(fold, epoch)
        changed = self.take(move, boards)
        if self.on_move is not None:
            self.on_move(move)
        return [*changed, *apart]

    def move_apart(self, fold: Fold, epoch: str) -> list[Topic]:
        """Bring what is not public to the fold; returns the topics with something to publish. What is public stands
        where it is."""
        self._catch_up()
        return self._control.move(fold, epoch)

    def _next(self, fold: Fold, epoch: str, boards: dict[int, Board], *, act: int, is_whole: bool) -> Move:
        """What is different now from what was read last. ``act`` goes on rising where the fold is an earlier one."""
        cut, tally = fold.cut, fold.public
        notes = _notes(fold, cut, tally)._replace(act=act)
        rows = {
            board_name(scope): board.take(tally.counts[scope], tally.changed(scope, self._read))
            for scope, board in boards.items()
        }
        states: dict[str, NumberState] = {
            board_name(scope): RoundState(act=notes.act, frozen=notes.frozen, round=round_shown(tally.rounds, scope))
            for scope in boards
        }
        states[board_name(ALL)] = self._board_state(cut, tally, notes, fold.public_cut.recent)
        states[BREAKDOWN] = BreakdownState(act=notes.act, frozen=notes.frozen)
        parts = tally.breakdown
        rows[BREAKDOWN] = {key: hide_small(tuple(parts[key][:PACE])) for key in tally.breakdown_changed(self._read)}
        root = fold.contest.tree.root.code
        if root in rows[board_name(ALL)]:
            # The total beside its parts, so that a picture of both is of one cut.
            rows[BREAKDOWN][root] = tuple(tally.counts[ALL][root][:PACE])
        return Move(
            epoch=epoch, contest=fold.contest, cut=cut, rows=rows, states=states, notes=notes, is_whole=is_whole
        )

    def _board_state(self, cut: Cut, tally: Tally, notes: Notes, recent: tuple[str, ...]) -> BoardState:
        minute = cut.at_ms // MINUTE_MS
        # The series is made once a minute, or when a minute already shown has changed.
        if minute != self._series_minute or tally.past_changed(self._read):
            self._series, self._series_minute = series(tally, cut.at_ms), minute
        return BoardState(
            act=notes.act,
            recent=recent,
            rounds=tuple((round_.n, round_.opens_ms, round_.closes_ms) for round_ in tally.rounds),
            round=round_shown(tally.rounds, round_at(tally.rounds, cut.at_ms)),
            frozen=notes.frozen,
            corrected=notes.corrected,
            milestone=notes.milestone,
            series=self._series,
        )


def _notes(fold: Fold, cut: Cut, tally: Tally) -> Notes:
    public = fold.public_cut
    held, milestone = public.gate.held_all, public.milestone
    told, marked = set(), set()
    closes_ms = {round_.n: round_.closes_ms for round_ in tally.rounds}
    undone = undone_by(public.corrections)
    for fix in public.corrections.values():
        if fix.is_labelled and fix.seq not in undone and fix.seq not in public.untold:
            if cut.at_ms < public.time_of(fix.seq, fix.at_ms) + CORRECTED_TOLD_MS:
                told.add(fix.unit)
            if cut.at_ms < closes_ms.get(fix.round, 0):
                marked.add(fix.unit)
    return Notes(
        frozen=Frozen(cut.at_ms) if held is not None and held.is_final else None,
        corrected=tuple(sorted(told)) or None,
        milestone=Passed(milestone.value, milestone.at_ms) if milestone else None,
        act=public.act,
        marked=tuple(sorted(marked)),
    )
