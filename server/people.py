"""Signing in: accounts, sessions, passwords and the limit of tries, joined."""

import asyncio
import math
from collections.abc import Callable
from pathlib import Path

from server import totp
from server.accounts import Accounts, Proof
from server.attempts import Attempts
from server.clock import wall_ms
from server.passwords import Passwords
from server.roles import Account
from server.sessions import Sessions
from server.sign_ins import Outcome
from streaming.errors import DiemCauError

LOGIN_TYPED_CHARS_MAX = 80


class Refused(DiemCauError):  # noqa: N818 - an answer
    """A sign-in that is refused; nothing says whether there is such an account."""


class TooManyTries(Refused):
    """A sign-in that is not looked at; ``wait_s`` says when one will be."""

    def __init__(self, wait_s: float) -> None:
        self.wait_s = math.ceil(wait_s)
        super().__init__(f"too many tries, expected none for {self.wait_s} s")


class People:
    """The people of one data folder. ``now_ms`` is the wall clock."""

    def __init__(self, path: Path, *, now_ms: Callable[[], int] = wall_ms) -> None:
        self.accounts = Accounts(path, now_ms=now_ms)
        self.sessions = Sessions(path, now_ms=now_ms)
        self.passwords = Passwords()
        self.attempts = Attempts()
        self._now_ms = now_ms

    async def sign_in(
        self, login: str, password: str, code: str, *, address: str, agent: str, instead_of: str = ""
    ) -> tuple[Account, str]:
        """Sign in; returns the account and the token of its new session, which ends that of digest ``instead_of``.

        A wrong login, password or code takes the same work and raises the same error.

        Raises:
            Refused: If anything of it is wrong.
            TooManyTries: If the address or the login was tried too often.
            Problem: 429 if too many sign in at once.
        """
        login = login.strip().lower()[:LOGIN_TYPED_CHARS_MAX]
        if wait_s := self.attempts.wait_s(address):
            raise TooManyTries(wait_s)
        proof, is_known = await asyncio.to_thread(self._look_up, login, address)
        if wait_s := self.attempts.wait_login_s(login, address, is_known=is_known):
            raise TooManyTries(wait_s)
        token = None
        is_right = await self.passwords.verify(proof.password if proof else None, password)
        if proof is not None and is_right:
            step = self.step_of(proof, code) if proof.totp is not None else None
            if proof.totp is None or step is not None:
                token = await self.sessions.open(
                    proof, Outcome.SIGNED_IN, address, agent, step=step, instead_of=instead_of
                )
        if proof is None or token is None:
            await self.sessions.refused(proof, address)
            raise Refused("wrong login, password or code")
        self.attempts.succeeded(login, address, is_known=is_known)
        return proof.account, token

    def _look_up(self, login: str, address: str) -> tuple[Proof | None, bool]:
        proof = self.accounts.proof(login)
        return proof, self.sessions.is_known(address)

    def step_of(self, proof: Proof, code: str) -> int | None:
        """The step of a code of the account's phone, None if it is wrong or used up."""
        return totp.step_of(proof.totp or "", code, now_ms=self._now_ms(), after=proof.totp_step)

    async def verify(self, account: Account, password: str, *, address: str) -> Proof | None:
        """The proof of an account that is signed in, None if the password is not its own; wrong ones count as tries to
        sign in.

        Raises:
            TooManyTries: If it was tried too often.
        """
        proof = await asyncio.to_thread(self.accounts.proof_of, account.number)
        if proof is None:
            return None
        if wait_s := self.attempts.wait_login_s(proof.login, address, is_known=True):
            raise TooManyTries(wait_s)
        if not await self.passwords.verify(proof.password, password):
            return None
        self.attempts.was_right(proof.login, address, is_known=True)
        return proof

    async def welcome(
        self, token: str, password: str, *, login: str, name: str, address: str, agent: str, instead_of: str = ""
    ) -> tuple[Account, str] | None:
        """Use a one-time link up: set the password, and sign in as ``sign_in``; returns None if the link is gone.

        Raises:
            AccountError: If login or name of the first administrator cannot be taken.
            Problem: 429 if too many sign in at once.
        """
        if await asyncio.to_thread(self.accounts.link, token) is None:
            return None
        kept = await self.passwords.hash(password)
        account = await asyncio.to_thread(self.accounts.use_link, token, kept, login=login, name=name)
        self.sessions.forget(account.number)
        proof = await asyncio.to_thread(self.accounts.proof_of, account.number)
        if proof is None:
            return None
        session = await self.sessions.open(proof, Outcome.LINK_USED, address, agent, step=None, instead_of=instead_of)
        return None if session is None else (account, session)
