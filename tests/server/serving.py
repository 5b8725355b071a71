"""A real server on loopback, in a process of its own, for tests that need one."""

import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.suite import ROOT

READY_WITHIN_S = 60.0
"""Replaying what the tests write takes far less; a busy machine starts Python slowly."""
ENDS_WITHIN_S = 30.0


@dataclass
class Serving:
    """A server that answers. ``log`` is where its standard error goes."""

    url: str
    process: subprocess.Popen[str]
    port: int
    data: Path
    log: Path

    def secret(self, name: str, *, test: bool = False) -> str:
        """Add a source and return its secret; the server honours it within 2 s."""
        return add_source(self.data, name, test=test)

    def kill(self) -> None:
        """End it at once (SIGKILL), as a power cut would."""
        self.process.kill()
        self.process.wait(ENDS_WITHIN_S)

    def stop(self) -> int:
        """Ask it to end (SIGTERM); returns its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(ENDS_WITHIN_S)


def add_source(data: Path, name: str, *, test: bool = False) -> str:
    """Add a source by the command line and return its secret."""
    arguments = ["source", "add", name, "--data", str(data), *(["--test"] if test else [])]
    return command(*arguments).stdout.strip()


def command(*arguments: str, check: bool = True, **env: str) -> subprocess.CompletedProcess[str]:
    """Run a command of run.py with this interpreter and return what it said."""
    return subprocess.run(
        [sys.executable, "-m", "server.cli", *arguments],
        cwd=ROOT, env=environment(env), capture_output=True, text=True, timeout=READY_WITHIN_S, check=check,
    )  # fmt: skip


def environment(env: dict[str, str]) -> dict[str, str]:
    """This process's environment without settings of whoever runs the tests."""
    own = {key: value for key, value in os.environ.items() if not key.startswith("DIEMCAU_")}
    return own | {key.upper(): value for key, value in env.items()}


@contextmanager
def serving(data: Path, contest: Path | None = None, port: int | None = None, **env: str) -> Iterator[Serving]:
    """Serve a data folder on loopback until the block ends; ``env`` are settings, as DIEMCAU_SHOW="rehearsal".

    Without a port the system chooses one. Its log is appended to serve.log beside the data folder.
    """
    data.mkdir(parents=True, exist_ok=True)
    log = data.parent / "serve.log"
    arguments = ["serve", "--data", str(data), "--port", str(port or 0)]
    if contest is not None:
        arguments += ["--contest", str(contest)]
    with (
        log.open("a") as errors,
        subprocess.Popen(
            [sys.executable, "-m", "server.cli", *arguments],
            cwd=ROOT, env=environment(env), stdout=subprocess.PIPE, stderr=errors, text=True,
        ) as process,
    ):  # fmt: skip
        try:
            url = _ready(process, log)
            yield Serving(url, process, int(url.rsplit(":", 1)[1]), data, log)
        finally:
            if process.poll() is None:
                process.terminate()
                try:
                    process.wait(ENDS_WITHIN_S)
                except subprocess.TimeoutExpired:
                    process.kill()


def _ready(process: subprocess.Popen[str], log: Path) -> str:
    """The address that the server prints once it answers."""
    assert process.stdout is not None
    deadline_s = time.monotonic() + READY_WITHIN_S
    while (left_s := deadline_s - time.monotonic()) > 0:
        if select.select([process.stdout], [], [], left_s)[0]:
            line = process.stdout.readline()
            if line.startswith("Ready: "):
                return line.removeprefix("Ready: ").strip()
            assert line, f"the server ended before it was ready:\n{log.read_text()[-4000:]}"
    raise AssertionError(f"the server was not ready within {READY_WITHIN_S:.0f} s:\n{log.read_text()[-4000:]}")
