"""What points hear of their turn by the rundown."""

import pytest

from streaming.points.call import GET_READY_MS, SOON_MS, HandCall, calls_of
from streaming.program.rundown import Item, Rundown
from streaming.program.running import Running
from tests.worlds.outputs import NOW_MS

RUNDOWN = Rundown(
    (
        Item(id="1", title="Khai mạc", duration_s=600),
        Item(id="2", title="Điểm cầu Lũng Cú", unit="00715", duration_s=60),
        Item(id="3", title="Điểm cầu Mèo Vạc", unit="030", duration_s=60),
        Item(id="4", title="Lũng Cú lần nữa", unit="00715"),
    )
)


def heard(on: str | None, next_: str | None, after_ms: int) -> dict[str, str]:
    running = Running(run=NOW_MS, on=on, since=None if on is None else NOW_MS, next=next_)
    return {unit: call.state for unit, call in calls_of(RUNDOWN, running, NOW_MS + after_ms).items()}


@pytest.mark.parametrize(
    ("on", "next_", "after_ms", "expected"),
    [
        ("1", "2", 0, {}),
        ("1", "2", 600_000 - GET_READY_MS, {"00715": "get_ready"}),
        ("1", "2", 600_000 - SOON_MS, {"00715": "soon", "030": "get_ready"}),
        ("1", "2", 900_000, {"00715": "soon", "030": "get_ready"}),
        ("2", "3", 0, {"00715": "on_air", "030": "get_ready"}),
        ("2", "3", 40_000, {"00715": "on_air", "030": "soon"}),
        ("3", "4", 59_000, {"030": "on_air", "00715": "soon"}),
        ("4", None, 5_000_000, {"00715": "on_air"}),
        (None, "1", 0, {}),
    ],
)
def test_points_hear_in_time_that_their_item_comes(
    on: str | None, next_: str | None, after_ms: int, expected: dict[str, str]
) -> None:
    assert heard(on, next_, after_ms) == expected


def test_before_the_evening_only_a_plan_of_today_calls() -> None:
    items = (Item(id="2", title="Lũng Cú", unit="00715", at_ms=NOW_MS),)
    running = Running(run=NOW_MS, next="2")
    for after_ms, expected in ((-GET_READY_MS - 1, set()), (-GET_READY_MS, {"get_ready"}), (-1_000, {"soon"})):
        calls = calls_of(Rundown(items), running, NOW_MS + after_ms)
        assert {call.state for call in calls.values()} == expected
    assert calls_of(Rundown(items), running, NOW_MS + 24 * 3_600_000) == {}


def test_each_call_has_a_name_of_its_own_and_a_time_while_one_gets_ready() -> None:
    running = Running(run=NOW_MS, on="1", since=NOW_MS, next="2")
    ready = calls_of(RUNDOWN, running, NOW_MS + 500_000)["00715"]
    assert (ready.due, ready.by_hand) == (NOW_MS + 600_000, False)
    soon = calls_of(RUNDOWN, running, NOW_MS + 590_000)["00715"]
    assert soon.due is None
    on_air = calls_of(RUNDOWN, running.begun(RUNDOWN.items[1], RUNDOWN, NOW_MS, advances=False), NOW_MS)["00715"]
    again = calls_of(RUNDOWN, Running(run=NOW_MS, on="4", since=NOW_MS), NOW_MS)["00715"]
    hand = HandCall("soon", "Bác Mỷ nói trước", "account:1", NOW_MS).call
    assert len({call.key for call in (ready, soon, on_air, again, hand)}) == 5
    assert (hand.text, hand.by_hand) == ("Bác Mỷ nói trước", True)
