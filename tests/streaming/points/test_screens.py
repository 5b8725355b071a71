"""The registry of screens, past 350 lines by its one set-up: who has a place, whose id is whose, who is told what."""

import json
from typing import Any

import pytest

from streaming.points.listed import NAME_CHARS_MAX, Kept
from streaming.points.screen import Order, ScreenReport, message_of, report_in, role_of
from streaming.points.screens import (
    CLAIMS_MAX,
    FORGOTTEN_MS,
    KEPT_MAX,
    KNOWN_MAX,
    KNOWN_PER_POINT_MAX,
    LOST_MS,
    POLL_LOST_MS,
    PROBE_MS,
    RELOAD_STEP_MS,
    STRANGERS_MAX,
    STRANGERS_PER_ADDRESS_MAX,
    NoSuchScreen,
    Screens,
)
from streaming.program.errors import NotNow, WrongSteering

KEY, HERE = "screen:wall", "10.0.0.1"
A, B = "a" * 24, "b" * 24


class Line:
    """A way to a screen that keeps what is sent over it; ``works`` is whether it takes anything."""

    def __init__(self, *, works: bool = True, answers: bool = True) -> None:
        self.sent: list[Order] = []
        self.works = works
        self.answers = answers
        self.probes = 0

    def send(self, order: Order) -> bool:
        if self.works:
            self.sent.append(order)
        return self.works

    def probe(self) -> None:
        self.probes += 1


def report(id_: str = A, window: str = "w" * 24, **said: Any) -> ScreenReport:
    return ScreenReport(**{"id": id_, "window": window, "path": "/", "out": "hall", **said})


def heard(
    screens: Screens, line: Line, said: ScreenReport | None = None, at_ms: int = 0, *, by: str = KEY, **given: Any
) -> list[Order]:
    return screens.hear(said or report(), line, at_ms, **{"link": "socket", "by": by, "address": HERE, **given})


def opened(by: str = KEY, **said: Any) -> tuple[Screens, Line]:
    screens, line = Screens(), Line()
    assert heard(screens, line, report(**said), by=by) == []
    return screens, line


def named(screens: Screens, name: str | None = None, show: str | None = None, id_: str = A) -> None:
    screens.settle(screens.keep(id_, name=name, show=show), shows=show is not None)


# What a screen may say.


@pytest.mark.parametrize(
    "change",
    [
        {"type": "time"},
        {"id": "short"},
        {"id": "../../etc/passwd-and-more"},
        {"id": 7},
        {"window": ""},
        {"path": ""},
        {"path": "javascript:alert(1)"},
        {"path": "/" + "x" * 400},
        {"query": "q" * 401},
        {"scene": "s" * 61},
        {"agent": "Chrome\u202e 86"},
        {"scene": "a\nb"},
        {"seq": -1},
        {"seq": 2**53 + 1},
        {"seq": 1.5},
        {"ratio": 0},
        {"width": 10**9},
        {"offset": "1"},
        {"test": {"at": 1, "verdict": "splendid"}},
        {"test": {"at": 1, "verdict": "bad", "faults": ["x"] * 9}},
        {"test": {"at": 1, "verdict": "bad", "faults": ["x\x00"]}},
    ],
)
def test_a_report_of_another_shape_says_nothing(change: dict[str, Any]) -> None:
    good = {"type": "screen", "id": A, "window": B, "path": "/"}
    assert report_in(json.dumps(good).encode()) is not None
    assert report_in(json.dumps(good | change).encode()) is None


@pytest.mark.parametrize("message", [b"", b"[]", b"{", b"\xff", b"null", b'{"type":"screen"}', b"[" * 4_000])
def test_what_is_no_report_is_none(message: bytes) -> None:
    assert report_in(message) is None


def test_a_screen_is_what_its_address_says() -> None:
    roles = {
        ("/", ""): "hall", ("/", "points"): "points", ("/", "tv3"): "tv", ("/units/024", ""): "unit",
        ("/points/024", "points"): "point", ("/points/024/test", ""): "test", ("/overlays/total", "tv1"): "overlay",
        ("/presenter", "hall"): "presenter", ("/control/presenter", "hall"): "presenter", ("/test", ""): "test",
        ("/control", ""): "other",
    }  # fmt: skip
    assert {key: role_of(*key) for key in roles} == roles
    assert report(query="out=tv1&scene=live", out="tv1").role == "scene"


def test_an_order_says_what_it_needs() -> None:
    assert json.loads(message_of(Order(do="reload"))) == {"v": 1, "type": "order", "do": "reload"}
    told = json.loads(message_of(Order(do="identify", ms=8000, text="Sảnh A")))
    assert told == {"v": 1, "type": "order", "do": "identify", "ms": 8000, "text": "Sảnh A"}


# Who has a place.


def test_strangers_have_a_bounded_number_of_places_and_take_none_of_those_that_are_known() -> None:
    screens = Screens()
    ids = iter(range(10**6))

    def stranger(address: str) -> list[Order]:
        return heard(screens, Line(), report(f"{next(ids):024}"), by="", address=address)

    of_one = [stranger("10.9.9.9") for _ in range(STRANGERS_PER_ADDRESS_MAX + 1)]
    assert [told[0].do for told in of_one if told] == ["rest"]
    assert len(screens) == STRANGERS_PER_ADDRESS_MAX
    for number in range(2 * STRANGERS_MAX):
        stranger(f"10.0.{number // 250}.{number % 250}")
    assert len(screens) == STRANGERS_MAX
    assert heard(screens, Line()) == []
    for _ in range(KNOWN_MAX + 5):
        heard(screens, Line(), report(f"{next(ids):024}"))
    assert len(screens) == STRANGERS_MAX + KNOWN_MAX


def test_two_hundred_points_behind_one_address_all_have_a_place_by_their_keys() -> None:
    screens = Screens()
    told = [heard(screens, Line(), report(f"{code:024}"), by=f"point:{code}") for code in range(205)]
    assert not any(told)
    assert len(screens) == 205


def test_a_stranger_that_leaves_makes_room_and_one_that_is_named_has_it_for_good() -> None:
    screens, lines = Screens(), [Line() for _ in range(STRANGERS_PER_ADDRESS_MAX)]
    for number, line in enumerate(lines):
        heard(screens, line, report(f"{number:024}"), by="")
    assert heard(screens, Line(), by="")[0].do == "rest"
    named(screens, "Sảnh A", id_=f"{0:024}")
    line = Line()
    assert heard(screens, line, by="") == []
    screens.left(line, 1)
    screens.sweep(1 + LOST_MS)
    assert screens.find(A) is None
    screens.left(lines[0], 1)
    screens.sweep(1 + LOST_MS)
    assert screens.find(f"{0:024}") is not None


# Whose id is whose.


def test_a_window_that_is_loaded_anew_goes_on_as_the_same_screen() -> None:
    screens, first = opened()
    assert heard(screens, again := Line(), at_ms=500) == []
    screens.left(first, 600)
    found = screens.find(A)
    assert found is not None
    assert (found.line, found.since_ms, found.gone_ms) == (again, 0, None)


def test_two_windows_of_one_profile_are_two_screens() -> None:
    screens, first = opened()
    other = Line()
    said = report(window="x" * 24)
    assert heard(screens, other, said, 100) == [Order(do="rest", ms=PROBE_MS)]
    assert first.probes == 1
    assert heard(screens, other, said, 100 + PROBE_MS) == [Order(do="other")]
    assert heard(screens, other, report(B, "x" * 24), 6_000) == []
    assert {screen.id: screen.line for screen in screens} == {A: first, B: other}


def test_windows_that_claim_one_id_at_once_do_not_keep_each_other_waiting() -> None:
    screens, _ = opened()
    windows = [("x" * 24, Line()), ("y" * 24, Line())]
    for at_ms in (0, PROBE_MS):
        told = [heard(screens, line, report(window=window), at_ms) for window, line in windows]
    assert told == [[Order(do="other")], [Order(do="other")]]


def test_a_window_takes_over_from_one_that_is_there_no_more_though_its_line_has_not_told() -> None:
    screens, first = opened()
    first.answers = False
    other, said = Line(), report(window="x" * 24)
    heard(screens, other, said, 100)
    assert heard(screens, other, said, 100 + PROBE_MS) == [Order(do="rest", ms=0)]
    assert heard(screens, other, said, 200 + PROBE_MS) == []
    assert [screen.line for screen in screens] == [other]


def test_one_that_went_is_told_as_lost_after_a_while_and_forgotten_later() -> None:
    screens, line = opened()
    screens.left(line, 1_000)
    found = screens.find(A)
    assert found is not None
    assert not screens.is_lost(found, 1_000 + LOST_MS - 1)
    assert screens.is_lost(found, 1_000 + LOST_MS)
    assert found.line is not line
    screens.sweep(1_000 + FORGOTTEN_MS)
    assert len(screens) == 0


def test_one_that_polls_is_there_as_long_as_it_reports() -> None:
    screens, line = Screens(), Line(works=False)
    heard(screens, line, link="poll")
    screens.sweep(POLL_LOST_MS - 1)
    assert [screen.gone_ms for screen in screens] == [None]
    screens.sweep(POLL_LOST_MS)
    assert [screen.gone_ms for screen in screens] == [POLL_LOST_MS]


# What it is called and shows.


def test_it_takes_its_address_when_it_returns_and_is_told_once() -> None:
    screens = Screens({A: Kept(A, "Sảnh A", "/?out=tv1")})
    line = Line()
    assert heard(screens, line) == [Order(do="show", address="/?out=tv1")]
    assert heard(screens, line, report(scene="live"), 10_000) == []
    taken = report(query="out=tv1", out="tv1", took="/?out=tv1")
    assert heard(screens, Line(), taken, 12_000) == []


@pytest.mark.parametrize("said", [{"fault": "/units/024"}, {"took": "/units/024"}])
def test_what_it_could_not_show_or_somebody_before_it_has_changed_is_not_asked_of_it_again(
    said: dict[str, Any],
) -> None:
    screens = Screens({A: Kept(A, show="/units/024")})
    assert heard(screens, Line(), report(**said)) == []


def test_another_address_goes_to_it_at_once_and_waits_where_it_cannot() -> None:
    screens, line = opened()
    named(screens, show="/units/024")
    assert line.sent == [Order(do="show", address="/units/024")]
    line.works = False
    named(screens, show="/?out=tv1")
    screens.reload(A, 0)
    assert heard(screens, line) == [Order(do="show", address="/?out=tv1"), Order(do="reload")]
    assert heard(screens, line) == []


def test_a_name_is_of_one_screen_and_of_few_characters() -> None:
    screens, _ = opened()
    heard(screens, Line(), report(B))
    named(screens, "  Sảnh   A ")
    assert screens.kept[A].name == "Sảnh A"
    for wrong in ("sảnh a", "x" * (NAME_CHARS_MAX + 1), "a\u202eb"):
        with pytest.raises(WrongSteering):
            screens.keep(B, name=wrong)
    with pytest.raises(NoSuchScreen):
        screens.keep("c" * 24, name="x")
    named(screens, "")
    assert not screens.kept


def test_names_are_kept_of_a_bounded_number_of_screens() -> None:
    screens = Screens({f"{number:024}": Kept(f"{number:024}", f"n{number}") for number in range(KEPT_MAX)})
    heard(screens, Line())
    with pytest.raises(NotNow):
        screens.keep(A, name="one more")
    screens.settle(screens.forget(f"{0:024}"))
    named(screens, "one more")


# Orders.


def test_all_load_themselves_anew_one_after_the_other() -> None:
    screens, lines = Screens(), [Line() for _ in range(3)]
    for number, line in enumerate(lines):
        heard(screens, line, report(f"{number:024}", out="tv1" if number else "hall"), number)
    assert screens.reload_all(0, lambda screen: screen.report.out == "tv1") == 2
    assert [[order.ms for order in line.sent] for line in lines] == [[], [0], [RELOAD_STEP_MS]]


@pytest.mark.parametrize(
    ("said", "tally", "why"),
    [
        ({}, None, None),
        ({}, False, None),
        ({}, True, "tally"),
        ({"out": "tv1", "query": "out=tv1"}, None, "tv"),
        ({"path": "/overlays/total", "out": "hall"}, None, "overlay"),
        ({"path": "/overlays/total", "out": "tv1", "query": "out=tv1&preview=1"}, True, None),
        ({"path": "/points/024", "out": "points"}, None, None),
    ],
)
def test_no_name_is_written_over_what_is_on_air(said: dict[str, Any], tally: bool | None, why: str | None) -> None:
    screens, line = opened(**said)
    if why is None:
        screens.identify(A, "Sảnh A", 0, tally=tally)
        assert [(order.do, order.text) for order in line.sent] == [("identify", "Sảnh A")]
        return
    with pytest.raises(NotNow) as refused:
        screens.identify(A, "Sảnh A", 0, tally=tally)
    assert refused.value.field == why
    assert not line.sent


def test_one_that_has_just_gone_is_told_when_it_is_back_and_one_that_is_lost_is_told_nothing() -> None:
    screens, line = opened()
    screens.left(line, 1)
    screens.reload(A, LOST_MS)
    assert heard(screens, Line()) == [Order(do="reload")]
    screens, line = opened()
    screens.left(line, 1)
    for id_ in (A, B):
        with pytest.raises(NoSuchScreen):
            screens.reload(id_, 1 + LOST_MS)
        with pytest.raises(NoSuchScreen):
            screens.identify(id_, "x", 1 + LOST_MS, tally=None)
    assert screens.reload_all(1 + LOST_MS, lambda _screen: True) == 0


def test_a_line_is_of_one_screen_however_many_it_says_that_it_is() -> None:
    screens, line = Screens(), Line()
    for nth in range(20):
        heard(screens, line, report(f"{nth:024}"), by="")
    screens.sweep(LOST_MS)
    assert [screen.id for screen in screens] == [f"{19:024}"]
    screens.left(line, LOST_MS)
    screens.sweep(2 * LOST_MS)
    assert not len(screens)


def test_a_point_s_link_that_has_got_around_takes_no_place_of_others() -> None:
    screens = Screens({B: Kept(B, "Sảnh")})
    for nth in range(KNOWN_PER_POINT_MAX):
        assert heard(screens, Line(), report(f"{nth:024}"), by="point:024") == []
    assert [order.do for order in heard(screens, Line(), report(A), by="point:024")] == ["rest"]
    assert heard(screens, Line(), report(A), by=KEY) == heard(screens, Line(), report(B), by="point:024") == []


def test_the_windows_that_claim_an_id_are_bounded() -> None:
    screens, line = opened()
    for nth in range(CLAIMS_MAX + 5):
        assert [order.do for order in heard(screens, Line(), report(window=f"{nth:024}"))] == ["rest"]
    assert line.probes == CLAIMS_MAX
    screens.sweep(5 * PROBE_MS)
    heard(screens, Line(), report(window="x" * 24), 5 * PROBE_MS)
    assert line.probes == CLAIMS_MAX + 1
