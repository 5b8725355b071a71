"""`serve`: the server."""

import asyncio
import gc
import logging
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import click
import uvicorn

from server.app import App, starlette_of
from server.auth.accounts import Accounts
from server.clock import wall_ms
from server.commands.options import CONFIG, CONTEST, DATA, HOST, PORT
from server.errors import AdminUnavailable
from server.folder.files import ADMIN_FILE
from server.net.http1 import protocol_of
from server.net.listening import BACKLOG, Listeners, bound
from server.net.websocket import INBOUND_BYTES_MAX, DrainingServer, Socket
from server.ops import logs
from server.ops.deadline import CLOSE_WITHIN_S, Deadline
from server.ops.signals import be_quiet, ending
from server.settings import Settings, load_settings
from server.web.host_names import port_in
from streaming.contests.contest import ContestFolder, load_contest
from streaming.errors import DiemCauError

DOORS = (
    ("Màn hình lớn (big screen)", "/"),
    ("Phòng điều khiển (control room)", "/control"),
    ("Người dẫn (presenter)", "/control/presenter"),
)
"""What is opened first, by what the console calls it."""
GC_THRESHOLDS = (10_000, 10, 10)
"""What the ledger's rows are folded into is no matter of the collector, and what else stands at the start is frozen out
of its sight. So a look costs little, and what a broken connection leaves in circles does not stay."""


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

    def tell(here: str) -> None:
        url = public_url(settings, here)
        doors = [f"{name}: {url}{path}" for name, path in DOORS]
        click.echo("\n".join([f"Ready: {url}", *first_link(settings, url), *doors]))

    with ending():
        sys.exit(run(settings, folder, tell, bound(settings.host, settings.port)))


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
        if sig == signal.SIGHUP:
            be_quiet()
        self.force_exit = self.should_exit and sig == signal.SIGINT
        self.should_exit = True
        self._deadline.begin()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """End well by SIGHUP too, which uvicorn leaves alone, unless whoever started us has it ignored."""
        is_ours = (
            threading.current_thread() is threading.main_thread()
            and signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN
        )
        before = signal.signal(signal.SIGHUP, self.handle_exit) if is_ours else None
        try:
            with super().capture_signals():
                yield
        finally:
            if is_ours:
                signal.signal(signal.SIGHUP, before)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and say so once requests are answered."""
        await super().startup(sockets)
        if not self.should_exit:
            self._tell(self._url)


def run(
    settings: Settings,
    folder: ContestFolder,
    tell: Callable[[str], None],
    listeners: Listeners,
    app_class: type[App] = App,
) -> int:
    """Serve until told to stop; returns the exit code. ``tell`` gets the address once requests are answered.

    ``app_class`` is there for the benches, which add a route that does nothing to compare with.

    Raises:
        DiemCauError: If it cannot start, as the data folder is in use or of another contest; or if a task that must
            live has died.
    """
    logs.set_up()
    logging.getLogger("alembic").setLevel(logging.WARNING)
    servers: list[Server] = []
    deadline = Deadline(settings.stop_within_s + CLOSE_WITHIN_S, last_words(settings))
    with listeners:
        app = app_class(settings, folder, wall_ms, lambda name: servers[0].end(name))  # noqa: PLW0108 - made below
        gc.disable()  # Nothing that a replay makes is garbage.
        try:
            app.open()
        finally:
            gc.enable()
        settle()
        try:
            config = uvicorn.Config(
                starlette_of(app),
                loop="uvloop",
                http=protocol_of(app.connections),  # type: ignore[arg-type] # called, never asked whether it is a class
                ws=Socket,
                ws_per_message_deflate=False,
                ws_max_size=INBOUND_BYTES_MAX,
                ws_ping_interval=None,  # The hub pings, without a timer for each socket.
                server_header=False,
                access_log=False,
                log_config=None,
                lifespan="on",
                proxy_headers=False,  # server/middleware/proxies.py reads them; its own takes no list of schemes.
                backlog=BACKLOG,
                timeout_graceful_shutdown=settings.stop_within_s,
            )
            servers.append(Server(config, app, tell, address_of(settings.host, listeners.port), deadline))
            with asyncio.Runner(loop_factory=config.get_loop_factory()) as runner:
                runner.run(servers[0].serve(listeners.sockets))
        finally:
            app.close()
            deadline.cancel()
    if app.failure is not None:
        raise DiemCauError(app.failure)
    if servers[0].died is not None:
        raise DiemCauError(f"the server stopped because its {servers[0].died} ended; the log says why")
    return 0


def settle() -> None:
    """Leave what is there now out of the collector's sight, for it is there for good, and have it look from here on."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GC_THRESHOLDS)


def last_words(settings: Settings) -> str:
    """What a process says that could not close its files in time."""
    return (
        f"{settings.data}: the disk has not answered for {CLOSE_WITHIN_S:.3g} s, so its files were left as they stand; "
        "what was acknowledged is on disk, what was not its source sends again, a hold that was not written (chưa ghi "
        "sổ) is gone; look at the disk, then start again"
    )


def address_of(host: str, port: int) -> str:
    """The address to open on this machine."""
    name = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104 - a name to replace
    return f"http://{name}:{port}"


def public_url(settings: Settings, here: str) -> str:
    """The address of which links are made: by the first of the server's names, else ``here``, the machine's own.

    Behind a named proxy it is https, which the proxy brings, without a port unless the setting names one.
    """
    if not settings.hosts:
        return here
    name = settings.hosts[0]
    if settings.proxies:
        return f"https://{name}"
    return f"http://{name}" if port_in(name) else f"http://{name}:{here.rpartition(':')[2]}"
