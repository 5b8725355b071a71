"""The rotation: each place with new entries has its turn, whatever is held, taken back or counted again meanwhile."""

from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streaming.contests.rounds import round_at
from streaming.fold.fold import Fold
from streaming.fold.rotation import CALLED_MAX, SLOT_MS
from streaming.ledger.rows import Row
from tests.worlds.folds import folded, opened
from tests.worlds.histories import AT_MS, HOUR_MS, IDS, LEAVES, SET_MS, START_MS, Writer, contest, rows_of
from tests.worlds.whole import examples

PLACES = tuple(leaf.code for leaf in contest().tree.leaves if leaf.place)


def latest(writer: Writer) -> tuple[str, ...]:
    return folded(writer.rows).public_cut.rotation.latest


def pass_slots(writer: Writer, count: int = 1) -> None:
    """Let slots pass, each with a row in it."""
    for _ in range(count):
        writer.now_ms += SLOT_MS
        writer.clock()


def enter(writer: Writer, *codes: str) -> None:
    for code in codes:
        writer.take(f"e{len(writer.rows)}", unit=code)


# By the plain definition, for ledgers that no gate keeps anything of back.


class Called:
    """Looks at all entries again after each row, and knows nothing of queues."""

    def __init__(self) -> None:
        self.entries: dict[str, tuple[str, str, int, int]] = {}
        self.gone: set[str] = set()
        self.rounds = {round_.n: round_ for round_ in contest().rounds}
        self.calls: list[str] = []
        self.had: list[str] = []
        self.slot = 0

    def step(self, row: Row) -> None:
        body = msgspec.json.decode(row.body)
        if row.type == "participation" and body["kind"] == "voided":
            self.gone.add(body["voids"])
        elif row.type == "participation":
            self.entries[str(row.id)] = (body["unit"], body["kind"], body["at"], len(self.calls))
        elif body.get("kind") == "void":
            self.gone |= {id_ for _, id_ in body["entries"]}
        elif body.get("kind") == "round":
            moved = {"opens_ms": body["opens_ms"], "closes_ms": body["closes_ms"]}
            self.rounds[body["n"]] = msgspec.structs.replace(self.rounds[body["n"]], **moved)
        elif "jump" in body:
            self.slot = min(self.slot, row.received_ms // SLOT_MS)
        self.had += [code for code in self.with_new() if code not in self.had]
        slots, self.slot = row.received_ms // SLOT_MS - self.slot, max(self.slot, row.received_ms // SLOT_MS)
        for _ in range(min(slots, CALLED_MAX)):
            if waiting := self.with_new():
                self.calls.append(min(waiting, key=self.order))

    def with_new(self) -> list[str]:
        """The places that have new entries, by which of them was received first."""
        found = []
        for id_, (code, kind, at_ms, came) in self.entries.items():
            counts = kind == "completed" and id_ not in self.gone and round_at(self.rounds.values(), at_ms) is not None
            if counts and code in PLACES and came >= self.called(code):
                found.append(code)
        return list(dict.fromkeys(found))

    def called(self, code: str) -> int:
        return max((number for number, called in enumerate(self.calls, start=1) if called == code), default=0)

    def order(self, code: str) -> tuple[int, int]:
        return self.called(code), self.had.index(code)

    @property
    def latest(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(reversed(self.calls)))[:CALLED_MAX]


ARRIVING = (
    st.tuples(
        st.just("entry"),
        st.sampled_from(["completed", "completed", "completed", "started"]),
        st.sampled_from(LEAVES),
        AT_MS,
        st.sampled_from([None, "u1"]),
        st.none(),
    ),
    st.tuples(st.just("wait"), st.sampled_from([1_000, SLOT_MS - 1, SLOT_MS, 3 * SLOT_MS, 45_000])),
    st.tuples(st.just("clock")),
    st.tuples(st.just("void"), IDS),
)
UNGATED = st.lists(
    st.one_of(
        *ARRIVING,
        st.tuples(st.just("strike"), st.lists(IDS, max_size=3)),
        st.tuples(st.just("move"), st.integers(1, 2), st.sampled_from([-1_800_000, 0, 60_000])),
        st.tuples(st.just("retitle"), st.sampled_from(["Cuộc thi", "Cuộc thi lớn"])),
        st.tuples(st.just("set"), SET_MS, st.booleans()),
    ),
    max_size=40,
).map(rows_of)


@examples(150)
@given(UNGATED)
def test_who_is_called_is_who_the_definition_says(rows: list[Row]) -> None:
    fold, called = Fold(), Called()
    for row in rows:
        fold.apply(row)
        called.step(row)
        rotation = fold.public_cut.rotation
        assert (rotation.calls, rotation.latest) == (len(called.calls), called.latest)


# What a gate has kept back for a while.

Span = tuple[str, dict[str, Any], dict[str, Any]]
SPANS: tuple[Span, ...] = (
    ("hold", {"unit": None}, {"unit": None}),
    ("delay", {"delay_ms": 30_000}, {"delay_ms": 0}),
)


@examples(80)
@given(st.lists(st.one_of(*ARRIVING), max_size=30), st.data())
def test_what_was_held_or_delayed_is_called_as_if_it_had_not_been(
    events: list[tuple[Any, ...]], data: st.DataObject
) -> None:
    kind, begin, end = data.draw(st.sampled_from(SPANS))
    first = data.draw(st.integers(0, len(events)))
    last = data.draw(st.integers(first, len(events)))
    plain = Writer()
    kept = Writer()
    for writer, is_kept in ((plain, False), (kept, True)):
        for number, (name, *args) in enumerate((*events, ("end",))):
            for at, fields in ((first, begin), (last, end)):
                if number == at and not is_kept:
                    writer.clock()
                elif number == at:
                    writer.decide("release" if kind == "hold" and fields is end else kind, **fields)
            match name:
                case "entry":
                    writer.take(f"e{number}", args[0], at=args[2], unit=args[1])
                case "void":
                    writer.take(f"v{number}", "voided", voids=args[0])
                case "wait":
                    writer.now_ms += args[0]
                case "clock":
                    writer.clock()
    one, other = folded(plain.rows).public_cut, folded(kept.rows).public_cut
    assert (one.rotation.latest, one.rotation.calls, one.recent) == (
        other.rotation.latest, other.rotation.calls, other.recent,
    )  # fmt: skip


def test_a_held_place_waits_for_its_release_and_then_has_its_turn() -> None:
    writer = opened()
    enter(writer, "B1")
    writer.decide("hold", unit="A")
    enter(writer, "A1", "B2")
    pass_slots(writer, 3)
    assert latest(writer) == ("B2", "B1")
    writer.decide("release", unit="A")
    pass_slots(writer)
    assert latest(writer) == ("A1", "B2", "B1")


def test_an_entry_that_is_let_in_after_a_later_one_was_called_is_new_again() -> None:
    writer = opened()
    writer.decide("quarantine", entries=[["web", "late"]])
    writer.take("late", unit="A1")
    enter(writer, "A1")
    pass_slots(writer)
    enter(writer, "B1")
    pass_slots(writer, 2)
    assert latest(writer) == ("B1", "A1")
    writer.decide("clear", entries=[["web", "late"]])
    pass_slots(writer)
    assert latest(writer) == ("A1", "B1")


# One by one.


def test_in_every_slot_the_place_that_was_not_called_for_longest_is_called() -> None:
    writer = opened()
    seen = []
    for _ in range(3 * len(PLACES)):
        enter(writer, "A1", "A1", "B3", "A2", "B1", "B2", "X")
        pass_slots(writer)
        seen.append(latest(writer)[0])
    turn = ["A1", "B3", "A2", "B1", "B2"]
    assert seen == turn * 3


def test_an_entry_after_a_quiet_while_is_called_at_once_and_the_next_in_the_next_slot() -> None:
    writer = opened()
    writer.now_ms += 60_000
    enter(writer, "B1")
    assert latest(writer) == ("B1",)
    enter(writer, "A1")
    assert latest(writer) == ("B1",)
    pass_slots(writer)
    assert latest(writer) == ("A1", "B1")


def test_after_slots_without_a_row_as_many_are_called_as_wait() -> None:
    writer = opened()
    enter(writer, *PLACES)
    writer.now_ms += 3 * SLOT_MS
    writer.clock()
    assert latest(writer) == tuple(reversed(PLACES[:3]))
    writer.now_ms += 100 * SLOT_MS
    writer.clock()
    assert latest(writer) == tuple(reversed(PLACES))


def test_once_a_clock_that_ran_ahead_is_set_back_places_have_their_turns_again() -> None:
    writer = opened()
    writer.set(HOUR_MS)
    writer.clock()
    writer.set(-HOUR_MS)
    enter(writer, "A1", "B1")
    pass_slots(writer, 2)
    assert latest(writer) == ("B1", "A1")


Undo = Callable[[Writer], object]
UNDONE: dict[str, Undo] = {
    "by its source": lambda writer: writer.take("v", "voided", voids="e"),
    "by an operator": lambda writer: writer.decide("void", entries=[["web", "e"]]),
    "by a quarantine": lambda writer: writer.decide("quarantine", entries=[["web", "e"]]),
    "by a round that was moved": lambda writer: writer.decide(
        "round", n=1, opens_ms=START_MS + 1_000, closes_ms=START_MS + 60_000
    ),
}


@pytest.mark.parametrize("how", UNDONE)
def test_a_place_whose_only_new_entry_was_taken_back_before_its_turn_is_not_called(how: str) -> None:
    writer = opened()
    writer.take("e", unit="A1")
    writer.now_ms += 2_000
    enter(writer, "B1")
    UNDONE[how](writer)
    pass_slots(writer, 2)
    assert latest(writer) == ("B1",)


def test_a_place_of_which_nothing_counts_any_more_is_not_listed() -> None:
    writer = opened()
    writer.take("e", unit="A1")
    enter(writer, "B1")
    pass_slots(writer, 2)
    assert folded(writer.rows).public_cut.recent == ("B1", "A1")
    writer.take("v", "voided", voids="e")
    assert folded(writer.rows).public_cut.recent == ("B1",)


def test_a_place_stands_in_the_queue_once_however_often_its_entries_come_and_go() -> None:
    writer = opened()
    for number in range(20):
        writer.take(f"e{number}", unit="A1")
        writer.take(f"v{number}", "voided", voids=f"e{number}")
    assert len(folded(writer.rows).public_cut.rotation._queue) == 1


def test_a_contest_that_lacks_a_place_lists_it_no_more() -> None:
    writer = opened()
    enter(writer, "B1", "A1")
    pass_slots(writer, 2)
    told = msgspec.json.decode(writer.rows[0].body)["contest"]
    units = [unit | ({"place": False} if unit["code"] == "A1" else {}) for unit in told["units"]]
    writer.decide("contest", contest=told | {"units": units})
    assert latest(writer) == ("B1",)
