"""Who may what, by the table of rights alone."""

import pytest

from server.auth.roles import (
    RIGHTS,
    Account,
    Asker,
    ControlKey,
    PointKey,
    Right,
    Role,
    StageKey,
    check_bound,
    check_unit,
)
from server.auth.topic_rights import named_for
from server.errors import NoRight
from streaming.contests.contest import load_contest
from tests.worlds.apps import FOUR_LEVELS, UNIT


@pytest.mark.parametrize("right", Right)
def test_an_administrator_may_do_everything(right: Right) -> None:
    assert right in RIGHTS[Role.ADMINISTRATOR]


def test_everybody_who_is_signed_in_has_an_account_of_his_own() -> None:
    assert all(Right.SELF in RIGHTS[role] for role in Role)


def test_every_role_has_its_rights() -> None:
    assert set(RIGHTS) == set(Role)


# Whoever is bound to a unit.

TREE = load_contest(FOUR_LEVELS).contest.tree
OF_ROLL_CALL = (Right.SEE_ROLL_CALL, Right.ANSWER, Right.ROLL_CALL)
UNITS = (UNIT, "P1D1X3", "P1", "VN", "P1D2", "nowhere", "")


def may(asker: Asker, right: Right) -> set[str]:
    """The units for which the right holds."""
    found = set()
    for code in UNITS:
        try:
            check_unit(asker, code, TREE, right)
        except NoRight:
            continue
        found.add(code)
    return found


def test_whoever_is_bound_to_a_unit_acts_for_it_and_those_below_it_and_a_points_key_answers_for_its_own_alone() -> None:
    point = Account(3, "Điểm cầu", Role.POINT, UNIT)
    assert [may(point, right) for right in OF_ROLL_CALL] == [{UNIT, "P1D1X3"}] * 3
    assert [may(PointKey(UNIT, 1), right) for right in OF_ROLL_CALL] == [{UNIT, "P1D1X3"}, {UNIT}, set()]
    assert [may(Account(1, "Lan", Role.OPERATOR), right) for right in OF_ROLL_CALL] == [set(UNITS)] * 3
    assert [may(Account(2, "Hà", Role.VIEWER), right) for right in OF_ROLL_CALL] == [set(UNITS), set(), set()]
    assert [may(Account(4, "Ai", Role.POINT), right) for right in OF_ROLL_CALL] == [set()] * 3, "one of no unit"
    for stranger in (ControlKey("companion", "tv1"), StageKey("mc", "hall", "presenter", 1)):
        assert [may(stranger, right) for right in OF_ROLL_CALL] == [set()] * 3


def test_a_points_key_has_the_least_rights_and_no_output() -> None:
    key = PointKey(UNIT, 3)
    assert {right for right in Right if key.may(right)} == {Right.SEE_ROLL_CALL, Right.ANSWER}
    assert (key.by, key.name) == (f"point:{UNIT}", f"point:{UNIT}/3")
    for output in ("hall", "points", "tv1"):
        with pytest.raises(NoRight):
            check_bound(key, output)


def test_the_roll_call_of_whoever_is_bound_to_a_unit_is_that_of_the_unit() -> None:
    for bound in (PointKey(UNIT, 1), Account(3, "Điểm cầu", Role.POINT, UNIT)):
        assert named_for(bound, "points") == f"points/{UNIT}"
        assert named_for(bound, "points/P2") == "points/P2"
        assert named_for(bound, "board") == "board"
    for free in (None, Account(1, "Lan", Role.OPERATOR), ControlKey("companion", "tv1")):
        assert named_for(free, "points") == "points"
