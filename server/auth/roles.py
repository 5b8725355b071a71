"""Roles and rights: one table of who may do what, consulted by every endpoint that is not public.

The guard finds the account of a request's session and puts it into the scope. A restricted endpoint is wrapped in
``needs``, which stores the right on it as ``right``, so that a test can read from the routes who may do what.
"""

from collections.abc import Awaitable, Callable, Mapping
from enum import StrEnum
from http import HTTPStatus
from types import MappingProxyType
from urllib.parse import quote

import msgspec
from starlette.requests import HTTPConnection, Request
from starlette.responses import RedirectResponse, Response
from starlette.types import Scope

from server.errors import NoRight, NotSignedIn
from server.web.paths import PROGRAM_PATHS
from streaming.contests.units import Tree

ACCOUNT_IN_SCOPE = "diemcau.account"
"""The scope key under which the guard puts the request's Account; absent without a session in force."""
SIGN_IN_PATH = "/sign-in"
REHEARSAL = "rehearsal/"
"""The prefix of the rehearsal store's topics."""

Endpoint = Callable[[Request], Awaitable[Response]]


class Role(StrEnum):
    """What an account is for."""

    ADMINISTRATOR = "administrator"
    OPERATOR = "operator"
    DIRECTOR = "director"
    POINT = "point"
    VIEWER = "viewer"


class Right(StrEnum):
    """What a role may do."""

    SEE_ROOM = "see_room"
    """The control room's pages, topics, effects and evidence."""
    DECIDE = "decide"
    """Hold, release, correct: every action that writes a decision."""
    STEER = "steer"
    """Steer outputs: put scenes on air, hold, delay, stillness."""
    BREAK_LOCKS = "break_locks"
    """End the hold of somebody else's output."""
    ACCOUNTS = "accounts"
    """Make and revoke accounts."""
    PRESENT = "present"
    """The presenter's page."""
    POINT = "point"
    """The topic of a connection point; one of role POINT only of its own unit and those below it."""
    SELF = "self"
    """One's own account."""


RIGHTS: Mapping[Role, frozenset[Right]] = MappingProxyType(
    {
        Role.ADMINISTRATOR: frozenset(Right),
        Role.OPERATOR: frozenset(Right) - {Right.ACCOUNTS, Right.BREAK_LOCKS},
        Role.VIEWER: frozenset({Right.SEE_ROOM, Right.PRESENT, Right.POINT, Right.SELF}),
        Role.DIRECTOR: frozenset({Right.PRESENT, Right.SELF}),
        Role.POINT: frozenset({Right.POINT, Right.SELF}),
    }
)


TOPIC_RIGHTS: Mapping[str, Right] = MappingProxyType(
    {"control": Right.SEE_ROOM, "watch": Right.SEE_ROOM, "point": Right.POINT}
)
"""By the first part of a topic's name; every other topic is public."""


class Account(msgspec.Struct, frozen=True):
    """The account of a request. ``number`` is never reused and stands for the person in the ledger; ``unit`` is set for
    a POINT only."""

    number: int
    name: str
    role: Role
    unit: str | None = None

    @property
    def by(self) -> str:
        """Its name in rows of the ledger and on pages of the control room: "account:7"."""
        return f"account:{self.number}"

    def may(self, right: Right) -> bool:
        """Whether the account's role has the right."""
        return right in RIGHTS[self.role]


def account_in(scope: Scope) -> Account | None:
    """The account of a request, None if nobody is signed in."""
    found: Account | None = scope.get(ACCOUNT_IN_SCOPE)
    return found


def account_of(connection: HTTPConnection, right: Right = Right.SELF) -> Account:
    """The account of a request, which must have the right.

    Raises:
        NotSignedIn: If nobody is signed in.
        NoRight: If the account has not the right.
    """
    return _allowed(account_in(connection.scope), right)


def _allowed(account: Account | None, right: Right) -> Account:
    if account is None:
        raise NotSignedIn
    if not account.may(right):
        raise NoRight("this account has not the right to do this")
    return account


def needs(right: Right) -> Callable[[Endpoint], Endpoint]:
    """Restrict an endpoint to accounts that have the right; the wrapper stores it as its attribute ``right``.

    Whoever opens a page without being signed in is redirected to sign in, and from there back to the page.
    """

    def wrap(endpoint: Endpoint) -> Endpoint:
        async def checked(request: Request) -> Response:
            if account_in(request.scope) is None and not request.url.path.startswith(PROGRAM_PATHS):
                return RedirectResponse(_sign_in(request), HTTPStatus.SEE_OTHER, {"Cache-Control": "no-store"})
            account_of(request, right)
            return await endpoint(request)

        checked.right = right  # type: ignore[attr-defined] # read by right_of
        return checked

    return wrap


def right_of(endpoint: object) -> Right | None:
    """The right that an endpoint needs, None for one that everybody may ask."""
    found: Right | None = getattr(endpoint, "right", None)
    return found


def _sign_in(request: Request) -> str:
    if request.method not in {"GET", "HEAD"}:
        return SIGN_IN_PATH
    query = f"?{request.url.query}" if request.url.query else ""
    return f"{SIGN_IN_PATH}?next={quote(request.url.path + query)}"


def topic_right(name: str) -> Right | None:
    """The right that following a topic needs, None for a public one; rehearsal topics need the same as live ones."""
    return TOPIC_RIGHTS.get(name.removeprefix(REHEARSAL).partition("/")[0])


def may_follow(account: Account | None, name: str, tree: Tree) -> None:
    """Check that the account may follow a topic.

    Raises:
        NotSignedIn: If it needs an account.
        NoRight: If the account may not. A POINT follows its own unit and those below; whether there is a unit of
            another code, it is not told.
    """
    right = topic_right(name)
    if right is None:
        return
    account = _allowed(account, right)
    if account.role is not Role.POINT:
        return
    code = name.removeprefix(REHEARSAL).partition("/")[2]
    if code not in tree or account.unit not in tree.path(code):
        raise NoRight("this account is of another unit")
