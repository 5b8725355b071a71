"""Made-up participations: the same seed makes the same ones, and they have a ceremony's shape."""

from collections import Counter
from datetime import datetime
from itertools import islice
from typing import Any

import msgspec
import pytest

from streaming.contests.contest import load_contest, shipped_contest
from streaming.participation import Reject, check
from streaming.sources.rehearsal import ELSEWHERE_SHARE, QUICKER, QUIZ_S, Leaf, Made, Traffic, leaves_of

CONTEST = load_contest(shipped_contest()).contest
UNITS: list[dict[str, Any]] = [msgspec.to_builtins(unit) for unit in CONTEST.units]
START_MS = 1_662_604_200_000


def traffic(seed: int = 7, *, count: int = 6_000, rate: float = 60, start_ms: int = START_MS) -> list[Made]:
    leaves = leaves_of(UNITS, {}, seed)
    return list(islice(Traffic(leaves, seed=seed, start_ms=start_ms, rate=rate), count))


def at_s(item: dict[str, Any]) -> float:
    return datetime.fromisoformat(item["at"]).timestamp() - START_MS / 1000


def test_the_same_seed_makes_the_same_participations_byte_for_byte() -> None:
    first, again, other = (msgspec.json.encode([made.item for made in traffic(seed)]) for seed in (7, 7, 8))
    assert first == again
    assert first != other


def test_a_second_rehearsal_with_the_same_seed_repeats_no_id() -> None:
    ids, later = ({made.item["id"] for made in traffic(count=500, start_ms=ms)} for ms in (START_MS, START_MS + 1))
    assert ids.isdisjoint(later)


def test_the_intake_says_of_each_item_what_its_maker_expects() -> None:
    stored: dict[str, Any] = {}
    said: Counter[str] = Counter()
    for index, made in enumerate(traffic()):
        checked = check(made.item, index, CONTEST.tree, START_MS + 10_000_000, lambda person: person)
        if isinstance(checked, Reject):
            verdict = "rejected"
        elif checked.id not in stored:
            verdict = "accepted"
            stored[checked.id] = checked.participation
        else:
            verdict = "duplicate" if stored[checked.id] == checked.participation else "rejected"
        assert verdict == made.expects, made
        said[verdict] += 1
    assert said["duplicate"] > 60
    assert said["rejected"] > 10


def test_every_kind_of_fault_is_made() -> None:
    codes = set()
    for index, made in enumerate(traffic(count=20_000)):
        checked = check(made.item, index, CONTEST.tree, START_MS + 10_000_000, lambda person: person)
        if made.expects == "rejected":
            codes.add(checked.code if isinstance(checked, Reject) else "id_conflict")
    assert codes == {"unknown_unit", "naive_time", "unknown_kind", "wrong_type", "id_conflict"}


def test_everybody_starts_before_anybody_completes_and_the_total_moves_within_ten_seconds() -> None:
    made = [one.item for one in traffic() if one.expects == "accepted"]
    first = next(item for item in made if item["kind"] == "completed")
    assert QUIZ_S[0] / QUICKER <= at_s(first) < 10
    before = {item["kind"] for item in made[: made.index(first)]}
    assert before == {"registered", "started"}
    later = Counter(item["kind"] for item in made if at_s(item) > 30)
    assert later["completed"] > 0.3 * later["started"]
    assert later["voided"] > 0


def test_items_follow_each_other_at_the_rate() -> None:
    times = [at_s(made.item) for made in traffic(count=600) if made.expects == "accepted"]
    assert times == sorted(times)
    assert times[0] == 0
    assert times[-1] == pytest.approx(10, abs=0.5)


def test_people_come_back_and_enter_again() -> None:
    entries = Counter(
        made.item["person"]
        for made in traffic(count=20_000)
        if made.expects == "accepted" and made.item["kind"] == "completed" and "person" in made.item
    )
    assert max(entries.values()) > 1
    assert len(entries) > 0.7 * entries.total()


def test_a_completed_entry_has_a_start_of_the_same_person_before_it_and_the_time_it_took() -> None:
    started: dict[str, dict[str, Any]] = {}
    seen = 0
    for made in traffic():
        item = made.item
        if made.expects != "accepted" or "person" not in item:
            continue
        if item["kind"] == "started":
            started[item["person"]] = item
        elif item["kind"] == "completed":
            start = started[item["person"]]
            assert start["unit"] == item["unit"]
            assert at_s(item) - at_s(start) >= item["duration_s"] / QUICKER - 0.1
            seen += 1
    assert seen > 1_000


def test_units_that_are_no_place_get_small_shares_and_sizes_are_followed() -> None:
    sizes = {unit["code"]: 100.0 * (1 + number) for number, unit in enumerate(UNITS)}
    leaves = {leaf.code: leaf.weight for leaf in leaves_of(UNITS, sizes, 1)}
    assert set(leaves) == {leaf.code for leaf in CONTEST.tree.leaves}
    places = {leaf.code for leaf in CONTEST.tree.leaves if leaf.place}
    assert all(leaves[code] == sizes[code] for code in places)
    total = sum(leaves[code] for code in places)
    assert {leaves[code] for code in leaves.keys() - places} == {total * ELSEWHERE_SHARE}


def test_units_of_unknown_size_are_unequal_and_the_seed_says_how() -> None:
    one, same, other = (leaves_of(UNITS, {}, seed) for seed in (1, 1, 2))
    assert one == same != other
    places = [leaf.weight for leaf in one]
    assert max(places) > 3 * min(places)


def test_large_units_get_more() -> None:
    leaves = [Leaf("small", 1), Leaf("large", 9)]
    made = islice(Traffic(leaves, seed=1, start_ms=START_MS, rate=60), 2_000)
    units = Counter(one.item.get("unit") for one in made if one.expects == "accepted")
    assert 6 < units["large"] / units["small"] < 13
