"""The number topics of a store: boards, units, breakdown, and what operators see beside them."""

from collections.abc import Mapping
from typing import NamedTuple

from streaming.contests.contest import Contest
from streaming.contests.rounds import round_at
from streaming.contests.units import UnitCode
from streaming.decisions.standing import CORRECTED_TOLD_MS
from streaming.fold.cursor import Cut
from streaming.fold.fold import Fold
from streaming.fold.pace import MINUTE_MS
from streaming.fold.tally import ALL, PACE, Tally
from streaming.fold.versions import Bookmark
from streaming.topics.board import Board, round_shown
from streaming.topics.frames import BREAKDOWN_COLUMNS, COLUMNS, Cells, hide_small
from streaming.topics.operators import Control
from streaming.topics.state import (
    BoardState,
    BreakdownState,
    Frozen,
    Near,
    NumberState,
    Passed,
    RoundState,
    Series,
    UnitState,
)
from streaming.topics.taking_part import TakingPart
from streaming.topics.topic import Topic, TopicState

SERIES_POINTS_MAX = 360
IDLE_FRAME_MS = 2_000
"""A topic in which nothing changes still tells its as-of time this often while the cut moves."""


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


class Notes(NamedTuple):
    """What several topics say of the public numbers: since when they are final for now, where somebody has corrected
    them of late and wants that told, the milestone passed last, how many acts there were. ``marked`` are the units
    whose own topics still say that they are corrected, as their round goes on."""

    frozen: Frozen | None = None
    corrected: tuple[str, ...] | None = None
    milestone: Passed | None = None
    act: int = 0
    marked: tuple[str, ...] = ()


class Topics:
    """The number topics of one store, moved from cut to cut.

    Anybody may ask for any unit, and a contest may have tens of thousands: the topic of one is moved while somebody
    follows it, and else brought to the cut when it is asked for.
    """

    def __init__(self, *, rehearsal: bool) -> None:
        self.rehearsal = rehearsal
        self._prefix = "rehearsal/" if rehearsal else ""
        self._topics: dict[str, Topic] = {}
        self._units: dict[str, Topic] = {}
        self._asked: set[str] = set()
        self._moved: set[str] = set()
        """Units whose topics stand at the cut: many who ask between two moves cost as much as one."""
        self._boards: dict[int, Board] = {}
        self._epoch = ""
        self._cut: Cut | None = None
        self._is_behind = False
        self._read: Bookmark | None = None
        self._series_minute = -1
        self.notes = Notes()
        self._taking_part: TakingPart
        self._series: Series | None = None
        self._control = Control(self._prefix, rehearsal=rehearsal)
        self._contest: Contest | None = None

    def find(self, name: str) -> Topic | None:
        """The topic of a name without "rehearsal/": board, round/1, unit/024, breakdown, control, point/024; None if
        there is none. The last two are not for everybody, see ``Control``.

        Whoever follows it must begin in the same turn of the loop: else it may have been left behind, or forgotten.
        """
        if name in self._topics:
            return self._topics[name]
        kind, _, code = name.partition("/")
        if kind in {"control", "point"}:
            return self._control.find(name)
        if kind != "unit" or self._contest is None or UnitCode(code) not in self._contest.tree:
            return None
        self._asked.add(code)
        topic = self._units.get(code)
        if topic is None:
            topic = self._units[code] = self._new(name, COLUMNS)
            self._begin(topic)
        if not topic.listeners and code not in self._moved:
            self._move_unit(code)
            topic.publish()  # To nobody: the next frame is about what follows.
        return topic

    def forget(self) -> None:
        """Forget the topics of units that nobody follows, nor has asked for since the last time.

        Who asks again finds one that begins at the cut: a position from before gets a snapshot, that of the cut itself
        is current, for a position has one content.
        """
        self._units = {code: topic for code, topic in self._units.items() if topic.listeners or code in self._asked}
        self._moved &= self._units.keys()
        self._asked.clear()
        self._control.forget()

    def board(self, scope: int = ALL) -> Board:
        """The board of the whole contest (ALL) or of a round.

        Raises:
            KeyError: If there is no such round.
        """
        return self._boards[scope]

    @property
    def all(self) -> tuple[Topic, ...]:
        """Every public topic made so far."""
        return (*self._topics.values(), *self._units.values())

    @property
    def cut(self) -> Cut | None:
        """The cut that all topics stand at, None before the first."""
        return self._cut

    def dump(self) -> dict[str, TopicState]:
        """Every topic that stands at the cut, by its name without "rehearsal/"."""
        cut_seq = self._cut.seq if self._cut else 0
        return {topic.name.removeprefix(self._prefix): topic.dump() for topic in self.all if topic.seq == cut_seq}

    def restore(self, saved: Mapping[str, TopicState], notes: Notes, epoch: str, cut: Cut, contest: Contest) -> None:
        """Stand where an earlier run stood, behind what it may have told screens, until the next move."""
        self._epoch, self._cut, self._contest, self._is_behind = epoch, cut, contest, True
        self.notes, self._taking_part = notes, TakingPart(contest.tree)
        self._moved.clear()
        self._read = None
        for name, state in saved.items():
            kind, _, code = name.partition("/")
            topic = self._new(name, BREAKDOWN_COLUMNS if kind == "breakdown" else COLUMNS)
            topic.restore(state, epoch, cut)
            if kind == "unit":
                self._units[code] = topic
                continue
            self._topics[name] = topic
            if kind != "breakdown":
                board = self._boards[int(code) if code else ALL] = Board(contest)
                board.restore(topic.rows)
        self._taking_part.take(self._boards[ALL].rows)

    def move(self, fold: Fold, epoch: str) -> list[Topic]:
        """Bring every topic to the fold's cut; returns those with something to publish.

        A new epoch begins all of them again and publishes the whole to everybody itself.
        """
        self._moved.clear()
        cut, tally = fold.cut, fold.public
        self._catch_up()
        begins = epoch != self._epoch
        if begins:
            self._epoch, self._contest, self._series_minute = epoch, fold.contest, -1
            self._boards = {scope: Board(fold.contest) for scope in tally.counts}
            self._taking_part = TakingPart(fold.contest.tree)
            names = {"board": COLUMNS, "breakdown": BREAKDOWN_COLUMNS} | {
                f"round/{scope}": COLUMNS for scope in self._boards if scope != ALL
            }
            self._topics = {name: self._topics.get(name) or self._new(name, cols) for name, cols in names.items()}
            self._units = {
                code: topic
                for code, topic in self._units.items()
                if topic.listeners and UnitCode(code) in fold.contest.tree
            }
            self._read = None
        self._cut = cut
        if begins:
            for topic in self.all:
                self._begin(topic)
        changed = self._move_topics(fold, cut, tally)
        apart = self._control.move(fold, epoch)
        if begins:
            for topic in self.all:
                topic.publish_all()
            return apart
        moved = (*self._topics.values(), *(topic for topic in self._units.values() if topic.listeners))
        return [*(topic for topic in moved if topic.name in changed or self._is_idle_due(topic)), *apart]

    def _catch_up(self) -> None:
        if self._is_behind:
            self._is_behind = False
            for topic in self.all:
                topic.is_behind = False

    def _move_topics(self, fold: Fold, cut: Cut, tally: Tally) -> set[str]:
        changed: set[str] = set()
        notes = self.notes = _notes(fold, cut, tally)
        for scope, board in self._boards.items():
            rows = board.take(tally.counts[scope], tally.changed(scope, self._read))
            name = "board" if scope == ALL else f"round/{scope}"
            state: NumberState = RoundState(act=notes.act, round=round_shown(tally.rounds, scope))
            if scope == ALL:
                self._taking_part.take(rows)
                state = self._board_state(cut, tally, fold.public_cut.recent)
            if self._topics[name].move(cut, rows, state):
                changed.add(self._topics[name].name)
        parts = tally.breakdown
        moved = {key: hide_small(tuple(parts[key][:PACE])) for key in tally.breakdown_changed(self._read)}
        if self._topics["breakdown"].move(cut, moved, BreakdownState(act=notes.act)):
            changed.add(self._topics["breakdown"].name)
        self._read = tally.bookmark
        for code, topic in self._units.items():
            if topic.listeners and self._move_unit(code):
                changed.add(topic.name)
        return changed

    def _board_state(self, cut: Cut, tally: Tally, recent: tuple[str, ...]) -> BoardState:
        minute = cut.at_ms // MINUTE_MS
        # The series is made once a minute, or when a minute already shown has changed.
        if minute != self._series_minute or tally.past_changed(self._read):
            self._series, self._series_minute = series(tally, cut.at_ms), minute
        return BoardState(
            act=self.notes.act,
            recent=recent,
            rounds=tuple((round_.n, round_.opens_ms, round_.closes_ms) for round_ in tally.rounds),
            round=round_shown(tally.rounds, round_at(tally.rounds, cut.at_ms)),
            frozen=self.notes.frozen,
            corrected=self.notes.corrected,
            milestone=self.notes.milestone,
            series=self._series,
        )

    def _move_unit(self, code: str) -> bool:
        """Bring one unit's topic to the cut: itself, its children, the siblings just ahead and behind."""
        assert self._contest is not None  # noqa: S101 - a unit topic is made under a contest
        assert self._cut is not None  # noqa: S101 - the same
        board, tree, topic = self._boards[ALL], self._contest.tree, self._units[code]
        ahead, behind = board.ranking(code).near(code)
        shown = {
            code,
            *(child.code for child in tree.children(UnitCode(code))),
            *filter(None, (ahead, behind)),
        }
        rows: dict[str, Cells | None] = {other: board.rows[other] for other in shown}
        # A sibling that is near no longer goes away from the topic.
        rows |= dict.fromkeys(topic.rows.keys() - shown)
        notes = self.notes
        is_corrected = code in notes.marked or any(code in tree.path(leaf) for leaf in notes.corrected or ())
        state = UnitState(
            act=notes.act,
            near=Near(ahead, behind),
            frozen=notes.frozen,
            corrected=is_corrected or None,
            taking_part=self._taking_part.of(code),
            share=board.share(code),
        )
        self._moved.add(code)
        return topic.move(self._cut, rows, state)

    def _is_idle_due(self, topic: Topic) -> bool:
        # Where a clock has been set back, what was published last may be later.
        is_fresh = 0 <= topic.at_ms - topic.published_at_ms < IDLE_FRAME_MS
        return topic.seq != topic.published_seq and not is_fresh

    def _new(self, name: str, columns: tuple[str, ...]) -> Topic:
        topic = Topic(self._prefix + name, columns, rehearsal=self.rehearsal)
        topic.is_behind = self._is_behind
        return topic

    def _begin(self, topic: Topic) -> None:
        assert self._cut is not None  # noqa: S101 - begun only at a cut
        topic.begin(self._epoch, self._cut)


def _notes(fold: Fold, cut: Cut, tally: Tally) -> Notes:
    public = fold.public_cut
    held, milestone = public.gate.held_all, public.milestone
    told, marked = set(), set()
    closes_ms = {round_.n: round_.closes_ms for round_ in tally.rounds}
    for fix in public.corrections.values():
        if fix.is_labelled:
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
