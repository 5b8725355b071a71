"""Alarms of points whose page is lost: one line each, or one for many."""

import pytest

from server.control.alarms import Alarms
from server.control.lost_points import LINES_MAX, POINT_LOST, sound_lost

NOW_MS = 1_662_604_277_000


def lines(alarms: Alarms) -> list[tuple[str, dict[str, int | str]]]:
    return [(each.subject, dict(each.detail)) for each in alarms.listed(NOW_MS) if each.rule == POINT_LOST]


def test_a_few_have_a_line_each_and_many_one_and_who_comes_back_has_none() -> None:
    alarms = Alarms()
    few = {f"p{number}": NOW_MS - 11_000 - number for number in range(LINES_MAX)}
    sound_lost(alarms, few, NOW_MS)
    assert dict(lines(alarms)) == {code: {"since": at, "unit": code} for code, at in few.items()}
    many = few | {"p9": NOW_MS - 38_000}
    sound_lost(alarms, many, NOW_MS)
    assert lines(alarms) == [("points", {"count": LINES_MAX + 1, "since": NOW_MS - 38_000, "units": "p9 p2 p1"})]
    sound_lost(alarms, {"p9": NOW_MS - 38_000}, NOW_MS)
    assert lines(alarms) == [("p9", {"since": NOW_MS - 38_000, "unit": "p9"})]
    sound_lost(alarms, {}, NOW_MS)
    assert lines(alarms) == []


@pytest.mark.parametrize("count", [1, LINES_MAX + 3])
def test_what_somebody_has_seen_stays_seen_while_it_lasts(count: int) -> None:
    alarms = Alarms()
    lost = {f"p{number}": NOW_MS - 20_000 for number in range(count)}
    sound_lost(alarms, lost, NOW_MS)
    assert all(alarms.see(each.id) for each in alarms.listed(NOW_MS))
    sound_lost(alarms, lost, NOW_MS + 1_000)
    assert all(each.seen for each in alarms.listed(NOW_MS + 1_000))
