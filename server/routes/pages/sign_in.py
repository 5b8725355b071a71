"""Signing in and out, and one-time links by which an account takes its password."""

import re
from http import HTTPStatus
from typing import Any

from starlette.requests import HTTPConnection, Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from dashboard.pages import accounts as pages
from server.auth.accounts import AccountError
from server.auth.links import Link
from server.auth.passwords import PasswordError, checked_password
from server.auth.roles import SIGN_IN_PATH, Account, Right, Role, account_in
from server.auth.sessions import SESSION_IN_SCOPE
from server.auth.sign_in import Auth, Refused, SignedIn, TooManyTries
from server.errors import SignInBusy
from server.routes.language import lang_of
from server.state import State, state_of
from server.web.forms import form_of, or_busy
from server.web.render import page
from server.web.request import neighbourhood

WELCOME_PATH = "/welcome"
"""Followed by # and the token of a one-time link, since a fragment reaches no server, proxy or log."""
NEXT_CHARS_MAX = 300
"""Of the path to go on to after signing in."""
LOGIN_KEPT_CHARS_MAX = 80
"""Of what was typed as a login, as much stands in the form again: as much as its field takes."""

_TOKEN = re.compile(r"(?:^|[#/])([\w-]{20,100})\s*$", re.ASCII)


def routes(auth: Auth) -> list[BaseRoute]:
    """The routes; everybody may ask them."""
    doors = Doors(auth)
    return [
        Route(SIGN_IN_PATH, doors.show, name="sign-in"),
        Route(SIGN_IN_PATH, doors.sign_in, methods=["POST"]),
        Route("/sign-out", doors.sign_out, methods=["POST"], name="sign-out"),
        Route(WELCOME_PATH, doors.show_welcome, name="welcome"),
        Route(WELCOME_PATH, doors.welcome, methods=["POST"]),
        Route("/welcome/{token}", doors.show_earlier_link),
    ]


class Doors:
    """The pages for signing in and out."""

    def __init__(self, auth: Auth) -> None:
        self._auth = auth

    async def show(self, request: Request) -> Response:
        """The sign-in page; who is signed in already is led on."""
        account = account_in(request.scope)
        onward = own_path(request.query_params.get("next"))
        if account is not None:
            return led_to(onward or home_of(account, state_of(request)))
        return _sign_in_page(request, onward)

    async def sign_in(self, request: Request) -> Response:
        """Sign in, or say that something is wrong without saying what."""
        form = await form_of(request)
        onward = own_path(form.get("next"))
        login, password, code = (form.get(field, "") for field in ("login", "password", "code"))
        try:
            entered = await or_busy(
                self._auth.sign_in(
                    login,
                    password,
                    code,
                    address=address_of(request),
                    agent=agent_of(request),
                    device=device_of(request),
                    instead_of=request.scope.get(SESSION_IN_SCOPE, ""),
                )
            )
        except TooManyTries as error:
            return _too_many(_sign_in_page(request, onward, login, wait_text(request, error), 429), error.wait_s)
        except Refused:
            error_text = pages.texts(lang_of(request))["wrong"]
            return _sign_in_page(request, onward, login, error_text, HTTPStatus.FORBIDDEN)
        except SignInBusy as error:
            busy = pages.texts(lang_of(request))["busy"]
            return _too_many(_sign_in_page(request, onward, login, busy, 429), error.retry_after_s)
        return signed_in(request, entered, onward or home_of(entered.account, state_of(request)))

    async def sign_out(self, request: Request) -> Response:
        """End the session of this request, if it has one."""
        digest = request.scope.get(SESSION_IN_SCOPE)
        if digest is not None:
            await or_busy(self._auth.sessions.end(digest))
        return signed_out(request)

    async def show_welcome(self, request: Request) -> Response:
        """The page of a one-time link, which its script opens by the token behind the #; the same for everybody."""
        return page("accounts/welcome_open.html", values_of(request, "welcome_open", WELCOME_PATH))

    async def show_earlier_link(self, request: Request) -> Response:
        """Lead a link of the earlier form, with the token in the path, to the page."""
        return led_to(f"{WELCOME_PATH}#{token_in(request.path_params['token'])}")

    async def welcome(self, request: Request) -> Response:
        """Show the form of a link, which does not use it up; with a password in it, set that and sign in."""
        form = await form_of(request)
        token = token_in(form.get("token", ""))
        link = self._auth.accounts.find_link(token)
        if link is None:
            return _gone(request)
        if "password" not in form:
            return _welcome_page(request, link, token)
        login = link.login or form.get("login", "").strip().lower()
        name, password = form.get("name", ""), form.get("password", "")
        try:
            if password != form.get("again", ""):
                raise AccountError("not_alike", "expected the same password twice")
            found = await or_busy(
                self._auth.welcome(
                    token,
                    checked_password(password, login),
                    login=login,
                    name=name,
                    address=address_of(request),
                    agent=agent_of(request),
                    device=device_of(request),
                    instead_of=request.scope.get(SESSION_IN_SCOPE, ""),
                )
            )
        except AccountError as error:
            if error.code == "link_gone":
                return _gone(request)
            return _welcome_page(request, link, token, error.code, login, name)
        except PasswordError:
            return _welcome_page(request, link, token, "password_form", login, name)
        return _gone(request) if found is None else signed_in(request, found, home_of(found.account, state_of(request)))


def token_in(text: str) -> str:
    """The token of a one-time link, which may have been pasted as a whole; "" if there is none in it."""
    found = _TOKEN.search(text)
    return found[1] if found else ""


def own_path(path: str | None) -> str | None:
    """A path of this server to go on to, None for anything that a browser might take for another's address."""
    if not path or len(path) > NEXT_CHARS_MAX or not path.isascii() or not path.isprintable():
        return None
    is_own = path.startswith("/") and not path.startswith("//") and "\\" not in path
    return path if is_own else None


def home_of(account: Account, state: State) -> str:
    """The first page for an account, by its role; a director's output need not be there yet."""
    if account.role is Role.POINT:
        return f"/units/{account.unit}"
    if account.may(Right.SEE_ROOM):
        return "/control"
    if account.output in {output.name for output in state.outputs.all}:
        return "/control/program"
    return "/account"


def led_to(path: str) -> Response:
    """A redirect to a page."""
    return RedirectResponse(path, HTTPStatus.SEE_OTHER, {"Cache-Control": "no-store"})


def signed_in(request: Request, entered: SignedIn, path: str) -> Response:
    """The answer that sets the session and device cookies."""
    response = led_to(path)
    state_of(request).cookies.give_session(response, request.url.scheme, entered.token)
    return known(request, response, entered.device)


def known(request: Request, response: Response, device: str) -> Response:
    """The answer with the cookie by which the browser is known."""
    state_of(request).cookies.give_device(response, request.url.scheme, device)
    return response


def device_of(request: Request) -> str | None:
    """The device cookie of a known browser."""
    return state_of(request).cookies.device(request.url.scheme, request.headers)


def signed_out(request: Request) -> Response:
    """The answer that ends it."""
    response = led_to(SIGN_IN_PATH)
    state_of(request).cookies.take_session(response, request.url.scheme)
    return response


def address_of(connection: HTTPConnection) -> str:
    """The client's neighbourhood."""
    return neighbourhood(connection.client.host if connection.client else "")


def agent_of(connection: HTTPConnection) -> str:
    """The client's user agent."""
    return "".join(char for char in connection.headers.get("user-agent", "") if char.isprintable())


def wait_text(request: Request, error: TooManyTries) -> str:
    """How long to wait, in words."""
    return pages.phrase(lang_of(request), "wait", n=max(1, -(-error.wait_s // 60)))


def values_of(request: Request, heading: str, here: str, account: Account | None = None) -> dict[str, Any]:
    """The values that every page outside the control room needs; ``here`` is where it is found, whatever was posted."""
    person = None
    if account is not None:
        person = pages.Person(account.name, account.role.value, account.may(Right.SEE_ROOM))
    return pages.frame(state_of(request).folder.contest, lang_of(request), heading, here, person=person)


def _sign_in_page(
    request: Request, onward: str | None, login: str = "", error: str = "", status: int = HTTPStatus.OK
) -> Response:
    """The form; after a try that failed with the login as it was typed, and nothing else of it."""
    kept = login[:LOGIN_KEPT_CHARS_MAX]
    values = values_of(request, "sign_in", SIGN_IN_PATH) | {"onward": onward or "", "error": error, "login": kept}
    return page("accounts/sign_in.html", values, status)


def _too_many(response: Response, wait_s: float) -> Response:
    response.headers["Retry-After"] = str(max(1, round(wait_s)))
    return response


def _welcome_page(
    request: Request, link: Link, token: str, error: str = "", login: str = "", name: str = ""
) -> Response:
    values = values_of(request, "welcome" if link.login else "welcome_first", WELCOME_PATH)
    values |= {
        "token": token,
        "is_first": link.login is None,
        "login": link.login or login,
        "name": link.account.name if link.account else name,
        "error": pages.texts(values["lang"])[error] if error else "",
    }
    return page("accounts/welcome.html", values, HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK)


def _gone(request: Request) -> Response:
    return page("accounts/gone.html", values_of(request, "link_gone", WELCOME_PATH), HTTPStatus.GONE)
