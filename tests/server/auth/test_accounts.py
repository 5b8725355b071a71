"""Accounts: made, reset, revoked, and the one-time links by which their holders take a password."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from dashboard.pages import accounts as pages
from server.app import App
from server.auth import sign_in_log, totp
from server.auth.accounts import AccountError, Accounts
from server.auth.links import FIRST_LINK_TTL_S, LINK_TTL_S
from server.auth.roles import Account, Role
from server.auth.sign_in_log import Outcome
from streaming.contests.units import Tree
from tests.worlds.apps import NOW_MS, app_of, client_of
from tests.worlds.clocks import Clock
from tests.worlds.people import ORIGIN, PASSWORD, WRITES, account, listed, sign_in, token_in


@pytest.fixture
def clock() -> Clock:
    return Clock(NOW_MS)


@pytest.fixture
def app(tmp_path: Path, clock: Clock) -> App:
    return app_of(tmp_path, now_ms=clock)


@pytest.fixture
def accounts(app: App) -> Accounts:
    app.auth.accounts.make()
    return app.auth.accounts


@pytest.fixture
def tree(app: App) -> Tree:
    return app.folder.contest.tree


@pytest.fixture
def client(app: App) -> Iterator[TestClient]:
    with client_of(app) as made:
        yield made


def new_password(client: TestClient, token: str, **fields: str) -> int:
    form = {"token": token, "password": PASSWORD, "again": PASSWORD, **fields}
    return client.post("/welcome", data=form, headers=WRITES, follow_redirects=False).status_code


def opened(client: TestClient, token: str, lang: str = "vi") -> Any:
    """What the page of a link shows, once its script has put the token into the form."""
    return client.post(f"/welcome?lang={lang}", data={"token": token}, headers=WRITES)


def test_to_open_a_link_or_a_preview_of_it_uses_nothing_up_and_tells_nothing(
    client: TestClient, accounts: Accounts
) -> None:
    token = accounts.first_link() or ""
    before = (client.get("/welcome").text, client.get("/welcome?lang=en").text)
    earlier = client.get(f"/welcome/{token}", follow_redirects=False)
    assert (earlier.status_code, earlier.headers["location"]) == (303, f"/welcome#{token}")
    assert client.head("/welcome").status_code == client.head(f"/welcome/{token}").status_code == 200
    for given in (token, f" {ORIGIN}/welcome#{token}\n", f"{ORIGIN}/welcome/{token}", f"#{token}"):
        assert opened(client, given).status_code == 200
    for given in ("", "x", token[:-1], f"{token}x", f"{token} x", "../../control", "a" * 300, "ế" * 43):
        assert opened(client, given).status_code == 410
    assert (client.get("/welcome").text, client.get("/welcome?lang=en").text) == before
    assert client.get("/welcome/..%2f..%2fcontrol", follow_redirects=False).headers.get("location") in {
        None,
        "/welcome#",
    }
    assert new_password(client, token, login="ha", name="Hà") == 303
    assert opened(client, token).status_code == 410


def test_the_first_administrator_comes_by_a_link_that_works_once(client: TestClient, accounts: Accounts) -> None:
    token = accounts.first_link() or ""
    assert "quản trị viên đầu tiên" in opened(client, token).text
    assert new_password(client, token, login="ha", name="Hoàng Thị Hà") == 303
    assert client.get("/control/accounts").status_code == 200
    assert opened(client, token).status_code == 410
    assert new_password(client, token, login="he", name="He") == 410
    assert [(each.login, each.account.role) for each in accounts.list()] == [("ha", Role.ADMINISTRATOR)]
    assert accounts.first_link() is None


def test_a_new_link_ends_the_one_before_and_each_has_its_hour(accounts: Accounts, clock: Clock) -> None:
    first, second = accounts.first_link() or "", accounts.first_link() or ""
    assert accounts.link(first) is None
    clock.ms += FIRST_LINK_TTL_S * 1000 - 1
    assert accounts.link(second) is not None
    clock.ms += 1
    assert accounts.link(second) is None


def test_two_who_hold_the_first_link_make_one_administrator(accounts: Accounts) -> None:
    token = accounts.first_link() or ""
    accounts.use_link(token, "hash", login="one", name="One")
    with pytest.raises(AccountError, match="has been used"):
        accounts.use_link(token, "hash", login="two", name="Two")


def test_the_first_link_is_worth_nothing_once_there_is_an_administrator(accounts: Accounts, tree: Tree) -> None:
    first = accounts.first_link() or ""
    other = accounts.add("lan", "Lan", Role.ADMINISTRATOR, None, tree)
    assert accounts.link(first) is not None
    accounts.use_link(other, "hash")
    assert accounts.link(first) is None


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"again": "another password"}, "not_alike"),
        ({"password": "short", "again": "short"}, "password_form"),
        ({"password": "x" * 129, "again": "x" * 129}, "password_form"),
        ({"password": "aaaaaaaaaaaa", "again": "aaaaaaaaaaaa"}, "password_form"),
        ({"password": "Ha.nguyen 2022", "again": "Ha.nguyen 2022"}, "password_form"),
        ({"login": "Hà"}, "login_form"),
        ({"login": "h"}, "login_form"),
        ({"login": "-h"}, "login_form"),
        ({"name": " "}, "name_form"),
        ({"name": "x" * 81}, "name_form"),
        ({"name": "a\u202eb"}, "name_form"),
    ],
)
def test_what_cannot_be_taken_leaves_the_link_as_it_was(
    client: TestClient, accounts: Accounts, fields: dict[str, str], text: str
) -> None:
    token = accounts.first_link() or ""
    form = {"login": "ha.nguyen", "name": "Hà", "password": PASSWORD, "again": PASSWORD} | fields
    refused = client.post("/welcome", data=form | {"token": token}, headers=WRITES)
    assert refused.status_code == 422
    assert pages.texts("vi")[text] in refused.text
    assert token_in(client) is None
    assert opened(client, token).status_code == 200


def test_what_is_typed_comes_back_escaped_and_never_the_password(client: TestClient, accounts: Accounts) -> None:
    token = accounts.first_link() or ""
    form = {"login": "<b>", "name": '"><script>x</script>', "password": PASSWORD, "again": PASSWORD}
    shown = client.post("/welcome", data=form | {"token": token}, headers=WRITES).text
    assert "<script>x" not in shown
    assert PASSWORD not in shown


@pytest.mark.parametrize(
    ("login", "role", "of", "code"),
    [
        ("Lan", Role.OPERATOR, None, "login_form"),
        ("taken", Role.OPERATOR, None, "login_taken"),
        ("lan", Role.OPERATOR, "01", "unit_of_point"),
        ("lan", Role.POINT, None, "unit_of_point"),
        ("lan", Role.POINT, "nowhere", "unknown_unit"),
        ("lan", Role.DIRECTOR, None, "output_of_director"),
        ("lan", Role.OPERATOR, "tv1", "output_of_director"),
        ("lan", Role.DIRECTOR, "tv17", "unknown_output"),
        ("lan", Role.DIRECTOR, "", "unknown_output"),
    ],
)
def test_what_account_cannot_be_made(
    accounts: Accounts, tree: Tree, login: str, role: Role, of: str | None, code: str
) -> None:
    unit, output = (None, of) if code.endswith(("_output", "_director")) else (of, None)
    accounts.add("taken", "Taken", Role.VIEWER, None, tree)
    with pytest.raises(AccountError) as refused:
        accounts.add(login, "Lan", role, unit, tree, output=output)
    assert refused.value.code == code
    assert len(accounts.list()) == 1
    for lang in ("vi", "en"):
        assert code in pages.texts(lang)


def test_a_handed_link_lasts_a_day(accounts: Accounts, tree: Tree, clock: Clock) -> None:
    token = accounts.add("lan", "Lan", Role.VIEWER, None, tree)
    clock.ms += LINK_TTL_S * 1000 - 1
    assert accounts.link(token) is not None
    clock.ms += 1
    assert accounts.link(token) is None


def test_numbers_and_names_stay_and_a_login_is_free_again(accounts: Accounts, tree: Tree) -> None:
    accounts.add("lan", "Lan", Role.VIEWER, None, tree)
    accounts.revoke(1)
    accounts.add("lan", "Lan khác", Role.VIEWER, None, tree)
    assert [(each.account.number, each.revoked_ms) for each in accounts.list()] == [(2, None), (1, NOW_MS)]
    assert dict(accounts.names()) == {1: "Lan", 2: "Lan khác"}
    for gone in (1, 3):
        with pytest.raises(AccountError, match=f"no account number {gone} in force"):
            accounts.revoke(gone)


def test_a_reset_ends_password_phone_sessions_and_links_at_once(app: App, client: TestClient) -> None:
    lan = account(app, "lan", Role.OPERATOR)
    credentials = app.auth.accounts.credentials("lan")
    assert credentials is not None
    app.auth.accounts.change(credentials, totp=totp.new_secret())
    earlier = app.auth.accounts.reset(lan.number)
    later = app.auth.accounts.reset(lan.number)
    assert not listed(app, "lan").has_password
    assert not listed(app, "lan").has_totp
    assert sign_in(client, "lan") == 403
    assert new_password(client, earlier) == 410
    assert new_password(client, later) == 303
    assert client.get("/account").status_code == 200
    assert sign_in(client, "lan") == 303


def test_strangers_do_not_push_people_out_of_the_log(
    app: App, accounts: Accounts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sign_in_log, "STRANGERS_MAX", 3)
    monkeypatch.setattr(sign_in_log, "SIGN_INS_MAX", 4)
    lan = Account(1, "Lan", Role.OPERATOR)
    with accounts._file.begin() as connection:
        for number in range(9):
            sign_in_log.note(connection, number, "lan", Outcome.SIGNED_IN, "::1", lan)
        for number in range(9, 19):
            sign_in_log.note(connection, number, "x", Outcome.REFUSED, "::1", None)
    assert [each.at_ms for each in app.auth.sessions.latest(99)] == [18, 17, 16, 8, 7, 6, 5]
