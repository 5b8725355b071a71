"""Servers that tests start are forked from a process that has read the product, which is most of what a start costs.

What is forked runs a command from its first line on, as a process of its own that a test may kill like any other, and
starts as servers in the tests' own processes do (schemas.py, starts.py). A library that stands before all others has a
nursery of its own. What else the interpreter itself must begin in, another environment or a tracer, gets a process of
its own, which starts as the product does.
"""

import atexit
import gc
import os
import select
import selectors
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import cache
from http import HTTPStatus
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any

import msgspec
import pytest

from tests.suite import ROOT

COMMANDS = ("serve", "audit", "source", "account", "key", "check", "backup", "restore", "lost", "rehearse")
"""What is read beforehand; every other command is read when it is called."""
FIRST = ("/", "/sign-in")
PAGES = (
    "/?frame=1", "/?frame=1&lang=en", "/units/024?frame=1", "/overlays/bug", "/account", "/control", "/control/program",
    "/control/presenter",
)  # fmt: skip
"""What is asked for beforehand, of servers that are there to be looked at more than of those whose disk fails."""
OURS = ("DIEMCAU_", "POWER_", "PYTEST_")
"""Variables that are read when a command is called, or by nobody in it."""
PRELOAD = "LD_PRELOAD"
REQUEST_BYTES_MAX = 128 * 1024
LOST = 255
"""The exit code of a process whose nursery has died before it."""


class Request(msgspec.Struct):
    """What a process is to be: a command with its arguments in an environment."""

    arguments: list[str]
    environment: dict[str, str]


class Forked:
    """A process of a nursery, with what tests use of ``subprocess.Popen``."""

    def __init__(self, line: socket.socket) -> None:
        self._line = line
        self.stdout: IO[str] | None = None
        self.returncode: int | None = None
        self.pid = int(line.recv(64))

    def poll(self) -> int | None:
        """The exit code, None while it runs."""
        if self.returncode is None and select.select([self._line], [], [], 0)[0]:
            self._take()
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """The exit code, once it has ended.

        Raises:
            subprocess.TimeoutExpired: If it does not end in time.
        """
        if self.returncode is None:
            if not select.select([self._line], [], [], timeout)[0]:
                assert timeout is not None
                raise subprocess.TimeoutExpired(["run.py"], timeout)
            self._take()
        assert self.returncode is not None
        return self.returncode

    def send_signal(self, number: int) -> None:
        """A signal, unless it has ended: the nursery keeps its number from others until it has told."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def _take(self) -> None:
        self.returncode = int(self._line.recv(64) or LOST)
        self._line.close()


class Nursery:
    """The process, and the door at which it takes requests."""

    def __init__(self, preload: str | None) -> None:
        environment = os.environ if preload is None else os.environ | {PRELOAD: preload}
        self._environment = _others(environment)
        self._door, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.worlds.nursery", str(theirs.fileno())], cwd=ROOT,
                env=environment, pass_fds=[theirs.fileno()], stdout=subprocess.DEVNULL,
            )  # fmt: skip

    def fits(self, environment: Mapping[str, str]) -> bool:
        """Whether an interpreter that begins in this environment would be as the nursery's is."""
        return _others(environment) == self._environment

    def start(self, arguments: Sequence[str], environment: Mapping[str, str], stdout: int, stderr: int) -> Forked:
        """Have a command run, which writes to these files."""
        line, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        request = msgspec.msgpack.encode(Request([*arguments], {**environment}))
        try:
            with theirs:
                socket.send_fds(self._door, [request], [theirs.fileno(), stdout, stderr])
            return Forked(line)
        except BaseException:
            line.close()
            raise

    def close(self) -> None:
        self._door.close()
        self._process.wait()


def _others(environment: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in environment.items() if not name.startswith(OURS)}


@cache
def nursery(preload: str | None) -> Nursery | None:
    """The one of this process with a library before all others, or with none.

    There is none outside of tests, as whoever measures a server wants it as it begins elsewhere.
    """
    if "PYTEST_VERSION" not in os.environ:
        return None
    made = Nursery(preload)
    atexit.register(made.close)
    return made


def keep(door: socket.socket) -> list[str] | None:
    """Fork what is asked for, and tell how it ended. Returns in each process that is forked, with its arguments; and
    None once the door is shut.
    """
    lines: dict[int, tuple[int, socket.socket]] = {}
    with selectors.DefaultSelector() as selector:
        selector.register(door, selectors.EVENT_READ)
        while True:
            for key, _ in selector.select():
                if key.fileobj is not door:
                    selector.unregister(key.fd)
                    pid, line = lines.pop(key.fd)
                    _bury(pid, line)
                    os.close(key.fd)
                    continue
                said, fds, _, _ = socket.recv_fds(door, REQUEST_BYTES_MAX, 3)
                if not said:
                    return None
                line = socket.socket(fileno=fds[0])
                if (pid := os.fork()) == 0:
                    selector.close()
                    for open_fd, (_, other) in lines.items():
                        os.close(open_fd)
                        other.close()
                    door.close()
                    line.close()
                    return _become(msgspec.msgpack.decode(said, type=Request), fds[1], fds[2])
                for fd in fds[1:]:
                    os.close(fd)
                line.send(b"%d" % pid)
                pidfd = os.pidfd_open(pid)
                lines[pidfd] = (pid, line)
                selector.register(pidfd, selectors.EVENT_READ)


def _bury(pid: int, line: socket.socket) -> None:
    """Tell how a process ended, and only then let its number go."""
    ended = os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
    assert ended is not None
    code = ended.si_status if ended.si_code == os.CLD_EXITED else -ended.si_status
    with line, suppress(OSError):  # Whoever started it may be gone.
        line.send(b"%d" % code)
    os.waitpid(pid, 0)


def _become(request: Request, stdout: int, stderr: int) -> list[str]:
    """Be what was asked for."""
    for fd, number in ((stdout, 1), (stderr, 2)):
        os.dup2(fd, number)
        os.close(fd)
    # As an interpreter makes them when it begins; those of the nursery know what stood there before.
    sys.stdout = os.fdopen(1, "w", encoding=sys.stdout.encoding, closefd=False)
    sys.stderr = os.fdopen(2, "w", encoding=sys.stderr.encoding, errors="backslashreplace", buffering=1, closefd=False)
    os.environ.clear()
    os.environ.update(request.environment)
    return request.arguments


def _open(*, pages: bool) -> None:
    """Do all that is read, compiled and asked of SQLite at the first start, at the first page, and not before."""
    from dashboard import templates
    from server.auth.roles import Role
    from server.web.allowance import Allowance
    from streaming.contests.contest import shipped_contest
    from tests.worlds.apps import app_of, client_of
    from tests.worlds.people import account, sign_in

    async def at_once(_allowance: Allowance, work: Callable[[], Any]) -> Any:
        return work()

    with pytest.MonkeyPatch.context() as patched, TemporaryDirectory() as folder:
        # Nobody else waits here, and what is made for the first time takes as long as a page may be waited for.
        patched.setattr(Allowance, "do", at_once)
        with client_of(app := app_of(Path(folder), contest=shipped_contest())) as client:
            account(app, "first", Role.ADMINISTRATOR)
            assert sign_in(client, "first") == HTTPStatus.SEE_OTHER
            for page in (*FIRST, *PAGES) if pages else FIRST:
                assert client.get(page).is_success, page
        for name in templates.environment().list_templates() if pages else ():
            templates.environment().get_template(name)


def main() -> None:
    """Read the product, then be a nursery until the door is shut."""
    # What it needs to be one is nothing to those who ask it: the crowds of the benches are processes of their own.
    from server.cli import cli
    from tests.worlds.schemas import quick_schemas
    from tests.worlds.starts import quick_starts

    for command in COMMANDS:
        import_module(f"server.commands.{command}")
    with quick_schemas(), quick_starts():
        _open(pages=PRELOAD not in os.environ)
        gc.collect()
        gc.freeze()  # So that no process looks through what all share, and gets copies of it.
        with socket.socket(fileno=int(sys.argv[1])) as door:
            arguments = keep(door)
        if arguments is not None:
            cli(args=arguments, prog_name="run.py")


if __name__ == "__main__":
    main()
