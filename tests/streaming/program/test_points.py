"""What outputs tell of the roll call: on air those that are connected, to the presenter who is missing too."""

from server.control.aired_points import AiredPoints
from streaming.program.on_air import next_take
from streaming.program.output import Output
from streaming.program.points import PointCalled, PointLine, RollCalled
from streaming.program.presenter import presenter_of
from streaming.program.rundown import Item, Rundown
from streaming.program.state import Still
from tests.worlds.outputs import an_output

LINE = PointLine("b1", 1, "Mất tiếng")
ROLL = RollCalled(
    (
        PointCalled("02", 0, False, True, 300),
        PointCalled("b", 1, False, False, 7),
        PointCalled("b1", 2, True, True, 24),
    ),
    (LINE,),
)


def test_a_missing_one_is_never_aired_nor_its_people_counted() -> None:
    aired = ROLL.aired("all")
    assert (aired.connected, aired.of, aired.present) == (("02", "b1"), 3, 324)
    assert (ROLL.aired("upper").connected, ROLL.aired("upper").of, ROLL.aired("upper").present) == ((), 1, 0)
    assert ROLL.aired("lower").connected == ("b1",)


def test_the_presenter_hears_who_is_missing_and_what_points_say() -> None:
    heard = presenter_of(an_output(), ROLL).points
    assert heard is not None
    assert (heard.connected, heard.of, heard.present, heard.missing) == (2, 3, 324, ("b",))
    assert heard.lines == (LINE,)
    assert presenter_of(an_output(), RollCalled((PointCalled("b", 1, False, False, 0),))).points is None


def waiting(output: Output, roll: RollCalled) -> list[bool]:
    return [item.waits for item in presenter_of(output, roll).items or ()]


def test_an_item_waits_for_its_point_once_the_roll_is_called() -> None:
    items = (*(Item(id=unit, title="Điểm cầu", unit=unit) for unit in ("b", "b1")), Item(id="c", title="Kết"))
    output = an_output(rundown=Rundown(items))
    assert waiting(output, ROLL) == [True, False, False]
    nobody = RollCalled(tuple(point._replace(is_connected=False) for point in ROLL.points))
    assert waiting(output, nobody) == [False, False, False]


def test_an_output_airs_it_in_its_scene_alone_and_a_picture_that_stands_still_keeps_what_it_had() -> None:
    aired = AiredPoints()
    aired.roll = lambda: ROLL
    assert aired.of(an_output()) is None
    connected = an_output().with_(
        on_air={"live": next_take("account:1", "connected", {"level": "lower"}, 1, None, version=2)}
    )
    assert aired.of(connected) == ROLL.aired("lower")
    still = connected.with_(still=Still("account:1", 2, connected.scene))
    aired.roll = RollCalled
    assert aired.of(still) == ROLL.aired("lower")
    assert aired.of(connected) == RollCalled().aired("lower")
