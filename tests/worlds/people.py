"""Accounts and clients of people who are signed in, for tests."""

import re

import httpx2
from starlette.testclient import TestClient

from server.app import App
from server.auth.accounts import Listed
from server.auth.roles import Account, Role
from tests.worlds.apps import client_of
from tests.worlds.hashes import quick_hash

ORIGIN = "http://127.0.0.1:8000"
PASSWORD = "Nắng tháng Tám 2022"  # noqa: S105 - of accounts that a test makes
WRITES = {"Origin": ORIGIN}
SESSION_COOKIE = re.compile(r"(__Host-)?diemcau-[0-9a-f]{10}")


def account(app: App, login: str, role: Role, unit: str | None = None, password: str | None = None) -> Account:
    """A new account in force. Its password is PASSWORD unless another is given; a director's output is tv1."""
    accounts = app.auth.accounts
    accounts.make()
    output = "tv1" if role is Role.DIRECTOR else None
    token = accounts.add(login, f"Người {login}", role, unit, app.folder.contest.tree, output=output)
    return accounts.use_link(token, quick_hash(password or PASSWORD))


def sign_in(client: TestClient, login: str, password: str = PASSWORD, **fields: str) -> int:
    """Sign in by the form; the client keeps the cookie. Returns the status: 303 if it went well."""
    form = {"login": login, "password": password, **fields}
    return client.post("/sign-in", data=form, headers=WRITES, follow_redirects=False).status_code


def token_in(client: TestClient | httpx2.Client | httpx2.AsyncClient) -> str | None:
    """The token of the session that a client keeps, whatever data folder it is of."""
    return next((each.value for each in client.cookies.jar if SESSION_COOKIE.fullmatch(each.name)), None)


def shows(app: App, token: str, scheme: str = "http") -> dict[str, str]:
    """The header by which a browser shows the token of a session."""
    return {"Cookie": f"{app.state.cookies.name(scheme)}={token}"}


def listed(app: App, login: str) -> Listed:
    """The account of a login, as lists show it."""
    return next(each for each in app.auth.accounts.list() if each.login == login)


__all__ = ["ORIGIN", "PASSWORD", "WRITES", "account", "client_of", "listed", "shows", "sign_in", "token_in"]
