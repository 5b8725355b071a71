"""The chain: any change of any row shows, and a ledger of before the chain gets one."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streaming.ledger.chain import first_broken, link_after
from streaming.ledger.ledger import Ledger
from streaming.ledger.rows import Draft, Row
from tests.worlds.histories import histories


@given(histories, st.data())
def test_a_changed_row_breaks_the_chain_at_its_commit(rows: list[Row], data: st.DataObject) -> None:
    ends = sorted(data.draw(st.sets(st.integers(1, len(rows)), min_size=1)) | {len(rows)})
    links, before, done = [], b"", 0
    for end in ends:
        before = link_after(before, rows[done:end])
        links.append((end, before))
        done = end
    assert first_broken(rows, links) is None
    at = data.draw(st.integers(0, len(rows) - 1))
    field, value = data.draw(st.sampled_from([("body", b"{}"), ("received_ms", 0), ("by", "other"), ("type", "x")]))
    other = rows[at]._replace(**{field: value})  # type: ignore[arg-type]
    changed = [*rows[:at], other, *rows[at + 1 :]]
    assert first_broken(changed, links) == next(end for end in ends if end > at)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    ledger = Ledger(tmp_path / "ledger.db", now_ms=lambda: 1)
    ledger.open()
    yield ledger
    ledger.close()


def add(ledger: Ledger, *ids: str) -> None:
    ledger.append_now([Draft("participation", "web", id_, b"d", b"{}") for id_ in ids])


def test_every_commit_has_its_link_and_repeats_make_none(ledger: Ledger) -> None:
    add(ledger, "a", "b")
    add(ledger, "a", "b")
    add(ledger, "b", "c")
    assert [seq for seq, _ in ledger.links()] == [2, 3]
    assert ledger.links(at=3) == [(3, ledger._writer.head.chain)]
    assert ledger.links(at=1) == []
    assert first_broken(list(ledger.read()), ledger.links()) is None


def test_a_ledger_opened_again_goes_on_with_its_chain(ledger: Ledger) -> None:
    add(ledger, "a")
    ledger.close()
    again = Ledger(ledger.path, now_ms=lambda: 1)
    again.open()
    add(again, "b")
    assert first_broken(list(again.read()), again.links()) is None
    again.close()


def test_a_ledger_of_before_the_chain_gets_its_links_when_it_is_opened(ledger: Ledger) -> None:
    add(ledger, "a", "b")
    ledger.close()
    execute(ledger.path, "UPDATE rows SET chain = NULL")
    again = Ledger(ledger.path, now_ms=lambda: 1)
    again.open()
    assert [seq for seq, _ in again.links()] == [2]
    assert first_broken(list(again.read()), again.links()) is None
    again.close()


def execute(path: Path, sql: str) -> None:
    import sqlite3

    connection = sqlite3.connect(path)
    with connection:
        connection.execute(sql)
    connection.close()
