"""The room's line to the presenter."""

import pytest

from streaming.program.errors import WrongSteering
from streaming.program.host import LINE_CHARS_MAX, Say
from streaming.program.numbers import ChangeDelay
from tests.worlds.outputs import LAN, Floor


def test_it_takes_the_place_of_the_one_before_until_it_is_taken_away_and_is_in_nobodys_way() -> None:
    floor = Floor({"hall": None})
    seen = floor.of("hall").version
    floor.act("hall", Say(text="  Chờ thêm 1 phút "))
    line = floor.of("hall").told().host
    assert line is not None
    assert (line.text, line.by, line.at) == ("Chờ thêm 1 phút", LAN.by, floor.at.now_ms)
    floor.act("hall", ChangeDelay(delay_ms=1_000), seen=seen)
    floor.act("hall", Say(text="   "))
    assert floor.of("hall").host is None


@pytest.mark.parametrize("text", ["x" * (LINE_CHARS_MAX + 1), "hai\ndòng", "\x07"])
def test_a_host_reads_one_short_line(text: str) -> None:
    floor = Floor({"hall": None})
    with pytest.raises(WrongSteering, match="text: expected at most 280 characters in one line"):
        floor.act("hall", Say(text=text))
