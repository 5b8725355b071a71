"""A past ledger as participations to come: in its order and at its pace, or quicker, by people who stay without names.

Every participation of the ledger becomes an item of the API under an id of its own, with a time of now. Its people stay
as many as they were: the digest that the ledger keeps instead of a person stands for the person. What operators took
back is taken back again. What their other decisions did to numbers (held, waiting, corrected) is theirs to do again.
"""

import hashlib
from collections import Counter
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from streaming.contests.contest import Round
from streaming.contests.rounds import Calendar, round_at
from streaming.decisions.contest import ContestLoaded
from streaming.decisions.corrections import Corrected
from streaming.decisions.gate import EntryKey
from streaming.decisions.kinds import read_decision
from streaming.decisions.rounds import RoundMoved
from streaming.decisions.voids import Voided
from streaming.errors import FoldError
from streaming.fold.entry import read_item
from streaming.ledger.rows import Row

SPEED_MIN, SPEED_MAX = 1.0, 60.0
ID_DIGEST_BYTES = 16


@dataclass(frozen=True)
class Due:
    """An item as the API takes it, due ``after_s`` seconds after the replay's first; ``seq`` is the row it comes
    from."""

    after_s: float
    seq: int
    item: dict[str, Any]


@dataclass
class Left:
    """What is left out of a replay: entries in units that are no leaves of the contest which receives it, by those
    units' codes; entries that no round of the ledger's contest counts; rows of before the moment at which the replay
    begins; corrections that stand, which no source can send."""

    unknown: Counter[str] = field(default_factory=Counter)
    outside: int = 0
    before: int = 0
    corrected: set[int] = field(default_factory=set)


class Replay:
    """The replay of one ledger.

    ``decisions`` are all of its decisions in their order: where rounds were moved, an entry counts by the rounds as
    they are in the end. ``leaves`` are the codes of the units that can take it. ``start_ms`` is when it begins (ms
    since the epoch, UTC): items happen from there on, and ids and people bear it, so that another replay of the same
    ledger adds as much again. Rows received before ``from_ms`` are left out.

    Raises:
        FoldError: If a decision cannot be read, or nothing says what the contest is.
    """

    def __init__(
        self,
        decisions: Iterable[Row],
        leaves: Container[str],
        *,
        start_ms: int,
        speed: float = 1.0,
        from_ms: int | None = None,
    ) -> None:
        self.left = Left()
        self._leaves = leaves
        self._start_ms = start_ms
        self._speed = speed
        self._from_ms = from_ms
        self._name = f"pl-{start_ms:x}"
        self._rounds = _rounds_of(decisions)

    def items(self, rows: Iterable[Row]) -> Iterator[Due]:
        """The items of all rows of the ledger, in order.

        Raises:
            FoldError: If a row is out of order, of an unknown type, or not what its type promises.
        """
        seq = received_ms = passed_ms = 0
        has_begun = False
        for row in rows:
            if row.seq != seq + 1:
                raise FoldError(f"row {row.seq}: expected row {seq + 1}")
            # A clock that was set back is no pause, nor does it bring anything forward.
            passed_ms += max(0, row.received_ms - received_ms) if has_begun else 0
            seq, received_ms = row.seq, row.received_ms
            for item in self._of(row):
                if self._from_ms is not None and row.received_ms < self._from_ms:
                    self.left.before += 1
                    continue
                has_begun = True
                yield self._due(row.seq, passed_ms, item)

    def _due(self, seq: int, passed_ms: int, item: dict[str, Any]) -> Due:
        after_s = passed_ms / 1000 / self._speed
        at = datetime.fromtimestamp(self._start_ms / 1000 + after_s, UTC).isoformat(timespec="milliseconds")
        return Due(after_s, seq, {"id": item["id"], "at": at} | item)

    def _of(self, row: Row) -> list[dict[str, Any]]:
        match row.type:
            case "participation":
                return self._participation(row)
            case "decision":
                return self._decision(row)
            case "clock":
                return []
        raise FoldError(f'row {row.seq}: unknown type "{row.type}", expected participation, decision or clock')

    def _participation(self, row: Row) -> list[dict[str, Any]]:
        found = read_item(row)
        if row.id is None:
            raise FoldError(f"row {row.seq}: a participation without an id")
        item = {
            "id": self._id((row.by, row.id)),
            "kind": found.kind,
            "unit": found.unit,
            "person": None if found.person is None else f"{self._name}-{found.person}",
            "channel": found.channel,
            "group": found.group,
            "score": found.score,
            "duration_s": found.duration_s,
            "voids": None if found.voids is None else self._id((row.by, found.voids)),
        }
        if found.kind != "voided":
            if round_at(self._rounds, found.at) is None:
                self.left.outside += 1
                return []
            if found.unit not in self._leaves:
                self.left.unknown[found.unit or ""] += 1
                return []
        return [{name: value for name, value in item.items() if value is not None}]

    def _decision(self, row: Row) -> list[dict[str, Any]]:
        match read_decision(row):
            case Voided(entries=entries):
                # Each as its source would have taken it back; of one that was left out nobody knows, and nothing comes.
                return [
                    {"id": f"{self._id(key)}-{row.seq}", "kind": "voided", "voids": self._id(key)}
                    for key in dict.fromkeys(entries)
                ]
            case Corrected(undoes=None):
                self.left.corrected.add(row.seq)
            case Corrected(undoes=int(undone)):
                self.left.corrected.discard(undone)
        return []

    def _id(self, key: EntryKey) -> str:
        """The id of an entry in this replay: ids are unique in their source, and here all come from one."""
        source, id_ = key
        digest = hashlib.blake2b(f"{source}\0{id_}".encode(), digest_size=ID_DIGEST_BYTES).hexdigest()
        return f"{self._name}-{digest}"


def _rounds_of(decisions: Iterable[Row]) -> tuple[Round, ...]:
    calendar, is_told = Calendar(), False
    for row in decisions:
        match read_decision(row):
            case ContestLoaded() as loaded:
                calendar.adopt(loaded.read(row))
                is_told = True
            case RoundMoved(n=n, opens_ms=opens_ms, closes_ms=closes_ms):
                calendar.move(n, opens_ms, closes_ms, row.seq)
    if not is_told:
        raise FoldError("row 1: expected the decision that says what the contest is")
    return calendar.rounds
