"""One's own account at /account, and everybody's at /control/accounts."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from http import HTTPStatus
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from dashboard.pages import accounts as pages
from dashboard.pages.control import frame, output_title
from dashboard.qr import qr
from dashboard.words.words import Words
from server.auth import totp
from server.auth.accounts import AccountError, Listed
from server.auth.links import LINK_TTL_S
from server.auth.passwords import PasswordError, checked_password
from server.auth.roles import Right, Role, account_of, needs
from server.auth.sessions import SESSION_IN_SCOPE
from server.auth.sign_in import Auth, TooManyTries
from server.auth.sign_in_log import NOBODY, SignIn
from server.routes.language import lang_of
from server.routes.pages.room import live_of, person_of
from server.routes.pages.sign_in import device_of, known, led_to, signed_out, values_of, wait_text
from server.state import state_of
from server.web.forms import form_of, kept, or_busy
from server.web.problems import Problem
from server.web.render import page
from streaming.contests.units import Tree
from streaming.program.names import NAMES

SIGN_INS_SHOWN = 50
DONE = frozenset({"done_password", "done_phone_on", "done_phone_off", "done_revoked", "done_signed_out"})
_SECRET = re.compile(r"[A-Z2-7]{32}")


def routes(auth: Auth, tree: Tree) -> list[BaseRoute]:
    """The routes; ``tree`` has the units that an account of a point may be of."""
    own, all_ = OwnAccount(auth), AllAccounts(auth, tree)
    is_self, is_administrator = needs(Right.SELF), needs(Right.ACCOUNTS)
    one = "/control/accounts/{number:int}"
    return [
        Route("/account", is_self(own.show), name="account"),
        Route("/account/password", is_self(own.change_password), methods=["POST"]),
        Route("/account/phone", is_self(own.show_phone)),
        Route("/account/phone", is_self(own.turn_phone_on), methods=["POST"]),
        Route("/account/phone/off", is_self(own.turn_phone_off), methods=["POST"]),
        Route("/account/sign-out", is_self(own.sign_out_everywhere), methods=["POST"]),
        Route("/control/accounts", is_administrator(all_.show), name="accounts"),
        Route("/control/accounts", is_administrator(all_.add), methods=["POST"]),
        Route(f"{one}/reset", is_administrator(all_.reset), methods=["POST"]),
        Route(f"{one}/revoke", is_administrator(all_.revoke), methods=["POST"]),
        Route(f"{one}/sign-out", is_administrator(all_.sign_out), methods=["POST"]),
    ]


class OwnAccount:
    """What everybody may do with the own account."""

    def __init__(self, auth: Auth) -> None:
        self._auth = auth

    async def show(self, request: Request) -> Response:
        """The page."""
        return await self._page(request)

    async def change_password(self, request: Request) -> Response:
        """Change the password, and end the account's other sessions."""
        form = await form_of(request)
        account = account_of(request)
        try:
            credentials = await self._auth.verify(account, form.get("password", ""), device_of(request))
            if credentials is None:
                return await self._page(request, "wrong_password")
            if form.get("new", "") != form.get("again", ""):
                return await self._page(request, "not_alike")
            hashed = await self._auth.hash(account, checked_password(form.get("new", ""), credentials.login))
        except PasswordError:
            return await self._page(request, "password_form")
        except TooManyTries as error:
            return await self._page(request, wait=error)
        if not await kept(self._auth.accounts.change, credentials, password=hashed):
            return await self._page(request, "changed_meanwhile")
        await or_busy(self._auth.sessions.end_all(account.number, but=request.scope[SESSION_IN_SCOPE]))
        devices = self._auth.devices
        device = devices.cookie(replace(credentials, password=hashed), devices.shown(device_of(request)))
        return known(request, led_to(f"/account?done=done_password&lang={lang_of(request)}"), device)

    async def show_phone(self, request: Request) -> Response:
        """The page that shows a new secret; it counts once a code proves that a phone has it."""
        return await self._phone_page(request, totp.new_secret())

    async def turn_phone_on(self, request: Request) -> Response:
        """Ask for a phone's code from now on."""
        form = await form_of(request)
        secret = form.get("secret", "")
        if not _SECRET.fullmatch(secret):
            raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "wrong_value", "secret: expected the one that was shown")
        try:
            credentials = await self._auth.verify(account_of(request), form.get("password", ""), device_of(request))
        except TooManyTries as error:
            return await self._phone_page(request, secret, wait=error)
        if credentials is None:
            return await self._phone_page(request, secret, "wrong_password")
        step = totp.step_of(secret, form.get("code", ""), now_ms=state_of(request).now_ms(), after=0)
        if step is None:
            return await self._phone_page(request, secret, "wrong_code")
        if not await kept(self._auth.accounts.change, credentials, totp=secret, totp_step=step):
            return await self._phone_page(request, secret, "changed_meanwhile")
        return led_to(f"/account?done=done_phone_on&lang={lang_of(request)}")

    async def turn_phone_off(self, request: Request) -> Response:
        """Ask for the password alone from now on."""
        form = await form_of(request)
        try:
            credentials = await self._auth.verify(account_of(request), form.get("password", ""), device_of(request))
        except TooManyTries as error:
            return await self._page(request, wait=error)
        if credentials is None:
            return await self._page(request, "wrong_password")
        if not await kept(self._auth.accounts.change, credentials, totp=None):
            return await self._page(request, "changed_meanwhile")
        return led_to(f"/account?done=done_phone_off&lang={lang_of(request)}")

    async def sign_out_everywhere(self, request: Request) -> Response:
        """End every session of the account."""
        await or_busy(self._auth.sessions.end_all(account_of(request).number))
        return signed_out(request)

    async def _page(self, request: Request, error: str = "", *, wait: TooManyTries | None = None) -> Response:
        account = account_of(request)
        credentials = await kept(self._auth.accounts.credentials_of, account.number)
        if credentials is None:
            return signed_out(request)
        contest = state_of(request).folder.contest
        values = values_of(request, "account", "/account", account) | {
            "login": credentials.login,
            "unit": pages.unit_name(contest, account.unit),
            "output": output_title(lang_of(request), account.output) if account.output else "",
            "has_phone": credentials.totp is not None,
        }
        return _answered("accounts/account.html", request, values, error, wait)

    async def _phone_page(
        self, request: Request, secret: str, error: str = "", *, wait: TooManyTries | None = None
    ) -> Response:
        account = account_of(request)
        credentials = await kept(self._auth.accounts.credentials_of, account.number)
        if credentials is None:
            return signed_out(request)
        values = values_of(request, "phone_on", "/account/phone", account) | {
            "login": credentials.login,
            "secret": secret,
            "secret_shown": pages.grouped(secret),
            "picture": qr(totp.uri(secret, credentials.login)),
        }
        return _answered("accounts/phone.html", request, values, error, wait)


def _answered(
    template: str, request: Request, values: dict[str, Any], error: str, wait: TooManyTries | None
) -> Response:
    t = pages.texts(values["lang"])
    done = request.query_params.get("done", "")
    values["done"] = t[done] if done in DONE and not error and wait is None else ""
    if wait is not None:
        values["error"] = wait_text(request, wait)
        response = page(template, values, HTTPStatus.TOO_MANY_REQUESTS)
        response.headers["Retry-After"] = str(wait.wait_s)
        return response
    values["error"] = t[error] if error else ""
    return page(template, values, HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK)


class AllAccounts:
    """What an administrator may do with everybody's."""

    def __init__(self, auth: Auth, tree: Tree) -> None:
        self._auth = auth
        self._tree = tree

    async def show(self, request: Request) -> Response:
        """The list, the form for another one, and the log of sign-ins."""
        return await self._page(request)

    async def add(self, request: Request) -> Response:
        """Make an account; the page shows the link to hand over, this once."""
        form = await form_of(request)
        login, name = form.get("login", "").strip().lower(), form.get("name", "")
        unit, output = (form.get(field, "").strip() or None for field in ("unit", "output"))
        try:
            role = Role(form.get("role", ""))
        except ValueError:
            raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "wrong_value", "role: expected one of the list") from None
        try:
            token = await kept(self._auth.accounts.add, login, name, role, unit, self._tree, output=output)
        except AccountError as error:
            typed = {"login": login, "name": name, "role": role.value, "unit": unit or "", "output": output or ""}
            return await self._page(request, error.code, typed=typed)
        return await self._page(request, link=(login, token))

    async def reset(self, request: Request) -> Response:
        """Take password, phone and sessions away; the page shows a new link, this once."""

        async def reset(number: int) -> Response:
            token = await kept(self._auth.accounts.reset, number)
            self._auth.sessions.forget(number)
            return await self._page(request, link=(await self._login(number), token))

        return await self._of_another(request, reset)

    async def revoke(self, request: Request) -> Response:
        """End an account, for good."""

        async def revoke(number: int) -> Response:
            await kept(self._auth.accounts.revoke, number)
            self._auth.sessions.forget(number)
            return led_to(f"/control/accounts?done=done_revoked&lang={lang_of(request)}")

        return await self._of_another(request, revoke)

    async def sign_out(self, request: Request) -> Response:
        """End every session of an account."""
        number = request.path_params["number"]
        await or_busy(self._auth.sessions.end_all(number))
        if number == account_of(request).number:
            return signed_out(request)
        return led_to(f"/control/accounts?done=done_signed_out&lang={lang_of(request)}")

    async def _of_another(self, request: Request, act: Callable[[int], Awaitable[Response]]) -> Response:
        """Do what nobody may do to the own account: there is always an administrator."""
        number = request.path_params["number"]
        if number == account_of(request).number:
            return await self._page(request, "not_yourself")
        try:
            return await act(number)
        except AccountError as error:
            return await self._page(request, error.code)

    async def _login(self, number: int) -> str:
        credentials = await kept(self._auth.accounts.credentials_of, number)
        return credentials.login if credentials else ""

    async def _page(
        self,
        request: Request,
        error: str = "",
        *,
        link: tuple[str, str] | None = None,
        typed: dict[str, str] | None = None,
    ) -> Response:
        account = account_of(request)
        state = state_of(request)
        store, contest, lang = state.shown, state.folder.contest, lang_of(request)
        listed, log = await or_busy(asyncio.to_thread(self._read))
        words = Words(lang, contest.timezone)
        values = frame(state.folder, words, person_of(account), "accounts", live_of(store), made=state.made) | {
            "a": pages.texts(lang),
            "here": "/control/accounts",
            "heading": pages.texts(lang)["accounts"],
            "rows": pages.rows(contest, lang, [_row(each, account.number) for each in listed]),
            "sign_ins": pages.entries(contest, lang, [_entry(each) for each in log]),
            "sign_ins_help": pages.phrase(lang, "sign_ins_help", n=SIGN_INS_SHOWN),
            "roles": [(role.value, pages.role(lang, role.value)) for role in Role],
            "typed": typed or {"login": "", "name": "", "role": Role.OPERATOR.value, "unit": "", "output": ""},
            "outputs": [(name, output_title(lang, name)) for name in NAMES],
            "link": "",
        }
        if link is not None:
            login, token = link
            values |= {
                "link": f"{request.base_url}welcome#{token}",
                "link_picture": qr(f"{request.base_url}welcome#{token}"),
                "link_title": pages.phrase(lang, "handed_link", login=login),
                "link_help": pages.phrase(lang, "handed_link_help", hours=LINK_TTL_S // 3600),
            }
        return _answered("accounts/accounts.html", request, values, error, None)

    def _read(self) -> tuple[list[Listed], list[SignIn]]:
        return self._auth.accounts.list(), self._auth.sessions.latest(SIGN_INS_SHOWN)


def _row(listed: Listed, own: int) -> pages.Row:
    account = listed.account
    return pages.Row(
        account.number,
        listed.login,
        account.name,
        account.role.value,
        account.unit,
        account.output,
        listed.has_password,
        listed.has_totp,
        listed.revoked_ms,
        account.number == own,
    )


def _entry(sign_in: SignIn) -> pages.Entry:
    login = None if sign_in.login == NOBODY else sign_in.login
    return pages.Entry(sign_in.at_ms, login, sign_in.outcome.value, sign_in.address)
