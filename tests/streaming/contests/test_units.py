"""The tree of units: what a good one answers, and how deep it may be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streaming.contests.units import DEPTH_MAX, Tree, Unit, UnitCode
from streaming.errors import ContestError


def unit(code: str, parent: str | None = None, target: int | None = None, *, place: bool = True) -> Unit:
    return Unit(
        UnitCode(code),
        None if parent is None else UnitCode(parent),
        "xã",
        code,
        f"Xã {code}",
        target=target,
        place=place,
    )


def test_a_tree_is_at_most_so_deep() -> None:
    chain = [unit("0")] + [unit(str(n), str(n - 1)) for n in range(1, DEPTH_MAX + 1)]
    assert Tree(chain).depth(str(DEPTH_MAX)) == DEPTH_MAX
    with pytest.raises(ContestError, match=f"at most {DEPTH_MAX} levels"):
        Tree([*chain, unit("x", str(DEPTH_MAX))])


def family() -> Tree:
    """Return a root with two districts and a body that is no place; it stands in the middle of the list."""
    return Tree(
        [
            unit("a1", "a", 10),
            unit("p"),
            unit("cq", "p", place=False),
            unit("a", "p"),
            unit("b", "p", 7),
            unit("a2", "a", 5),
            unit("b1", "b", 100),
        ]
    )


def test_a_tree_answers_in_the_order_of_its_list() -> None:
    tree = family()
    assert tree.root.code == "p"
    assert [one.code for one in tree] == ["a1", "p", "cq", "a", "b", "a2", "b1"]
    assert [one.code for one in tree.leaves] == ["a1", "cq", "a2", "b1"]
    assert [one.code for one in tree.children("p")] == ["cq", "a", "b"]
    assert [one.code for one in tree.siblings("a")] == ["a", "b"]
    assert [one.code for one in tree.siblings("cq")] == ["cq"]
    assert [one.code for one in tree.siblings("p")] == ["p"]
    assert tree.path("a2") == ("a2", "a", "p")
    assert tree.below("a") == {"a", "a1", "a2"}
    assert (len(tree), "a" in tree, "x" in tree, tree.is_leaf("a"), tree.depth("a2")) == (7, True, False, False, 2)


def test_places_take_part_and_in_a_contest_without_any_all_leaves() -> None:
    assert [one.code for one in family().taking_part] == ["a1", "a2", "b1"]
    school = Tree(
        [unit("p"), unit("10", "p", place=False), unit("10A", "10", place=False), unit("B", "p", place=False)]
    )
    assert [one.code for one in school.taking_part] == ["10A", "B"]


def test_a_target_is_its_own_or_the_sum_of_all_places_below() -> None:
    tree = family()
    assert tree.target("a") == 15
    assert tree.target("b") == 7  # Its own goes before the sum.
    assert tree.target("cq") is None
    assert tree.target("p") == 22  # What is no place needs no target.
    assert Tree([unit("p"), unit("a", "p", 3), unit("b", "p")]).target("p") is None
    assert Tree([unit("p"), unit("a", "p", 3), unit("q", "p", 4, place=False)]).target("p") == 7


def _steps(one: Unit, units: list[Unit]) -> int:
    return 0 if one.parent is None else 1 + _steps(units[int(one.parent)], units)


@given(st.lists(st.integers(0, 10), max_size=60))
def test_every_tree_holds_together(parents: list[int]) -> None:
    units = [unit("0")]
    for n, back in enumerate(parents, start=1):
        parent = units[max(0, n - 1 - back)]
        units.append(unit(str(n), parent.code))
    if any(_steps(one, units) > DEPTH_MAX for one in units):
        with pytest.raises(ContestError, match="levels"):
            Tree(units)
        return
    tree = Tree(units)
    assert tree.below("0") == {one.code for one in units}
    for one in tree:
        below = [child.code for child in tree.children(one.code)]
        assert len(tree.below(one.code)) == 1 + sum(len(tree.below(code)) for code in below)
        assert tree.path(one.code)[-1] == "0"
        assert all(tree.path(code)[1] == one.code for code in below)
        assert tree.is_leaf(one.code) == (not below)
