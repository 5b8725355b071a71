"""What pages of the control room are opened with: the account as they show it, and snapshots of their topics."""

from dashboard.pages.control import Live, Person
from server.auth.roles import Account, Right
from server.errors import CatchingUp
from server.store import Store


def person_of(account: Account) -> Person:
    """Who is signed in, as a page of the room shows them."""
    return Person(
        number=account.number,
        name=account.name,
        role=account.role.value,
        sees_room=account.may(Right.SEE_ROOM),
        may_decide=account.may(Right.DECIDE),
        may_steer=account.may(Right.STEER),
        may_accounts=account.may(Right.ACCOUNTS),
        may_links=account.may(Right.LINKS),
    )


def live_of(store: Store, *, sees_room: bool = True) -> Live:
    """The snapshots that every page of the control room is opened with.

    Raises:
        CatchingUp: While the ledger is replayed for the first time.
    """
    topics = [store.find_topic(name) for name in ("board", "control", "watch")[: 3 if sees_room else 1]]
    if None in topics:
        raise CatchingUp
    return Live(*(topic.view() for topic in topics if topic is not None))
