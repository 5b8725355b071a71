"""Where an output's numbers come from: its store while it may, topics of its own while it must."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from server.control.output_numbers import FORGET_MS, OutputNumbers
from streaming.ledger.rows import Draft
from streaming.program.output import Output
from streaming.program.state import Still
from streaming.pump import Pump
from streaming.topics.late import Picture
from tests.worlds.outputs import an_output
from tests.worlds.pump_stage import Stage

HALL = an_output()
STILL = HALL.with_(still=Still("account:1", 0, HALL.scene))


class Room:
    """Two stores ticked by hand, with all clocks in the test's hand, and where outputs read them."""

    def __init__(self, folder: Path) -> None:
        self.now_s = 100.0
        self.stages = {}
        for name in ("live", "rehearsal"):
            (folder / name).mkdir()
            self.stages[name] = Stage(folder / name)
        self.others: list[str] = []
        self.withdrawn_ms: int | None = None
        self.start()

    def start(self) -> None:
        """Begin on the same ledgers, as a server does that starts again."""
        self.pumps = {name: self.pump(stage) for name, stage in self.stages.items()}
        pumps = {"live": self.pumps["live"], "rehearsal": self.pumps["rehearsal"]}
        self.numbers = OutputNumbers(pumps, lambda store: self.withdrawn_ms if store == "live" else None)  # type: ignore[arg-type]
        self.numbers.on_other = self.others.append

    def pump(self, stage: Stage) -> Pump:
        pump = Pump(
            stage.ledger, now_ms=stage.clock, live_sources=list, rehearsal=False, tick_ms=20,
            monotonic_s=lambda: self.now_s, late_ms=30_000,
        )  # fmt: skip
        pump.replay()
        return pump

    def enter(self, store: str = "live") -> None:
        self.stages[store].ledger.append_now(self.stages[store].drafts(1))
        self.pumps[store].replay()

    def pass_s(self, seconds: float) -> None:
        self.now_s += seconds
        for stage in self.stages.values():
            stage.clock.ms += int(seconds * 1_000)
        self.numbers.turn()

    def withdraw(self) -> None:
        self.withdrawn_ms = self.stages["live"].clock.ms
        self.numbers.turn()

    def restore(self) -> None:
        self.withdrawn_ms = None
        self.numbers.turn()

    def total(self, name: str = "hall") -> object:
        board = self.numbers.find(name, "board")
        assert board is not None
        return board.rows["P"][2]

    def close(self) -> None:
        for stage in self.stages.values():
            stage.ledger.close()


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    room = Room(tmp_path)
    yield room
    room.close()


def begin(room: Room, *outputs: Output, picture: Picture | None = None) -> None:
    for output in outputs:
        room.numbers.begin(output, picture)
    room.numbers.settled()


def test_what_moves_and_is_not_late_is_read_from_the_store_and_costs_nothing(room: Room) -> None:
    begin(room, HALL)
    room.enter()
    assert room.numbers.find("hall", "board") is room.pumps["live"].topics.find("board")
    assert not len(room.pumps["live"].history)
    assert room.others == []


def test_an_output_reads_its_own_as_long_as_it_is_late(room: Room) -> None:
    begin(room, HALL, an_output("points"))
    room.numbers.follow(HALL.with_(delay_ms=8_000))
    assert room.others == ["hall"]
    room.enter()
    assert (room.total(), room.total("points")) == (0, 1)
    room.pass_s(8)
    assert room.total() == 1
    room.enter()
    room.numbers.follow(HALL)
    assert room.total() == 2
    assert room.numbers.find("hall", "board") is room.pumps["live"].topics.find("board")
    assert room.others == ["hall", "hall"]


def test_frames_that_are_made_late_are_counted_by_store(room: Room) -> None:
    begin(room, HALL.with_(delay_ms=8_000), an_output("points"))
    board = room.numbers.find("hall", "board")
    assert board is not None
    board.listeners.add(lambda *_: None)
    room.enter()
    room.pass_s(7)
    pump = room.pumps["live"]
    assert len(pump.history) > 0
    assert pump.counters.late_frames == 0
    room.pass_s(1)
    assert (len(pump.history), pump.counters.late_frames) == (0, 1)
    assert room.pumps["rehearsal"].counters.late_frames == 0


def test_a_change_of_store_is_another_set_of_topics(room: Room) -> None:
    late = HALL.with_(delay_ms=8_000)
    begin(room, late)
    room.enter("rehearsal")
    room.numbers.follow(late.with_(store="rehearsal"))
    assert room.total() == 1
    assert room.others == ["hall"]
    assert not len(room.pumps["live"].history), "nothing waits there for nobody"


def test_a_still_picture_is_given_out_to_be_kept_and_stands_over_a_start(room: Room) -> None:
    begin(room, HALL)
    room.enter()
    picture = room.numbers.follow(STILL)
    assert picture is not None
    assert room.numbers.follow(STILL.with_(version=9)) is None, "it was given out once"
    room.enter()
    room.pass_s(60)
    assert room.total() == 1
    room.start()
    begin(room, STILL, picture=picture)
    room.enter()
    room.pass_s(60)
    assert room.total() == 1
    room.numbers.follow(HALL)
    assert room.total() == 3


def test_a_still_picture_that_is_not_known_stands_where_the_start_finds_it(room: Room) -> None:
    room.enter()
    begin(room, STILL)
    room.enter()
    room.pass_s(60)
    assert room.total() == 1


def test_a_late_output_goes_on_over_a_start_as_late_as_before(room: Room) -> None:
    for _ in range(20):
        room.pass_s(1)
        room.stages["live"].ledger.append_now(room.stages["live"].drafts(1))
    room.start()
    begin(room, HALL.with_(delay_ms=8_000))
    assert room.total() == 12
    room.pass_s(3)
    assert room.total() == 15


def test_what_is_no_number_is_no_outputs(room: Room) -> None:
    begin(room, HALL)
    for name in ("control", "point/A1", "watch", "program/hall", "rehearsal/board", ""):
        assert room.numbers.find("hall", name) is None


def test_units_that_nobody_asks_an_output_for_are_forgotten(room: Room) -> None:
    begin(room, HALL.with_(delay_ms=8_000))
    late = room.numbers._late["hall"]
    assert room.numbers.find("hall", "unit/A1") is not None
    room.numbers.turn()
    for _ in range(2):
        room.pass_s(FORGET_MS / 1_000)
    assert not [topic for topic in late.all if topic.name.startswith("unit/")]


def test_what_was_on_its_way_when_numbers_were_withdrawn_does_not_come(room: Room) -> None:
    late = an_output("tv1", delay_ms=8_000)
    begin(room, HALL, late, an_output("tv2", store="rehearsal", delay_ms=8_000))
    for seconds in (6, 2):
        room.enter("live")
        room.enter("rehearsal")
        room.pass_s(seconds)
    assert [room.total(name) for name in ("hall", "tv1", "tv2")] == [2, 1, 1]
    room.withdraw()
    room.pass_s(60)
    assert [room.total(name) for name in ("hall", "tv1", "tv2")] == [2, 1, 2], "the other store's go on"
    room.numbers.follow(late.with_(delay_ms=2_000))
    room.pass_s(60)
    assert room.total("tv1") == 1, "nor with another delay"
    room.restore()
    assert room.total("tv1") == 1
    room.pass_s(2)
    assert room.total("tv1") == 2


def test_a_picture_that_stands_still_stays_through_it_and_goes_on_to_what_is_due_after_it(room: Room) -> None:
    still = an_output("tv1", delay_ms=8_000, still=Still("account:1", 1, HALL.scene))
    begin(room, HALL, an_output("tv1", delay_ms=8_000))
    room.enter()
    room.pass_s(9)
    room.numbers.follow(still)
    room.enter()
    room.withdraw()
    room.numbers.follow(still.with_(still=None))
    room.pass_s(60)
    assert room.total("tv1") == 1, "what came after it is not shown because the picture moves"
    room.restore()
    room.pass_s(8)
    assert room.total("tv1") == 2


def test_a_start_shows_no_more_of_what_was_withdrawn_than_was_seen(room: Room) -> None:
    for _ in range(20):
        room.pass_s(1)
        room.stages["live"].ledger.append_now(room.stages["live"].drafts(1))
    room.withdrawn_ms = room.stages["live"].clock.ms
    room.pass_s(5)
    room.start()
    begin(room, HALL.with_(delay_ms=8_000), an_output("points"))
    for _ in range(3):
        assert (room.total(), room.total("points")) == (12, 20)
        room.pass_s(10)
    room.restore()
    room.pass_s(8)
    assert room.total() == 20


def test_a_start_with_a_clock_that_was_set_back_shows_no_more_of_it_either(room: Room) -> None:
    stage = room.stages["live"]
    for _ in range(20):
        room.pass_s(1)
        stage.ledger.append_now(stage.drafts(1))
    room.withdrawn_ms = stage.clock.ms
    body = b'{"kind":"withdraw","output":"hall","taken_ms":1}'
    stage.ledger.append_now([Draft("decision", "account:1", None, None, body)])
    for _ in range(5):
        room.pass_s(1)
        stage.ledger.append_now([Draft("clock", "system", None, None, b'{"heard":{}}')])
    stage.clock.ms -= 3_600_000
    room.start()
    begin(room, HALL.with_(delay_ms=8_000))
    for _ in range(3):
        assert room.total() == 12
        room.pass_s(10)
