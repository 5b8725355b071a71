"""A real server as a process of its own, which a test may kill."""

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

import httpx2
import msgspec

from server.auth.sources import Sources
from server.folder.files import LOCK_FILE
from streaming.ledger.sqlite import address
from tests.worlds.nursery import PRELOAD, Forked, nursery
from tests.worlds.ports import free_port

Process = subprocess.Popen[str] | Forked

START_S = 60.0
STOP_S = 20.0
ROOT = Path(__file__).parent.parent.parent


def run(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command of run.py to its end."""
    given = [*map(str, arguments)]
    with TemporaryFile("w+", encoding="utf-8") as out, TemporaryFile("w+", encoding="utf-8") as err:
        process = begin(given, os.environ | environment, out.fileno(), err.fileno())
        try:
            code = process.wait(START_S)
        finally:
            process.kill()
            process.wait()
        out.seek(0)
        err.seek(0)
        return subprocess.CompletedProcess(given, code, out.read(), err.read())


def begin(
    arguments: Sequence[str],
    environment: Mapping[str, str],
    stdout: int,
    stderr: int,
    prefix: Sequence[str] = (),
) -> Process:
    """Begin a command of run.py which writes to these files: forked, unless it needs an interpreter of its own."""
    if not prefix and (kept := nursery(environment.get(PRELOAD))) is not None and kept.fits(environment):
        return kept.start(arguments, environment, stdout, stderr)
    command = [*prefix, sys.executable, "-m", "server.cli", *arguments]
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=stdout, stderr=stderr, text=True)


@dataclass
class Serving:
    """A server on ``data``; ``kill`` and ``start`` as often as a test likes, always on the same port."""

    data: Path
    contest: Path | None = None
    port: int = field(default_factory=free_port)
    environment: Mapping[str, str] = field(default_factory=dict)
    prefix: Sequence[str] = ()
    process: Process | None = None
    _log: IO[str] | None = None
    _client: httpx2.Client | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log_path(self) -> Path:
        """Standard error of every process so far."""
        return self.data.parent / f"{self.data.name}.log"

    def secret(self, name: str = "web", *, test: bool = False) -> str:
        """A new secret of a source of this data folder."""
        self.data.mkdir(parents=True, exist_ok=True)
        return Sources(self.data / "admin.db").add(name, test=test)

    def start(self) -> None:
        """Start the server and wait until it answers."""
        arguments = ["serve", "--data", str(self.data), "--port", str(self.port)]
        if self.contest is not None:
            arguments += ["--contest", str(self.contest)]
        self._log = self.log_path.open("a")
        ours, theirs = os.pipe()
        # A test may have it speak as another terminal would.
        out = os.fdopen(ours, encoding="utf-8", errors="replace")
        with os.fdopen(theirs, "w") as said:
            self.process = begin(
                arguments, os.environ | self.environment, said.fileno(), self._log.fileno(), self.prefix
            )
        self.process.stdout = out
        line = out.readline()
        assert line.startswith("Ready:"), f"the server did not start: {line}{self.log_path.read_text()[-2000:]}"

    def kill(self) -> None:
        """kill −9."""
        self.end(signal.SIGKILL)

    def stop(self) -> int:
        """SIGTERM; returns the exit code."""
        return self.end(signal.SIGTERM)

    def end(self, number: signal.Signals) -> int:
        """End it by a signal; returns the exit code."""
        process, self.process = self.process, None
        if process is None:
            return 0
        # Under a tracer the signal is for the server, not for the tracer; the lock file tells its process.
        if self.prefix:
            os.kill(int((self.data / LOCK_FILE).read_text()), number)
        else:
            process.send_signal(number)  # To one that has ended by itself, none.
        code = process.wait(STOP_S)
        if process.stdout is not None:
            process.stdout.close()
        if self._log is not None:
            self._log.close()
        if self._client is not None:
            self._client.close()
            self._client = None
        return code

    def get(self, path: str, **headers: str) -> Any:
        """The JSON that a path answers."""
        if self._client is None:
            self._client = httpx2.Client(base_url=self.url, timeout=STOP_S)
        response = self._client.get(path, headers=headers)
        assert response.status_code == 200, response.text
        return msgspec.json.decode(response.content)


@contextmanager
def running(serving: Serving) -> Iterator[Serving]:
    """A server that runs until the test is over."""
    serving.start()
    try:
        yield serving
    finally:
        serving.kill()


def served(data: Path, contest: Path | None = None, **environment: str) -> AbstractContextManager[Serving]:
    """A server that runs until the test is over, on any port."""
    return running(Serving(data, contest, environment=environment))


def ids_in(path: Path) -> list[str]:
    """The ids of the participations in a ledger, whose file must be sound and its rows without a gap."""
    with sqlite3.connect(address(path, "ro"), uri=True) as connection:
        seqs = [row[0] for row in connection.execute("SELECT seq FROM rows ORDER BY seq")]
        assert seqs == list(range(1, len(seqs) + 1))
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        found = [row[0] for row in connection.execute("SELECT id FROM rows WHERE type = 'participation'")]
    connection.close()
    return found
