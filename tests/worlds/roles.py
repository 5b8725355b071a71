"""An app with an account of each role, and what it answers to each."""

from pathlib import Path
from typing import Any

from starlette.testclient import TestClient

from server.app import App
from server.auth.roles import Role
from server.auth.sign_in_log import Outcome
from tests.worlds.apps import app_of
from tests.worlds.people import WRITES


def app_with_roles(data: Path, *, is_new: bool = True, **settings: Any) -> App:
    """An app with an account of each role, made if it is new; none has a password, for here sessions are opened without
    one."""
    made = app_of(data, handshakes_per_s=100_000, **settings)
    made.auth.accounts.make()
    for role in Role if is_new else ():
        unit = "P1D1" if role is Role.POINT else None
        made.auth.accounts.add(role.value, role.value, role, unit, made.folder.contest.tree)
    return made


async def a_token(app: App, role: Role) -> str:
    """The token of a new session of the account of a role."""
    credentials = app.auth.accounts.credentials(role.value)
    assert credentials is not None
    token = await app.auth.sessions.open(credentials, Outcome.SIGNED_IN, "::1", "", step=None)
    assert token is not None
    return token


def ask(client: TestClient, app: App, who: Role | None, method: str, path: str, **given: Any) -> Any:
    """The answer to who asks, in a session that is as good as new."""
    client.cookies.clear()
    if who is not None:
        assert client.portal is not None
        client.cookies.set(app.state.cookies.name("http"), client.portal.call(a_token, app, who))
    return client.request(method, path, headers=WRITES, follow_redirects=False, **given)
