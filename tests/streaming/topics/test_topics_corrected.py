"""How long screens say that somebody has corrected numbers: the board ten minutes, the unit's own topic its round."""

from streaming.decisions.standing import CORRECTED_TOLD_MS
from streaming.fold.fold import Fold
from streaming.topics.topics import Topics
from tests.worlds.histories import ROUND_MS, START_MS, Writer, contest

NAMES = ("board", "unit/A1", "unit/A", "unit/P", "unit/A2")


def told(writer: Writer) -> list[object]:
    """What topics of NAMES say."""
    fold, topics = Fold(), Topics(rehearsal=False)
    for row in writer.rows:
        fold.apply(row)
    topics.move(fold, "e1")
    found = []
    for name in NAMES:
        topic = topics.find(name)
        assert topic is not None
        found.append(topic.state.get("corrected"))
    return found


def correct(writer: Writer, unit: str = "A1", number: int = 1, *, is_labelled: bool = True) -> None:
    writer.decide("correction", unit=unit, round=number, column="completed", delta=2, labelled=is_labelled)


def pass_ms(writer: Writer, ms: int) -> None:
    writer.now_ms += ms
    writer.clock()


def test_the_board_says_it_for_ten_minutes_and_the_units_own_topic_until_its_round_ends() -> None:
    writer = Writer(now_ms=START_MS)
    correct(writer)
    assert told(writer) == [("A1",), True, True, True, None]
    pass_ms(writer, CORRECTED_TOLD_MS - 1)
    assert told(writer) == [("A1",), True, True, True, None]
    pass_ms(writer, 1)
    assert told(writer) == [None, True, None, None, None]
    writer.now_ms = START_MS + ROUND_MS - 1
    pass_ms(writer, 0)
    assert told(writer) == [None, True, None, None, None]
    pass_ms(writer, 1)
    assert told(writer) == [None] * len(NAMES)


def test_another_correction_begins_the_ten_minutes_again() -> None:
    writer = Writer(now_ms=START_MS)
    correct(writer)
    pass_ms(writer, CORRECTED_TOLD_MS - 1)
    correct(writer)
    correct(writer, "A2", is_labelled=False)
    pass_ms(writer, CORRECTED_TOLD_MS - 1)
    assert told(writer) == [("A1",), True, True, True, None]
    pass_ms(writer, 1)
    assert told(writer) == [None, True, None, None, None]


def test_of_a_round_that_has_ended_it_is_told_for_ten_minutes_everywhere() -> None:
    writer = Writer(now_ms=START_MS + ROUND_MS)
    correct(writer)
    assert told(writer) == [("A1",), True, True, True, None]
    pass_ms(writer, CORRECTED_TOLD_MS)
    assert told(writer) == [None] * len(NAMES)


def test_under_a_hold_it_stands_as_the_numbers_do() -> None:
    writer = Writer(now_ms=START_MS)
    correct(writer)
    writer.decide("hold", unit=None)
    pass_ms(writer, CORRECTED_TOLD_MS)
    assert told(writer) == [("A1",), True, True, True, None]
    writer.decide("release", unit=None)
    assert told(writer) == [None, True, None, None, None]


def test_a_clock_that_ran_ahead_does_not_make_it_stand_longer() -> None:
    writer = Writer(now_ms=START_MS)
    writer.set(ROUND_MS // 2)
    correct(writer)
    writer.set(-ROUND_MS // 2)
    pass_ms(writer, CORRECTED_TOLD_MS - 1)
    assert told(writer)[0] == ("A1",)
    pass_ms(writer, 1)
    assert told(writer)[0] is None


def test_the_end_of_the_ten_minutes_is_a_time_at_which_a_clock_row_is_due() -> None:
    writer = Writer(now_ms=START_MS)
    correct(writer)
    correct(writer, "A2", is_labelled=False)
    fold = Fold()
    for row in writer.rows:
        fold.apply(row)
    rounds = {edge for round_ in contest().rounds for edge in (round_.opens_ms, round_.closes_ms)}
    assert set(fold.edges_ms) - rounds == {START_MS + CORRECTED_TOLD_MS}
