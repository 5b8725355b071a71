"""What pages of the control room are opened with: the account as they show it, and snapshots of their topics."""

from collections.abc import Callable, Mapping

from starlette.requests import Request

from dashboard.pages.control import Live, Person
from dashboard.pages.program import OutputsData
from server.auth.roles import Account, Right, account_of, check_bound
from server.errors import CatchingUp
from server.routes.live import OUT
from server.state import state_of
from server.store import Store
from streaming.program.names import HALL, NAMES
from streaming.program.output import Output

Names = Callable[[], Mapping[int, str]]
"""What gives the names of accounts by their number."""


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


def output_of(request: Request) -> tuple[Person, Output]:
    """Who asks, and the output that ``?out=`` names; without it the hall's, or the one that who asks is bound to.

    Raises:
        NoRight: If who asks is bound to another.
        UnknownOutput: If there is no such output.
    """
    account = account_of(request, Right.SEE_OUTPUTS)
    name = request.query_params.get(OUT, account.bound_to or HALL)
    check_bound(account, name)
    return person_of(account), state_of(request).outputs.of(name)


def outputs_of(request: Request, output: str, names: Names) -> OutputsData:
    """What a page that steers an output is opened with: every output that who asks may see, as it stands."""
    account, outputs = account_of(request, Right.SEE_OUTPUTS), state_of(request).outputs
    bound = account.bound_to
    shown = sorted((each.name for each in outputs.all if bound in {None, each.name}), key=NAMES.index)
    return OutputsData(
        output,
        {name: outputs.program(name).control.view() for name in shown},
        may_steer=account.may(Right.STEER),
        may_break=account.may(Right.BREAK_LOCKS),
        bound=bound,
        names={} if bound is None else {str(number): name for number, name in names().items()},
    )
