"""The fold: whole histories against the plain recount, and the gate's rules one by one."""

from typing import Any

import msgspec
import pytest
from hypothesis import given

from streaming.audit.recount import differences, recount
from streaming.errors import ContestError, FoldError
from streaming.fold.fold import Fold
from streaming.fold.tally import ALL, COMPLETED, PACE, PARTICIPANTS, STARTED
from streaming.ledger.rows import Row
from tests.worlds.folds import folded, opened, public
from tests.worlds.histories import ROUND_MS, START_MS, histories
from tests.worlds.whole import examples


@examples(80)
@given(histories)
def test_the_fold_equals_a_recount_after_every_row(rows: list[Row]) -> None:
    fold = Fold()
    for number, row in enumerate(rows, start=1):
        fold.apply(row)
        if number % 5 == 0 or number == len(rows):
            assert differences(fold, rows[:number]) == []


def test_the_recount_sees_a_number_that_is_off_by_one() -> None:
    writer = opened()
    writer.take("e1", unit="A1", person="u")
    fold = folded(writer.rows)
    fold.public.counts[ALL]["A"][COMPLETED] += 1
    assert fold.whole is fold.public
    assert (
        differences(fold, writer.rows)[1]
        == "public: all rounds, unit A: [0, 0, 2, 1, 1] counted on the way, [0, 0, 1, 1, 1] from the rows"
    )


def test_an_entry_counts_in_its_unit_and_every_unit_above_it_and_in_its_round() -> None:
    writer = opened()
    writer.take("e1", unit="A1", person="u")
    fold = folded(writer.rows)
    for scope in (ALL, 1):
        table = fold.public.counts[scope]
        assert [table[code][COMPLETED] for code in ("P", "A", "A1", "A2", "B")] == [1, 1, 1, 0, 0]
    assert fold.public.counts[2]["P"][COMPLETED] == 0


def test_outside_the_rounds_an_entry_is_kept_and_in_no_figure() -> None:
    writer = opened()
    for id_, at in (("e1", START_MS - 1), ("e2", START_MS + ROUND_MS), ("e3", START_MS + 3 * ROUND_MS)):
        writer.take(id_, unit="A1", at=at)
    fold = folded(writer.rows)
    assert fold.whole.counts[ALL]["P"][COMPLETED] == 0
    assert fold.whole.outside == {"before": 1, "between": 1, "after": 1}


def test_a_moved_opening_brings_early_entries_in() -> None:
    writer = opened()
    writer.take("e1", unit="A1", at=START_MS - 1)
    writer.decide("round", n=1, opens_ms=START_MS - 60_000, closes_ms=START_MS + ROUND_MS)
    assert public(writer)[COMPLETED] == 1


def test_a_moved_round_stays_moved_when_the_contest_is_retitled() -> None:
    writer = opened()
    writer.take("e1", unit="A1", at=START_MS - 1)
    writer.decide("round", n=1, opens_ms=START_MS - 60_000, closes_ms=START_MS + ROUND_MS)
    contest = msgspec.json.decode(writer.rows[0].body)["contest"] | {"title": "Tên mới"}
    writer.decide("contest", contest=contest)
    assert public(writer)[COMPLETED] == 1


def test_a_person_counts_once_per_scope_where_they_first_counted() -> None:
    writer = opened()
    writer.take("e1", unit="A1", person="u")
    writer.take("e2", unit="B1", person="u")
    writer.take("e3", unit="B1", person="u", at=START_MS + 2 * ROUND_MS)
    fold = folded(writer.rows)
    assert [fold.public.counts[ALL][c][PARTICIPANTS] for c in ("P", "A1", "B1")] == [1, 1, 0]
    assert [fold.public.counts[2][c][PARTICIPANTS] for c in ("P", "A1", "B1")] == [1, 0, 1]


def test_when_a_persons_first_entry_is_voided_the_next_takes_over_in_its_own_unit() -> None:
    writer = opened()
    writer.take("e1", unit="A1", person="u")
    writer.take("e2", unit="B1", person="u")
    writer.take("v", "voided", voids="e1")
    counts = folded(writer.rows).public.counts[ALL]
    assert [counts[c][PARTICIPANTS] for c in ("P", "A1", "B1")] == [1, 0, 1]


def test_a_void_that_comes_first_waits_for_its_entry_and_a_second_changes_nothing() -> None:
    writer = opened()
    writer.take("v1", "voided", voids="e1")
    writer.take("e1", unit="A1", person="u")
    writer.take("v2", "voided", voids="e1")
    assert public(writer) == [0, 0, 0, 0, 0]


def test_a_void_names_an_id_of_its_own_source_only() -> None:
    writer = opened()
    writer.take("e1", unit="A1", by="web")
    writer.take("v1", "voided", by="bao", voids="e1")
    assert public(writer)[COMPLETED] == 1


def test_pace_counts_entries_of_the_last_five_minutes_by_the_rows_own_time() -> None:
    writer = opened()
    writer.take("e1", unit="A1")
    writer.now_ms += 299_999
    writer.clock(web=writer.now_ms)
    assert public(writer)[PACE] == 1
    writer.now_ms += 1
    writer.clock(web=writer.now_ms)
    assert public(writer)[PACE] == 0
    assert public(writer)[COMPLETED] == 1


def test_under_a_hold_of_everything_numbers_and_position_stay_and_jump_on_release() -> None:
    writer = opened()
    writer.take("e1", unit="A1")
    held = writer.decide("hold", unit=None)
    before = folded(writer.rows)
    writer.take("e2", unit="A1")
    writer.take("v1", "voided", voids="e1")
    writer.clock(web=writer.now_ms)
    during = folded(writer.rows)
    assert during.cut == before.cut
    assert during.cut.seq == held.seq
    assert during.public.counts == before.public.counts
    assert during.whole.counts[ALL]["P"][COMPLETED] == 1
    released = writer.decide("release", unit=None)
    after = folded(writer.rows)
    assert after.cut.seq == released.seq
    assert after.public.counts == after.whole.counts


def test_a_held_unit_keeps_back_what_lies_at_or_below_it_and_its_position_tells_nothing() -> None:
    writer = opened()
    writer.take("e1", unit="A1")
    held = writer.decide("hold", unit="A")
    writer.take("e2", unit="A1")
    writer.take("e3", unit="A2")
    assert folded(writer.rows).cut.seq == held.seq
    shown = writer.take("e4", unit="B1")
    fold = folded(writer.rows)
    assert fold.cut.seq == shown.seq
    assert [fold.public.counts[ALL][c][COMPLETED] for c in ("P", "A", "B")] == [2, 1, 1]
    writer.decide("release", unit="A")
    assert public(writer)[COMPLETED] == 4


def test_a_quarantined_entry_is_out_also_when_it_comes_later_and_in_again_when_cleared() -> None:
    writer = opened()
    writer.decide("quarantine", entries=[["web", "e1"], ["web", "e2"]])
    writer.take("e1", unit="A1")
    assert public(writer)[COMPLETED] == 0
    writer.decide("clear", entries=[["web", "e1"]])
    assert public(writer)[COMPLETED] == 1


def test_a_delay_shows_what_is_old_enough_and_takes_nothing_back() -> None:
    writer = opened()
    writer.take("e1", unit="A1")
    writer.decide("delay", delay_ms=60_000)
    entry = writer.take("e2", unit="A1")
    writer.now_ms += 59_999
    writer.clock(web=writer.now_ms)
    fold = folded(writer.rows)
    assert fold.public.counts[ALL]["P"][COMPLETED] == 1
    assert fold.waits_until_ms == entry.received_ms + 60_000
    writer.now_ms += 1
    writer.clock(web=writer.now_ms)
    fold = folded(writer.rows)
    assert fold.cut.seq == entry.seq
    assert fold.public.counts[ALL]["P"][COMPLETED] == 2


def test_a_decision_on_what_a_delayed_cut_already_shows_begins_a_new_epoch() -> None:
    writer = opened()
    writer.take("e1", unit="A1")
    writer.decide("delay", delay_ms=60_000)
    before = folded(writer.rows)
    writer.decide("quarantine", entries=[["web", "e1"]])
    after = folded(writer.rows)
    assert after.cut.seq == before.cut.seq
    assert after.public.counts[ALL]["P"][COMPLETED] == 0
    assert after.epoch("id", 0) != before.epoch("id", 0)


def test_what_is_decided_under_a_hold_of_everything_takes_effect_with_the_release() -> None:
    writer = opened()
    writer.take("e1", unit="A1")
    writer.decide("hold", unit=None)
    writer.decide("hold", unit=None)
    writer.decide("quarantine", entries=[["web", "e1"]])
    writer.decide("hold", unit="B")
    writer.take("e2", unit="B1")
    assert public(writer)[COMPLETED] == 1
    writer.decide("release", unit=None)
    assert public(writer)[COMPLETED] == 0


def test_the_number_of_started_ignores_people() -> None:
    writer = opened()
    writer.take("s1", "started", unit="A1", person="u")
    assert public(writer) == [0, 1, 0, 0, 0]
    assert public(writer)[STARTED] == 1


def test_heard_is_the_slowest_live_source() -> None:
    writer = opened()
    writer.take("e1", unit="A1", by="web")
    writer.now_ms += 5_000
    writer.take("e1", unit="A1", by="bao")
    assert folded(writer.rows).cut.heard_ms == START_MS
    writer.now_ms += 5_000
    writer.clock(bao=START_MS + 9_000)
    assert folded(writer.rows).cut.heard_ms == START_MS + 9_000


def row(**changes: Any) -> Row:
    writer = opened()
    taken = writer.take("e1", unit="A1")
    return taken._replace(**changes)


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        (
            row(type="correction"),
            'row 2: unknown type "correction", expected participation, decision or clock',
        ),
        (row(seq=3), "row 3: expected row 2"),
        (row(received_ms=1), f"row 2: received_ms 1 runs back behind {START_MS}"),
        (row(type="decision", body=b'{"kind":"guess"}'), 'row 2: unknown decision "guess"'),
        (row(body=b'{"kind":"completed","unit":"Z","at":1}'), 'row 2: no leaf unit has code "Z"'),
        (
            row(type="decision", body=b'{"kind":"round","n":9,"opens_ms":1,"closes_ms":2}'),
            "row 2: there is no round 9",
        ),
    ],
)
def test_a_row_that_the_fold_does_not_know_is_an_error(bad: Row, message: str) -> None:
    fold = folded(opened().rows)
    with pytest.raises(FoldError) as caught:
        fold.apply(bad)
    assert str(caught.value) == message


NOTHING = bytes(20)
CUT = b'{"kind":"comp'


@pytest.mark.parametrize("type_", ["participation", "decision", "clock"])
@pytest.mark.parametrize("body", [NOTHING, CUT, b"", b"[]", b"7", b'"\xff"', b"\xff\xfe"], ids=repr)
def test_a_row_whose_body_was_damaged_is_told_with_what_to_do(type_: str, body: bytes) -> None:
    fold = folded(opened().rows)
    with pytest.raises(
        FoldError, match=rf"^row 2: a {type_} row that cannot be read \(.+\); restore the newest backup"
    ) as caught:
        fold.apply(row(type=type_, body=body))
    assert str(caught.value).isprintable()


@pytest.mark.parametrize(
    "body",
    [b'{"kind":"hold"}', b'{"kind":"void","entries":7}', b'{"kind":"clear","entries":[["a"]]}',
     b'{"kind":"contest"}', b'{"kind":"contest","contest":{}}', b'{"kind":"delay","delay_ms":"x"}',
     b'{"kind":"round","n":"1"}', b'{"kind":"schedule","round":1}', b'{"kind":"milestone"}'],
    ids=repr,
)  # fmt: skip
def test_a_decision_that_lacks_what_it_is_about_is_told_too(body: bytes) -> None:
    fold = folded(opened().rows)
    with pytest.raises(
        FoldError, match=r"^row 2: a decision row that cannot be read \(.+\); restore the newest backup"
    ):
        fold.apply(row(type="decision", by="account:1", id=None, body=body))


@pytest.mark.parametrize("fault", [KeyError("unit"), TypeError("x"), ValueError("y"), ContestError("z")], ids=repr)
def test_a_fault_of_ours_is_not_told_as_a_damaged_row(monkeypatch: pytest.MonkeyPatch, fault: Exception) -> None:
    def fails(*_: object) -> None:
        raise fault

    writer = opened()
    held = writer.decide("hold", unit=None)
    fold = folded(writer.rows[:-1])
    monkeypatch.setattr(Fold, "set_gate", fails)
    with pytest.raises(type(fault)) as caught:
        fold.apply(held)
    assert caught.value is fault


@pytest.mark.parametrize("keeps_back", [False, True])
def test_a_damaged_entry_is_told_on_either_way_through_the_gate(keeps_back: bool) -> None:
    writer = opened()
    if keeps_back:
        writer.decide("hold", unit=None)
    bad = writer.take("e1", unit="A1")
    fold = folded(writer.rows[:-1])
    with pytest.raises(FoldError, match="a participation row that cannot be read"):
        fold.apply(bad._replace(body=NOTHING))


def test_the_first_row_must_say_what_the_contest_is() -> None:
    with pytest.raises(FoldError, match="row 1: expected the decision that says what the contest is"):
        Fold().apply(row(seq=1))
    with pytest.raises(FoldError, match="no rows: expected"):
        recount([], public=True)
