"""The control room's door: an account as its pages show it."""

from dashboard.control.frame import Person
from server.roles import Account, Right


def person_of(account: Account) -> Person:
    """Who is signed in, as a page of the room shows them."""
    return Person(
        number=account.number,
        name=account.name,
        role=account.role.value,
        may_decide=account.may(Right.DECIDE),
        may_accounts=account.may(Right.ACCOUNTS),
    )
