"""An app with an account of each role and a device, and what it answers to each."""

from pathlib import Path
from typing import Any, Final, Literal
from weakref import WeakKeyDictionary

from starlette.testclient import TestClient

from server.app import App
from server.auth.roles import Role
from server.auth.sign_in_log import Outcome
from server.middleware.guard import STEERING_PATHS
from tests.worlds.apps import app_of
from tests.worlds.people import WRITES

DEVICE: Final = "device"
"""Whoever shows the control key of TV."""
Who = Role | Literal["device"] | None
"""A role, a device, or nobody."""
TV = "tv1"
"""The output that the director and the device are bound to; it is there once somebody has made it."""

_keys: WeakKeyDictionary[App, str] = WeakKeyDictionary()


def app_with_roles(data: Path, *, is_new: bool = True, **settings: Any) -> App:
    """An app with an account of each role, made if it is new; none has a password, for here sessions are opened without
    one."""
    made = app_of(data, handshakes_per_s=100_000, **settings)
    made.auth.accounts.make()
    for role in Role if is_new else ():
        unit = "P1D1" if role is Role.POINT else None
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


def ask(client: TestClient, app: App, who: Who, method: str, path: str, **given: Any) -> Any:
    """The answer to who asks, in a session that is as good as new. Where a device's key counts, it tells no origin."""
    client.cookies.clear()
    headers = given.pop("headers", {})
    if who == DEVICE:
        shown = shown_by_device(app) | headers | ({} if path.startswith(STEERING_PATHS) else WRITES)
        return client.request(method, path, headers=shown, follow_redirects=False, **given)
    if who is not None:
        assert client.portal is not None
        client.cookies.set(app.state.cookies.name("http"), client.portal.call(a_token, app, who))
    return client.request(method, path, headers=WRITES | headers, follow_redirects=False, **given)
