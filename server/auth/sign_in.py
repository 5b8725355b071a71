"""Signing in: accounts, sessions, passwords and the limit of tries, joined."""

import asyncio
import math
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from server.auth import totp
from server.auth.accounts import Accounts, Credentials
from server.auth.devices import Devices
from server.auth.links import digest_of
from server.auth.passwords import Lane, Passwords
from server.auth.roles import Account
from server.auth.sessions import Sessions
from server.auth.sign_in_log import Outcome
from server.auth.tries import Tries
from server.clock import wall_ms
from streaming.errors import DiemCauError

LOGIN_TYPED_CHARS_MAX = 80


class Refused(DiemCauError):  # noqa: N818 - an answer
    """A refused sign-in; it does not tell whether there is such an account."""


class TooManyTries(Refused):
    """A sign-in that is not even checked; ``wait_s`` is how long until one will be."""

    def __init__(self, wait_s: float) -> None:
        self.wait_s = math.ceil(wait_s)
        super().__init__(f"too many tries, expected none for {self.wait_s} s")


class SignedIn(NamedTuple):
    """What a browser gets: the token of its session, and the device cookie that makes it known from now on."""

    account: Account
    token: str
    device: str


class Auth:
    """The authentication of one data folder: its accounts, their sessions and passwords, and the limits of tries."""

    def __init__(self, path: Path, *, now_ms: Callable[[], int] = wall_ms) -> None:
        self.accounts = Accounts(path, now_ms=now_ms)
        self.sessions = Sessions(path, now_ms=now_ms)
        self.passwords = Passwords()
        self.tries = Tries()
        # The data folder's own key comes with the folder; before that nobody is known.
        self.devices = Devices(secrets.token_bytes(32))
        self._now_ms = now_ms

    async def sign_in(
        self,
        login: str,
        password: str,
        code: str,
        *,
        address: str,
        agent: str,
        device: str | None = None,
        instead_of: str = "",
    ) -> SignedIn:
        """Sign in; the new session ends that of digest ``instead_of``. ``device`` is the cookie of a known browser.

        A wrong login, password or code takes the same work and raises the same error.

        Raises:
            Refused: If login, password or code is wrong.
            TooManyTries: If the browser, the address or the login was tried too often.
            SignInBusy: If too many sign in at once; this does not count as a try.
        """
        login = login.strip().lower()[:LOGIN_TYPED_CHARS_MAX]
        known = self.devices.shown(device)
        if not known and (wait_s := self.tries.address_wait_s(address)):
            raise TooManyTries(wait_s)
        is_near = await self.sessions.is_near(address)
        lane = Lane.KNOWN if known else Lane.NEAR if is_near else Lane.STRANGE
        with self.passwords.place(lane, _place_of(known[0].number) if known else address):
            credentials = await asyncio.to_thread(self.accounts.credentials, login)
            own = self._own_device(device, credentials)
            tried = self.tries.sign_in(login, address, is_near=is_near, device=own)
            if tried.wait_s:
                raise TooManyTries(tried.wait_s)
            try:
                is_right = await self.passwords.verify(credentials.password if credentials else None, password, lane)
            except BaseException:
                tried.give_back()
                raise
            token = None
            if credentials is not None and is_right:
                step = self.step_of(credentials, code) if credentials.totp is not None else None
                if credentials.totp is None or step is not None:
                    token = await self.sessions.open(
                        credentials, Outcome.SIGNED_IN, address, agent, step=step, instead_of=instead_of
                    )
            if credentials is None or token is None:
                await self.sessions.refused(credentials, address)
                raise Refused("wrong login, password or code")
        tried.give_back()
        return SignedIn(credentials.account, token, self.devices.cookie(credentials, known))

    def _own_device(self, device: str | None, credentials: Credentials | None) -> str | None:
        return next((each.nonce for each in self.devices.shown(device) if each.is_of(credentials)), None)

    def step_of(self, credentials: Credentials, code: str) -> int | None:
        """The step of a code of the account's phone, None if it is wrong or already used."""
        return totp.step_of(credentials.totp or "", code, now_ms=self._now_ms(), after=credentials.totp_step)

    async def verify(self, account: Account, password: str, device: str | None = None) -> Credentials | None:
        """The credentials of an account that is signed in, None if the password is not its own; ``device`` is the
        cookie of a known browser.

        Raises:
            TooManyTries: If it was tried too often.
            SignInBusy: If too many requests for this account wait already.
        """
        with self.passwords.place(Lane.KNOWN, _place_of(account.number)):
            credentials = await asyncio.to_thread(self.accounts.credentials_of, account.number)
            if credentials is None:
                return None
            tried = self.tries.own(account.number, self._own_device(device, credentials))
            if tried.wait_s:
                raise TooManyTries(tried.wait_s)
            try:
                is_right = await self.passwords.verify(credentials.password, password)
            except BaseException:
                tried.give_back()
                raise
            if not is_right:
                return None
            tried.give_back()
            return credentials

    async def hash(self, account: Account, password: str) -> str:
        """The hash of a new password of an account that is signed in.

        Raises:
            SignInBusy: If too many requests for this account wait already.
        """
        with self.passwords.place(Lane.KNOWN, _place_of(account.number)):
            return await self.passwords.hash(password)

    async def welcome(
        self,
        token: str,
        password: str,
        *,
        login: str,
        name: str,
        address: str,
        agent: str,
        device: str | None = None,
        instead_of: str = "",
    ) -> SignedIn | None:
        """Use a one-time link up: set the password, and sign in as ``sign_in``; returns None if the link is gone.

        Raises:
            AccountError: If login or name of the first administrator cannot be taken.
            SignInBusy: If too many sign in at once.
        """
        if self.accounts.find_link(token) is None:
            return None
        with self.passwords.place(Lane.KNOWN, digest_of(token)):
            kept = await self.passwords.hash(password)
        account = await asyncio.to_thread(self.accounts.use_link, token, kept, login=login, name=name)
        self.sessions.forget(account.number)
        credentials = await asyncio.to_thread(self.accounts.credentials_of, account.number)
        if credentials is None:
            return None
        session = await self.sessions.open(
            credentials, Outcome.LINK_USED, address, agent, step=None, instead_of=instead_of
        )
        if session is None:
            return None
        return SignedIn(account, session, self.devices.cookie(credentials, self.devices.shown(device)))


def _place_of(number: int) -> str:
    return f"account {number}"
