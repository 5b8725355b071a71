"""Versions: each reader of a tally finds all that has moved since it read, whoever else reads, and however often."""

from hypothesis import given
from hypothesis import strategies as st

from streaming.fold.fold import Fold
from streaming.fold.pace import MINUTE_MS
from streaming.fold.tally import ALL, COMPLETED, Tally
from streaming.fold.versions import Bookmark, Versions
from streaming.ledger.rows import Row
from streaming.topics.operators import after_release
from tests.worlds.histories import START_MS, Writer, histories
from tests.worlds.whole import examples


class Reader:
    """Keeps a copy of a tally, and takes over what is told to have moved."""

    def __init__(self) -> None:
        self.read: Bookmark | None = None
        self.rows: dict[int, dict[str, list[int]]] = {}
        self.minute = -1
        self.past: dict[int, int] = {}

    def look(self, tally: Tally) -> None:
        for scope, table in tally.counts.items():
            rows = self.rows.setdefault(scope, {})
            rows |= {row: list(table[row]) for row in tally.changed(scope, self.read)}
        if tally.past_changed(self.read) or self.minute != tally.now_ms // MINUTE_MS:
            self.minute, self.past = tally.now_ms // MINUTE_MS, past_of(tally)
        self.read = tally.bookmark

    def knows(self, tally: Tally) -> bool:
        return (self.rows, self.past) == (tally.counts, past_of(tally))


def past_of(tally: Tally) -> dict[int, int]:
    """The minutes that are over."""
    return {minute: count for minute, count in tally.minutes.items() if minute < tally.now_ms // MINUTE_MS}


@examples(100)
@given(histories, st.data())
def test_each_reader_knows_the_tally_however_often_others_read(rows: list[Row], data: st.DataObject) -> None:
    fold = Fold()
    fold.apply(rows[0])
    readers = [(Reader(), is_public) for is_public in (True, True, False, False)]
    for row in rows[1:]:
        fold.apply(row)
        for index in data.draw(st.sets(st.integers(0, 4)), label="who reads"):
            if index == 4:
                after_release(fold, None)  # It tries the release on the tally itself.
                continue
            reader, is_public = readers[index]
            tally = fold.public if is_public else fold.whole
            reader.look(tally)
            assert reader.knows(tally)
    for reader, is_public in readers:
        tally = fold.public if is_public else fold.whole
        reader.look(tally)
        assert reader.knows(tally)


def test_what_one_reader_has_read_another_still_finds() -> None:
    writer, fold = Writer(now_ms=START_MS), Fold()
    first, second = Reader(), Reader()
    fold.apply(writer.rows[0])
    for reader in (first, second):
        reader.look(fold.public)
    fold.apply(writer.take("e1", unit="A1"))
    for reader in (first, second):
        assert {*fold.public.changed(ALL, reader.read)} == {"A1", "A", "P"}
        assert [*fold.public.changed(2, reader.read)] == []
        assert {*fold.public.breakdown_changed(reader.read)} == {"channel/", "group/"}
        reader.look(fold.public)
        assert [*fold.public.changed(ALL, reader.read)] == []


def test_a_bookmark_of_a_tally_that_was_counted_anew_has_read_nothing() -> None:
    writer, fold = Writer(now_ms=START_MS), Fold()
    reader = Reader()
    fold.apply(writer.rows[0])
    fold.apply(writer.decide("hold", unit="A1"))
    fold.apply(writer.take("e1", unit="A1"))
    reader.look(fold.whole)
    assert reader.rows[ALL]["A1"][COMPLETED] == 1
    fold.apply(writer.take("v1", "voided", voids="e1"))
    fold.apply(writer.decide("release", unit="A1"))
    assert fold.whole is fold.public
    assert {*fold.whole.changed(ALL, reader.read)} == {*fold.whole.counts[ALL]}, "the public rows have not moved at all"
    reader.look(fold.whole)
    assert reader.rows[ALL]["A1"][COMPLETED] == 0


def test_only_a_change_of_a_minute_that_is_over_changes_the_past() -> None:
    writer, fold = Writer(now_ms=START_MS), Fold()
    fold.apply(writer.rows[0])
    fold.apply(writer.take("e1", unit="A1"))
    read = fold.public.bookmark
    fold.apply(writer.take("e2", unit="A1"))
    assert not fold.public.past_changed(read)
    writer.now_ms += MINUTE_MS
    fold.apply(writer.take("e3", unit="A1"))
    assert not fold.public.past_changed(read)
    fold.apply(writer.take("v1", "voided", voids="e1"))
    assert fold.public.past_changed(read)
    assert not fold.public.past_changed(fold.public.bookmark)
    assert fold.public.past_changed(None)


def test_versions_tell_the_rows_that_moved_last_first_each_once() -> None:
    versions = Versions(["a", "b", "c", "d"])
    versions.stamp(["a", "b"], 1)
    versions.stamp(["c"], 2)
    versions.stamp(["a"], 3)
    assert (versions.since(0), versions.since(1), versions.since(3)) == (["a", "c", "b"], ["a", "c"], [])
    assert versions.since(-1) == ["a", "c", "b", "d"]
