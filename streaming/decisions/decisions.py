"""Decisions: rows in which somebody has set how the ledger is to be read.

Three sorts: "contest" says what the numbers are of; the gate's say what is public, and take effect with the release
while everything is held; what counts (void, correction, milestone) waits for the public cut as entries do.
"""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

import msgspec

from streaming.decisions.gate import EntryKey, Gate, Hold
from streaming.errors import FoldError, unreadable_row
from streaming.ledger.rows import Row

COUNTED_DECISIONS = frozenset({"void", "correction", "milestone"})
"""Those that the public cut passes like entries; the others set the gate, but for "contest" and "schedule"."""

REMEMBERED_MAX = 50
"""Decisions that are remembered to tell who decided since; whoever has seen none of them is told to look again."""

CorrectedColumn = Literal["registered", "started", "completed", "participants"]
CORRECTED_COLUMNS: tuple[str, ...] = get_args(CorrectedColumn)

KEPT_BACK_MAX_MS = 7 * 24 * 3_600_000
"""No schedule begins earlier than this before a closing, and no delay is longer."""


class Correction(msgspec.Struct, frozen=True):
    """Somebody's change of one count, at a leaf unit and in a round; what is shown never falls below 0.

    ``is_labelled`` has screens say "đã điều chỉnh".
    """

    seq: int
    at_ms: int
    by: str
    unit: str
    round: int
    column: CorrectedColumn
    delta: int
    reason: str
    is_labelled: bool


class Milestone(msgspec.Struct, frozen=True):
    """The public total had passed ``value`` for a while; reached once for ever."""

    value: int
    at_ms: int


@dataclass(frozen=True)
class Void:
    """A row that takes an entry back; it may come before the entry."""

    seq: int
    by: str
    voids: str


class Decided(msgspec.Struct, frozen=True):
    """Who decided what, and when; of what an operator must know before deciding again. ``final`` is of a hold that made
    the numbers final."""

    seq: int
    kind: str
    unit: str | None
    by: str
    at: int
    final: bool = False


class _Said(msgspec.Struct, tag_field="kind"):
    """What every decision of a kind says. A correction and a contest are looked at as a whole where they are read."""


class _OfUnit(_Said, tag_field="kind"):
    unit: str | None


class _OfEntries(_Said, tag_field="kind"):
    entries: list[tuple[str, str]]


class _Hold(_OfUnit, tag="hold"):
    rule: str | None = None
    detail: dict[str, Any] = {}


class _Release(_OfUnit, tag="release"): ...


class _Quarantine(_OfEntries, tag="quarantine"): ...


class _Clear(_OfEntries, tag="clear"): ...


class _VoidOf(_OfEntries, tag="void"): ...


class _Delay(_Said, tag="delay"):
    delay_ms: int


class _Round(_Said, tag="round"):
    n: int
    opens_ms: int
    closes_ms: int


class _ScheduleOf(_Said, tag="schedule"):
    round: int
    before_close_ms: int | None
    delay_ms: int | None = None


class _Milestone(_Said, tag="milestone"):
    value: int


class _Correction(_Said, tag="correction"):
    unit: str
    round: int


class _Contest(_Said, tag="contest"):
    contest: dict[str, Any]


_Known = (
    _Hold | _Release | _Quarantine | _Clear | _VoidOf | _Delay | _Round | _ScheduleOf | _Milestone | _Correction
    | _Contest
)  # fmt: skip
_KINDS = frozenset(str(each.__struct_config__.tag) for each in get_args(_Known))


class LastDecisions:
    """The last decisions of people and rules, for whoever decides next; made of rows alone, so a start forgets none.

    ``asked`` is by rule and unit with which figures the rule had the unit held last.
    """

    def __init__(self) -> None:
        self._kept: deque[Decided] = deque(maxlen=REMEMBERED_MAX)
        self.asked: dict[tuple[str, str], Mapping[str, int]] = {}

    @property
    def last(self) -> Decided | None:
        """The very last one, None before the first."""
        return self._kept[-1] if self._kept else None

    def take(self, row: Row, decision: dict[str, Any]) -> None:
        """Remember a decision."""
        self._kept.append(decided_of(row.seq, decision, row.by, row.received_ms))
        if decision["kind"] == "hold" and (rule := decision.get("rule")) is not None:
            self.asked[rule, decision["unit"]] = decision.get("detail", {})

    def since(self, seq: int, by: str) -> Decided | None:
        """What was decided last after row ``seq`` by anybody but ``by``, None if nothing was. Where more was decided
        since than is remembered, nobody can say that it was all their own: then it is the very last decision."""
        others = [each for each in self._kept if each.seq > seq and each.by != by]
        if others:
            return others[-1]
        return self._kept[-1] if len(self._kept) == REMEMBERED_MAX and self._kept[0].seq > seq else None


def decided_of(seq: int, decision: Mapping[str, Any], by: str, at_ms: int) -> Decided:
    """What a decision was, for whoever decides next."""
    return Decided(seq, decision["kind"], decision.get("unit"), by, at_ms, bool(decision.get("final", False)))


def read_decision(row: Row) -> dict[str, Any]:
    """What a decision row says, its ``kind`` among it, and with it all that one of its kind says. Who decides by it
    need not look whether it is there.

    Raises:
        FoldError: If it cannot be read, has no kind, or lacks what one of its kind says.
    """
    try:
        decision: dict[str, Any] = msgspec.json.decode(row.body, type=dict[str, Any])
        if decision.get("kind") in _KINDS:
            msgspec.convert(decision, _Known)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise unreadable_row(row.seq, row.type, error) from None
    if not isinstance(decision.get("kind"), str):
        raise FoldError(f'row {row.seq}: a decision without "kind"')
    return decision


def of_all(decision: dict[str, Any], kind: str) -> bool:
    """Whether a decision holds or releases everything, not one unit."""
    return decision["kind"] == kind and decision["unit"] is None


def entry_keys(decision: dict[str, Any]) -> list[EntryKey]:
    """The entries that a quarantine, the end of one, or a void names."""
    return [(by, id_) for by, id_ in decision["entries"]]


def hold_of(row: Row, decision: dict[str, Any]) -> Hold:
    """The hold that a decision begins."""
    return Hold(
        since=row.seq,
        at_ms=row.received_ms,
        by=row.by,
        reason=decision.get("reason", ""),
        rule=decision.get("rule"),
        tells_point=bool(decision.get("tell", False)),
        is_final=bool(decision.get("final", False)),
    )


def set_gate(gate: Gate, row: Row, decision: dict[str, Any]) -> None:
    """Set the gate as a decision says; one of another sort changes nothing."""
    match decision["kind"]:
        case "hold":
            gate.hold(decision["unit"], hold_of(row, decision))
        case "release":
            gate.release(decision["unit"])
        case "quarantine":
            gate.quarantine(entry_keys(decision))
        case "clear":
            gate.clear(entry_keys(decision))
        case "delay":
            gate.delay(int(decision["delay_ms"]))


def correction_of(row: Row, decision: dict[str, Any]) -> Correction:
    """The correction that a decision makes.

    Raises:
        FoldError: If it is not whole.
    """
    try:
        return msgspec.convert(
            {
                "seq": row.seq,
                "at_ms": row.received_ms,
                "by": row.by,
                "is_labelled": decision.get("labelled", False),
                "reason": decision.get("reason", ""),
            }
            | {name: decision.get(name) for name in ("unit", "round", "column", "delta")},
            Correction,
        )
    except msgspec.ValidationError as error:
        raise FoldError(f"row {row.seq}: a correction that is not whole ({error})") from None


def check_delay(seq: int, delay_ms: int) -> None:
    """See whether entries may be delayed by so much.

    Raises:
        FoldError: If not.
    """
    if not 0 <= delay_ms <= KEPT_BACK_MAX_MS:
        raise FoldError(f"row {seq}: delay_ms is {delay_ms}, expected 0 to {KEPT_BACK_MAX_MS}")
