"""The roll call: whatever was said and ticked, its totals are a recount, and no fact changes another."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streaming.contests.units import Tree, Unit, UnitCode
from streaming.points.actions import Action, BeginAfresh, Case, MakeCall, ModerateLine, NamePeople, Tell, TickBridge
from streaming.points.call import Call
from streaming.points.errors import LineGone, WrongPoint
from streaming.points.leases import Page
from streaming.points.point import points_of
from streaming.points.roll_call import NOTHING, Entry, People
from streaming.points.told import COLUMNS, Known, PointsState
from streaming.points.topics import POINTS, PointTopics


def unit(code: str, parent: str | None, *, place: bool = True) -> Unit:
    return Unit(UnitCode(code), UnitCode(parent) if parent else None, "xã", f"Đơn vị {code}", f"Xã {code}", place=place)


TREE = Tree(
    [
        unit("02", None),
        unit("b", "02"),
        unit("b1", "b"),
        unit("a", "02"),
        unit("a1", "a"),
        unit("b2", "b"),
        unit("no", "02", place=False),
    ]
)
CODES = ("02", "b", "b1", "b2", "a", "a1")
NOW_MS = 1_662_604_277_000

codes = st.sampled_from(CODES)
ACTIONS: st.SearchStrategy[Action] = st.one_of(
    st.builds(TickBridge, codes=st.lists(codes, max_size=4), connected=st.sampled_from([True, False, None])),
    st.builds(Tell, code=codes, ready=st.sampled_from([True, False, None])),
    st.builds(Tell, code=codes, present=st.none() | st.integers(0, 9_999)),
    st.builds(Tell, code=codes, line=st.sampled_from(["", "Xin chậm lại", "<b>"])),
    st.builds(Tell, code=codes, acked=st.sampled_from(["soon/1", ""])),
    st.builds(NamePeople, code=codes, people=st.builds(People, chair=st.sampled_from(["", "Lò Thị Mỷ"]))),
    st.builds(MakeCall, code=codes, state=st.sampled_from(["soon", "none", None])),
    st.builds(BeginAfresh, codes=st.lists(codes, max_size=2)),
)
FACT: dict[type[Action], set[str]] = {
    TickBridge: {"bridge", "ticked_by", "ticked_at"},
    NamePeople: {"people"},
    MakeCall: {"hand"},
}
"""What of a point each action may change, beside ``Tell``, which says it itself."""


def known(entries: dict[str, Entry], pages: dict[str, Page] | None = None, **calls: Call) -> Known:
    return Known(entries, pages or {}, calls)


def test_every_place_is_a_point_the_whole_included_in_official_order() -> None:
    assert tuple(each.code for each in points_of(TREE)) == CODES
    assert [each.code for each in points_of(TREE, "b")] == ["b", "b1", "b2"]
    assert points_of(TREE, "no") == ()


@given(st.lists(st.tuples(ACTIONS, st.sets(codes)), max_size=12))
def test_totals_are_a_recount_and_who_followed_sees_what_one_sees_who_opens_now(
    history: list[tuple[Action, set[str]]],
) -> None:
    entries: dict[str, Entry] = {}
    pages: dict[str, Page] = {}
    topics = PointTopics(TREE, "e")
    topics.begin(known(entries))
    followed = {code: topics.find(code, known(entries), NOW_MS) for code in ("02", "b", "a1")}
    for step, (action, opened) in enumerate(history):
        changed = action.changed(Case(entries, "account:1", NOW_MS + step))
        entries |= changed
        pages |= {code: Page(code in opened, NOW_MS + step) for code in opened | pages.keys()}
        topics.tell({*changed, *pages}, known(entries, pages), NOW_MS + step)
    fresh = PointTopics(TREE, "e")
    fresh.begin(known(entries, pages))
    for code, topic in followed.items():
        assert topic is not None
        now = fresh.find(code, known(entries, pages), NOW_MS)
        assert now is not None
        assert (topic.rows, topic.state) == (now.rows, now.state)
        below = [each.code for each in points_of(TREE, code)]
        assert set(topic.rows) == set(below)
        found = [dict(zip(COLUMNS, topic.rows[each], strict=True)) for each in below]
        totals = msgspec.to_builtins(topic.state["totals"][code])
        assert totals == {
            "of": len(below),
            "connected": sum(each["bridge"] == 1 for each in found),
            "missing": sum(each["bridge"] == 0 for each in found),
            "open": sum(each["page"] == 1 for each in found),
            "ready": sum(each["ready"] == 1 for each in found),
            "present": sum(each["present"] or 0 for each in found),
            "present_connected": sum(each["present"] or 0 for each in found if each["bridge"]),
        }


@given(st.lists(ACTIONS, max_size=8), ACTIONS)
def test_what_is_said_of_one_fact_changes_no_other_and_of_one_point_no_other(
    before: list[Action], last: Action
) -> None:
    entries: dict[str, Entry] = {}
    for action in before:
        entries |= action.changed(Case(entries, "account:1", NOW_MS))
    case = Case(entries, "account:2", NOW_MS + 1)
    named: tuple[str, ...] = tuple(getattr(last, "codes", ())) or (getattr(last, "code", ""),)
    said: set[str] = FACT.get(type(last), set())
    if isinstance(last, Tell):
        fields = ("ready", "present", "line", "acked")
        said = {name for name in fields if getattr(last, name) is not msgspec.UNSET}
    for code, entry in last.changed(case).items():
        assert code in named
        if not isinstance(last, BeginAfresh):
            old = msgspec.structs.asdict(case.of(code))
            assert {name for name, value in msgspec.structs.asdict(entry).items() if value != old[name]} <= said
        else:
            assert entry == Entry(people=case.of(code).people)


def refused(**said: Any) -> WrongPoint:
    with pytest.raises(WrongPoint) as refusal:
        Tell(code="b1", **said).changed(Case({}, "point:b1", NOW_MS))
    return refusal.value


def test_what_cannot_be_is_refused_by_name_and_html_is_text() -> None:
    assert (refused(present=-5).field, refused(present=1_000_000).field) == ("present", "present")
    assert "0 to 9999" in refused(present=-5).expected
    assert refused(line="x" * 5_000).expected == "at most 120 characters (it has 5000)"
    assert refused(line="hai\ndòng").field == "line"
    assert refused(acked="x" * 121).field == "acked"
    assert "U+202E at character 2" in refused(line="a\u202eb").expected
    family = "\N{MAN}\u200d\N{GIRL}"
    assert Tell(code="b1", line=family).changed(Case({}, "point:b1", NOW_MS))["b1"].line is not None
    told = Tell(code="b1", line="  <b>Xin   chào</b> ").changed(Case({}, "point:b1", NOW_MS))
    assert told["b1"].line is not None
    assert told["b1"].line.text == "<b>Xin chào</b>"
    long = NamePeople(code="b1", people=People(telephone="0" * 121))
    with pytest.raises(WrongPoint, match="telephone"):
        long.changed(Case({}, "account:1", NOW_MS))


def test_a_line_is_moderated_as_it_was_seen() -> None:
    entries = Tell(code="b1", line="Mất tiếng").changed(Case({}, "point:b1", NOW_MS))
    shown = ModerateLine(code="b1", at=NOW_MS, state="shown").changed(Case(entries, "account:1", NOW_MS + 9))
    assert shown["b1"].line is not None
    assert (shown["b1"].line.state, shown["b1"].line.at) == ("shown", NOW_MS)
    newer = Tell(code="b1", line="Nghe rõ").changed(Case(shown, "point:b1", NOW_MS + 20))
    for entry in (newer["b1"], NOTHING):
        with pytest.raises(LineGone):
            ModerateLine(code="b1", at=NOW_MS, state="aside").changed(Case({"b1": entry}, "account:1", NOW_MS + 30))


def test_a_row_says_what_is_known_and_an_answer_counts_for_its_call_alone() -> None:
    entries = {"b1": Entry(bridge=False, ready=True, present=24, acked="soon/3")}
    told = known(entries, {"b1": Page(False, NOW_MS)}, b1=Call("soon", "soon/3"))
    assert told.row("b1") == (0, 0, NOW_MS, 1, 24, 2, 1, 0)
    assert known(entries, b1=Call("on_air", "on_air/3/1")).row("b1") == (0, None, None, 1, 24, 3, 0, 0)
    assert known({}).row("a") == (None, None, None, None, None, 0, 0, 0)


def test_who_is_bound_to_a_unit_follows_its_subtree_under_the_same_name_and_no_other_points() -> None:
    topics = PointTopics(TREE, "e")
    topics.begin(known({}))
    topic = topics.find("b", known({"a1": Entry(people=People(chair="Lò Thị Mỷ"))}), NOW_MS)
    assert topic is not None
    assert topic.name == POINTS
    assert (set(topic.rows), topic.state["scope"], set(topic.state["totals"])) == ({"b", "b1", "b2"}, "b", {"b"})
    assert "people" not in PointsState.of(topic.view()).__struct_fields__ or topic.state.get("people") is None
    assert topics.find("no", known({}), NOW_MS) is None
    seq = topic.seq
    entries = TickBridge(codes=["a1"], connected=True).changed(Case({}, "account:1", NOW_MS))
    topics.tell(entries, known(dict(entries)), NOW_MS)
    assert topic.seq == seq
