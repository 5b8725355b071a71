"""Which rows drafts become: counted on, linked on, and stamped by a clock that may be set back."""

from pathlib import Path

from streaming.ledger.chain import link_after
from streaming.ledger.head import Head
from streaming.ledger.jumps import JUMP_MS_MIN
from streaming.ledger.ledger import Ledger
from tests.worlds.clocks import Clock
from tests.worlds.ledgers import draft


def test_rows_are_counted_on_from_the_head_and_linked_to_it() -> None:
    rows, link = Head().rows_after([draft("a"), draft("b")], now_ms=5, unset_ms=5)
    assert [(row.seq, row.received_ms, row.id) for row in rows] == [(1, 5, "a"), (2, 5, "b")]
    head = Head().moved(rows, link)
    assert head == (2, 5, link_after(b"", rows))
    more, link = head.rows_after([draft("c")], now_ms=6, unset_ms=6)
    assert (more[0].seq, link) == (3, link_after(head.chain, more))


def test_no_rows_leave_the_head_where_it_is() -> None:
    head = Head(7, 5, b"hash")
    rows, link = head.rows_after([], now_ms=6, unset_ms=6)
    assert (rows, link, head.moved(rows, link)) == ([], b"hash", head)


async def test_a_clock_that_is_slewed_back_is_waited_out(ledger: Ledger, clock: Clock) -> None:
    for ms in (5_000, 5_000 - JUMP_MS_MIN, 6_000):
        clock.ms = ms
        await ledger.append([draft(str(ms))])
    assert [row.received_ms for row in ledger.read()] == [5_000, 5_000, 6_000]


async def test_a_clock_that_is_set_back_is_followed_from_a_row_on_that_says_so(ledger: Ledger, clock: Clock) -> None:
    answers = []
    for ms in (5_000, 3_000, 3_500):
        clock.ms = ms
        answers.append(await ledger.append([draft(str(ms)), draft("5000")]))
    assert [(row.seq, row.received_ms, row.type, row.id) for row in ledger.read()] == [
        (1, 5_000, "participation", "5000"),
        (2, 3_000, "clock", None),
        (3, 3_000, "participation", "3000"),
        (4, 3_500, "participation", "3500"),
    ]
    assert next(iter(ledger.read(after=1))).body == b'{"jump":{"from":5000,"to":3000}}'
    assert [answer.seqs for answer in answers] == [[1, None], [3, None], [4, None]]
    assert [answer.outcomes for answer in answers] == [["accepted", "duplicate"]] * 3
    assert (ledger.head, ledger.last_received_ms) == (4, 3_500)


async def test_a_commit_of_nothing_new_follows_the_clock_too(ledger: Ledger, clock: Clock) -> None:
    for drafts in ([draft("a")], [draft("a")], []):
        answer = await ledger.append(drafts)
        assert (answer.seqs, answer.seq) == ([1] if clock.ms == 1_000 else [None] * len(drafts), ledger.head)
        clock.ms -= 2 * JUMP_MS_MIN
    assert [(row.type, row.received_ms) for row in ledger.read()] == [
        ("participation", 1_000), ("clock", -1_000), ("clock", -3_000)
    ]  # fmt: skip


async def test_a_jump_is_from_what_the_clock_would_tell_if_nobody_had_set_it(tmp_path: Path, clock: Clock) -> None:
    ledger = Ledger(tmp_path / "ledger.db", now_ms=clock, moved_ms=lambda: clock.set_by_ms)
    ledger.open()
    await ledger.append([draft("a")])
    clock.ms += 40_000  # without a row
    clock.set(-90_000)
    await ledger.append([draft("b")])
    clock.ms += 5_000
    await ledger.append([draft("c")])
    assert [row.body for row in ledger.read() if row.type == "clock"] == [b'{"jump":{"from":41000,"to":-49000}}']
    ledger.close()
