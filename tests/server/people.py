"""Accounts and clients of people who are signed in, for tests."""

from starlette.testclient import TestClient

from server import passwords
from server.accounts import Listed
from server.app import App
from server.roles import Account, Role
from tests.server.apps import client_of

ORIGIN = "http://127.0.0.1:8000"
PASSWORD = "Nắng tháng Tám 2022"  # noqa: S105 - of accounts that a test makes
WRITES = {"Origin": ORIGIN}


def account(app: App, login: str, role: Role, unit: str | None = None, password: str | None = None) -> Account:
    """A new account in force. Its password is PASSWORD unless another is given."""
    accounts = app.people.accounts
    accounts.make()
    token = accounts.add(login, f"Người {login}", role, unit, app.folder.contest.tree)
    return accounts.use_link(token, passwords.hash_now(password or PASSWORD))


def sign_in(client: TestClient, login: str, password: str = PASSWORD, **fields: str) -> int:
    """Sign in by the form; the client keeps the cookie. Returns the status: 303 if it went well."""
    form = {"login": login, "password": password, **fields}
    return client.post("/sign-in", data=form, headers=WRITES, follow_redirects=False).status_code


def listed(app: App, login: str) -> Listed:
    """The account of a login, as lists show it."""
    return next(each for each in app.people.accounts.list() if each.login == login)


__all__ = ["ORIGIN", "PASSWORD", "WRITES", "account", "client_of", "listed", "sign_in"]
