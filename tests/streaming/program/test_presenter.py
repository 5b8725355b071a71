"""What a presenter is told of an evening."""

import msgspec

from streaming.program.evening import Next, Prepare, SetRundown
from streaming.program.host import Say
from streaming.program.presenter import PresenterState, presenter_of
from streaming.program.withdrawal import Withdraw
from tests.worlds.outputs import BACKDROP, Floor
from tests.worlds.rundowns import EVENING


def told(floor: Floor) -> PresenterState:
    return presenter_of(floor.of("hall"))


def test_it_is_what_to_say_now_and_next_and_when() -> None:
    floor = Floor({"hall": None})
    assert told(floor) == PresenterState()
    floor.act("hall", SetRundown(rundown=EVENING))
    before = told(floor)
    assert (before.on, before.next, before.ends_ms) == (None, "doors", EVENING.ends_ms)
    floor.press("hall", Next(item=EVENING.item("doors"), settings={}, needs_arming=False, advances=True))
    now = told(floor)
    assert now.items is not None
    assert [(each.id, each.say) for each in now.items] == [
        ("doors", ""), ("speech", "Kính thưa quý vị đại biểu"), ("launch", ""), ("numbers", ""), ("end", ""),
    ]  # fmt: skip
    assert (now.on, now.since, now.next) == ("doors", floor.at.now_ms, "speech")
    assert now.items[2].at_ms == EVENING.item("launch").at_ms
    floor.act("hall", Prepare(item="numbers"))
    assert [each.id for each in told(floor).items or ()] == ["doors", "numbers", "end"]


def test_it_is_nothing_of_what_stands_behind_the_picture() -> None:
    floor = Floor({"hall": None})
    noted = msgspec.structs.replace(EVENING.items[0], note="bí mật")
    floor.act("hall", SetRundown(rundown=msgspec.structs.replace(EVENING, items=(noted, *EVENING.items[1:]))))
    floor.act("hall", Say(text="Chờ thêm 1 phút"))
    state = msgspec.json.encode(told(floor)).decode()
    assert "Chờ thêm 1 phút" in state
    assert not any(secret in state for secret in ("bí mật", "account:", "advance", "settings", "armed"))


def test_no_number_is_to_be_read_out_while_wrong_ones_are_off_the_air() -> None:
    floor = Floor({"hall": None})
    assert told(floor).withdrawn is None
    floor.press("hall", Withdraw(backdrop=BACKDROP))
    assert told(floor).withdrawn is True
