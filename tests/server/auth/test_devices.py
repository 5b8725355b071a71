"""Known browsers, and what strangers in any number can do to their holders: nothing."""

import asyncio
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from server.app import App
from server.auth import passwords, tries
from server.auth.accounts import Credentials
from server.auth.devices import KNOWN_MAX, Devices
from server.auth.passwords import PLACES, PLACES_EACH, Lane, Passwords
from server.auth.roles import Account, Role
from server.auth.sign_in import Auth, Refused
from server.errors import SignInBusy
from tests.worlds.apps import app_of, beside, client_of
from tests.worlds.people import PASSWORD, WRITES, account, sign_in, token_in
from tests.worlds.serving import until

CREDENTIALS = Credentials(Account(7, "Lan", Role.OPERATOR), "lan", "a hash", None, 0)
AFTER = Credentials(CREDENTIALS.account, "lan", "the hash of a new password", None, 0)
OTHER = Credentials(Account(8, "Hà", Role.OPERATOR), "ha", "another hash", None, 0)


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> App:
    made = app_of(tmp_path)
    account(made, "lan", Role.OPERATOR)
    account(made, "ha", Role.POINT, "P1D1")
    monkeypatch.setattr(passwords, "verify_now", lambda kept, password: kept is not None and password == PASSWORD)
    return made


@pytest.fixture
def client(app: App) -> Iterator[TestClient]:
    with client_of(app) as made:
        yield made


def test_a_browser_is_known_to_the_account_and_the_password_that_signed_in() -> None:
    devices = Devices(b"k" * 32)
    cookie = devices.cookie(CREDENTIALS, [])
    (device,) = devices.shown(cookie)
    assert device.is_of(CREDENTIALS)
    assert not device.is_of(OTHER)
    assert not device.is_of(AFTER)
    assert not device.is_of(None)
    assert devices.cookie(CREDENTIALS, devices.shown(cookie)) == cookie
    assert "hash" not in cookie


def test_one_browser_is_known_to_several_accounts_and_to_no_more_than_fit() -> None:
    devices = Devices(b"k" * 32)
    cookie = None
    for number in range(1, KNOWN_MAX + 3):
        cookie = devices.cookie(replace(CREDENTIALS, account=replace_number(number)), devices.shown(cookie))
    assert [each.number for each in devices.shown(cookie)] == [6, 5, 4, 3]
    again = devices.cookie(replace(AFTER, account=replace_number(4)), devices.shown(cookie))
    assert [each.number for each in devices.shown(again)] == [4, 6, 5, 3]


def replace_number(number: int) -> Account:
    return Account(number, "Lan", Role.OPERATOR)


def test_what_the_server_has_not_signed_is_nothing() -> None:
    cookie = Devices(b"k" * 32).cookie(CREDENTIALS, [])
    devices = Devices(b"k" * 32)
    assert devices.shown(cookie)
    number, mark, nonce, mac = cookie.split(".")
    forged = [
        None, "", "~", "x" * 400, f"8.{mark}.{nonce}.{mac}", f"07.{mark}.{nonce}.{mac}", f"{number}.{mark}.{nonce}",
        f"{number}.{'0' * 12}.{nonce}.{mac}", f"{number}.{mark}.{'A' * 16}.{mac}",
        f"{number}.{mark}.{nonce}.{'0' * 32}", f"٧.{mark}.{nonce}.{mac}",
    ]  # fmt: skip
    assert [devices.shown(each) for each in forged] == [[]] * len(forged)
    assert not Devices(b"l" * 32).shown(cookie)


def wrong(stranger: TestClient, login: str, times: int) -> list[int]:
    return [sign_in(stranger, login, "wrong") for _ in range(times)]


def test_who_knows_a_login_cannot_keep_its_holder_out_of_a_known_browser_not_even_from_the_same_hall(
    client: TestClient,
) -> None:
    assert sign_in(client, "lan") == 303
    client.post("/sign-out", headers=WRITES)
    assert token_in(client) is None
    # The strangers are in the hall too: the same address.
    stranger = beside(client)
    assert 429 in wrong(stranger, "lan", tries.TRIES_PER_LOGIN + 1)
    for number in range(tries.TRIES_PER_ADDRESS):
        sign_in(stranger, f"nobody{number}", "wrong")
    assert sign_in(stranger, "lan") == 429
    # Outside it too, and whoever holds another account in a browser that is known is a stranger to this one.
    for number in range(2):
        stranger = beside(client, f"203.0.113.{number}")
        assert sign_in(stranger, "ha") == 303
        assert 429 in wrong(stranger, "lan", tries.TRIES_PER_LOGIN + 1)
    assert sign_in(client, "lan") == 303


def test_a_known_browser_is_let_guess_no_more_often_than_a_stranger(client: TestClient) -> None:
    assert sign_in(client, "lan") == 303
    assert wrong(client, "lan", tries.TRIES_PER_LOGIN + 1) == [403] * tries.TRIES_PER_LOGIN + [429]


def test_a_new_password_makes_every_other_browser_a_stranger(client: TestClient, app: App) -> None:
    assert sign_in(client, "lan") == 303
    earlier = device_in(client)
    form = {"password": PASSWORD, "new": "Một mật khẩu khác", "again": "Một mật khẩu khác"}
    assert client.post("/account/password", data=form, headers=WRITES, follow_redirects=False).status_code == 303
    credentials = app.auth.accounts.credentials("lan")
    assert [each.is_of(credentials) for each in app.auth.devices.shown(earlier)] == [False]
    assert [each.is_of(credentials) for each in app.auth.devices.shown(device_in(client))] == [True]


def device_in(client: TestClient) -> str:
    return next(each.value or "" for each in client.cookies.jar if each.name.endswith("-device"))


def test_strangers_in_the_same_hall_do_not_keep_anybody_from_the_own_account(client: TestClient) -> None:
    assert sign_in(client, "lan") == 303
    stranger = beside(client)
    assert 429 in wrong(stranger, "lan", tries.TRIES_PER_LOGIN + 1)
    form = {"password": PASSWORD, "new": "Một mật khẩu khác", "again": "Một mật khẩu khác"}
    assert client.post("/account/password", data=form, headers=WRITES, follow_redirects=False).status_code == 303


def test_an_ipv6_network_is_one_address(client: TestClient) -> None:
    for number in range(tries.TRIES_PER_ADDRESS):
        stranger = beside(client, f"2001:db8::{number:x}")
        assert sign_in(stranger, f"nobody{number}", "wrong") == 403
    stranger = beside(client, "2001:db8::ffff:1")
    assert sign_in(stranger, "lan") == 429
    elsewhere = beside(client, "2001:db8:0:1::1")
    assert sign_in(elsewhere, "lan") == 303


class Hashing:
    """Stands for the work of a hash: it ends when the test says so."""

    def __init__(self) -> None:
        self.passwords: list[str] = []
        self.at_once = self.at_once_most = 0
        self._may_go = threading.Event()

    def __call__(self, _kept: str | None, password: str) -> bool:
        self.at_once += 1
        self.at_once_most = max(self.at_once, self.at_once_most)
        self.passwords.append(password)
        assert self._may_go.wait(10)
        self.at_once -= 1
        return False

    def go(self) -> None:
        self._may_go.set()


@pytest.fixture
def hashing(monkeypatch: pytest.MonkeyPatch) -> Hashing:
    made = Hashing()
    monkeypatch.setattr(passwords, "verify_now", made)
    return made


async def test_a_storm_of_strangers_neither_refuses_nor_delays_who_is_known(app: App, hashing: Hashing) -> None:
    auth: Auth = app.auth
    credentials = auth.accounts.credentials("lan")
    assert credentials is not None
    cookie = auth.devices.cookie(credentials, [])
    auth.sessions._came_from = {"192.0.2.1"}
    ends: list[asyncio.Task[object]] = []

    def come(login: str, said: str, address: str, device: str | None = None) -> None:
        asked = auth.sign_in(login, said, "", address=address, agent="", device=device)
        ends.append(asyncio.create_task(asked))

    def waiting(lane: Lane) -> int:
        return len(auth.passwords._lanes[lane])

    storm = 10 * PLACES[Lane.STRANGE]
    for number in range(storm):
        come("lan" if number % 2 else f"made-up-{number}", "strange", f"203.0.113.{number}")
    await until(lambda: waiting(Lane.STRANGE) + len(hashing.passwords) == PLACES[Lane.STRANGE])
    come("lan", "near", "192.0.2.1")
    await until(lambda: waiting(Lane.NEAR) == 1)
    come("lan", "known", "203.0.113.0", cookie)
    await until(lambda: waiting(Lane.KNOWN) == 1)
    hashing.go()
    answers = await asyncio.gather(*ends, return_exceptions=True)
    assert hashing.passwords[:3] == ["strange", "known", "near"]
    assert hashing.at_once_most == passwords.HASHES_AT_ONCE
    busy = [each for each in answers if isinstance(each, SignInBusy)]
    assert len(busy) == storm - PLACES[Lane.STRANGE]
    # Who was told "busy" has not tried, and strangers who were looked at have, of this login as often as they may.
    assert len(auth.tries._addresses) == len(hashing.passwords) - 1
    assert sum(type(each) is Refused for each in answers) == len(hashing.passwords)


async def test_one_address_or_account_does_not_take_a_lane_for_itself() -> None:
    made = Passwords()
    for lane in Lane:
        held = [made.place(lane, "one") for _ in range(PLACES_EACH[lane])]
        for each in held:
            each.__enter__()
        with pytest.raises(SignInBusy, match="too many sign in at once"), made.place(lane, "one"):
            pass
        assert PLACES_EACH[lane] <= PLACES[lane]
        if PLACES_EACH[lane] < PLACES[lane]:
            with made.place(lane, "another"):
                pass
        for each in held:
            each.__exit__(None, None, None)
    assert not made._places_of
    assert not +made._places


async def test_who_gives_up_waiting_hands_the_turn_on(hashing: Hashing) -> None:
    made = Passwords()
    tasks = [asyncio.create_task(made.verify(None, str(number), Lane.STRANGE)) for number in range(4)]
    await until(lambda: hashing.passwords == ["0"])
    tasks[1].cancel()
    await until(tasks[1].done)
    hashing.go()
    await tasks[0]
    # Its turn may have been handed to it, or not yet.
    tasks[2].cancel()
    assert await tasks[3] is False
    assert made._hashing == 0
    assert await made.verify(None, "5") is False


async def test_who_goes_before_the_password_is_looked_at_has_not_tried(app: App, hashing: Hashing) -> None:
    auth: Auth = app.auth
    tasks = [
        asyncio.create_task(auth.sign_in("lan", "strange", "", address=f"203.0.113.{number}", agent=""))
        for number in range(2)
    ]
    await until(lambda: len(auth.tries._addresses) == 2 and bool(hashing.passwords))
    for task in tasks:
        task.cancel()
    await until(lambda: any(task.done() for task in tasks))
    hashing.go()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert not len(auth.tries._addresses)
