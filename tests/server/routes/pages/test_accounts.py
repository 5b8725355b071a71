"""Pages of accounts: everybody's, for administrators, and one's own."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest
from starlette.testclient import TestClient

from dashboard.pages import accounts as pages
from server.app import App
from server.auth import totp
from server.auth.accounts import Accounts
from server.auth.roles import Account, Role
from server.auth.sign_in_log import Outcome
from server.auth.tries import TRIES_PER_LOGIN
from server.web.forms import FORM_TYPE
from tests.worlds.apps import NOW_MS, app_of, beside, client_of
from tests.worlds.clocks import Clock
from tests.worlds.people import PASSWORD, WRITES, account, listed, sign_in


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
def client(app: App) -> Iterator[TestClient]:
    with client_of(app) as made:
        yield made


def new_password(client: TestClient, token: str, **fields: str) -> int:
    form = {"token": token, "password": PASSWORD, "again": PASSWORD, **fields}
    return client.post("/welcome", data=form, headers=WRITES, follow_redirects=False).status_code


def opened(client: TestClient, token: str, lang: str = "vi") -> Any:
    """What the page of a link shows, once its script has put the token into the form."""
    return client.post(f"/welcome?lang={lang}", data={"token": token}, headers=WRITES)


def administrator_of(app: App, client: TestClient) -> Account:
    made = account(app, "boss", Role.ADMINISTRATOR)
    assert sign_in(client, "boss") == 303
    return made


def link_in(text: str) -> str:
    return text.partition("/welcome#")[2].partition('"')[0]


def test_an_administrator_adds_resets_and_revokes_on_the_page(app: App, client: TestClient) -> None:
    administrator_of(app, client)
    form = {"login": "lan", "name": "<Lan>", "role": "operator", "unit": ""}
    added = client.post("/control/accounts", data=form, headers=WRITES)
    assert added.status_code == 200
    assert "&lt;Lan&gt;" in added.text
    lan, token = listed(app, "lan").account, link_in(added.text)
    assert app.auth.accounts.link(token) is not None
    assert "/welcome#" not in client.get("/control/accounts").text

    again = client.post(f"/control/accounts/{lan.number}/reset", headers=WRITES)
    assert app.auth.accounts.link(token) is None
    assert app.auth.accounts.link(link_in(again.text)) is not None
    other = beside(client)
    assert new_password(other, link_in(again.text)) == 303
    assert other.get("/account").status_code == 200
    client.post(f"/control/accounts/{lan.number}/sign-out", headers=WRITES)
    assert other.get("/account", follow_redirects=False).status_code == 303
    assert sign_in(other, "lan") == 303
    revoked = client.post(f"/control/accounts/{lan.number}/revoke", headers=WRITES)
    assert "Đã thu hồi tài khoản." in revoked.text
    assert other.get("/account", follow_redirects=False).status_code == 303
    assert sign_in(other, "lan") == 403


def test_a_director_is_made_with_the_output_that_he_steers(app: App, client: TestClient) -> None:
    administrator_of(app, client)
    form = {"login": "minh", "name": "Minh", "role": "director", "unit": "", "output": ""}
    refused = client.post("/control/accounts", data=form, headers=WRITES)
    assert pages.texts("vi")["output_of_director"] in refused.text
    added = client.post("/control/accounts", data=form | {"output": "tv2"}, headers=WRITES)
    assert listed(app, "minh").account.output == "tv2"
    assert "Đạo diễn hình<br>Đầu ra TV 2" in added.text
    wrong = client.post("/control/accounts", data=form | {"login": "an", "output": "tv17"}, headers=WRITES)
    assert pages.texts("vi")["unknown_output"] in wrong.text


def test_what_the_form_gets_wrong_is_said_and_stays_typed(app: App, client: TestClient) -> None:
    administrator_of(app, client)
    form = {"login": "lan", "name": "Lan", "role": "point", "unit": "nowhere"}
    refused = client.post("/control/accounts", data=form, headers=WRITES)
    assert refused.status_code == 422
    assert pages.texts("vi")["unknown_unit"] in refused.text
    assert 'value="nowhere"' in refused.text
    assert client.post("/control/accounts", data=form | {"role": "king"}, headers=WRITES).status_code == 422
    assert len(app.auth.accounts.list()) == 1


@pytest.mark.parametrize("act", ["reset", "revoke"])
def test_nobody_takes_the_last_administrator_away(app: App, client: TestClient, act: str) -> None:
    boss = administrator_of(app, client)
    refused = client.post(f"/control/accounts/{boss.number}/{act}", headers=WRITES)
    assert pages.texts("vi")["not_yourself"] in refused.text
    assert listed(app, "boss").has_password
    assert client.post(f"/control/accounts/99/{act}", headers=WRITES).status_code == 422


def test_the_log_tells_who_came_and_never_what_a_stranger_typed(app: App, client: TestClient) -> None:
    administrator_of(app, client)
    sign_in(client, "boss", "wrong password")
    sign_in(client, "my secret password", "x")
    latest = app.auth.sessions.latest(10)
    assert [(each.login, each.outcome, each.account) for each in latest] == [
        ("?", Outcome.REFUSED, None), ("boss", Outcome.REFUSED, 1), ("boss", Outcome.SIGNED_IN, 1)
    ]  # fmt: skip
    shown = client.get("/control/accounts").text
    assert "tên không có trong danh sách" in shown
    assert "my secret" not in shown


def test_a_new_password_ends_the_other_sessions(app: App, client: TestClient) -> None:
    account(app, "lan", Role.VIEWER)
    sign_in(client, "lan")
    other = beside(client)
    sign_in(other, "lan")
    form = {"password": PASSWORD, "new": "Một mật khẩu khác", "again": "Một mật khẩu khác"}
    wrong = client.post("/account/password", data=form | {"password": "wrong"}, headers=WRITES)
    assert pages.texts("vi")["wrong_password"] in wrong.text
    for change, code in (({"again": "x"}, "not_alike"), ({"new": "short", "again": "short"}, "password_form")):
        assert pages.texts("vi")[code] in client.post("/account/password", data=form | change, headers=WRITES).text
    assert "Đã đổi mật khẩu" in client.post("/account/password", data=form, headers=WRITES).text
    assert other.get("/account", follow_redirects=False).status_code == 303
    assert client.get("/account", follow_redirects=False).status_code == 200
    assert sign_in(client, "lan") == 403
    assert sign_in(client, "lan", "Một mật khẩu khác") == 303


def test_a_phone_is_turned_on_by_a_code_and_off_by_the_password(app: App, client: TestClient, clock: Clock) -> None:
    account(app, "lan", Role.VIEWER)
    sign_in(client, "lan")
    shown = client.get("/account/phone").text
    secret = shown.partition('name="secret" value="')[2].partition('"')[0]
    assert "<svg" in shown
    assert pages.grouped(secret) in shown
    code = totp.code_at(secret, clock.ms // 1000 // totp.STEP_S)
    form = {"secret": secret, "code": code, "password": PASSWORD}
    for change, error in (({"code": "000000"}, "wrong_code"), ({"password": "wrong"}, "wrong_password")):
        refused = client.post("/account/phone", data=form | change, headers=WRITES).text
        assert pages.texts("vi")[error] in refused
        assert pages.grouped(secret) in refused
    assert client.post("/account/phone", data=form | {"secret": "x"}, headers=WRITES).status_code == 422
    assert not listed(app, "lan").has_totp
    assert "Đã bật xác thực hai bước" in client.post("/account/phone", data=form, headers=WRITES).text
    clock.ms += totp.STEP_S * 1000
    assert sign_in(client, "lan") == 403
    assert sign_in(client, "lan", code=code) == 403
    assert sign_in(client, "lan", code=totp.code_at(secret, clock.ms // 1000 // totp.STEP_S)) == 303
    off = client.post("/account/phone/off", data={"password": PASSWORD}, headers=WRITES)
    assert "Đã tắt xác thực hai bước" in off.text
    assert sign_in(client, "lan") == 303


def test_guessing_the_own_password_is_limited(app: App, client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    account(app, "lan", Role.VIEWER)
    sign_in(client, "lan")
    monkeypatch.setattr("server.auth.passwords.verify_now", lambda _kept, _password: False)
    statuses = [
        client.post("/account/phone/off", data={"password": "wrong"}, headers=WRITES).status_code for _ in range(11)
    ]
    assert statuses == [422] * 10 + [429]


def test_who_gives_the_own_password_rightly_uses_up_no_tries(
    app: App, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    account(app, "lan", Role.VIEWER)
    sign_in(client, "lan")
    monkeypatch.setattr("server.auth.passwords.verify_now", lambda _kept, password: password == PASSWORD)
    form = {"password": PASSWORD, "secret": "A" * 32, "code": "x"}
    rightly = [client.post("/account/phone", data=form, headers=WRITES).status_code for _ in range(TRIES_PER_LOGIN + 1)]
    assert set(rightly) == {422}
    wrongly = [
        client.post("/account/phone", data=form | {"password": "wrong"}, headers=WRITES).status_code
        for _ in range(TRIES_PER_LOGIN)
    ]
    assert set(wrongly) == {422}
    assert sign_in(client, "lan") == 429, "these count"


def test_signing_out_everywhere_ends_every_session(app: App, client: TestClient) -> None:
    account(app, "lan", Role.VIEWER)
    sign_in(client, "lan")
    other = beside(client)
    sign_in(other, "lan")
    client.post("/account/sign-out", headers=WRITES)
    for each in (client, other):
        assert each.get("/account", follow_redirects=False).status_code == 303


def test_the_other_language_is_a_link_away_whatever_was_posted(app: App, client: TestClient) -> None:
    administrator_of(app, client)
    shown = [
        client.post(path, data={"password": "wrong", "login": "x", "role": "viewer"}, headers=WRITES)
        for path in ("/account/password", "/account/phone/off", "/control/accounts", "/control/accounts/99/reset")
    ]
    shown.append(client.post("/welcome", data={"token": "none"}, headers=WRITES | {"Content-Type": FORM_TYPE}))
    for answer in shown:
        link = re.search(r'href="([^"]*)" hreflang="en"', answer.text)
        assert link is not None
        assert '<html lang="en">' in client.get(urljoin(str(answer.url), link[1])).text


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_every_page_has_its_words(app: App, client: TestClient, lang: str) -> None:
    account(app, "xa", Role.POINT, app.folder.contest.tree.leaves[0].code)
    app.auth.accounts.revoke(1)
    token = app.auth.accounts.first_link()
    assert pages.texts(lang)["sign_in"] in client.get(f"/sign-in?lang={lang}").text
    assert pages.texts(lang)["welcome_first"] in opened(client, token or "", lang).text
    assert pages.texts(lang)["link_gone"] in opened(client, "x", lang).text
    administrator_of(app, client)
    for path, key in (("/account", "account"), ("/account/phone", "phone_on"), ("/control/accounts", "accounts")):
        assert f"<h1>{pages.texts(lang)[key]}</h1>" in client.get(f"{path}?lang={lang}").text


def test_both_languages_have_the_same_texts_with_the_same_gaps() -> None:
    vi, en = pages.texts("vi"), pages.texts("en")
    assert vi.keys() == en.keys()
    for key, text in vi.items():
        assert [gap for gap in ("{n}", "{login}", "{hours}", "{time}") if gap in text] == [
            gap for gap in ("{n}", "{login}", "{hours}", "{time}") if gap in en[key]
        ], key
    assert all(f"outcome_{outcome}" in vi for outcome in Outcome)
    assert all(pages.role(lang, role) for lang in ("vi", "en") for role in Role)
