"""`serve`: the server."""

import asyncio
import gc
import logging
import signal
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType

import click
import uvicorn

from server import logs
from server.accounts import Accounts
from server.app import App, starlette_of
from server.clock import wall_ms
from server.commands.options import CONFIG, CONTEST, DATA, HOST, PORT
from server.deadline import CLOSE_WITHIN_S, Deadline
from server.errors import AdminUnavailable, SettingsError
from server.protocol import INBOUND_BYTES_MAX, DrainingServer, Socket
from server.settings import Settings, load_settings
from server.state import ADMIN_FILE
from streaming.contest import ContestFolder, load_contest
from streaming.errors import DiemCauError

BACKLOG = 2_048
"""Connections that may wait while a hall full of screens comes back at once."""
DOORS = (("Phòng điều khiển (control room)", "/control"), ("Người dẫn (presenter)", "/control/presenter"))
"""Where people sign in, by what the console calls it."""
GC_THRESHOLDS = (50_000, 20, 50)
"""What the fold keeps, it keeps for good: to look through it for garbage more often only costs."""


@click.command()
@HOST
@PORT
@DATA
@CONTEST
@CONFIG
def serve(host: str | None, port: int | None, data: Path | None, contest: Path | None, config: Path | None) -> None:
    """Serve for real: SQLite in the data folder, until Ctrl-C or SIGTERM."""
    settings = load_settings(config, {"host": host, "port": port, "data": data, "contest": contest})
    folder = load_contest(settings.contest)
    listener = bound(settings.host, settings.port)

    def tell(url: str) -> None:
        doors = [f"{name}: {url}{path}" for name, path in DOORS]
        click.echo("\n".join([f"Ready: {url}", *first_link(settings, url), *doors]))

    sys.exit(run(settings, folder, tell, listener))


def first_link(settings: Settings, url: str) -> list[str]:
    """What to say of the one-time link of the first administrator; nothing once there is one."""
    try:
        token = Accounts(settings.data / ADMIN_FILE).first_link()
    except AdminUnavailable as error:
        # The numbers go on without it.
        return [f"No administrator yet, and no link can be made ({error}); then start again"]
    if token is None:
        return []
    vi = "Chưa có quản trị viên: mở đường dẫn dưới đây trong vòng 1 giờ, chỉ dùng được một lần."
    en = "No administrator yet: open this link within an hour; it works once."
    return [vi, en, f"  {url}/welcome#{token}"]


class Server(DrainingServer):
    """Tells when it answers, and ends the process when a task that must live has died."""

    def __init__(
        self, config: uvicorn.Config, app: App, tell: Callable[[str], None], url: str, deadline: Deadline
    ) -> None:
        super().__init__(config, app.hub.drain)
        self.died: str | None = None
        self._deadline = deadline
        self._tell = tell
        self._url = url

    def end(self, name: str) -> None:
        """Stop serving, as a task has died; the supervisor starts us again."""
        self.died = name
        self.should_exit = True
        self._deadline.begin()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:  # noqa: ARG002 - the signature of a handler
        """Stop; at a second Ctrl-C without waiting. uvicorn's own would end the process by the signal afterwards."""
        self.force_exit = self.should_exit and sig == signal.SIGINT
        self.should_exit = True
        self._deadline.begin()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and say so once requests are answered."""
        await super().startup(sockets)
        if not self.should_exit:
            self._tell(self._url)


def run(
    settings: Settings,
    folder: ContestFolder,
    tell: Callable[[str], None],
    listener: socket.socket,
    app_class: type[App] = App,
) -> int:
    """Serve until told to stop; returns the exit code. ``tell`` gets the address once requests are answered.

    ``app_class`` is there for the benches, which add a route that does nothing to compare with.

    Raises:
        DiemCauError: If it cannot start, as the data folder is in use or of another contest; or if a task that must
            live has died.
    """
    gc.set_threshold(*GC_THRESHOLDS)
    logs.set_up()
    logging.getLogger("alembic").setLevel(logging.WARNING)
    servers: list[Server] = []
    deadline = Deadline(settings.stop_within_s + CLOSE_WITHIN_S, last_words(settings))
    with listener:
        app = app_class(settings, folder, wall_ms, lambda name: servers[0].end(name))  # noqa: PLW0108 - made below
        app.open()
        try:
            config = uvicorn.Config(
                starlette_of(app),
                loop="uvloop",
                http=app.connections.protocol,  # type: ignore[arg-type] # called, never asked whether it is a class
                ws=Socket,
                ws_per_message_deflate=False,
                ws_max_size=INBOUND_BYTES_MAX,
                ws_ping_interval=None,  # The hub pings, without a timer for each socket.
                server_header=False,
                access_log=False,
                log_config=None,
                lifespan="on",
                proxy_headers=False,  # server/proxies.py reads them; its own takes no list of schemes.
                backlog=BACKLOG,
                timeout_graceful_shutdown=settings.stop_within_s,
            )
            servers.append(Server(config, app, tell, address_of(settings.host, listener), deadline))
            with asyncio.Runner(loop_factory=config.get_loop_factory()) as runner:
                runner.run(servers[0].serve([listener]))
        finally:
            app.close()
            deadline.cancel()
    if app.failure is not None:
        raise DiemCauError(app.failure)
    if servers[0].died is not None:
        raise DiemCauError(f"the server stopped because its {servers[0].died} ended; the log says why")
    return 0


def last_words(settings: Settings) -> str:
    """What a process says that could not close its files in time."""
    return (
        f"{settings.data}: the disk has not answered for {CLOSE_WITHIN_S:.3g} s, so its files were left as they stand; "
        "what was acknowledged is on disk, what was not its source sends again, a hold that was not written (chưa ghi "
        "sổ) is gone; look at the disk, then start again"
    )


def bound(host: str, port: int) -> socket.socket:
    """A socket that holds the port, so that nobody waits for a replay only to hear that the port is taken.

    Raises:
        DiemCauError: If the port is taken.
        SettingsError: If the address is none of this machine.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, kind, protocol)
    except OSError as error:
        raise SettingsError(f"host {host}: {error.strerror}, expected an address of this machine") from None
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(address)
        # Without this a second server could bind too, and only fail when it listens.
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        raise DiemCauError(f"port {port} on {host}: {error.strerror}, choose another with --port") from None
    listener.setblocking(False)
    return listener


def address_of(host: str, listener: socket.socket) -> str:
    """The address to open on this machine."""
    name = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104 - a name to replace
    return f"http://{name}:{listener.getsockname()[1]}"
