"""Who may follow which topic: one table by the names of topics."""

from collections.abc import Mapping
from types import MappingProxyType

from server.auth.roles import Asker, Right, allowed, check_bound, check_unit, unit_of
from streaming.contests.units import Tree

REHEARSAL = "rehearsal/"
"""The prefix of the rehearsal store's topics."""
ROLL_CALL_TOPIC = "points"
"""The topic of the roll call; "points/024" is that of a unit and those below it."""
TOPIC_RIGHTS: Mapping[str, Right] = MappingProxyType(
    {
        "control": Right.SEE_ROOM,
        "control/program": Right.SEE_OUTPUTS,
        "watch": Right.SEE_ROOM,
        "point": Right.POINT,
        ROLL_CALL_TOPIC: Right.SEE_ROLL_CALL,
        "presenter": Right.PRESENT,
        "button": Right.PRESS,
        "screens": Right.SCREENS,
    }
)
"""By the first part of a topic's name, or the first two where these have a right of their own; every other topic is
public."""


def topic_right(name: str) -> Right | None:
    """The right that following a topic needs, None for a public one; rehearsal topics need the same as live ones."""
    first, _, rest = name.removeprefix(REHEARSAL).partition("/")
    return TOPIC_RIGHTS.get(f"{first}/{rest.partition('/')[0]}") or TOPIC_RIGHTS.get(first)


def may_follow(asker: Asker | None, name: str, tree: Tree) -> None:
    """Check that an account or key may follow a topic.

    Raises:
        NotSignedIn: If it needs one.
        NoRight: If it may not. Whoever is bound to a unit follows its own and those below, a DIRECTOR and a tablet what
            stands behind their own output; whether there is a unit of another code, or another output, they are not
            told.
    """
    right = topic_right(name)
    if right is None:
        return
    asker = allowed(asker, right)
    code = name.removeprefix(REHEARSAL).partition("/")[2]
    if right is Right.SEE_OUTPUTS:
        check_bound(asker, code.partition("/")[2])
    elif right in {Right.PRESENT, Right.PRESS, Right.SCREENS}:
        check_bound(asker, code)
    elif right in {Right.POINT, Right.SEE_ROLL_CALL}:
        check_unit(asker, code, tree, right)


def named_for(asker: Asker | None, name: str) -> str:
    """The topic that is meant by a name: to whoever is bound to a unit, "points" is the roll call of it and those
    below it."""
    own = unit_of(asker)
    is_whole = name.removeprefix(REHEARSAL) == ROLL_CALL_TOPIC
    return f"{name}/{own}" if is_whole and own is not None else name
