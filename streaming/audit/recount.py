"""Counting the ledger again, by the plain rule and by nothing that the running code keeps.

The fold moves by differences; this walks the rows once for the gate and once for the entries, and adds up what
remains. The two must agree at every seq, which is what ``audit`` and the property tests ask.
"""

from collections.abc import Iterable
from dataclasses import replace

from streaming.audit.walk import COLUMNS, Fix, Item, Walk
from streaming.contests.contest import Contest, Round
from streaming.contests.rounds import round_at
from streaming.contests.units import UnitCode
from streaming.decisions.contest import ContestLoaded
from streaming.errors import FoldError
from streaming.fold.earlier import RowsInHand, on_air
from streaming.fold.fold import Fold
from streaming.fold.pace import PACE_WINDOW_MS
from streaming.fold.tally import ALL, KINDS, Tally
from streaming.ledger.rows import Row

Numbers = tuple[int, int, int, int, int]
"""registered, started, completed, participants, pace."""

Recount = dict[int, dict[str, Numbers]]
"""Numbers by scope (ALL, or a round's number) and unit."""


def recount(rows: Iterable[Row], *, public: bool) -> Recount:
    """The numbers after these rows: of all entries, or of those that the gate admits.

    Raises:
        FoldError: If there are no rows, so that nothing says what the contest is.
    """
    return _counted(walk_on_air(list(rows)) if public else walked(rows), public=public)


def _counted(walk: Walk, *, public: bool) -> Recount:
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


def walked(rows: Iterable[Row]) -> Walk:
    """The walk over rows."""
    walk = Walk()
    for row in rows:
        walk.step(row)
    return walk


def walk_on_air(rows: list[Row]) -> Walk:
    """The walk over the rows that are shown: all, or, while numbers are withdrawn, those up to an earlier moment, by
    the contest as it is now."""
    walk = walked(rows)
    if walk.back_to is None:
        return walk
    shown = walk_on_air(rows[: walk.back_to])
    for seq, decision in walk.decisions.items():
        if seq > walk.back_to and isinstance(decision, ContestLoaded):
            shown.adopt(decision.read(rows[seq - 1]))
    return shown


def _add_up(contest: Contest, rounds: dict[int, Round], counted: list[Item], fixes: list[Fix], now_ms: int) -> Recount:
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
    contest: Contest, rounds: dict[int, Round], counted: list[Item], scope: int, now_ms: int
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


def _correct(leaves: dict[int, dict[str, list[int]]], fixes: list[Fix]) -> None:
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
    walk, shown = walk_on_air(kept), on_air(fold, RowsInHand(kept))
    lines = [
        f"{name}: {line}"
        for name, tally, again in (
            ("whole", fold.whole, recount(kept, public=False)),
            ("public", shown.public, _counted(walk, public=True)),
        )
        for line in _compare(tally, again)
    ]
    if shown.cut.heard_ms != walk.heard_ms:
        lines.append(f"public: heard up to {shown.cut.heard_ms} on the way, {walk.heard_ms} from the rows")
    return lines


def _compare(tally: Tally, again: Recount) -> list[str]:
    lines = []
    for scope, table in tally.counts.items():
        for code, counts in table.items():
            if tuple(counts) != again[scope][code]:
                where = "all rounds" if scope == ALL else f"round {scope}"
                lines.append(
                    f"{where}, unit {code}: {counts} counted on the way, {list(again[scope][code])} from the rows"
                )
    return lines
