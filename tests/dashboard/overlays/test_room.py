"""Where overlays stand beside boxes: out of them all, within the 5 % box, in the places of their lanes."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.overlays.overlays import BY_NAME, OVERLAYS
from dashboard.overlays.room import GAP_PX, SAFE, SHRUNK_MIN, Rect, Room, room_of
from streaming.program.state import KeptOut

LOGO = KeptOut(left=1560, top=54, width=264, height=120, what="logo")
SIGN = KeptOut(left=1424, top=626, width=400, height=400, what="sign")
LEFT = KeptOut(left=96, top=626, width=400, height=400, what="sign")


def room(name: str, *boxes: KeptOut) -> Room:
    found = room_of(BY_NAME[name].lane, BY_NAME[name].wants_px, "", boxes)
    assert found is not None
    return found


def rect(box: KeptOut) -> Rect:
    return Rect(box.left, box.top, box.left + box.width, box.top + box.height)


@pytest.mark.parametrize(
    ("name", "boxes", "position", "right", "bottom"),
    [
        ("bug", [LOGO], "top-left", 596, 1026),
        ("bug", [SIGN], "top-right", 1824, 602),
        ("standings", [LOGO], "top-left", 1536, 1026),
        ("lower-third", [SIGN], "bottom-left", 1400, 1026),
        ("ticker", [SIGN], "bottom-left", 1400, 1026),
        ("lower-third", [LEFT], "bottom-left", 1824, 1026),
        ("launch", [SIGN], "bottom", 1400, 1026),
    ],
)
def test_a_lane_goes_to_another_corner_or_gives_way_along_its_edge(
    name: str, boxes: list[KeptOut], position: str, right: int, bottom: int
) -> None:
    found = room(name, *boxes)
    assert (found.position, found.within.right, found.within.bottom) == (position, right, bottom)


def test_the_mark_of_a_rehearsal_has_one_place_for_all_overlays() -> None:
    assert {room(each.name, LOGO, SIGN).mark for each in OVERLAYS} == {(960.0, 54)}


def test_one_that_is_put_somewhere_stands_there_or_near_it() -> None:
    bug = BY_NAME["bug"]
    there = room_of(bug.lane, bug.wants_px, "bottom-right", [LOGO])
    near = room_of(bug.lane, bug.wants_px, "bottom-right", [SIGN])
    assert there is not None
    assert near is not None
    assert (there.position, there.within.bottom) == ("bottom-right", 1026)
    assert near.within.right == SIGN.left - GAP_PX


sides = st.integers(0, 1500), st.integers(0, 800), st.integers(1, 420), st.integers(1, 280)
boxes = st.lists(
    st.builds(lambda *at: KeptOut(left=at[0], top=at[1], width=at[2], height=at[3]), *sides), min_size=1, max_size=4
)


@settings(max_examples=60, deadline=None)
@given(boxes)
def test_whatever_the_boxes_are_a_room_hits_none_and_lies_in_the_safe_box(found: list[KeptOut]) -> None:
    for overlay in OVERLAYS:
        made = room_of(overlay.lane, overlay.wants_px, "", found)
        if made is None:
            continue
        assert SAFE.holds(made.within)
        assert not any(made.within.hits(rect(box)) for box in found)
        wide, high = overlay.wants_px
        # What the mark of a rehearsal takes of it leaves what stands there.
        assert min(made.within.width / wide, made.within.height / high) >= SHRUNK_MIN
