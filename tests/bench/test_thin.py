"""Beats are counted right."""

from tests.bench.takes import spread
from tests.bench.thin import Frame, beats_late


def test_a_beat_is_late_by_as_many_as_what_is_painted_is_older_than_what_should_be() -> None:
    true = [Frame(at_ms + 50, at_ms, seq) for seq, at_ms in enumerate(range(0, 10_000, 500))]
    assert beats_late(true, true, 1_000, (1_000, 6_000)) == (0, 0, 0, 0, 0)
    slow = [Frame(frame.came_ms + 1_000, frame.at_ms, frame.seq) for frame in true]
    assert beats_late(slow, true, 1_000, (3_000, 6_000)) == (1, 1, 1)
    # What came in time but is of a cut behind the beat is not painted there.
    ahead = [Frame(1_300, 1_100, 99)]
    assert beats_late(ahead, true, 1_000, (1_000, 3_000)) == (2, 0)


def test_the_nth_frame_behind_the_first_press_is_that_of_the_nth() -> None:
    screens = [[(1_010.0, 7), (2_020.0, 8)], [(1_005.0, 7)], []]
    assert spread([1_000.0, 2_000.0], screens) == [5.0, 10.0, 20.0]
