"""Counting the ledger again, by the plain rule and by nothing that the running code keeps.

The fold moves by differences; this walks the rows once for the gate and once for the entries, and adds up what
remains. The two must agree at every seq, which is what ``audit`` and the property tests ask.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import msgspec

from streaming.contests.contest import Contest, Round, decode_contest
from streaming.contests.rounds import round_at
from streaming.contests.units import UnitCode
from streaming.errors import FoldError
from streaming.fold.fold import Fold
from streaming.fold.tally import ALL, BREAKDOWN, KINDS, PACE_WINDOW_MS, Tally
from streaming.ledger.jumps import Jump, jump_of
from streaming.ledger.rows import Row
from streaming.participation import Participation, decode_body

Key = tuple[str, str]

Numbers = tuple[int, int, int, int, int]
"""registered, started, completed, participants, pace."""

Recount = dict[int, dict[str, Numbers]]
"""Numbers by scope (ALL, or a round's number) and unit."""


@dataclass(frozen=True)
class _Item:
    seq: int
    key: Key
    received_ms: int
    body: Participation


@dataclass(frozen=True)
class _Fix:
    seq: int
    unit: str
    round: int
    column: int
    delta: int


COLUMNS = ("registered", "started", "completed", "participants")


class _Walk:
    """The gate's state and the cut's place, row after row; the items and voids met on the way."""

    def __init__(self) -> None:
        self.contest: Contest | None = None
        self.rounds: dict[int, Round] = {}
        self.public_rounds: dict[int, Round] = {}
        self.items: dict[Key, _Item] = {}
        self.voids: dict[Key, int] = {}
        self.holds: dict[str, int] = {}
        self.quarantined: set[Key] = set()
        self.delay_ms = 0
        self.is_frozen = False
        self.waiting: list[tuple[int, dict[str, Any]]] = []
        self.fixes: list[_Fix] = []
        self.schedules: dict[int, dict[str, Any]] = {}
        self.passed = 0
        self.shown_ms = 0
        self.rows: list[Row] = []
        self.jumps: list[Jump] = []

    def step(self, row: Row) -> None:
        self._keep_schedules(row.received_ms)
        if (jump := jump_of(row, self.rows[-1].received_ms if self.rows else 0)) is not None:
            self._jump(jump)
        self.rows.append(row)
        if row.type == "participation":
            body = decode_body(row.body)
            if body.kind == "voided":
                self.voids.setdefault((row.by, str(body.voids)), row.seq)
            else:
                key = (row.by, str(row.id))
                self.items[key] = _Item(row.seq, key, row.received_ms, body)
        elif row.type == "decision":
            self._decide(row, msgspec.json.decode(row.body, type=dict[str, Any]))
        self._reach()

    def _decide(self, row: Row, decision: dict[str, Any]) -> None:
        if decision["kind"] == "contest":
            self._adopt(decode_contest(msgspec.json.encode(decision["contest"])))
            return
        match decision["kind"]:
            case "void":
                for by, id_ in decision["entries"]:
                    self.voids.setdefault((by, id_), row.seq)
                return
            case "correction":
                fix = decision["unit"], decision["round"], COLUMNS.index(decision["column"]), decision["delta"]
                self.fixes.append(_Fix(row.seq, *fix))
                return
            case "milestone":
                return
            case "schedule":
                self._schedule(decision, row.received_ms)
                return
        of_all = "unit" in decision and decision["unit"] is None
        if decision["kind"] == "round":
            moved = self.rounds[decision["n"]]
            self.rounds[decision["n"]] = msgspec.structs.replace(
                moved, opens_ms=decision["opens_ms"], closes_ms=decision["closes_ms"]
            )
        if decision["kind"] == "release" and of_all:
            self.is_frozen = False
            for seq, later in self.waiting:
                self._set(seq, later)
            self.waiting = []
        elif decision["kind"] == "hold" and of_all:
            self._reach()
            self.is_frozen = True
        elif self.is_frozen:
            self.waiting.append((row.seq, decision))
        else:
            if decision["kind"] == "delay":
                self._reach()
            self._set(row.seq, decision)

    def _schedule(self, decision: dict[str, Any], now_ms: int) -> None:
        old = self.schedules.pop(decision["round"], None)
        if old is not None and old["state"] == "delays":
            self.delay_ms = 0
        if decision["before_close_ms"] is not None:
            self.schedules[decision["round"]] = {**decision, "state": "waits"}
            self._keep_schedules(now_ms)

    def _keep_schedules(self, now_ms: int) -> None:
        for schedule in self.schedules.values():
            round_ = self.rounds.get(schedule["round"])
            if round_ is None:
                continue
            begins_ms = round_.closes_ms - schedule["before_close_ms"]
            if schedule["state"] == "waits" and begins_ms <= now_ms:
                self._reach(max(begins_ms, self.rows[-1].received_ms))
                if schedule.get("delay_ms") is None:
                    self.is_frozen = True
                    schedule["state"] = "ended"
                else:
                    self.delay_ms = schedule["delay_ms"]
                    schedule["state"] = "delays"
            if schedule["state"] == "delays" and round_.closes_ms <= now_ms:
                self.delay_ms = 0
                schedule["state"] = "ended"

    def _jump(self, jump: Jump) -> None:
        """A clock that ran ahead has been set back: what a schedule did by it is still to come."""
        self.jumps.append(jump)
        for schedule in self.schedules.values():
            round_ = self.rounds.get(schedule["round"])
            if round_ is None:
                continue
            if round_.closes_ms - schedule["before_close_ms"] > jump.to_ms:
                if schedule["state"] == "delays":
                    self.delay_ms = 0
                schedule["state"] = "waits"
            elif schedule["state"] == "ended" and schedule.get("delay_ms") and round_.closes_ms > jump.to_ms:
                self.delay_ms = schedule["delay_ms"]
                schedule["state"] = "delays"

    def time_of(self, seq: int, received_ms: int, upto: int) -> int:
        """When a row was received, on the clock as it was after row ``upto``."""
        for jump in self.jumps:
            if seq < jump.seq <= upto and received_ms > jump.to_ms:
                received_ms = min(jump.to_ms, received_ms - (jump.from_ms - jump.to_ms))
        return received_ms

    def _adopt(self, contest: Contest) -> None:
        before = self.contest.rounds if self.contest else ()
        self.rounds = {r.n: self.rounds[r.n] if r in before else r for r in contest.rounds}
        self.public_rounds = dict(self.rounds)
        self.contest = contest

    def _set(self, seq: int, decision: dict[str, Any]) -> None:
        match decision["kind"]:
            case "hold":
                self.holds.setdefault(decision["unit"], seq)
            case "release":
                self.holds.pop(decision["unit"], None)
            case "quarantine":
                self.quarantined |= {(by, id_) for by, id_ in decision["entries"]}
            case "clear":
                self.quarantined -= {(by, id_) for by, id_ in decision["entries"]}
            case "delay":
                self.delay_ms = decision["delay_ms"]
            case _:
                self.public_rounds = dict(self.rounds)

    def _reach(self, now_ms: int | None = None) -> None:
        now_ms = self.rows[-1].received_ms if now_ms is None else now_ms
        while not self.is_frozen and self.passed < len(self.rows):
            row = self.rows[self.passed]
            received_ms = self.time_of(row.seq, row.received_ms, self.rows[-1].seq)
            if self.delay_ms and received_ms > now_ms - self.delay_ms:
                break
            self.passed += 1
            if self._is_shown(row):
                self.shown_ms = row.received_ms

    def _is_shown(self, row: Row) -> bool:
        if row.type == "decision":
            decision = msgspec.json.decode(row.body, type=dict[str, Any])
            if decision["kind"] == "correction":
                return not self._is_held(decision["unit"], row.seq)
            if decision["kind"] == "void":
                keys = [(by, id_) for by, id_ in decision["entries"]]
                return not keys or any(self._shows(self.items.get(key)) for key in keys)
            return True
        if row.type != "participation":
            return True
        body = decode_body(row.body)
        return self._shows(self.items.get((row.by, str(body.voids if body.kind == "voided" else row.id))))

    def _shows(self, item: _Item | None) -> bool:
        return item is None or item.seq > self.passed or not (self._is_withheld(item) or self._void_is_withheld(item))

    def _is_held(self, unit: str | None, seq: int) -> bool:
        assert self.contest is not None  # noqa: S101 - the first row sets it
        path = self.contest.tree.path(UnitCode(str(unit)))
        return any(code in self.holds and seq > self.holds[code] for code in path)

    def _is_withheld(self, item: _Item) -> bool:
        return self._is_held(item.body.unit, item.seq) or item.key in self.quarantined

    def _void_is_withheld(self, item: _Item) -> bool:
        void_seq = self.voids.get(item.key)
        return void_seq is not None and void_seq <= self.passed and self._is_held(item.body.unit, void_seq)

    def admits(self, item: _Item) -> bool:
        """Whether the public cut counts an item."""
        if item.seq > self.passed or self._is_withheld(item):
            return False
        void_seq = self.voids.get(item.key)
        return void_seq is None or void_seq > self.passed or self._void_is_withheld(item)

    def admitted_fixes(self) -> list[_Fix]:
        """The corrections that the public cut counts."""
        return [fix for fix in self.fixes if fix.seq <= self.passed and not self._is_held(fix.unit, fix.seq)]


def recount(rows: Iterable[Row], *, public: bool) -> Recount:
    """The numbers after these rows: of all entries, or of those that the gate admits.

    Raises:
        FoldError: If there are no rows, so that nothing says what the contest is.
    """
    walk = _Walk()
    for row in rows:
        walk.step(row)
    if walk.contest is None:
        raise FoldError("no rows: expected at least the decision that says what the contest is")
    upto = walk.passed if public else len(walk.rows)
    if walk.jumps:
        walk.items = {
            key: replace(item, received_ms=walk.time_of(item.seq, item.received_ms, upto))
            for key, item in walk.items.items()
        }
    if public:
        counted = [item for item in walk.items.values() if walk.admits(item)]
        return _add_up(walk.contest, walk.public_rounds, counted, walk.admitted_fixes(), walk.shown_ms)
    counted = [item for item in walk.items.values() if item.key not in walk.voids]
    return _add_up(walk.contest, walk.rounds, counted, walk.fixes, walk.rows[-1].received_ms)


def _add_up(
    contest: Contest, rounds: dict[int, Round], counted: list[_Item], fixes: list[_Fix], now_ms: int
) -> Recount:
    leaves: dict[int, dict[str, list[int]]] = {}
    for scope in (ALL, *rounds):
        leaves[scope] = _leaves(contest, rounds, counted, scope, now_ms)
    _correct(leaves, fixes)
    result: Recount = {}
    for scope, table in leaves.items():
        numbers = {unit.code: [0, 0, 0, 0, 0] for unit in contest.tree}
        for leaf, given in table.items():
            for code in contest.tree.path(UnitCode(leaf)):
                numbers[code] = [ours + more for ours, more in zip(numbers[code], given, strict=True)]
        result[scope] = {code: (n[0], n[1], n[2], n[3], n[4]) for code, n in numbers.items()}
    return result


def _leaves(
    contest: Contest, rounds: dict[int, Round], counted: list[_Item], scope: int, now_ms: int
) -> dict[str, list[int]]:
    numbers: dict[str, list[int]] = {unit.code: [0, 0, 0, 0, 0] for unit in contest.tree.leaves}
    persons: set[str] = set()
    for item in sorted(counted, key=lambda item: item.seq):
        number = round_at(rounds.values(), item.body.at)
        if number is None or scope not in (ALL, number):
            continue
        is_entry = item.body.kind == "completed"
        person = item.body.person if is_entry else None
        theirs = numbers[str(item.body.unit)]
        theirs[KINDS[item.body.kind]] += 1
        theirs[3] += person is not None and person not in persons
        theirs[4] += is_entry and item.received_ms > now_ms - PACE_WINDOW_MS
        if person is not None:
            persons.add(person)
    return numbers


def _correct(leaves: dict[int, dict[str, list[int]]], fixes: list[_Fix]) -> None:
    """Change what the leaves show: in each round not below 0; in ALL by as much as in the rounds, people on their
    own."""
    sums: dict[tuple[str, int, int], int] = {}
    people: dict[str, int] = {}
    for fix in fixes:
        if fix.round in leaves:
            key = (fix.unit, fix.round, fix.column)
            sums[key] = sums.get(key, 0) + fix.delta
            if COLUMNS[fix.column] == "participants":
                people[fix.unit] = people.get(fix.unit, 0) + fix.delta
    for (unit, number, column), delta in sums.items():
        before = leaves[number][unit][column]
        after = max(0, before + delta)
        leaves[number][unit][column] = after
        if COLUMNS[column] != "participants":
            leaves[ALL][unit][column] += after - before
    for unit, delta in people.items():
        leaves[ALL][unit][3] = max(0, leaves[ALL][unit][3] + delta)


def differences(fold: Fold, rows: Iterable[Row]) -> list[str]:
    """Where a fold of these rows and the recount disagree, one line each; empty if nowhere."""
    kept = list(rows)
    return [
        f"{name}: {line}"
        for name, tally, again in (
            ("whole", fold.whole, recount(kept, public=False)),
            ("public", fold.public, recount(kept, public=True)),
        )
        for line in _compare(tally, again)
    ]


def _compare(tally: Tally, again: Recount) -> list[str]:
    lines = []
    for scope, table in tally.counts.items():
        if scope == BREAKDOWN:
            continue
        for code, counts in table.items():
            if tuple(counts) != again[scope][code]:
                where = "all rounds" if scope == ALL else f"round {scope}"
                lines.append(
                    f"{where}, unit {code}: {counts} counted on the way, {list(again[scope][code])} from the rows"
                )
    return lines
