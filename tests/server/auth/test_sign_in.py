"""Signing in and out, through the app in memory."""

import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from server.app import App
from server.auth import passwords, totp, tries
from server.auth.cookies import DEVICE_S
from server.auth.roles import Role
from server.auth.sessions import SESSION_DAYS_MAX, SESSION_TTL_HOURS, SESSIONS_PER_ACCOUNT_MAX
from server.auth.sign_in_log import Outcome
from streaming.program.output import Hand
from tests.worlds.apps import NOW_MS, app_of, beside, client_of
from tests.worlds.clocks import Clock
from tests.worlds.people import ORIGIN, PASSWORD, WRITES, account, sign_in, token_in

HOUR_MS = 3_600_000


@pytest.fixture
def clock() -> Clock:
    return Clock(NOW_MS)


@pytest.fixture
def app(tmp_path: Path, clock: Clock) -> App:
    made = app_of(tmp_path, now_ms=clock)
    account(made, "lan", Role.OPERATOR)
    return made


@pytest.fixture
def client(app: App) -> Iterator[TestClient]:
    with client_of(app) as made:
        yield made


def test_who_signs_in_is_known_until_he_signs_out(client: TestClient) -> None:
    led = client.get("/account?lang=en", follow_redirects=False)
    assert (led.status_code, led.headers["location"]) == (303, "/sign-in?next=/account%3Flang%3Den")
    assert sign_in(client, "lan") == 303
    shown = client.get("/account")
    assert (shown.status_code, "Người lan" in shown.text) == (200, True)
    assert shown.headers["cache-control"] == "no-store"
    assert client.post("/sign-out", headers=WRITES, follow_redirects=False).status_code == 303
    assert client.get("/account", follow_redirects=False).status_code == 303


def test_who_signs_in_where_somebody_was_signed_in_takes_their_place(client: TestClient, app: App) -> None:
    account(app, "ha", Role.VIEWER)
    token = app.auth.accounts.add("an", "An", Role.VIEWER, None, app.folder.contest.tree)
    assert sign_in(client, "lan") == 303
    earlier = [token_in(client) or ""]
    assert sign_in(client, "ha") == 303
    earlier.append(token_in(client) or "")
    form = {"token": token, "password": PASSWORD, "again": PASSWORD}
    assert client.post("/welcome", data=form, headers=WRITES, follow_redirects=False).status_code == 303
    assert "An" in client.get("/account").text
    assert [app.auth.sessions.find(each) for each in earlier] == [None, None]
    assert app_of(app.settings.data).auth.sessions.find(earlier[0]) is None


def test_the_cookie_of_a_session_that_has_ended_is_worth_nothing(client: TestClient, app: App) -> None:
    sign_in(client, "lan")
    name, kept = app.state.cookies.name("http"), token_in(client) or ""
    client.post("/sign-out", headers=WRITES)
    client.cookies.set(name, kept)
    assert client.get("/account", follow_redirects=False).status_code == 303


@pytest.mark.parametrize(
    ("login", "password", "status"),
    [
        ("lan", PASSWORD, 303),
        (" LAN ", PASSWORD, 303),
        # A keyboard may send each mark as a character of its own.
        ("lan", unicodedata.normalize("NFD", PASSWORD), 303),
        ("lan", PASSWORD + " ", 403),
        ("lan", PASSWORD.lower(), 403),
        ("lan", "", 403),
        ("", "", 403),
        ("nobody", PASSWORD, 403),
        ("lan' OR 1=1 --", PASSWORD, 403),
        ("lan", "x" * 7_000, 403),
    ],
)
def test_what_signs_in(client: TestClient, login: str, password: str, status: int) -> None:
    assert sign_in(client, login, password) == status
    assert (token_in(client) is not None) == (status == 303)


def test_nothing_tells_a_wrong_login_from_a_wrong_password_and_both_cost_a_hash(
    client: TestClient, app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    account(app, "revoked", Role.VIEWER)
    app.auth.accounts.revoke(app.auth.accounts.number_of("revoked"))
    app.auth.accounts.add("waiting", "Chờ", Role.VIEWER, None, app.folder.contest.tree)
    verified: list[str | None] = []
    verify_now = passwords.verify_now

    def counted(kept: str | None, password: str) -> bool:
        verified.append(kept)
        return verify_now(kept, password)

    monkeypatch.setattr(passwords, "verify_now", counted)
    logins = ("lan", "nobody", "revoked", "waiting")
    answers = [
        client.post("/sign-in", data={"login": login, "password": "wrong password"}, headers=WRITES) for login in logins
    ]
    # What was typed as a login stands in the form again, and nothing else differs.
    texts = {answer.text.replace(f'value="{login}"', "") for login, answer in zip(logins, answers, strict=True)}
    assert ({answer.status_code for answer in answers}, len(texts)) == ({403}, 1)
    assert "không đúng" in answers[0].text
    names = [{name for name in answer.headers if name != "date"} for answer in answers]
    assert all(each == names[0] for each in names)
    assert len(verified) == 4
    assert verified[1:] == [None] * 3


def test_after_a_wrong_password_the_login_need_not_be_typed_again(client: TestClient) -> None:
    page = client.post("/sign-in", data={"login": 'lan"<b>', "password": "mat-khau-nham"}, headers=WRITES).text
    assert 'value="lan&#34;&lt;b&gt;"' in page
    assert "mat-khau-nham" not in page


def test_a_login_is_tried_so_often_and_then_not_looked_at_whoever_it_is(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passwords, "verify_now", lambda kept, password: kept is not None and password == PASSWORD)
    for login in ("lan", "nobody"):
        assert [sign_in(client, login, "wrong") for _ in range(tries.TRIES_PER_LOGIN)] == [403] * 10
        refused = client.post("/sign-in", data={"login": login, "password": PASSWORD}, headers=WRITES)
        assert refused.status_code == 429
        assert 0 < int(refused.headers["retry-after"]) <= tries.TRIES_WINDOW_S
        assert "Vui lòng thử lại sau 5 phút" in refused.text


def test_an_address_is_let_try_so_often(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "verify_now", lambda kept, password: kept is not None and password == PASSWORD)
    for number in range(tries.TRIES_PER_ADDRESS):
        assert sign_in(client, f"nobody{number}", "wrong") == 403
    assert sign_in(client, "lan") == 429


def test_strangers_elsewhere_neither_keep_anybody_out_nor_learn_who_there_is(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passwords, "verify_now", lambda kept, password: kept is not None and password == PASSWORD)
    assert sign_in(client, "lan") == 303
    stranger = beside(client, "203.0.113.1")
    for login in ("lan", "nobody"):
        assert [sign_in(stranger, login, "wrong") for _ in range(tries.TRIES_PER_LOGIN + 1)] == [403] * 10 + [429]
    # In the hall, where somebody has signed in, each login has tries of its own, whether it is anybody's or not.
    for login in ("lan", "nobody"):
        assert [sign_in(client, login, "wrong") for _ in range(tries.TRIES_PER_LOGIN - 1)] == [403] * 9
    assert sign_in(client, "lan") == 303


def test_who_signs_in_rightly_uses_up_no_tries(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "verify_now", lambda kept, password: kept is not None and password == PASSWORD)
    assert {sign_in(client, "lan") for _ in range(tries.TRIES_PER_ADDRESS + 1)} == {303}


@pytest.mark.parametrize(
    ("onward", "to"),
    [
        ("/account/phone?x=1", "/account/phone?x=1"),
        ("//evil.example", None),
        ("https://evil.example", None),
        ("/\\evil.example", None),
        ("/\tevil", None),
        ("evil", None),
        ("/" + "x" * 400, None),
        ("", None),
    ],
)
def test_signing_in_leads_on_to_our_own_pages_alone(client: TestClient, onward: str, to: str | None) -> None:
    form = {"login": "lan", "password": PASSWORD, "next": onward}
    led = client.post("/sign-in", data=form, headers=WRITES, follow_redirects=False)
    home = client.get("/sign-in", follow_redirects=False).headers["location"]
    assert led.headers["location"] == (to or home)


@pytest.mark.parametrize(
    ("role", "page"),
    [
        (Role.ADMINISTRATOR, "/control"),
        (Role.OPERATOR, "/control"),
        (Role.VIEWER, "/control"),
        (Role.DIRECTOR, "/account"),
        (Role.POINT, "/units/P1D1"),
    ],
)
def test_who_signs_in_is_led_to_the_page_that_the_account_is_for(
    client: TestClient, app: App, role: Role, page: str
) -> None:
    account(app, "an", role, "P1D1" if role is Role.POINT else None)
    led = client.post("/sign-in", data={"login": "an", "password": PASSWORD}, headers=WRITES, follow_redirects=False)
    assert led.headers["location"] == page
    assert client.get(page, follow_redirects=False).status_code == 200


def test_a_director_is_led_to_his_output_once_it_is_there(client: TestClient, app: App) -> None:
    account(app, "an", Role.DIRECTOR)
    app.state.outputs.add("tv1", Hand("account:1"))
    led = client.post("/sign-in", data={"login": "an", "password": PASSWORD}, headers=WRITES, follow_redirects=False)
    assert led.headers["location"] == "/control/program"
    assert client.get("/control/program", follow_redirects=False).status_code == 200


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_the_cookie_is_for_our_own_pages_and_no_script(app: App, scheme: str) -> None:
    with client_of(app) as client:
        client.base_url = client.base_url.copy_with(scheme=scheme)
        headers = {"Origin": ORIGIN.replace("http", scheme)}
        form = {"login": "lan", "password": PASSWORD}
        said = client.post("/sign-in", data=form, headers=headers, follow_redirects=False).headers.get_list(
            "set-cookie"
        )
    own = {"httponly", "path=/"} | ({"secure"} if scheme == "https" else set())
    parts = [{part.strip().lower() for part in each.split(";")[1:]} for each in said]
    # The session's goes when the browser closes; what it is known by stays.
    assert parts == [own | {"samesite=lax"}, own | {"samesite=strict", f"max-age={DEVICE_S}"}]
    assert all(each.startswith("__Host-diemcau-" if scheme == "https" else "diemcau-") for each in said)


def test_a_session_ends_after_a_time_without_use_and_at_last_in_any_case(client: TestClient, clock: Clock) -> None:
    sign_in(client, "lan")
    clock.ms += SESSION_TTL_HOURS * HOUR_MS - 1
    assert client.get("/account", follow_redirects=False).status_code == 200
    clock.ms += SESSION_TTL_HOURS * HOUR_MS
    assert client.get("/account", follow_redirects=False).status_code == 303
    sign_in(client, "lan")
    for _ in range(SESSION_DAYS_MAX * 24 - 1):
        clock.ms += HOUR_MS
        assert client.get("/account", follow_redirects=False).status_code == 200
    clock.ms += HOUR_MS
    assert client.get("/account", follow_redirects=False).status_code == 303


async def test_use_outlives_a_restart(tmp_path: Path, app: App, clock: Clock) -> None:
    credentials = app.auth.accounts.credentials("lan")
    assert credentials is not None
    token = await app.auth.sessions.open(credentials, Outcome.SIGNED_IN, "::1", "x", step=None)
    assert token is not None
    clock.ms += SESSION_TTL_HOURS * HOUR_MS - 1
    assert app.auth.sessions.find(token) is not None
    await app.auth.sessions.touch()
    clock.ms += SESSION_TTL_HOURS * HOUR_MS - 1
    assert app_of(tmp_path, now_ms=clock).auth.sessions.find(token) is not None


async def test_one_session_more_ends_the_oldest(app: App, clock: Clock, tmp_path: Path) -> None:
    credentials = app.auth.accounts.credentials("lan")
    assert credentials is not None
    tokens = []
    for _ in range(SESSIONS_PER_ACCOUNT_MAX + 1):
        clock.ms += 1
        tokens.append(await app.auth.sessions.open(credentials, Outcome.SIGNED_IN, "::1", "x", step=None))
    others = app_of(tmp_path, now_ms=clock).auth.sessions
    assert [others.find(token or "") is not None for token in tokens] == [False] + [True] * SESSIONS_PER_ACCOUNT_MAX


def test_no_password_token_or_secret_stands_in_a_file_or_a_log(
    client: TestClient, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sign_in(client, "lan")
    token = token_in(client) or ""
    sign_in(client, PASSWORD, PASSWORD)
    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    said = capsys.readouterr()
    for secret in (token, PASSWORD):
        assert secret.encode() not in kept
        assert secret not in said.out + said.err


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Origin": ORIGIN}, 200),
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        # A link in a letter leads to a page.
        ({"Sec-Fetch-Site": "cross-site"}, 200),
        ({"Origin": "https://tv.example.vn"}, 303),
        ({"Origin": "null"}, 303),
    ],
)
def test_a_session_counts_for_our_own_pages_alone(app: App, headers: dict[str, str], status: int) -> None:
    with client_of(app) as client:
        sign_in(client, "lan")
        assert client.get("/account", headers=headers, follow_redirects=False).status_code == status


def test_two_cookies_are_none_and_so_is_one_of_another_name(client: TestClient, app: App) -> None:
    sign_in(client, "lan")
    token = token_in(client) or ""
    name = app.state.cookies.name("http")
    client.cookies.clear()
    for cookie in (
        f"{name}=x; {name}={token}", f"{name}=", f"x{name}={token}", f"{name}={'x' * 500}", f"{name.upper()}={token}",
        f"{name}x={token}", f"__Host-{name}={token}", f"diemcau-0000000000={token}", f"diemcau_session={token}",
    ):  # fmt: skip
        assert client.get("/account", headers={"Cookie": cookie}, follow_redirects=False).status_code == 303
    assert client.get("/account", headers={"Cookie": f"a=b; {name}={token}"}, follow_redirects=False).is_success


@pytest.mark.parametrize(
    ("content", "content_type", "status"),
    [
        (b"login=lan", "text/plain", 415),
        (b"login=lan", "multipart/form-data; boundary=x", 415),
        (b"login=lan", "application/x-www-form-urlencoded; charset=ISO-8859-1", 415),
        (b"login=lan&password=x", 'application/x-www-form-urlencoded; Charset="utf8"; v=1', 403),
        (b"a=" + b"x" * 9_000, "application/x-www-form-urlencoded", 413),
        (b"&".join(b"a%d=1" % number for number in range(30)), "application/x-www-form-urlencoded", 400),
        ("login=ă".encode(), "application/x-www-form-urlencoded", 400),
    ],
)
def test_a_form_is_small_and_plain(client: TestClient, content: bytes, content_type: str, status: int) -> None:
    headers = WRITES | {"Content-Type": content_type}
    assert client.post("/sign-in", content=content, headers=headers).status_code == status


def a_phone(app: App, login: str = "lan") -> str:
    secret = totp.new_secret()
    credentials = app.auth.accounts.credentials(login)
    assert credentials is not None
    assert app.auth.accounts.change(credentials, totp=secret)
    return secret


def test_with_a_phone_each_code_signs_in_once(client: TestClient, app: App, clock: Clock) -> None:
    secret = a_phone(app)
    step = clock.ms // 1000 // totp.STEP_S
    assert sign_in(client, "lan") == 403
    assert sign_in(client, "lan", code="000000") == 403
    assert sign_in(client, "lan", "wrong password", code=totp.code_at(secret, step)) == 403
    assert sign_in(client, "lan", code=totp.code_at(secret, step - 2)) == 403
    assert sign_in(client, "lan", code=f" {totp.code_at(secret, step)[:3]} {totp.code_at(secret, step)[3:]}") == 303
    assert sign_in(client, "lan", code=totp.code_at(secret, step)) == 403
    assert sign_in(client, "lan", code=totp.code_at(secret, step - 1)) == 403
    assert sign_in(client, "lan", code=totp.code_at(secret, step + 1)) == 303
