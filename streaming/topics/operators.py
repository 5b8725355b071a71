"""What operators see beside the public board: the whole fold, the gate, and what has been decided.

The topic ``control`` stands at the last row folded, held or not; it is for those who may see the control room alone.
``point/{code}`` tells a held unit's own connection point that its numbers are being looked at, where an operator lets
it.
"""

from collections.abc import Mapping

import msgspec

from streaming.contests.rounds import round_at
from streaming.contests.units import UnitCode
from streaming.decisions.gate import Gate, Hold
from streaming.decisions.standing import Correction
from streaming.decisions.timetable import Schedule
from streaming.fold.cursor import Cut
from streaming.fold.entry import Entry
from streaming.fold.fold import Fold
from streaming.fold.tally import ALL, COMPLETED, Counts
from streaming.fold.versions import Bookmark
from streaming.topics.board import Board, round_shown
from streaming.topics.frames import COLUMNS
from streaming.topics.state import (
    AsideShown,
    ControlState,
    CorrectionShown,
    CutShown,
    GateShown,
    HoldShown,
    Outside,
    Passed,
    PointState,
    QuarantinedShown,
    ScheduleShown,
    UnitHoldShown,
)
from streaming.topics.topic import Topic

LISTED_MAX = 200
"""Quarantined entries and corrections that are listed, the latest first; how many there are is told beside."""


class Control:
    """The topics of operators and points, made when somebody first asks for one."""

    def __init__(self, prefix: str, *, rehearsal: bool) -> None:
        self._prefix = prefix
        self._rehearsal = rehearsal
        self._topic: Topic | None = None
        self._points: dict[str, Topic] = {}
        self._asked: set[str] = set()
        self._board: Board | None = None
        self._read: Bookmark | None = None
        self._fold: Fold | None = None
        self._epoch = ""

    def find(self, name: str) -> Topic | None:
        """The topic ``control``, or ``point/{code}`` of a unit; None for another name, and before the first move."""
        fold = self._fold
        if fold is None:
            return None
        if name == "control":
            if self._topic is None:
                self._topic = Topic(self._prefix + name, COLUMNS, rehearsal=self._rehearsal, is_public=False)
                self._begin(self._topic, fold)
                self._move_control(fold, self._topic)
            return self._topic
        kind, _, code = name.partition("/")
        if kind != "point" or UnitCode(code) not in fold.contest.tree:
            return None
        self._asked.add(code)
        if code not in self._points:
            topic = self._points[code] = Topic(self._prefix + name, (), rehearsal=self._rehearsal, is_public=False)
            self._begin(topic, fold)
            self._move_point(fold, code, topic)
        return self._points[code]

    def forget(self) -> None:
        """Forget the topics of points that nobody follows, nor has asked for since the last time; see ``Topics``."""
        self._points = {code: topic for code, topic in self._points.items() if topic.is_followed or code in self._asked}
        self._asked.clear()

    @property
    def topics(self) -> tuple[Topic, ...]:
        """Every topic made so far."""
        return (*([self._topic] if self._topic else []), *self._points.values())

    def move(self, fold: Fold, epoch: str) -> list[Topic]:
        """Bring every topic to the last row folded; returns those that changed. A new epoch is published here."""
        self._fold = fold
        begins, self._epoch = epoch != self._epoch, epoch
        if begins:
            self._board, self._read = None, None
            self._points = {code: topic for code, topic in self._points.items() if UnitCode(code) in fold.contest.tree}
            for topic in self.topics:
                self._begin(topic, fold)
        changed = []
        if self._topic is not None and self._move_control(fold, self._topic):
            changed.append(self._topic)
        changed += [topic for code, topic in self._points.items() if self._move_point(fold, code, topic)]
        if begins:
            for topic in self.topics:
                topic.publish_all()
            return []
        return changed

    def _begin(self, topic: Topic, fold: Fold) -> None:
        topic.begin(self._epoch, _position(fold))

    def _move_control(self, fold: Fold, topic: Topic) -> bool:
        if self._board is None:
            self._board = Board(fold.contest)
        whole = fold.whole
        rows = self._board.take(whole.counts[ALL], whole.changed(ALL, self._read))
        self._read = whole.bookmark
        return topic.move(_position(fold), rows, control_state(fold))

    def _move_point(self, fold: Fold, code: str, topic: Topic) -> bool:
        gate = fold.gate_to_be
        holds = [hold for above in fold.contest.tree.path(UnitCode(code)) if (hold := gate.held.get(above))]
        is_told = any(hold.tells_point for hold in holds)
        return topic.move(_position(fold), {}, PointState(review=is_told or None))


def _position(fold: Fold) -> Cut:
    return Cut(fold.seq, fold.now_ms, fold.heard_upto_ms, fold.cut.revision)


def to_be_verified(fold: Fold, gate: Gate) -> list[Entry]:
    """The entries that a gate has wait to be verified, the latest first. Those that have been voided wait no more, and
    those that are still to come do not yet."""
    named = (fold.entries.get(key) for key in gate.quarantined)
    return sorted((entry for entry in named if entry and not entry.void_seq), key=lambda entry: -entry.seq)


def control_state(fold: Fold) -> ControlState:
    """Everything of ``control`` but its rows."""
    cut, decided, undone = fold.cut, fold.decided, fold.undone
    return ControlState(
        shown=CutShown(cut.seq, cut.at_ms, cut.heard_ms),
        decided=decided.seq if decided else 0,
        last=decided,
        round=round_shown(fold.rounds, round_at(fold.rounds, fold.now_ms)),
        rounds=tuple((round_.n, round_.opens_ms, round_.closes_ms) for round_ in fold.rounds),
        gate=gate_shown(fold),
        corrections=tuple(_correction(fix, undone, fold.untold) for fix in _latest(fold.corrections)) or None,
        milestones=tuple(Passed(m.value, m.at_ms) for m in fold.milestones.values()) or None,
        outside=Outside(**fold.whole.outside),
        nameless=fold.whole.nameless,
        aside=tuple(AsideShown(name, each.at_ms, each.by, each.reason) for name, each in fold.aside.items()) or None,
    )


def gate_shown(fold: Fold) -> GateShown:
    """The gate, with how many entries each hold keeps back."""
    gate = fold.gate_to_be
    held_all = fold.gate.stops
    waiting = to_be_verified(fold, gate)
    public, whole = fold.public.counts[ALL], fold.whole.counts[ALL]
    return GateShown(
        held_all=_hold(held_all) if held_all else None,
        withdrawn=fold.gate.withdrawn.output if fold.gate.withdrawn else None,
        back_to=fold.gate.withdrawn.back_to_ms if fold.gate.withdrawn else None,
        held=tuple(_unit_hold(unit, hold, _more(unit, public, whole)) for unit, hold in gate.held.items()),
        delay_ms=gate.delay_ms,
        schedules=tuple(_schedule(fold, schedule) for schedule in fold.schedules),
        quarantined=tuple(_quarantined(entry) for entry in waiting[:LISTED_MAX]),
        quarantined_total=len(waiting),
    )


def _more(unit: str, public: Mapping[str, Counts], whole: Mapping[str, Counts]) -> int:
    return whole[unit][COMPLETED] - public[unit][COMPLETED]


def _hold(hold: Hold) -> HoldShown:
    return HoldShown(
        since=hold.since,
        at=hold.at_ms,
        by=hold.by,
        reason=hold.reason,
        rule=hold.rule,
        tell=hold.tells_point,
        final=hold.is_final,
        scheduled=hold.is_scheduled,
    )


def _unit_hold(unit: str, hold: Hold, entries: int) -> UnitHoldShown:
    return UnitHoldShown(unit=unit, entries=entries, **msgspec.structs.asdict(_hold(hold)))


def _schedule(fold: Fold, schedule: Schedule) -> ScheduleShown:
    return ScheduleShown(
        round=schedule.round,
        before_close_ms=schedule.before_close_ms,
        delay_ms=schedule.delay_ms,
        from_ms=schedule.begins_ms(fold.rounds),
        done=schedule.has_begun,
    )


def _quarantined(entry: Entry) -> QuarantinedShown:
    return QuarantinedShown(entry.by, entry.id, entry.unit, entry.kind, entry.at_ms)


def _latest(corrections: Mapping[int, Correction]) -> list[Correction]:
    return [corrections[seq] for seq in sorted(corrections, reverse=True)[:LISTED_MAX]]


def _correction(fix: Correction, undone: frozenset[int], untold: set[int]) -> CorrectionShown:
    return CorrectionShown(
        seq=fix.seq,
        unit=fix.unit,
        round=fix.round,
        column=fix.column,
        delta=fix.delta,
        reason=fix.reason,
        labelled=fix.is_labelled,
        by=fix.by,
        at=fix.at_ms,
        undoes=fix.undoes,
        undone=fix.seq in undone,
        untold=fix.seq in untold,
    )


def after_release(fold: Fold, unit: str | None, *, every: bool = False) -> dict[str, Counts]:
    """The public numbers of all rounds together, by unit, as the release of a unit (None: of everything, with ``every``
    of every unit too) would make them now; nothing is changed."""
    if fold.whole is fold.public or (unit is not None and fold.gate.stops is not None):
        # With everything held, the release of a unit waits for that of everything.
        return {code: list(counts) for code, counts in fold.public.counts[ALL].items()}
    cut, gate, whole = fold.public_cut, fold.gate_after_release(unit, every=every), fold.whole
    passed = cut.passed_at(gate, fold.now_ms)
    tree = fold.contest.tree
    undo = []
    # What somebody has quarantined meanwhile may be on air still.
    named = (entry for key in gate.quarantined if (entry := fold.entries.get(key)) is not None and entry.in_public)
    for entry in {entry.seq: entry for entry in (*cut.kept_back(), *named)}.values():
        path = tree.path(entry.unit)
        is_in = entry.seq <= passed and not gate.holds(path, entry.seq)
        is_in = is_in and (entry.by, entry.id) not in gate.quarantined
        is_void = 0 < entry.void_seq <= passed and not gate.holds(path, entry.void_seq)
        counts, is_counted = is_in and not is_void, entry.void_seq == 0
        if counts != is_counted:
            (whole.add if counts else whole.remove)(entry)
            undo.append((whole.remove if counts else whole.add, entry))
    fixes = [
        fix
        for fix in cut.kept_back_corrections()
        if fix.seq > passed or gate.holds(tree.path(UnitCode(fix.unit)), fix.seq)
    ]
    for fix in fixes:
        whole.correct(fix, -1)
    found = {code: list(counts) for code, counts in whole.counts[ALL].items()}
    for again, entry in undo:
        again(entry)
    for fix in fixes:
        whole.correct(fix)
    return found
