"""People: each counts by the first of their entries, whatever the order in which these come and go."""

from hypothesis import given
from hypothesis import strategies as st

from streaming.contests.units import UnitCode
from streaming.fold.entry import Entry
from streaming.fold.people import People


def entry(seq: int) -> Entry:
    return Entry(seq, "web", f"e{seq}", UnitCode("A1"), "completed", 0, 0, "u1", None, None)


@given(st.permutations(range(1, 5)), st.permutations(range(1, 5)))
def test_a_person_counts_by_the_first_of_their_entries(order: list[int], gone: list[int]) -> None:
    people, entries = People(), {seq: entry(seq) for seq in order}
    counts: set[int] = set()
    for index, seq in enumerate(order):
        if people.meet("u1", entries[seq]) is entries[seq]:
            counts.add(seq)
        elif (before := people.add(entries[seq], "u1")) is not None:
            counts.remove(before.seq)
            counts.add(seq)
        assert counts == {min(order[: index + 1])}
    for index, seq in enumerate(gone):
        counted, then = people.remove(entries[seq], "u1")
        counts -= {seq} if counted else set()
        counts |= {then.seq} if then is not None else set()
        assert counts == ({min(gone[index + 1 :])} if gone[index + 1 :] else set())
    assert people.meet("u1", entries[1]) is entries[1], "nothing is known of them any more"
