"""Sessions and the sockets that hang on them, on a real server."""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest
import websockets
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from server.app import App, starlette_of
from server.auth.accounts import Accounts
from server.auth.roles import Role
from server.auth.sessions import SESSION_TTL_HOURS
from server.auth.sign_in_log import Outcome
from server.net.websocket import CLOSE_SIGNED_OUT
from tests.worlds.apps import NOW_MS, app_of
from tests.worlds.clocks import Clock
from tests.worlds.people import PASSWORD, shows
from tests.worlds.process import Serving, run, served
from tests.worlds.serving import WAIT_S, close_code, frame_of, serving


@contextmanager
def signed_in(server: Serving, path: str) -> Iterator[httpx2.Client]:
    """A browser in which somebody has used a one-time link."""
    with httpx2.Client(base_url=server.url, headers={"Origin": server.url}, trust_env=False) as browser:
        path, _, token = path.partition("#")
        form = {"token": token, "password": PASSWORD, "again": PASSWORD, "login": "ha", "name": "Hà"}
        assert browser.post(path, data=form).status_code == 303
        yield browser


@contextmanager
def following(server: Serving, browser: httpx2.Client, topic: str) -> Iterator[ClientConnection]:
    """A socket of the browser."""
    headers = {"Origin": server.url, "Cookie": "; ".join(f"{each.name}={each.value}" for each in browser.cookies.jar)}
    url = f"{server.url}/live/{topic}".replace("http", "ws", 1)
    with connect(url, additional_headers=headers, proxy=None) as screen:
        yield screen


def closed_with(screen: ClientConnection) -> int | None:
    """What the server closes a socket with."""
    until_s = time.monotonic() + WAIT_S
    while time.monotonic() < until_s:
        try:
            screen.recv(timeout=WAIT_S)
        except ConnectionClosed as closed:
            return closed.rcvd.code if closed.rcvd else None
    return None


def test_an_account_revoked_beside_a_running_server_loses_its_sockets_and_its_pages(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with served(data) as server:
        made = run("account", "add", "lan", "--name", "Lan", "--role", "operator", "--data", data)
        assert made.returncode == 0, made.stderr
        with signed_in(server, made.stdout.strip()) as browser:
            assert browser.get("/account").status_code == 200
            with (
                following(server, browser, "control") as screen,
                following(server, browser, "rehearsal/point/024") as point,
                following(server, browser, "board") as public,
            ):
                assert run("account", "revoke", "lan", "--data", data).returncode == 0
                assert closed_with(screen) == CLOSE_SIGNED_OUT
                assert closed_with(point) == CLOSE_SIGNED_OUT
                (revoked,) = Accounts(data / "admin.db").list()
                assert revoked.revoked_ms is not None
                # What everybody may see stays: a big screen goes on in the browser of an operator who leaves.
                public.ping().wait(WAIT_S)
            assert browser.get("/account").status_code == 303
            assert browser.get("/live/control").status_code == 401
        said = server.log_path.read_text()
    assert made.stdout.strip().removeprefix("/welcome#") not in said


def test_the_console_tells_the_first_administrators_link_until_there_is_one(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with served(data) as server:
        assert server.process is not None
        assert server.process.stdout is not None
        said = [server.process.stdout.readline() for _ in range(3)]
        assert said[0].startswith("Chưa có quản trị viên")
        link = said[2].strip()
        assert re.fullmatch(rf"{server.url}/welcome#[\w-]{{43}}", link)
        with signed_in(server, link.removeprefix(server.url)) as browser:
            assert browser.get("/control/accounts").status_code == 200
            assert browser.get("/control/accounts").headers["cache-control"] == "no-store"
        said_log = server.log_path.read_text()
        server.kill()
        assert Accounts(data / "admin.db").first_link() is None
    assert link.rpartition("#")[2] not in said_log


async def a_session(app: App) -> str:
    credentials = app.auth.accounts.credentials("lan")
    assert credentials is not None
    token = await app.auth.sessions.open(credentials, Outcome.SIGNED_IN, "::1", "", step=None)
    assert token is not None
    return token


@pytest.fixture
def clock() -> Clock:
    return Clock(NOW_MS)


@pytest.fixture
def app(tmp_path: Path, clock: Clock) -> App:
    made = app_of(tmp_path, now_ms=clock)
    made.auth.accounts.make()
    made.auth.accounts.add("lan", "Lan", Role.OPERATOR, None, made.folder.contest.tree)
    return made


@pytest.mark.parametrize("topic", ["control", "board?as=account:1", "rehearsal/unit/P1?as=account%3A1"])
@pytest.mark.parametrize("end", ["sign_out", "everywhere", "too_old"])
async def test_a_socket_ends_with_its_session(app: App, clock: Clock, end: str, topic: str) -> None:
    async with serving(starlette_of(app), app.hub, lifespan="on") as host:
        token = await a_session(app)
        session = app.auth.sessions.find(token)
        assert session is not None
        headers = {"Origin": f"http://{host}"} | shows(app, token)
        async with websockets.connect(f"ws://{host}/live/{topic}", additional_headers=headers, proxy=None) as socket:
            await frame_of(socket)
            app.hub.sweep()
            assert app.auth.sessions.find(token) is not None
            if end == "sign_out":
                await app.auth.sessions.end(session.digest)
            elif end == "everywhere":
                await app.auth.sessions.end_all(session.account.number)
            else:
                clock.ms += SESSION_TTL_HOURS * 3_600_000
            assert await close_code(socket) == CLOSE_SIGNED_OUT


async def test_an_open_page_keeps_its_session(app: App, clock: Clock) -> None:
    async with serving(starlette_of(app), app.hub, lifespan="on") as host:
        token = await a_session(app)
        headers = {"Origin": f"http://{host}"} | shows(app, token)
        async with websockets.connect(f"ws://{host}/live/control", additional_headers=headers, proxy=None) as socket:
            await frame_of(socket)
            for _ in range(3):
                clock.ms += (SESSION_TTL_HOURS - 1) * 3_600_000
                app.hub.sweep()
            assert app.auth.sessions.find(token) is not None


async def test_who_is_signed_in_does_not_count_against_the_address(tmp_path: Path) -> None:
    app = app_of(tmp_path, sockets_per_address_max=1)
    app.auth.accounts.make()
    app.auth.accounts.add("lan", "Lan", Role.OPERATOR, None, app.folder.contest.tree)
    async with serving(starlette_of(app), app.hub, lifespan="on") as host:
        headers = {"Origin": f"http://{host}"} | shows(app, await a_session(app))
        async with websockets.connect(f"ws://{host}/live/board", proxy=None):
            with pytest.raises(websockets.InvalidStatus):
                await websockets.connect(f"ws://{host}/live/board", proxy=None)
            async with websockets.connect(f"ws://{host}/live/board", additional_headers=headers, proxy=None) as other:
                await frame_of(other)
