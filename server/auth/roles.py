"""Roles and rights: one table of who may do what, consulted by every endpoint that is not public.

The guard finds the account of a request's session, or the control key of a device, and puts it into the scope. A
restricted endpoint is wrapped in ``needs``, which stores the right on it as ``right``, so that a test can read from the
routes who may do what.
"""

from collections.abc import Awaitable, Callable, Mapping
from enum import StrEnum
from http import HTTPStatus
from types import MappingProxyType
from typing import Literal, TypeVar
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
CONTROL_KEY_IN_SCOPE = "diemcau.control_key"
"""The scope key under which the guard puts the request's ControlKey; such a request has no account, whatever cookie it
shows."""
STAGE_KEY_IN_SCOPE = "diemcau.stage_key"
"""The scope key under which the guard puts the request's StageKey; such a request has no account either."""
POINT_KEY_IN_SCOPE = "diemcau.point_key"
"""The scope key under which the guard puts the request's PointKey; such a request has no account either."""
POINT_BY = "point:"
"""What ``PointKey.by`` begins with."""
POINT_PAGES = "/points/"
"""Below which the pages of connection points stand, each below its unit's code."""
SIGN_IN_PATH = "/sign-in"
NO_OUTPUT = ""
"""No output is called so."""

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
    """Steer outputs: put scenes on air, hold, delay, stillness; whoever is bound to one, that one alone."""
    MAKE_OUTPUTS = "make_outputs"
    """Make outputs."""
    SEE_OUTPUTS = "see_outputs"
    """The list of outputs and what stands behind each; whoever is bound to one, of that one alone."""
    SCREENS = "screens"
    """The list of open screens; whoever is bound to an output, those of it alone. To name and to reassign them is to
    STEER."""
    PICTURES = "pictures"
    """Upload pictures, name them, take them away."""
    STRAPS = "straps"
    """Edit the prepared straps of people, and approve them."""
    BREAK_LOCKS = "break_locks"
    """End the hold of somebody else's output."""
    ACCOUNTS = "accounts"
    """Make and revoke accounts."""
    PRESENT = "present"
    """The presenter's page; whoever is bound to an output, that of it alone."""
    PRESS = "press"
    """The button on stage: to launch while that is armed, and to try the button; a tablet's, of its output alone."""
    LINKS = "links"
    """Make and revoke the links by which tablets on stage present and press; see, change and revoke those of connection
    points."""
    POINT = "point"
    """The topic of a connection point; one of role POINT only of its own unit and those below it."""
    SEE_ROLL_CALL = "see_roll_call"
    """The roll call as it is read; whoever is bound to a unit, that of it and those below it."""
    ANSWER = "answer"
    """What a connection point says of itself; whoever is bound to a unit, for it and those below it, a point's key for
    its own alone."""
    ROLL_CALL = "roll_call"
    """Tick points as connected, call them, name their people; whoever is bound to a unit, it and those below it."""
    MODERATE = "moderate"
    """What points want the hall to hear: let it through to the host, or put it aside."""
    SELF = "self"
    """One's own account."""


RIGHTS: Mapping[Role, frozenset[Right]] = MappingProxyType(
    {
        Role.ADMINISTRATOR: frozenset(Right),
        Role.OPERATOR: frozenset(Right) - {Right.ACCOUNTS, Right.BREAK_LOCKS},
        Role.VIEWER: frozenset(
            {
                Right.SEE_ROOM,
                Right.SEE_OUTPUTS,
                Right.SCREENS,
                Right.PRESENT,
                Right.POINT,
                Right.SEE_ROLL_CALL,
                Right.SELF,
            }
        ),
        Role.DIRECTOR: frozenset({Right.STEER, Right.SEE_OUTPUTS, Right.SCREENS, Right.PRESENT, Right.SELF}),
        Role.POINT: frozenset({Right.POINT, Right.SEE_ROLL_CALL, Right.ANSWER, Right.ROLL_CALL, Right.SELF}),
    }
)
KEY_RIGHTS = frozenset({Right.STEER, Right.SEE_OUTPUTS})
"""Of a control key, which is no account."""
Stage = Literal["presenter", "button"]
"""What a tablet on stage is for: what is read out, or the button that launches."""
STAGES: tuple[Stage, ...] = ("presenter", "button")
STAGE_RIGHTS: Mapping[Stage, frozenset[Right]] = MappingProxyType(
    {"presenter": frozenset({Right.PRESENT}), "button": frozenset({Right.PRESS})}
)
"""Of a tablet's key, which is no account: the least that it needs."""
POINT_KEY_RIGHTS = frozenset({Right.SEE_ROLL_CALL, Right.ANSWER})
"""Of a connection point's key, which is no account."""
STAGE_PATHS: Mapping[Stage, str] = MappingProxyType({"presenter": "/presenter", "button": "/control/button"})
"""The pages that links to a tablet lead to."""


class Account(msgspec.Struct, frozen=True):
    """The account of a request. ``number`` is never reused and stands for the person in the ledger; ``unit`` is set for
    a POINT only, ``output`` for a DIRECTOR."""

    number: int
    name: str
    role: Role
    unit: str | None = None
    output: str | None = None

    @property
    def by(self) -> str:
        """Its name in rows of the ledger and on pages of the control room: "account:7"."""
        return f"account:{self.number}"

    @property
    def bound_to(self) -> str | None:
        """The one output that it may have to do with, None for all."""
        # A director's account of an earlier release names none, and may have to do with none.
        return (self.output or NO_OUTPUT) if self.role is Role.DIRECTOR else None

    def may(self, right: Right) -> bool:
        """Whether the account's role has the right."""
        return right in RIGHTS[self.role]


class KeyOfOutput(msgspec.Struct, frozen=True):
    """A key that has to do with ``output`` and no other."""

    name: str
    output: str

    @property
    def by(self) -> str:
        """Its name wherever it is told who did something, and in what its page asks: "key:companion"."""
        return f"key:{self.name}"

    @property
    def bound_to(self) -> str | None:
        """The one output that it may have to do with."""
        return self.output


class ControlKey(KeyOfOutput, frozen=True):
    """The key by which a device steers its output."""

    def may(self, right: Right) -> bool:
        """Whether keys have the right."""
        return right in KEY_RIGHTS


class StageKey(KeyOfOutput, frozen=True):
    """The key of a tablet on stage; ``made_ms`` tells it from one of the same name in another copy of the data
    folder."""

    stage: Stage
    made_ms: int

    def may(self, right: Right) -> bool:
        """Whether it is for that."""
        return right in STAGE_RIGHTS[self.stage]


class PointKey(msgspec.Struct, frozen=True):
    """The key of the connection point ``unit``, of which ``generation`` tells it from those before it."""

    unit: str
    generation: int

    @property
    def by(self) -> str:
        """Its name wherever it is told who did something, and in what its page asks: "point:00688"."""
        return f"{POINT_BY}{self.unit}"

    @property
    def name(self) -> str:
        """The name by which its sockets are let in, and sent away once it is in force no more: "point:00688/3"."""
        return f"{self.by}/{self.generation}"

    @property
    def bound_to(self) -> str | None:
        """It has to do with no output."""
        return NO_OUTPUT

    def may(self, right: Right) -> bool:
        """Whether keys of points have the right."""
        return right in POINT_KEY_RIGHTS


Asker = Account | ControlKey | StageKey | PointKey


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
    return allowed(account_in(connection.scope), right)


def asker_in(scope: Scope) -> Asker | None:
    """The account or key of a request, None if it has neither."""
    key: ControlKey | StageKey | PointKey | None = (
        scope.get(CONTROL_KEY_IN_SCOPE) or scope.get(STAGE_KEY_IN_SCOPE) or scope.get(POINT_KEY_IN_SCOPE)
    )
    return key or account_in(scope)


def asker_of(connection: HTTPConnection, right: Right) -> Asker:
    """The account or key of a request, which must have the right.

    Raises:
        NotSignedIn: If it has neither.
        NoRight: If what it has has not the right.
    """
    return allowed(asker_in(connection.scope), right)


def check_bound(asker: Asker, output: str) -> None:
    """Check that an account or key may have to do with an output. Whether there is another one, it is not told.

    Raises:
        NoRight: If it is bound to another.
    """
    if asker.bound_to not in {None, output}:
        own = f"{asker.bound_to} alone" if asker.bound_to != NO_OUTPUT else "no output: it was made without one"
        raise NoRight(f"this account or key is for {own}")


def unit_of(asker: Asker | None) -> str | None:
    """The unit that an account or key is bound to, None for one that is bound to none."""
    return asker.unit if isinstance(asker, Account | PointKey) else None


def check_unit(asker: Asker, code: str, tree: Tree, right: Right) -> None:
    """Check that an account or key may do what a right allows for a connection point. Whether there is a unit of
    another code, whoever is bound to one is not told.

    Raises:
        NoRight: If it has not the right, or is of another unit: it may act for its own and those below it, and a
            point's key answers for its own alone.
    """
    allowed(asker, right)
    own = unit_of(asker)
    is_bound = isinstance(asker, PointKey) or (isinstance(asker, Account) and asker.role is Role.POINT)
    if not is_bound or code == own:
        return
    is_below = code in tree and own in tree.path(code)
    if not is_below or (isinstance(asker, PointKey) and right is Right.ANSWER):
        raise NoRight("this account or key is of another unit")


Allowed = TypeVar("Allowed", bound=Asker)


def allowed(asker: Allowed | None, right: Right) -> Allowed:
    """Whoever asks, who must have the right.

    Raises:
        NotSignedIn: If it is nobody.
        NoRight: If it has not the right.
    """
    if asker is None:
        raise NotSignedIn
    if not asker.may(right):
        raise NoRight("this account or key has not the right to do this")
    return asker


def needs(right: Right) -> Callable[[Endpoint], Endpoint]:
    """Restrict an endpoint to accounts, and keys, that have the right; the wrapper stores it as its attribute
    ``right``.

    Whoever opens a page without being signed in is redirected to sign in, and from there back to the page.
    """

    def wrap(endpoint: Endpoint) -> Endpoint:
        async def checked(request: Request) -> Response:
            if asker_in(request.scope) is None and not request.url.path.startswith(PROGRAM_PATHS):
                return RedirectResponse(_sign_in(request), HTTPStatus.SEE_OTHER, {"Cache-Control": "no-store"})
            asker_of(request, right)
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
