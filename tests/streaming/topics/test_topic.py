"""The one equation of the stream: a screen that followed equals one just opened."""

from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from streaming.fold.fold import Fold
from streaming.fold.rotation import SLOT_MS
from streaming.fold.tally import ALL
from streaming.ledger.rows import Row
from streaming.topics.frames import COLUMNS
from streaming.topics.topics import Topics, series
from tests.worlds.folds import move
from tests.worlds.histories import ROUND_MS, START_MS, Writer, contest, histories
from tests.worlds.screen import Screen
from tests.worlds.whole import examples

PUBLIC = ("board", "round/1", "round/2", "breakdown", "unit/P", "unit/A", "unit/B2", "unit/X")
NAMES = (*PUBLIC, "control", "point/A1")
SUMMED = [COLUMNS.index(name) for name in ("registered", "started", "completed", "participants", "pace")]
CHILDREN = {"P": ["A", "B", "X"], "A": ["A1", "A2"], "B": ["B1", "B2", "B3"]}


class Stage:
    """A fold and its topics, moved whenever the test says tick."""

    def __init__(self) -> None:
        self.fold = Fold()
        self.topics = Topics(rehearsal=False)
        self.rows: list[Row] = []

    def tick(self) -> None:
        for topic in move(self.topics, self.fold, self.rows):
            topic.publish()

    def play(self, rows: list[Row]) -> None:
        self.rows += rows
        for row in rows:
            self.fold.apply(row)
        self.tick()

    def open(self, name: str) -> Screen:
        topic = self.topics.find(name)
        assert topic is not None
        screen = Screen()
        screen.take(topic.after(None, None))
        return screen


@examples(60)
@given(histories, st.data())
def test_a_screen_that_followed_equals_one_just_opened(rows: list[Row], data: st.DataObject) -> None:
    stage = Stage()
    stage.play(rows[:1])
    following = {name: stage.open(name) for name in NAMES}
    returning = {name: stage.open(name) for name in NAMES}
    contents: dict[tuple[str, str, int], bytes] = {}
    for name, screen in following.items():
        topic = stage.topics.find(name)
        assert topic is not None
        topic.listeners.add(screen.hear)
    for row in rows[1:]:
        stage.rows.append(row)
        stage.fold.apply(row)
        if data.draw(st.booleans(), label="tick"):
            stage.tick()
        if data.draw(st.integers(0, 5), label="a screen comes back") == 0:
            name = data.draw(st.sampled_from(NAMES))
            topic = stage.topics.find(name)
            assert topic is not None
            screen = returning[name]
            screen.take(topic.after(screen.epoch, screen.seq))
    stage.tick()
    for name in NAMES:
        topic = stage.topics.find(name)
        assert topic is not None
        fresh = stage.open(name)
        for screen in (following[name], returning[name]):
            screen.take(topic.after(screen.epoch, screen.seq))
            assert not screen.asks_again
            assert screen.shows == fresh.shows
        key = (name, topic.epoch, topic.seq)
        assert contents.setdefault(key, topic.snapshot()) == topic.snapshot()


@examples(50)
@given(histories)
def test_in_every_frame_a_unit_is_the_sum_of_its_children_and_a_position_has_one_content(
    rows: list[Row],
) -> None:
    stage = Stage()
    contents: dict[tuple[str, str, int], bytes] = {}
    shown_seq = 0
    for row in rows:
        stage.play([row])
        assert stage.fold.cut.seq >= shown_seq
        shown_seq = stage.fold.cut.seq
        for name in ("board", "round/1", "round/2", "breakdown", "unit/A", "control"):
            topic = stage.topics.find(name)
            assert topic is not None
            frame = msgspec.json.decode(topic.snapshot())
            assert contents.setdefault((name, frame["epoch"], frame["seq"]), topic.snapshot()) == topic.snapshot()
            if name in ("breakdown", "unit/A"):
                continue
            for code, children in CHILDREN.items():
                for column in SUMMED:
                    assert frame["rows"][code][column] == sum(frame["rows"][child][column] for child in children)


@examples(25)
@given(histories)
def test_the_same_rows_give_the_same_board_however_they_are_ticked(rows: list[Row]) -> None:
    slow, fast = Stage(), Stage()
    slow.play(rows)
    for row in rows:
        fast.play([row])
    for name in NAMES:
        assert slow.open(name).shows == fast.open(name).shows


def board_after(writer: Writer, name: str = "board") -> dict[str, Any]:
    stage = Stage()
    stage.play(writer.rows)
    topic = stage.topics.find(name)
    assert topic is not None
    frame: dict[str, Any] = msgspec.json.decode(topic.snapshot())
    return frame


def test_a_snapshot_names_its_columns_and_every_unit_and_an_empty_contest_is_all_zeros() -> None:
    frame = board_after(Writer())
    assert frame["columns"] == list(COLUMNS)
    assert set(frame["rows"]) == {"P", "A", "A1", "A2", "B", "B1", "B2", "B3", "X"}
    assert all(row[i] == 0 for row in frame["rows"].values() for i in SUMMED)
    assert (frame["v"], frame["type"], frame["base"], frame["rehearsal"]) == (1, "snapshot", 0, False)


def test_places_skip_after_a_tie_and_units_that_are_no_place_rank_apart() -> None:
    writer = Writer(now_ms=START_MS)
    for index, code in enumerate(["B1", "B1", "B2", "B2", "B3", "X"]):
        writer.take(f"e{index}", unit=code)
    rows = board_after(writer)["rows"]
    rank = COLUMNS.index("rank")
    assert [rows[code][rank] for code in ("B1", "B2", "B3", "X", "P")] == [1, 1, 3, 1, 1]
    assert [rows[code][rank] for code in ("B", "A")] == [1, 2]


def test_a_rate_is_a_fraction_of_the_target_and_a_units_target_is_its_childrens_where_all_have_one() -> None:
    writer = Writer(now_ms=START_MS)
    for index in range(4):
        writer.take(f"e{index}", unit="A1" if index else "B1")
    rows = board_after(writer)["rows"]
    target, rate = COLUMNS.index("target"), COLUMNS.index("rate")
    assert [(rows[c][target], rows[c][rate]) for c in ("A1", "A", "B", "B1", "P")] == [
        (10, 0.3), (13, 0.2308), (50, 0.02), (None, None), (63, 0.0635),
    ]  # fmt: skip


def test_ranking_by_rate_leaves_units_without_a_target_unranked() -> None:
    writer = Writer(contest(by="rate"), now_ms=START_MS)
    writer.take("e1", unit="A2")
    rows = board_after(writer)["rows"]
    rank = COLUMNS.index("rank")
    assert [rows[c][rank] for c in ("A1", "A2", "B1")] == [2, 1, None]


def test_a_unit_topic_holds_itself_its_children_and_the_siblings_just_ahead_and_behind() -> None:
    writer = Writer(now_ms=START_MS)
    for index, code in enumerate(["B1", "B1", "B2"]):
        writer.take(f"e{index}", unit=code)
    frame = board_after(writer, "unit/B2")
    assert frame["state"]["near"] == {"ahead": "B1", "behind": "B3"}
    assert set(frame["rows"]) == {"B2", "B1", "B3"}
    assert set(board_after(writer, "unit/A")["rows"]) == {"A", "A1", "A2", "B"}


def test_a_small_cell_of_the_breakdown_says_under_five() -> None:
    writer = Writer(now_ms=START_MS)
    for index in range(5):
        writer.take(
            f"e{index}",
            unit="A1",
            person=f"u{index % 4}",
            channel="website",
            group="hoc-sinh" if index else "lạ",
        )
    rows = board_after(writer, "breakdown")["rows"]
    assert rows["channel/website"] == [0, 0, 5, None]
    assert rows["group/"] == [0, 0, None, None]
    assert rows["channel/"] == [0, 0, 0, 0]
    assert rows["P"] == [0, 0, 5, 4], "the total, which every board tells, stands beside its parts"


def test_a_topic_that_does_not_exist_is_none() -> None:
    stage = Stage()
    assert stage.topics.find("board") is None
    stage.play(Writer().rows)
    for name in ("round/3", "unit/Z", "unit/", "point/Z", "", "rehearsal/board"):
        assert stage.topics.find(name) is None


def test_the_series_counts_up_by_closed_minutes_and_coarsens_when_it_grows_long() -> None:
    writer = Writer(now_ms=START_MS)
    writer.take("e1", unit="A1")
    writer.now_ms += 60_000
    writer.take("e2", unit="A1")
    writer.take("e3", unit="A2")
    writer.now_ms += 60_000
    writer.take("e4", unit="A2")
    assert board_after(writer)["state"]["series"] == {"start": START_MS, "step_s": 60, "completed": [1, 3]}
    fold = Fold()
    for row in writer.rows:
        fold.apply(row)
    long = series(fold.public, START_MS + 1_000 * 60_000)
    assert long is not None
    assert (long.step_s, len(long.completed), long.completed[-1]) == (240, 250, 4)


def test_recent_units_are_the_places_in_their_turn_the_last_first_each_once() -> None:
    writer = Writer(now_ms=START_MS)
    for index, code in enumerate(["A1", "B1", "A1", "X"]):
        writer.take(f"e{index}", unit=code)
    for expected in (["A1"], ["B1", "A1"], ["B1", "A1"]):
        writer.now_ms += SLOT_MS
        writer.clock()
        assert board_after(writer)["state"]["recent"] == expected


def test_every_topic_of_public_numbers_tells_the_acts_and_moves_with_them() -> None:
    stage, writer = Stage(), Writer(now_ms=START_MS)
    stage.play(writer.rows)
    following = {name: stage.open(name) for name in PUBLIC}
    for name, screen in following.items():
        topic = stage.topics.find(name)
        assert topic is not None
        topic.listeners.add(screen.hear)
    stage.play([writer.decide("hold", unit="B3")])
    assert {name: screen.state["act"] for name, screen in following.items()} == dict.fromkeys(PUBLIC, 1)
    assert "act" not in stage.open("control").state


def test_the_open_round_stands_on_the_board() -> None:
    writer = Writer(now_ms=START_MS)
    writer.clock(web=START_MS)
    frame = board_after(writer)
    assert frame["state"]["round"] == {"n": 1, "opens_ms": START_MS, "closes_ms": START_MS + ROUND_MS}
    assert frame["state"]["rounds"][1][0] == 2


def test_a_delta_of_one_changed_ward_is_small() -> None:
    stage = Stage()
    writer = Writer(now_ms=START_MS)
    for index in range(30):
        writer.take(f"e{index}", unit="A1", person=f"u{index}")
    stage.play(writer.rows)
    topic = stage.topics.find("board")
    assert topic is not None
    screen = stage.open("board")
    stage.play([writer.take("next", unit="A1", person="new")])
    delta = topic.after(screen.epoch, screen.seq)
    assert delta is not None
    assert set(msgspec.json.decode(delta)["rows"]) == {"P", "A", "A1"}
    assert stage.fold.public.counts[ALL]["A1"][2] == 31


def test_a_moved_opening_takes_the_series_along_at_once() -> None:
    writer = Writer(now_ms=START_MS)
    writer.take("e0", unit="A1", at=START_MS + 2 * ROUND_MS)
    writer.now_ms += 150_000
    writer.clock()
    stage = Stage()
    stage.play(writer.rows)
    following = stage.open("board")
    assert following.state["series"]["completed"] == [1, 1]
    board = stage.topics.find("board")
    assert board is not None
    board.listeners.add(following.hear)
    opens_ms = START_MS + 2 * ROUND_MS + 60_000
    stage.play([writer.decide("round", n=2, opens_ms=opens_ms, closes_ms=opens_ms + ROUND_MS)])
    assert "series" not in following.state
    assert following.shows == stage.open("board").shows


def test_numbers_that_are_made_final_where_they_stand_keep_their_series() -> None:
    stage, writer = Stage(), Writer(now_ms=START_MS)
    writer.take("e1", unit="A1")
    writer.now_ms += 60_000
    writer.decide("hold", unit=None)
    stage.play(writer.rows)
    series = stage.open("board").state["series"]
    stage.play([writer.decide("hold", unit=None, final=True)])
    assert stage.open("board").state["frozen"] == {"at": START_MS + 60_000}
    assert stage.open("board").state["series"] == series
