"""What a topic says beside its rows: a struct for each sort of topic, with a field for each key.

A key whose value is None is not in a snapshot, and null in the delta that takes it away. On the wire, and in a topic,
each key changes by itself: the struct is how its owner says all of them at once, and how a page reads them back.
"""

from collections.abc import Mapping
from typing import Any, Self, cast

import msgspec

from streaming.decisions.decision import Decided
from streaming.decisions.standing import CorrectedColumn
from streaming.topics.frames import Frame

RoundTimes = tuple[int, int, int]
"""A round as [n, opens_ms, closes_ms], as moved by decisions."""


class State(msgspec.Struct, frozen=True, kw_only=True):
    """Every key of a topic."""

    @classmethod
    def of(cls, frame: Frame) -> Self:
        """What a snapshot says. Keys that a topic of this sort does not have are left out."""
        return msgspec.convert(frame.state, cls)


def typed(topic: str, state: dict[str, Any]) -> dict[str, Any]:
    """The state keys of a topic as a checkpoint holds them, with the values that its struct gives them. ``topic`` is
    its name without "rehearsal/"; what no checkpoint holds (the watch, ``control/program/…``) has no place here.

    Raises:
        msgspec.ValidationError: If a value is none that the key may have.
    """
    sort = STATES.get(topic.partition("/")[0], State)
    read = msgspec.convert(state, sort)
    return {key: getattr(read, key) for key in state if key in sort.__struct_fields__}


# What everybody may see.


class Series(msgspec.Struct, frozen=True):
    """Completed entries over time: ``completed[i]`` is the total at ``start`` + (i + 1) × ``step_s``."""

    start: int
    step_s: int
    completed: tuple[int, ...]


class RoundShown(msgspec.Struct, frozen=True):
    """A round by its number, and when it opens and closes."""

    n: int
    opens_ms: int
    closes_ms: int


class Frozen(msgspec.Struct, frozen=True):
    """Since when the numbers are final for now (chốt số)."""

    at: int


class Passed(msgspec.Struct, frozen=True):
    """A milestone, and when it was passed."""

    value: int
    at: int


class Near(msgspec.Struct, frozen=True):
    """The siblings just ahead of a unit and just behind it."""

    ahead: str | None = None
    behind: str | None = None


class NumberState(State, frozen=True, kw_only=True):
    """Of every topic of public numbers. ``act`` counts what people, rules and schedules have done to them: a frame in
    which it has moved is to be shown at once, one in which only numbers have at the screen's next beat. ``frozen`` is
    since when the numbers are final for now."""

    act: int = 0
    frozen: Frozen | None = None


class BoardState(NumberState, frozen=True, kw_only=True):
    """Of ``board``. ``recent`` are the places with new entries whose turn came last, ``corrected`` the units whose
    numbers somebody has corrected and wants that told, ``milestone`` the one passed last."""

    recent: tuple[str, ...] | None = None
    rounds: tuple[RoundTimes, ...] | None = None
    round: RoundShown | None = None
    corrected: tuple[str, ...] | None = None
    milestone: Passed | None = None
    series: Series | None = None


class RoundState(NumberState, frozen=True, kw_only=True):
    """Of ``round/{n}``."""

    round: RoundShown | None = None


class UnitState(NumberState, frozen=True, kw_only=True):
    """Of ``unit/{code}``. ``corrected`` is True if numbers at or below the unit are. ``taking_part`` is how many places
    at the lowest level below it have anybody who started or finished, and how many there are. ``share`` is what part of
    the completed entries of the unit above are its own, in thousandths; None where it has none."""

    near: Near | None = None
    corrected: bool | None = None
    taking_part: tuple[int, int] | None = None
    share: int | None = None


class BreakdownState(NumberState, frozen=True, kw_only=True):
    """Of ``breakdown``."""


class PointState(State, frozen=True, kw_only=True):
    """Of ``point/{code}``. ``review`` is True while the unit is held and its own point may know."""

    review: bool | None = None


# What operators see.


class CutShown(msgspec.Struct, frozen=True):
    """The cut that is public."""

    seq: int
    at: int
    heard: int | None


class HoldShown(msgspec.Struct, frozen=True):
    """A hold: since which row and when, who holds and why; see ``streaming.decisions.gate.Hold``."""

    since: int
    at: int
    by: str
    reason: str
    rule: str | None
    tell: bool
    final: bool
    scheduled: bool


class UnitHoldShown(msgspec.Struct, frozen=True):
    """A hold of one unit, and how many ``entries`` it keeps back."""

    unit: str
    since: int
    at: int
    by: str
    reason: str
    rule: str | None
    tell: bool
    final: bool
    scheduled: bool
    entries: int


class ScheduleShown(msgspec.Struct, frozen=True):
    """What the gate does by itself; ``from_ms`` is None for a round that there is no more."""

    round: int
    before_close_ms: int
    delay_ms: int | None
    from_ms: int | None
    done: bool


class QuarantinedShown(msgspec.Struct, frozen=True):
    """An entry that waits to be verified."""

    source: str
    id: str
    unit: str
    kind: str
    at: int


class GateShown(msgspec.Struct, frozen=True):
    """The gate; of the entries that wait to be verified the latest, and how many there are. ``withdrawn`` is the output
    where wrong numbers were taken off the air, whose hold ``held_all`` then is; ``back_to`` is the time whose numbers
    are shown meanwhile, None for those of the hold."""

    held_all: HoldShown | None
    withdrawn: str | None
    back_to: int | None
    held: tuple[UnitHoldShown, ...]
    delay_ms: int
    schedules: tuple[ScheduleShown, ...]
    quarantined: tuple[QuarantinedShown, ...]
    quarantined_total: int


class CorrectionShown(msgspec.Struct, frozen=True):
    """Somebody's change of one count: whether it ``undoes`` that of another row or is undone itself, and whether
    screens are to say nothing of it any more."""

    seq: int
    unit: str
    round: int
    column: CorrectedColumn
    delta: int
    reason: str
    labelled: bool
    by: str
    at: int
    undoes: int | None
    undone: bool
    untold: bool


class Outside(msgspec.Struct, frozen=True):
    """Completed entries that no round has counted: before, between and after them."""

    before: int
    between: int
    after: int


class AsideShown(msgspec.Struct, frozen=True):
    """A source that is not waited for: since when, who has decided it and why."""

    source: str
    at: int
    by: str
    reason: str


class ControlState(State, frozen=True, kw_only=True):
    """Of ``control``. ``decided`` is the seq of the ``last`` decision, 0 before the first; ``nameless`` counts
    completed entries without a person."""

    shown: CutShown | None = None
    decided: int | None = None
    last: Decided | None = None
    round: RoundShown | None = None
    rounds: tuple[RoundTimes, ...] | None = None
    gate: GateShown | None = None
    corrections: tuple[CorrectionShown, ...] | None = None
    milestones: tuple[Passed, ...] | None = None
    outside: Outside | None = None
    nameless: int | None = None
    aside: tuple[AsideShown, ...] | None = None


STATES: dict[str, type[State]] = {
    "board": BoardState,
    "round": RoundState,
    "unit": UnitState,
    "breakdown": BreakdownState,
    "control": ControlState,
    "point": PointState,
}
"""By the first part of a topic's name, of the topics that are in a checkpoint. The topic of the watch is the server's,
and so is what it says; those of programs are in none."""


def number_state(topic: str, state: Mapping[str, Any]) -> NumberState:
    """The struct of what a number topic of this name, without "rehearsal/", says."""
    return cast("NumberState", STATES[topic.partition("/")[0]](**state))
