"""What is shown late is what was shown then: the same cuts later, or not at all."""

from typing import Any

import msgspec
import pytest

from streaming.contests.contest import encode_contest
from streaming.ledger.rows import Row
from streaming.topics.late import DELAY_MS_MAX, Picture
from streaming.topics.numbers import NumberTopics
from tests.worlds.histories import START_MS, Writer, contest
from tests.worlds.late_stage import Stage, frame_of, shows


def entries(writer: Writer, count: int = 1, code: str = "A1") -> list[Row]:
    return [writer.take(f"e{len(writer.rows)}", unit=code) for _ in range(count)]


def total(late: NumberTopics) -> Any:
    return frame_of(late, "board")["rows"]["P"][2]


def test_a_delay_begins_without_a_jump_back_and_ends_without_a_jump_over() -> None:
    writer = Writer(now_ms=START_MS)
    stage = Stage(writer.rows)
    stage.play(entries(writer, 3))
    late = stage.late(8_000)
    assert total(late) == 3
    stage.play(entries(writer))
    stage.pass_ms(7_999, late)
    assert total(late) == 3
    stage.pass_ms(1, late)
    assert total(late) == 4
    stage.play(entries(writer))
    late.delay_ms = 0
    assert late.is_late, "until it has come to where the store stands"
    stage.advance(late)
    assert (total(late), late.is_late) == (5, False)


def test_a_release_is_late_though_its_cut_is_of_long_ago() -> None:
    writer = Writer(now_ms=START_MS)
    stage = Stage(writer.rows)
    late = stage.late(8_000)
    stage.play([writer.decide("delay", delay_ms=30_000)])
    stage.pass_ms(60_000, late)
    stage.play(entries(writer))
    writer.now_ms += 30_000
    stage.play([writer.clock(web=writer.now_ms)])
    assert total(stage.topics) == 1
    stage.pass_ms(7_999, late)
    assert total(late) == 0
    stage.pass_ms(1, late)
    assert total(late) == 1


def test_stillness_is_left_by_one_move_to_what_is_due() -> None:
    writer = Writer(now_ms=START_MS)
    stage = Stage(writer.rows)
    late = stage.late(1_000)
    frames: list[tuple[int, int]] = []
    board = late.find("board")
    assert board is not None
    board.listeners.add(lambda base, seq, _payload: frames.append((base, seq)))
    late.is_still = True
    before = shows(late)
    for _ in range(5):
        stage.play(entries(writer))
        stage.pass_ms(1_000, late)
        assert shows(late) == before
    stage.play(entries(writer))
    assert late.next_ms is None
    late.is_still = False
    stage.advance(late)
    assert (total(late), frames) == (5, [(1, 6)])
    stage.pass_ms(1_000, late)
    assert (total(late), frames) == (6, [(1, 6), (6, 7)])


def test_a_unit_that_is_first_asked_for_in_a_still_picture_is_of_that_picture() -> None:
    writer = Writer(now_ms=START_MS)
    stage = Stage(writer.rows)
    stage.play(entries(writer, 2))
    expected = frame_of(stage.topics, "unit/A1")
    late = stage.late()
    late.is_still = True
    stage.play(entries(writer, 3))
    stage.pass_ms(60_000, late)
    assert frame_of(late, "unit/A1") == expected


def test_a_new_epoch_waits_its_time_too_and_lies_beneath_what_comes_after_it() -> None:
    writer = Writer(now_ms=START_MS)
    stage = Stage(writer.rows)
    late = stage.late(8_000)
    before = shows(late)
    other = msgspec.json.decode(encode_contest(contest(title="Cuộc thi lớn")))
    stage.play([writer.decide("contest", contest=other)])
    stage.play(entries(writer))
    stage.pass_ms(7_999, late)
    assert shows(late) == before
    stage.pass_ms(1, late)
    assert shows(late) == shows(stage.topics)
    assert frame_of(late, "board")["epoch"] != before["board"]["epoch"]


def test_what_waits_is_dropped_and_comes_in_one_when_the_numbers_are_right_again() -> None:
    writer = Writer(now_ms=START_MS)
    stage = Stage(writer.rows)
    late = stage.late(8_000)
    stage.play(entries(writer))
    stage.pass_ms(2_000, late)
    stage.play(entries(writer, 100))
    stage.pass_ms(2_000, late)
    late.keep_back(stage.now_ms - 3_000)
    stage.play(entries(writer))
    stage.pass_ms(4_000, late)
    assert total(late) == 1, "what was shown before comes when it is due"
    stage.pass_ms(60_000, late)
    assert (total(late), late.next_ms, late.is_late) == (1, None, True)
    late.go_on(stage.now_ms)
    stage.pass_ms(7_999, late)
    assert total(late) == 1
    stage.pass_ms(1, late)
    assert total(late) == 102


def test_readers_share_what_waits_and_nothing_is_kept_for_nobody() -> None:
    writer = Writer(now_ms=START_MS)
    stage = Stage(writer.rows)
    stage.play(entries(writer))
    assert not len(stage.history)
    soon, late = stage.late(1_000), stage.late(8_000)
    for _ in range(3):
        stage.play(entries(writer))
        stage.pass_ms(500, soon)
    assert len(stage.history) == 3
    stage.pass_ms(8_000, late)
    stage.advance(soon)
    stage.play(entries(writer))
    assert len(stage.history) == 1
    late.close()
    soon.close()
    assert not len(stage.history)


@pytest.mark.parametrize("delay_ms", [0, 8_000, DELAY_MS_MAX])
def test_after_a_start_it_stands_where_an_earlier_run_would_stand_now(delay_ms: int) -> None:
    writer = Writer(now_ms=START_MS)
    stage = Stage([])
    stage.history.keeps_all = True
    for number in range(40):
        stage.now_ms += 1_000
        stage.play(entries(writer) if number else writer.rows)
    late = stage.late(delay_ms)
    stage.history.keeps_all = False
    assert total(late) == 39 - delay_ms // 1_000
    stage.pass_ms(delay_ms, late)
    assert shows(late) == shows(stage.topics)


def test_a_picture_that_stood_still_is_that_of_a_later_run_too_and_is_left_by_the_whole() -> None:
    writer = Writer(now_ms=START_MS)
    stage = Stage(writer.rows)
    stage.play(entries(writer, 2))
    late = stage.late()
    late.is_still = True
    stage.play(entries(writer))
    stage.pass_ms(60_000, late)
    before = shows(late)
    picture = late.picture
    assert picture is not None
    read = msgspec.msgpack.decode(msgspec.msgpack.encode(picture), type=Picture)
    again = Stage(writer.rows)
    later = again.late()
    later.stand_still_at(read, contest())
    again.play(entries(writer))
    again.pass_ms(60_000, later)
    assert shows(later) == before
    later.is_still = False
    later.go_on(again.now_ms)
    again.advance(later)
    assert shows(later) == shows(again.topics)
    assert not later.is_late
