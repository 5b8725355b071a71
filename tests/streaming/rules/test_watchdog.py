"""Each rule: what trips it, and what just does not."""

from typing import Any

import pytest

from streaming.contests.contest import Round
from streaming.contests.rule_book import HOLDING_RULES, Rules
from streaming.contests.units import UnitCode
from streaming.fold.entry import Entry
from streaming.fold.tally import ALL
from streaming.rules.rule import MINUTE_MS
from streaming.rules.watchdog import QUIET_MS, Tripped, Watchdog
from tests.worlds.histories import START_MS, contest

TREE = contest().tree
ROUNDS = (Round(1, "Tuần 1", START_MS, START_MS + 24 * 3_600_000),)
HOUR_MS = 3_600_000


class Desk:
    """A watchdog and entries that come in; its clock is moved by hand."""

    def __init__(self, populations: dict[str, int] | None = None, **rules: Any) -> None:
        self.watchdog = Watchdog(Rules(**rules), populations or {})
        self.now_ms = START_MS
        self.entries = 0
        self.seen: list[Entry] = []
        self.people: dict[str, set[str]] = {}

    def enter(self, count: int = 1, unit: str = "A1", by: str = "web", person: str | None = None) -> None:
        for _ in range(count):
            self.entries += 1
            entry = Entry(
                self.entries,
                by,
                f"e{self.entries}",
                UnitCode(unit),
                "completed",
                self.now_ms,
                self.now_ms,
                person,
                None,
                None,
            )
            self.watchdog.see([entry], TREE)
            self.seen.append(entry)
            for code in TREE.path(unit) if person else ():
                self.people.setdefault(code, set()).add(person or "")

    def past(self, minutes: int, per_minute: int, unit: str = "A1", by: str = "web") -> None:
        """So many minutes with an even pace; the clock stands at the end of the last."""
        for _ in range(minutes):
            self.enter(per_minute, unit, by)
            self.look()
            self.now_ms += MINUTE_MS

    def look(self, *, has_moved: bool = True) -> list[Tripped]:
        counts: dict[str, list[int]] = {unit.code: [0, 0, 0, len(self.people.get(unit.code, ())), 0] for unit in TREE}
        assert ALL == 0
        return self.watchdog.tripped(TREE, ROUNDS, counts, self.now_ms, has_moved=has_moved)

    def rules(self, *, has_moved: bool = True) -> set[tuple[str, str]]:
        return {(each.rule, each.subject) for each in self.look(has_moved=has_moved)}


def test_a_unit_far_above_its_own_past_trips_and_names_the_lowest_unit() -> None:
    desk = Desk()
    desk.past(60, 2)
    desk.enter(91)
    assert desk.look() == []
    desk.enter(10)
    (tripped,) = desk.look()
    assert (tripped.rule, tripped.subject, tripped.holds) == ("unit_pace", "A1", False)
    assert tripped.detail == {"pace": 109, "past": 10}


def test_a_district_trips_where_its_wards_do_not() -> None:
    desk = Desk()
    for _ in range(60):
        desk.enter(1, "B1")
        desk.look()
        desk.now_ms += MINUTE_MS
    for unit in ("B1", "B2", "B3"):
        desk.enter(45, unit)
    assert desk.rules() == {("unit_pace", "B")}


def test_a_small_burst_from_nothing_is_no_ground() -> None:
    desk = Desk(unit_pace_min=50)
    desk.past(60, 1, "B1")
    desk.enter(49, "A1")
    assert desk.rules() == set()
    desk.enter(1, "A1")
    assert desk.rules() == {("unit_pace", "A1")}


def test_without_half_an_hour_of_past_pace_is_no_ground() -> None:
    desk = Desk()
    desk.now_ms = START_MS + QUIET_MS
    desk.past(33, 1)
    desk.enter(500)
    assert desk.rules() == set()
    desk.now_ms += MINUTE_MS
    desk.enter(1)
    assert desk.rules() == {("unit_pace", "A1"), ("source_pace", "web")}


def test_what_was_fast_for_an_hour_is_the_own_past() -> None:
    desk = Desk()
    desk.past(65, 100)
    desk.enter(200)
    assert desk.rules() == set()


def test_nothing_trips_in_a_rounds_first_half_hour_nor_outside_the_rounds() -> None:
    desk = Desk(populations={"A1": 1})
    desk.now_ms = START_MS + QUIET_MS - 1
    desk.enter(1, person="u1")
    desk.enter(1, person="u2")
    assert desk.rules() == set()
    desk.now_ms += 1
    assert desk.rules() == {("population", "A1")}
    desk.now_ms = ROUNDS[0].closes_ms
    assert desk.rules() == set()


def test_a_source_far_above_its_own_past_trips_and_never_holds() -> None:
    desk = Desk(hold=HOLDING_RULES, source_pace_min=200)
    desk.past(60, 4, "A1", "web")
    for unit in ("A1", "A2", "B1", "B2", "B3"):
        desk.enter(40, unit, "bao")
    found = {(each.rule, each.subject): each.holds for each in desk.look()}
    assert found["source_pace", "bao"] is False
    assert ("source_pace", "web") not in found


def test_more_people_than_live_there_trip_and_as_many_do_not() -> None:
    desk = Desk(populations={"A": 2, "Z": 1}, hold=("population",))
    desk.now_ms = START_MS + HOUR_MS
    desk.enter(1, person="u1")
    desk.enter(1, person="u2")
    assert desk.rules() == set()
    desk.enter(1, "A2", person="u3")
    assert desk.look() == [Tripped("population", "A", True, {"people": 3, "population": 2})]


def test_people_are_counted_again_only_where_something_has_moved() -> None:
    desk = Desk(populations={"A1": 0})
    desk.now_ms = START_MS + QUIET_MS - 1
    desk.enter(1, person="u1")
    assert desk.rules() == set()
    desk.now_ms += 1
    assert desk.rules(has_moved=False) == {("population", "A1")}, "nobody has looked since the half hour began"
    desk.people.clear()
    assert desk.rules(has_moved=False) == {("population", "A1")}
    assert desk.rules() == set()


def test_many_entries_at_once_count_as_one_by_one() -> None:
    low: dict[str, Any] = {"person_per_minute": 2, "unit_pace_min": 5, "source_pace_min": 5, "source_pace_factor": 1}
    seen, again = Desk(**low), Desk(**low)
    for minute in range(64):
        seen.now_ms = START_MS + minute * MINUTE_MS
        seen.enter(1 + minute % 2, "B1" if minute % 3 else "A1", "bao" if minute % 5 else "web")
    seen.enter(40, "B2", "bao", person="u1")
    seen.enter(3, "A2", person="u2")
    seen.now_ms += 30_000
    seen.enter(1, "A2", person="u2")
    again.watchdog.see(seen.seen, TREE)
    again.watchdog.see([], TREE)
    again.now_ms, again.people = seen.now_ms, seen.people
    for _ in range(3):
        assert again.look() == seen.look()
        for desk in (seen, again):
            desk.now_ms += 20_000
            desk.enter(60, "B1", person="u2")
    assert {rule for rule, _ in seen.rules()} == {"unit_pace", "source_pace", "person_rate"}


def test_one_persons_entries_within_a_minute_trip_and_spread_out_they_do_not() -> None:
    desk = Desk(person_per_minute=5, hold=("person_rate",))
    desk.now_ms = START_MS + HOUR_MS
    for _ in range(12):
        desk.enter(1, person="u1")
        desk.now_ms += 12_000
        assert desk.rules() == set()
    desk.enter(5, person="u2")
    assert desk.rules() == set()
    desk.enter(1, "B1", person="u2")
    assert desk.look() == [Tripped("person_rate", "B1", True, {"entries": 6})]
    desk.now_ms += MINUTE_MS
    assert desk.rules() == set()


def test_many_without_a_person_are_nobody_in_a_hurry() -> None:
    desk = Desk()
    desk.now_ms = START_MS + HOUR_MS
    desk.enter(40)
    assert desk.rules() == set()


def test_a_burst_of_rejects_trips_for_a_minute() -> None:
    desk = Desk(rejects_per_minute=100)
    desk.now_ms = START_MS + HOUR_MS
    desk.watchdog.reject("web", 60, desk.now_ms)
    desk.now_ms += 30_000
    desk.watchdog.reject("web", 40, desk.now_ms)
    assert desk.rules() == set()
    desk.watchdog.reject("web", 1, desk.now_ms)
    assert desk.look() == [Tripped("rejects", "web", False, {"rejects": 101})]
    desk.now_ms += 30_000
    assert desk.rules() == set()


@pytest.mark.parametrize("rule", HOLDING_RULES)
def test_a_rule_holds_only_where_the_contest_says_so(rule: str) -> None:
    for hold in ((), (rule,)):
        desk = Desk(populations={"A1": 1}, hold=hold)
        desk.past(60, 1)
        desk.enter(60, person="u1")
        desk.enter(1, person="u2")
        found = {each.rule: each.holds for each in desk.look()}
        assert found[rule] is bool(hold)


def test_a_target_is_no_ground() -> None:
    desk = Desk()
    desk.past(120, 20, "A2")  # its target is 3
    assert desk.rules() == set()
