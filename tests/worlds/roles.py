"""An app with an account of each role, a device and a connection point, and what it answers to each."""

from pathlib import Path
from typing import Any, Final, Literal
from weakref import WeakKeyDictionary

from starlette.testclient import TestClient

from server.app import App
from server.auth.roles import PointKey, Role
from server.auth.sign_in_log import Outcome
from server.middleware.guard import ASKED_AS, STEERING_PATHS
from tests.worlds.apps import UNIT, app_of
from tests.worlds.people import WRITES

DEVICE: Final = "device"
"""Whoever shows the control key of TV."""
PLACE: Final = "place"
"""Whoever shows the pass of the connection point of UNIT."""
Who = Role | Literal["device", "place"] | None
"""A role, a device, a connection point, or nobody."""
TV = "tv1"
"""The output that the director and the device are bound to; it is there once somebody has made it."""

_keys: WeakKeyDictionary[App, str] = WeakKeyDictionary()


def app_with_roles(data: Path, *, is_new: bool = True, **settings: Any) -> App:
    """An app with an account of each role, made if it is new; none has a password, for here sessions are opened without
    one."""
    made = app_of(data, handshakes_per_s=100_000, **settings)
    made.auth.accounts.make()
    for role in Role if is_new else ():
        unit = UNIT if role is Role.POINT else None
        output = TV if role is Role.DIRECTOR else None
        made.auth.accounts.add(role.value, role.value, role, unit, made.folder.contest.tree, output=output)
    if is_new:
        _keys[made] = made.keys.add("companion", TV)
    return made


async def a_token(app: App, role: Role) -> str:
    """The token of a new session of the account of a role."""
    credentials = app.auth.accounts.credentials(role.value)
    assert credentials is not None
    token = await app.auth.sessions.open(credentials, Outcome.SIGNED_IN, "::1", "", step=None)
    assert token is not None
    return token


def shown_by_device(app: App) -> dict[str, str]:
    """The header by which a device shows its key."""
    return {"Authorization": f"Bearer {_keys[app]}"}


def shown_by_point(app: App, unit: str = UNIT) -> dict[str, str]:
    """The header by which the browser of a point shows its pass, of the key that is in force."""
    return {"Cookie": "=".join(pass_of(app, unit))}


def pass_of(app: App, unit: str = UNIT) -> tuple[str, str]:
    """The name and the value of the cookie with the pass of a point."""
    keys = app.state.point_keys
    state = next(each for each in keys.list() if each.unit == unit)
    return f"{app.state.cookies.name('http')}-point-{unit}", keys.pass_of(PointKey(unit, state.generation))


def asked_by_point(path: str, unit: str = UNIT) -> str:
    """A path as a page of a point asks for it."""
    return f"{path}{'&' if '?' in path else '?'}as=point:{unit}" if path.startswith(ASKED_AS) else path


def ask(client: TestClient, app: App, who: Who, method: str, path: str, **given: Any) -> Any:
    """The answer to who asks, in a session that is as good as new. Where a device's key counts, it tells no origin."""
    client.cookies.clear()
    headers = given.pop("headers", {})
    if who == DEVICE:
        shown = shown_by_device(app) | headers | ({} if path.startswith(STEERING_PATHS) else WRITES)
        return client.request(method, path, headers=shown, follow_redirects=False, **given)
    if who == PLACE:
        client.cookies.set(*pass_of(app))
        path = asked_by_point(path)
    elif who is not None:
        assert client.portal is not None
        client.cookies.set(app.state.cookies.name("http"), client.portal.call(a_token, app, who))
    return client.request(method, path, headers=WRITES | headers, follow_redirects=False, **given)
